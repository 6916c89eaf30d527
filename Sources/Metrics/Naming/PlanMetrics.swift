/// How an action-plan loop ended; each counted under `plan.` over all of them and under the plan's own name.
package enum PlanOutcome: Int, CaseIterable, Sendable {
    case completed
    case clientLimited
    case refused
    case runaway
    case timedOut
    case stalled
    case failed

    package var name: String {
        switch self {
        case .clientLimited: "client_limited"
        case .timedOut: "timed_out"
        default: "\(self)"
        }
    }
}

/// The metrics of one `plan:` step.
package struct PlanMetrics: Hashable, Sendable {
    package let operation: OperationMetric
    package let roundTrip: LatencyMetric
    package let duration: LatencyMetric
    package let plans: SizeMetric
    /// Its place in `MetricTable.planCounters`.
    let index: Int
}
