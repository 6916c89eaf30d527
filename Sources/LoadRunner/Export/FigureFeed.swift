import Metrics

/// Hands a run's figures to the exporter every few seconds.
struct FigureFeed {
    private let exporter: MetricExporter
    private let startEpochMilliseconds: Int64
    private let interval: Int
    /// Since the last push.
    private var lag = Histogram()
    private var active: [Int]?
    private var next: Int
    /// The time of the last push's figures: those of the next are later, whatever the clock has.
    private var lastStamp: Int64

    init(_ exporter: MetricExporter, startEpochMilliseconds: Int64) {
        self.exporter = exporter
        self.startEpochMilliseconds = startEpochMilliseconds
        interval = max(1, Int(exporter.interval / .seconds(1)))
        next = interval - 1
        lastStamp = startEpochMilliseconds
    }

    /// A second is over.
    mutating func add(_ second: TimelineSecond, totals: RunTotals) {
        lag.add(second.totals.lag)
        active = second.activeClients
        guard second.second >= next else { return }
        next = second.second + interval
        // The last second of a run ends before its time.
        let end = second.parts.map { $0.start + $0.length }.max() ?? Double(second.second + 1)
        exporter.push(figures(totals, at: end))
        lag = Histogram()
    }

    /// Pushes what the run came to.
    mutating func end(_ totals: RunTotals, seconds: Double) async {
        active = active.map { $0.map { _ in 0 } }
        await exporter.end(with: figures(totals, at: seconds))
    }

    /// - Parameter seconds: What they are up to, in seconds of the run.
    private mutating func figures(_ totals: RunTotals, at seconds: Double) -> OTLPFigures {
        lastStamp = max(startEpochMilliseconds + Int64(seconds * 1000), lastStamp + 1)
        return OTLPFigures(
            totals,
            startEpochMilliseconds: startEpochMilliseconds,
            epochMilliseconds: lastStamp,
            activeClients: active,
            lag: lag,
            redactor: exporter.redactor
        )
    }
}
