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

    init(_ exporter: MetricExporter, startEpochMilliseconds: Int64) {
        self.exporter = exporter
        self.startEpochMilliseconds = startEpochMilliseconds
        interval = max(1, Int(exporter.interval / .seconds(1)))
        next = interval - 1
    }

    /// A second is over.
    mutating func add(_ second: TimelineSecond, totals: RunTotals) {
        lag.add(second.totals.lag)
        active = second.activeClients
        guard second.second >= next else { return }
        next = second.second + interval
        exporter.push(figures(totals, at: second.epochMilliseconds + 1000))
        lag = Histogram()
    }

    /// Pushes what the run came to.
    func end(_ totals: RunTotals, seconds: Double) async {
        var last = self
        last.active = active.map { $0.map { _ in 0 } }
        await exporter.end(with: last.figures(totals, at: startEpochMilliseconds + Int64(seconds * 1000)))
    }

    private func figures(_ totals: RunTotals, at epochMilliseconds: Int64) -> OTLPFigures {
        OTLPFigures(
            totals,
            startEpochMilliseconds: startEpochMilliseconds,
            epochMilliseconds: epochMilliseconds,
            activeClients: active,
            lag: lag
        )
    }
}
