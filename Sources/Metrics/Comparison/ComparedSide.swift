/// All the runs of one side, the blocks of their compared phases in one row.
struct ComparedSide: Sendable {
    let runs: [ComparedRun]
    let layout: BlockLayout
    let blockSeconds: [Double]
    let draws: SideDraws
    /// The places of the compared blocks in each run.
    private let places: [[Int]]

    init(_ runs: [ComparedRun], phases: ComparedPhases, draws: Int, seed: UInt64) {
        self.runs = runs
        var runNumbers: [Int] = []
        var strata: [Int] = []
        var weights: [Double] = []
        var seconds: [Double] = []
        var places: [[Int]] = []
        var stratum = -1
        for (number, run) in runs.enumerated() {
            let blocks = run.steady.blocks
            let own = blocks.indices.filter { phases.phases.contains(blocks[$0].phase) }
            places.append(own)
            var phase: Int?
            for block in own.map({ blocks[$0] }) {
                if block.phase != phase { stratum += 1 }
                phase = block.phase
                runNumbers.append(number)
                strata.append(stratum)
                weights.append(phases.weight(of: block.phase, in: run))
                seconds.append(Double(block.end - block.start))
            }
        }
        self.places = places
        layout = BlockLayout(runs: runNumbers, strata: strata, weights: weights)
        blockSeconds = seconds
        self.draws = SideDraws(layout, draws: draws, seed: seed)
    }

    /// The metrics that have samples in the blocks.
    var metrics: Set<StoredTimeline.Key> {
        var keys: Set<StoredTimeline.Key> = []
        for (run, places) in zip(runs, places) {
            for (key, histograms) in run.histograms where places.contains(where: { !histograms[$0].isEmpty }) {
                keys.insert(key)
            }
        }
        return keys
    }

    /// The counters that moved in the blocks.
    var counters: Set<StoredTimeline.Key> {
        var keys: Set<StoredTimeline.Key> = []
        for (run, places) in zip(runs, places) {
            for (key, counts) in run.counts where places.contains(where: { counts[$0] != 0 }) { keys.insert(key) }
        }
        return keys
    }

    /// One histogram per block.
    func histograms(_ key: StoredTimeline.Key) -> [Histogram] {
        zip(runs, places).flatMap { run, places in
            let histograms = run.histograms[key]
            return places.map { histograms?[$0] ?? Histogram() }
        }
    }

    /// One count per block.
    func counts(_ group: String, _ counter: String) -> [Double] {
        let key = StoredTimeline.Key(group: group, metric: counter)
        return zip(runs, places).flatMap { run, places in
            let counts = run.counts[key]
            return places.map { Double(counts?[$0] ?? 0) }
        }
    }

    /// By how much the generator's own lag may have moved a percentile, in microseconds: on average over the runs.
    ///
    /// An answer's way out and back takes about five turns of loops, any of which may have come late, and one part in a
    /// hundred of late turns makes some five parts in a hundred of late answers. So the p95 is held against the lag's p99,
    /// the p50 against its p90 and the p99 against its p99.9.
    func lag(at statistic: ComparedFigure.Statistic) -> Double {
        let percentile: Double? =
            switch statistic {
            case .p50: 90
            case .p95: 99
            case .p99: 99.9
            case .ratio, .rate: nil
            }
        guard let percentile else { return 0 }
        let lags = runs.compactMap { $0.lag(at: percentile) }
        return lags.isEmpty ? 0 : lags.reduce(0, +) / Double(lags.count)
    }
}
