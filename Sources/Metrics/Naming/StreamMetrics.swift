/// What is counted of streams; each under `stream.` over all of them and under the stream's own name.
package enum StreamCount: Int, CaseIterable, Sendable {
    case complete, broken, missing, duplicated, reordered, replayed, stray, truncated, mismatched, stalled
    case timedOut

    package var name: String { self == .timedOut ? "timed_out" : "\(self)" }
}

/// The metrics of one `stream:` step.
package struct StreamMetrics: Hashable, Sendable {
    package let operation: OperationMetric
    package let firstChunk: LatencyMetric
    package let gap: TimeMetric
    package let duration: LatencyMetric
    package let chunks: SizeMetric
    /// Its place in `MetricTable.streamCounters`.
    let index: Int
}
