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
    init(value: Double, samples: Int, blocks: Double?, runs: Double?, layout: BlockLayout) {
        if let runs, runs >= blocks ?? 0 {
            self.init(
                value: value,
                variance: runs,
                degrees: Double(layout.degreesOfRuns),
                samples: samples,
                variesByRun: true
            )
        } else {
            self.init(
                value: value,
                variance: blocks ?? .infinity,
                degrees: Double(max(layout.degreesOfBlocks, 1)),
                samples: samples
            )
        }
    }
}

extension SideEstimate {
    /// A percentile of all blocks together; the variance is that of its logarithm.
    ///
    /// The bootstrap's variance of a mean of n values is too small by (n - 1) / n, which matters for few blocks.
    ///
    /// - Returns: Nil where there are no samples.
    static func percentile(
        _ percentile: Double,
        of histograms: BlockedHistograms,
        _ layout: BlockLayout,
        _ draws: SideDraws
    ) -> SideEstimate? {
        guard let value = histograms.percentile(percentile) else { return nil }
        func variance(_ draws: Resampling?, _ correction: Double) -> Double? {
            guard let draws, let values = histograms.percentiles(percentile, draws), values.count > 1 else {
                return nil
            }
            return correction * Self.variance(values.map { log($0) })
        }
        return SideEstimate(
            value: value,
            samples: histograms.total,
            blocks: variance(draws.blocks, layout.blockCorrection),
            runs: variance(draws.runs, layout.runCorrection),
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
        let all = denominators.reduce(0, +)
        guard all > 0 else { return nil }
        let value = numerators.reduce(0, +) / all
        let excess = zip(numerators, denominators).map { $0 - value * $1 }
        let scale = isRatio ? (value * all) * (value * all) : all * all
        var blocks: Double?
        if layout.degreesOfBlocks > 0 {
            let sums = layout.ranges.map { range in
                let mean = excess[range].reduce(0, +) / Double(range.count)
                return excess[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            }
            blocks = layout.blockCorrection * sums.reduce(0, +) / scale
        }
        var runs: Double?
        if layout.degreesOfRuns > 0 {
            let sums = layout.runRanges.map { range in excess[range].reduce(0, +) }
            runs = layout.runCorrection * sums.reduce(0) { $0 + $1 * $1 } / scale
        }
        return SideEstimate(value: value, samples: Int(min(all, 1e15)), blocks: blocks, runs: runs, layout: layout)
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}

/// The draws of one side: of blocks within their strata, and of whole runs where there are several.
struct SideDraws: Sendable {
    let blocks: Resampling?
    let runs: Resampling?

    init(_ layout: BlockLayout, draws: Int, seed: UInt64) {
        blocks = layout.degreesOfBlocks > 0 ? Resampling(blocksOf: layout, draws: draws, seed: seed) : nil
        runs = layout.degreesOfRuns > 0 ? Resampling(runsOf: layout, draws: draws, seed: seed ^ 0x5EED) : nil
    }
}

extension BlockLayout {
    fileprivate var blockCorrection: Double { Double(count) / Double(max(degreesOfBlocks, 1)) }
    fileprivate var runCorrection: Double { Double(runCount) / Double(max(degreesOfRuns, 1)) }
}
