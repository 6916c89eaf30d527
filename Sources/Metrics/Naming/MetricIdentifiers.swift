/// A metric of times in a `MetricTable`.
package struct TimeMetric: Hashable, Sendable {
    let row: Int
}

/// A metric of times with two rows: from the scheduled time of the cause, and from the actual send (`NAME.service`).
package struct LatencyMetric: Hashable, Sendable {
    /// The row from the scheduled time.
    package let scheduled: TimeMetric
    /// The row from the actual send.
    package let service: TimeMetric
}

/// A metric of plain numbers or bytes in a `MetricTable`.
package struct SizeMetric: Hashable, Sendable {
    let row: Int
}

/// A counter in a `MetricTable`.
package struct CounterMetric: Hashable, Sendable {
    let index: Int
}

/// Something that clients do and that can fail: how often, how often in vain, and how long it took.
package struct OperationMetric: Hashable, Sendable {
    /// Nil where it awaits nothing of its own that would take time, as with streams, which have measures instead.
    package let latency: LatencyMetric?
    package let count: CounterMetric
    package let failed: CounterMetric
}
