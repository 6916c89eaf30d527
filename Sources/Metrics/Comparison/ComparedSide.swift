/// All the runs of one side, their blocks in one row.
struct ComparedSide: Sendable {
    let runs: [ComparedRun]
    let layout: BlockLayout
    let blockSeconds: [Double]
    let draws: SideDraws

    init(_ runs: [ComparedRun], draws: Int, seed: UInt64) {
        self.runs = runs
        var runNumbers: [Int] = []
        var strata: [Int] = []
        var stratum = -1
        // A run without a block is none that can be drawn.
        for (number, run) in runs.filter({ !$0.steady.blocks.isEmpty }).enumerated() {
            var phase: Int?
            for block in run.steady.blocks {
                if block.phase != phase { stratum += 1 }
                phase = block.phase
                runNumbers.append(number)
                strata.append(stratum)
            }
        }
        layout = BlockLayout(runs: runNumbers, strata: strata)
        blockSeconds = runs.flatMap(\.blockSeconds)
        self.draws = SideDraws(layout, draws: draws, seed: seed)
    }

    /// Whether there is enough to tell noise from: three blocks of a phase, or three runs.
    var isEnough: Bool {
        layout.degreesOfBlocks >= SteadyTime.fewestBlocks - 1 || layout.degreesOfRuns >= SteadyTime.fewestBlocks - 1
    }

    /// The metrics that have samples in the blocks.
    var metrics: Set<StoredTimeline.Key> {
        var keys: Set<StoredTimeline.Key> = []
        for run in runs {
            for (key, histograms) in run.histograms where histograms.contains(where: { !$0.isEmpty }) {
                keys.insert(key)
            }
        }
        return keys
    }

    /// The counters that moved in the blocks.
    var counters: Set<StoredTimeline.Key> {
        Set(runs.flatMap { $0.counts.filter { $0.value.contains { $0 != 0 } }.keys })
    }

    /// One histogram per block.
    func histograms(_ key: StoredTimeline.Key) -> [Histogram] {
        runs.flatMap { run in
            run.histograms[key] ?? Array(repeating: Histogram(), count: run.steady.blocks.count)
        }
    }

    /// One count per block.
    func counts(_ group: String, _ counter: String) -> [Double] {
        let key = StoredTimeline.Key(group: group, metric: counter)
        return runs.flatMap { run in
            run.counts[key]?.map(Double.init) ?? Array(repeating: 0, count: run.steady.blocks.count)
        }
    }

    /// By how much the generator's own lag may have moved a percentile, in microseconds: on average over the runs.
    ///
    /// An answer's way out and back takes about five turns of loops, any of which may have come late, and one part in a
    /// hundred of late turns makes some five parts in a hundred of late answers. So the p95 is held against the lag's p99,
    /// the p50 against its p90 and the p99 against its p99.9.
    func lag(at statistic: ComparedFigure.Statistic) -> Double {
        let percentile =
            switch statistic {
            case .p50: "p90"
            case .p95: "p99"
            case .p99: "p99.9"
            case .ratio, .rate: ""
            }
        let lags = runs.compactMap { run in
            run.summary?.metrics.first { $0.metric == "generator.lag" && $0.group == "all" }?.percentiles[percentile]
        }
        return lags.isEmpty ? 0 : lags.reduce(0, +) / Double(lags.count) * 1000
    }
}
