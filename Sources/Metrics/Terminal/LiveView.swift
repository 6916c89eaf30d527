/// What a terminal shows of a run while it goes on: at most twelve lines, drawn over themselves once a second.
///
/// Only the making of the lines is here; `TerminalBlock` says how they get on the screen.
package struct LiveView: Sendable {
    /// The most lines.
    package static let height = 12

    private let plan: LivePlan
    private let bar: PhaseBar
    private var latest: LiveFigures?
    private var received = Sparkline()
    private var sent = Sparkline()
    /// In which second a metric had samples last.
    private var seen: [String: Int] = [:]
    /// So long a metric keeps its line without samples, while others wait for it; in seconds.
    private static let patience = 10

    package init(_ plan: LivePlan) {
        self.plan = plan
        bar = PhaseBar(plan)
    }

    /// Takes the figures of the next second.
    package mutating func add(_ figures: LiveFigures) {
        latest = figures
        received.add(figures.received.rate)
        sent.add(figures.sent.rate)
        for latency in figures.latencies where latency.count > 0 { seen[latency.metric] = figures.second }
    }

    /// The main metrics that are shown, in their order: those that had samples lately before those that had some once.
    private func metrics(_ figures: LiveFigures) -> [LiveFigures.Latency] {
        let main = figures.latencies.filter(\.isMain)
        let isRecent = { (latency: LiveFigures.Latency) in
            figures.second - (seen[latency.metric] ?? .min / 2) < Self.patience
        }
        let chosen = (main.filter(isRecent) + main.filter { !isRecent($0) }).prefix(MainMetrics.limit)
        return main.filter(chosen.contains)
    }

    /// The lines for a terminal of this size; none before the first second.
    ///
    /// Where they do not fit, those that matter least are left out: names of phases, metrics behind the first, the lag as
    /// long as it is harmless.
    package func lines(columns: Int, rows: Int) -> [LiveLine] {
        guard let latest else { return [] }
        let columns = max(columns - 1, 20)
        let frame = LiveFrame(
            latest,
            plan,
            bar,
            received: received,
            sent: sent,
            metrics: metrics(latest),
            columns: columns
        )
        let height = max(1, min(Self.height, rows - 1))
        return frame.lines(height: height).map { $0.cut(columns) }
    }
}
