/// The variance of a sum over blocks, told in each stratum by itself.
///
/// A figure may hang on one phase alone, as a p99 does on the hottest. Then only that phase's blocks say how well it is
/// known, however many others there are: so each stratum has a correction of its own for having few blocks, and the
/// degrees of freedom are those of Satterthwaite (Cochran 1977, 5.4).
struct StratifiedVariance: Hashable, Sendable {
    let variance: Double
    let degrees: Double
    /// By how much a variance is too small that took every stratum's blocks for all there are.
    let correction: Double
    /// Whether no stratum is left out for having one block alone.
    let isComplete: Bool

    /// The degrees of freedom of one stratum's variance: one less than its blocks, and fewer where one or two of them make
    /// all of it, as the slowest blocks make a high percentile (the variance of a variance follows from the kurtosis).
    private static func degrees(_ count: Double, squares: Double, fourth: Double) -> Double {
        let kurtosis = squares > 0 ? count * fourth / (squares * squares) - 3 : 0
        guard kurtosis > 0, kurtosis.isFinite else { return count - 1 }
        return max(2 / (2 / (count - 1) + kurtosis / count), 1)
    }

    /// The same strata, in another unit.
    func withVariance(_ variance: Double) -> StratifiedVariance {
        StratifiedVariance(variance: variance, degrees: degrees, correction: correction, isComplete: isComplete)
    }

    private init(variance: Double, degrees: Double, correction: Double, isComplete: Bool) {
        self.variance = variance
        self.degrees = degrees
        self.correction = correction
        self.isComplete = isComplete
    }

    /// - Parameter excess: What each block has more than its share; in sum over a stratum not 0 as a rule.
    /// - Returns: Nil where no stratum has two blocks.
    init?(of excess: [Double], _ layout: BlockLayout) {
        let strata = layout.ranges.filter { $0.count > 1 }
        guard !strata.isEmpty else { return nil }
        isComplete = strata.count == layout.ranges.count
        var plain = 0.0
        var sum = 0.0
        var squares = 0.0
        for range in strata {
            let count = Double(range.count)
            let mean = excess[range].reduce(0, +) / count
            let deviations = excess[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let own = deviations * count / (count - 1)
            plain += deviations
            sum += own
            let fourth = excess[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) * ($1 - mean) }
            squares += own * own / Self.degrees(count, squares: deviations, fourth: fourth)
        }
        variance = sum
        // Where nothing deviates, the smallest stratum may have been the one to do so.
        let fewest = Double(strata.map(\.count).min() ?? 2)
        correction = plain > 0 && plain.isFinite ? sum / plain : fewest / (fewest - 1)
        degrees = squares > 0 && squares.isFinite ? sum * sum / squares : fewest - 1
    }
}
