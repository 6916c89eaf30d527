/// The errors of one kind in one group.
package struct ErrorTotal: Hashable, Sendable {
    package var kind: String
    /// The place of the group in `MetricTable.groups`.
    package var group: Int
    package var count: Int
    /// The second of the run in which the first of them happened; in totals without the warmup, the first after it.
    package var firstSecond: Int
    /// What the first of them that a worker met said; at most 300 bytes, without control characters.
    package var example: String
}

extension ErrorTotal {
    /// The errors with their groups added up, by kind; the example is that of the earliest.
    package static func merged(_ errors: [ErrorTotal]) -> [ErrorTotal] {
        var merged: [String: ErrorTotal] = [:]
        for error in errors {
            guard var known = merged[error.kind] else {
                merged[error.kind] = error
                continue
            }
            known.count &+= error.count
            if error.firstSecond < known.firstSecond {
                known.firstSecond = error.firstSecond
                known.example = error.example
            }
            merged[error.kind] = known
        }
        return merged.values.sorted { $0.kind < $1.kind }
    }
}
