import Foundation

/// What one side says of a figure, and how well it knows it.
struct SideEstimate: Sendable {
    /// In the figure's unit.
    let value: Double
    /// The variance of `value`, or of its logarithm, as the figure is compared by difference or by ratio.
    let variance: Double
    /// How many values the variance was told from, less the means that were taken out.
    let degrees: Double
    /// Samples or operations.
    let samples: Int
    /// Whether the runs differ by more than their blocks explain, so that the variance is that of the runs.
    let variesByRun: Bool

    init(value: Double, variance: Double, degrees: Double, samples: Int, variesByRun: Bool = false) {
        self.value = value
        self.variance = variance
        self.degrees = degrees
        self.samples = samples
        self.variesByRun = variesByRun
    }

    /// The larger of what the blocks and what the runs say.
    ///
    /// Several runs show what one cannot: that the same server is faster in one run than in the next. From two or three
    /// runs that variance is told badly, sometimes as nothing at all; then that of the blocks is the least there is.
    /// Where a phase has one block alone the blocks do not say all, and their variance is no better known than the runs'.
    init(value: Double, samples: Int, blocks: StratifiedVariance?, runs: Double?, layout: BlockLayout) {
        let degreesOfRuns = Double(max(layout.degreesOfRuns, 1))
        if let runs, runs >= blocks?.variance ?? 0 {
            self.init(value: value, variance: runs, degrees: degreesOfRuns, samples: samples, variesByRun: true)
        } else {
            let degrees = blocks?.degrees ?? 1
            self.init(
                value: value,
                variance: blocks?.variance ?? .infinity,
                degrees: blocks?.isComplete == true ? degrees : min(degrees, degreesOfRuns),
                samples: samples
            )
        }
    }
}

extension SideEstimate {
    /// A percentile of all blocks together; the variance is that of its logarithm.
    ///
    /// The bootstrap's variance of a mean of n values is too small by (n - 1) / n, which matters for few blocks. Which
    /// stratum the variance comes from, and so which n counts, linearization says.
    ///
    /// - Returns: Nil where there are no samples.
    static func percentile(
        _ percentile: Double,
        of histograms: BlockedHistograms,
        _ layout: BlockLayout,
        _ draws: SideDraws
    ) -> SideEstimate? {
        guard let value = histograms.percentile(percentile, weights: layout.weights) else { return nil }
        func variance(_ draws: Resampling?) -> Double? {
            guard let draws, let values = histograms.percentiles(percentile, draws), values.count > 1 else {
                return nil
            }
            return Self.variance(values.map { log($0) })
        }
        let excess = zip(histograms.excess(upTo: value, of: percentile), layout.weights).map { $0 * $1 }
        let strata = StratifiedVariance(of: excess, layout)
        let ofBlocks = variance(draws.blocks)
        return SideEstimate(
            value: value,
            samples: histograms.total,
            blocks: ofBlocks.flatMap { drawn in strata.map { $0.withVariance(drawn * $0.correction) } },
            runs: variance(draws.runs).map { $0 * layout.runCorrection },
            layout: layout
        )
    }

    /// A sum over another sum, of all blocks together: failures of operations, messages of seconds.
    ///
    /// Its variance needs no drawing: it is that of what each block has more than its share (linearization, Cochran 1977).
    ///
    /// - Parameter isRatio: Whether it is compared by its ratio; the variance is then that of its logarithm.
    /// - Returns: Nil where there is nothing to divide by.
    static func quotient(
        _ numerators: [Double],
        _ denominators: [Double],
        _ layout: BlockLayout,
        isRatio: Bool
    ) -> SideEstimate? {
        let above = zip(numerators, layout.weights).map { $0 * $1 }
        let below = zip(denominators, layout.weights).map { $0 * $1 }
        let all = below.reduce(0, +)
        guard all > 0 else { return nil }
        let value = above.reduce(0, +) / all
        let excess = zip(above, below).map { $0 - value * $1 }
        let scale = isRatio ? (value * all) * (value * all) : all * all
        var runs: Double?
        if layout.degreesOfRuns > 0 {
            let sums = layout.runRanges.map { range in excess[range].reduce(0, +) }
            runs = layout.runCorrection * sums.reduce(0) { $0 + $1 * $1 } / scale
        }
        return SideEstimate(
            value: value,
            samples: WholeNumber.clamped(denominators.reduce(0, +)),
            blocks: StratifiedVariance(of: excess, layout).map { $0.withVariance($0.variance / scale) },
            runs: runs,
            layout: layout
        )
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}

extension BlockLayout {
    fileprivate var runCorrection: Double { Double(runCount) / Double(max(degreesOfRuns, 1)) }
}
