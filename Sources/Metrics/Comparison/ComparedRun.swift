/// One run as it is compared: what each block of its steady time measured.
package struct ComparedRun: Sendable {
    /// The samples of one metric in one group and second, as latency.hlog holds them.
    struct Sample {
        /// Seconds of the run.
        let start: Double
        let length: Double
        let group: String
        let metric: String
        let histogram: Histogram
    }

    package let directory: String
    package let run: RunFile
    /// Nil where the run did not come to its end.
    package let summary: SummaryFile?
    let steady: SteadyTime
    /// Lines of latency.hlog that could not be read.
    private(set) var damagedLines = 0
    /// By group and metric, and of all groups under `all`: one histogram per block.
    private(set) var histograms: [StoredTimeline.Key: [Histogram]] = [:]
    /// By group and counter: one count per block.
    private(set) var counts: [StoredTimeline.Key: [Int]] = [:]

    /// - Parameter log: read to its end, an interval at a time: all of a long run's at once take gigabytes.
    package init(_ stored: StoredRun, log: HistogramLogReader) {
        var log = log
        self.init(
            directory: stored.directory,
            run: stored.run,
            summary: stored.summary,
            timeline: stored.timeline,
            grain: Self.grain(of: log)
        )
        while let interval = log.next() {
            add(
                Sample(
                    start: interval.start,
                    length: interval.length,
                    group: interval.group,
                    metric: interval.metric,
                    histogram: interval.histogram
                )
            )
        }
        damagedLines = log.damagedLines
    }

    /// - Parameter grain: For how many seconds samples were written together.
    init(directory: String, run: RunFile, summary: SummaryFile?, timeline: StoredTimeline, grain: Int = 1) {
        self.directory = directory
        self.run = run
        self.summary = summary
        steady = SteadyTime(of: run, lastSecond: timeline.seconds.last?.second, grain: grain)
        add(timeline)
    }

    /// For how many seconds samples stand together, told from the first of them.
    private static func grain(of log: HistogramLogReader) -> Int {
        var log = log
        var begin: Double?
        while let interval = log.next() {
            if interval.length > 1.5 { return longGrain }
            if interval.start > (begin ?? interval.start) + Double(2 * longGrain) { break }
            begin = begin ?? interval.start
        }
        return 1
    }

    /// Of runs that are planned longer than ten minutes, in seconds.
    static let longGrain = 10

    /// Adds the samples of one interval, where it lies within a block.
    mutating func add(_ sample: Sample) {
        let blocks = steady.blocks
        guard let block = steady.block(at: sample.start + sample.length / 2) else { return }
        // An interval of several seconds may begin before the phase has settled, or end behind the last block.
        let isWithin =
            sample.start >= Double(blocks[block].start) - 0.01
            && sample.start + sample.length <= Double(blocks[block].end) + 0.01
        guard isWithin || sample.length <= 1.5 else { return }
        let own = StoredTimeline.Key(group: sample.group, metric: sample.metric)
        let empty = Array(repeating: Histogram(), count: blocks.count)
        histograms[own, default: empty][block].add(sample.histogram)
        guard sample.group != "all" else { return }
        let all = StoredTimeline.Key(group: "all", metric: sample.metric)
        histograms[all, default: empty][block].add(sample.histogram)
    }

    /// A percentile of the generator's own lag in the blocks, in microseconds; nil where nothing tells it.
    func lag(at percentile: Double) -> Double? {
        var lag = Histogram()
        for histogram in histograms[Self.lagKey] ?? [] { lag.add(histogram) }
        if !lag.isEmpty { return Double(lag.percentile(percentile)) }
        let row = summary?.metrics.first { $0.metric == Self.lagKey.metric && $0.group == Self.lagKey.group }
        return row?.percentiles["p\(ValueText.number(percentile))"].map { $0 * 1000 }
    }

    private static let lagKey = StoredTimeline.Key(group: "all", metric: "generator.lag")

    private mutating func add(_ timeline: StoredTimeline) {
        let empty = [Int](repeating: 0, count: steady.blocks.count)
        for key in timeline.keys where !key.metric.hasPrefix("scrape:") {
            for point in timeline.series[key] ?? [] where point.p50 == nil && point.max == nil {
                guard let count = point.count, let block = steady.block(at: Double(point.second)) else { continue }
                // What a file says may be anything.
                let sum = counts[key, default: empty][block] + WholeNumber.clamped(count)
                counts[key, default: empty][block] = WholeNumber.clamped(sum)
            }
        }
    }
}

extension ComparedRun {
    /// Reads what a folder of results holds.
    ///
    /// - Throws: `StoredRunError` where it holds none that can be compared.
    package init(directory: String) throws(StoredRunError) {
        let stored = try StoredRun(directory: directory)
        let path = directory + "/latency.hlog"
        do {
            self.init(stored, log: try HistogramLogReader(path: path))
        } catch let error as StoredRunError {
            throw error
        } catch {
            throw StoredRunError(
                "\(path) cannot be read, and latencies can be compared from it alone; make the run again with a version "
                    + "of Reprise that writes it",
                cause: error
            )
        }
    }
}
