/// One figure of both sides: the p95 of a latency, a rate of failures, a throughput.
package struct ComparedFigure: Sendable {
    /// What is read of a metric.
    package enum Statistic: String, Sendable, Hashable, CaseIterable {
        case p50, p95, p99
        /// A part of a whole.
        case ratio
        /// Per second.
        case rate

        /// Nil where it is no percentile.
        package var percentile: Int? {
            switch self {
            case .p50: 50
            case .p95: 95
            case .p99: 99
            case .ratio, .rate: nil
            }
        }
    }

    package enum Unit: String, Sendable {
        /// Values are microseconds here and milliseconds in files.
        case milliseconds = "ms"
        case bytes
        case count
        case ratio
        case perSecond = "per second"
    }

    package enum Direction: String, Sendable {
        case lowerIsBetter = "lower is better"
        case higherIsBetter = "higher is better"
        /// Such as the throughput of an open load, which is what the load says.
        case neither
    }

    /// What the comparison says of it.
    package enum Verdict: String, Sendable {
        case slower
        case faster
        case moreFailures = "more failures"
        case fewerFailures = "fewer failures"
        case noDifference = "no difference beyond noise"
        /// It follows from the load, is a size or a group's: shown, and no part of the verdict.
        case notJudged = "not judged"
        /// The runs are too short to tell noise from.
        case tooShort = "too short to tell"

        package var isWorse: Bool { self == .slower || self == .moreFailures }
        package var isBetter: Bool { self == .faster || self == .fewerFailures }
    }

    package struct Value: Sendable, Hashable {
        package let value: Double
        /// Samples, operations, or seconds of a throughput.
        package let samples: Int
    }

    package let group: String
    package let metric: String
    package let statistic: Statistic
    package let unit: Unit
    package let direction: Direction
    package let base: Value
    package let new: Value
    /// Relative to the base; of failures the difference itself, in parts of all. Nil where there is too little to tell.
    package let difference: Difference?
    /// Whether it takes part in the verdict, and so in the correction for many figures.
    package let isJudged: Bool
    /// Whether a check of the scenario reads the metric.
    package let isChecked: Bool
    /// After Holm's correction; nil where it is not judged.
    package internal(set) var correctedPValue: Double?
    package internal(set) var verdict: Verdict
    /// Alone it would count as a difference; among so many figures it may be chance.
    package internal(set) var isDoubtful = false
    /// Why the verdict is what it is, where the numbers do not say it.
    package internal(set) var reason: String?
    /// It is certain, and smaller than what the generator's own lag may have done.
    package internal(set) var isWithinLag = false
    /// The smallest difference of times that is believed, in microseconds: the generator's own lag on both sides.
    let leastDifference: Double

    /// As checks name it: `join.p95`, `visitor/join.p95`, `errors.rate`.
    package var name: String {
        let name = statistic == .ratio ? metric : "\(metric).\(statistic.rawValue)"
        return group == "all" ? name : "\(group)/\(name)"
    }

    /// The change as a part of the base; nil where the base is 0.
    package var change: Double? {
        guard base.value != 0 else { return new.value == 0 ? 0 : nil }
        return new.value / base.value - 1
    }
}
