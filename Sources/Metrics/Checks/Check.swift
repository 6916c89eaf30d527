/// Something that must hold of a run's figures: `[group/][phase:]METRIC[.STATISTIC] OP VALUE`.
package struct Check: Hashable, Sendable {
    /// As the scenario words it, without surrounding blanks.
    package let text: String
    /// Nil for all groups together.
    package let group: String?
    /// Nil for the whole run.
    package let phase: String?
    /// The kind of time that is meant; nil for both.
    package let time: FaultTime?
    /// The metric that is read; for a count compared with a percentage this is its ratio.
    package let metric: String
    package let kind: MetricKind
    package let statistic: Statistic?
    package let comparison: Comparison
    /// Microseconds for times, 0 to 1 for ratios, bytes, or a plain number.
    package let threshold: Double
    /// Whether having no data lets it pass.
    package let isOptional: Bool
    /// Whether its failing ends the run.
    package let aborts: Bool
    /// Since when its failing ends the run.
    package let after: Duration

    /// A number that is read from a distribution, or from a counter and the time.
    package enum Statistic: Hashable, Sendable {
        case count
        /// Per second of measured time.
        case rate
        case min
        case mean
        case max
        /// 0 < p < 100.
        case percentile(Double)
    }

    package enum Comparison: String, CaseIterable, Sendable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="

        func holds(_ value: Double, _ threshold: Double) -> Bool {
            switch self {
            case .less: value < threshold
            case .lessOrEqual: value <= threshold
            case .greater: value > threshold
            case .greaterOrEqual: value >= threshold
            case .equal: value == threshold
            case .notEqual: value != threshold
            }
        }
    }

    /// What the value is, which follows from metric and statistic.
    var valueKind: MetricKind {
        switch statistic {
        case nil: kind
        case .count, .rate: .count
        case .min, .mean, .max, .percentile: kind == .time ? .duration : .size
        }
    }
}
