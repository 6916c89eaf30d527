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
    let damagedLines: Int
    /// By group and metric, and of all groups under `all`: one histogram per block.
    private(set) var histograms: [StoredTimeline.Key: [Histogram]] = [:]
    /// By group and counter: one count per block.
    private(set) var counts: [StoredTimeline.Key: [Int]] = [:]

    package init(_ stored: StoredRun, log: HistogramLog) {
        self.init(
            directory: stored.directory,
            run: stored.run,
            summary: stored.summary,
            timeline: stored.timeline,
            samples: log.intervals.map { interval in
                Sample(
                    start: interval.start,
                    length: interval.length,
                    group: interval.group,
                    metric: interval.metric,
                    histogram: interval.histogram
                )
            },
            damagedLines: log.damagedLines
        )
    }

    init(
        directory: String,
        run: RunFile,
        summary: SummaryFile?,
        timeline: StoredTimeline,
        samples: [Sample],
        damagedLines: Int = 0
    ) {
        self.directory = directory
        self.run = run
        self.summary = summary
        self.damagedLines = damagedLines
        let longest = samples.reduce(1.0) { max($0, $1.length) }
        steady = SteadyTime(
            of: run,
            lastSecond: timeline.seconds.last?.second,
            grain: longest > 1.5 ? Int(min(longest.rounded(), 3600)) : 1
        )
        add(samples)
        add(timeline)
    }

    /// How long the blocks are, in seconds.
    var blockSeconds: [Double] { steady.blocks.map { Double($0.end - $0.start) } }

    private mutating func add(_ samples: [Sample]) {
        let empty = [Histogram](repeating: Histogram(), count: steady.blocks.count)
        for sample in samples {
            guard let block = steady.block(at: sample.start + sample.length / 2) else { continue }
            // Samples of ten seconds may begin before the phase has settled.
            guard sample.start >= Double(steady.blocks[block].start) - 1e-6 || sample.length <= 1.5 else { continue }
            let own = StoredTimeline.Key(group: sample.group, metric: sample.metric)
            histograms[own, default: empty][block].add(sample.histogram)
            guard sample.group != "all" else { continue }
            let all = StoredTimeline.Key(group: "all", metric: sample.metric)
            histograms[all, default: empty][block].add(sample.histogram)
        }
    }

    private mutating func add(_ timeline: StoredTimeline) {
        let empty = [Int](repeating: 0, count: steady.blocks.count)
        for key in timeline.keys where !key.metric.hasPrefix("scrape:") {
            for point in timeline.series[key] ?? [] where point.p50 == nil && point.max == nil {
                guard let count = point.count, let block = steady.block(at: Double(point.second)) else { continue }
                counts[key, default: empty][block] &+= count
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
            self.init(stored, log: try HistogramLog(path: path))
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
