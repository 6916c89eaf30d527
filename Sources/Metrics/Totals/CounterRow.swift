/// A counter in one group.
package struct CounterRow: Hashable, Sendable {
    package let group: String
    package let counter: String
    package let count: Int
    /// Per second of measured time; nil for what is no flow, such as active clients, or where no time was measured.
    package let rate: Double?
}
