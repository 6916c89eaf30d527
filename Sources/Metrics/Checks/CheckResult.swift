/// What became of a check.
package struct CheckResult: Sendable {
    package enum Outcome: String, Sendable {
        case passed
        case failed
        /// Nothing was measured that it could read.
        case noData = "no data"
    }

    package let check: Check
    package let outcome: Outcome
    /// Microseconds, 0 to 1, bytes or a plain number, as the check's threshold; nil without data.
    package let actual: Double?
    /// The actual value with its unit, and what there is to say about it.
    package let text: String

    /// Whether it stands in the way of a run's passing: failed, or without data and not optional.
    package var isFailure: Bool {
        switch outcome {
        case .passed: false
        case .failed: true
        case .noData: !check.isOptional
        }
    }
}

extension CheckResult {
    /// The smallest p99 of a time that these checks read, in microseconds; nil where none reads one.
    ///
    /// It is the value, not the threshold: the generator's own lag must be small beside the figure itself.
    package static func smallestP99(of results: [CheckResult]) -> Double? {
        results.filter { $0.check.kind == .time && $0.check.statistic == .percentile(99) }
            .filter { $0.check.metric != "generator.lag" }
            .compactMap(\.actual)
            .min()
    }
}
