/// COND of the language.
package struct Condition: Sendable {
    /// Whether it is true now.
    package func holds(_ values: inout ClientValues, event: EventView?) -> Bool { false }
}
