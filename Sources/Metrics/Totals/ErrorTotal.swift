/// The errors of one kind in one group.
package struct ErrorTotal: Hashable, Sendable {
    package var kind: String
    /// The place of the group in `MetricTable.groups`.
    package var group: Int
    package var count: Int
    /// The second of the run in which the first of them happened.
    package var firstSecond: Int
    /// What the first of them said; at most 300 bytes, without control characters.
    package var example: String
}
