/// `where:` of the language: what a received message has to be like.
package struct MessageCondition: Sendable {
    /// Whether the message is meant.
    package func matches(_ view: EventView, _ values: inout ClientValues) -> Bool { false }
}
