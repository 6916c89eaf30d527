import LoadRunner
import Metrics
import Synchronization

/// What a run shows to those who watch it.
///
/// Nothing is worked out where there is neither a live view nor a dashboard. For a dashboard it is, every second, whether
/// anybody looks at it or not: the totals go on changing, and a copy of them for later would cost more.
final class LiveReport: Sendable {
    private let plan: LivePlan
    private let main: MainMetrics?
    private let redactor: Redactor
    private let view: Mutex<LiveView?>
    private let dashboard: Dashboard?

    /// - Parameters:
    ///   - showsView: Whether the live view is on the terminal.
    ///   - dashboard: Nil where there is none.
    init(_ plan: LivePlan, table: MetricTable, redactor: Redactor, showsView: Bool, dashboard: Dashboard?) {
        self.plan = plan
        self.redactor = redactor
        main = MainMetrics(table: table, checks: plan.checks)
        view = Mutex(showsView ? LiveView(plan) : nil)
        self.dashboard = dashboard
        dashboard?.begin(plan)
    }

    /// Of a run that measures nothing, for it does not begin.
    init(_ plan: LivePlan, redactor: Redactor, dashboard: Dashboard?) {
        self.plan = plan
        self.redactor = redactor
        main = nil
        view = Mutex(nil)
        self.dashboard = dashboard
        dashboard?.begin(plan)
    }

    /// Shows a second that is over.
    func second(_ second: TimelineSecond, totals: RunTotals) {
        let isSeen = view.withLock { $0 != nil }
        guard let main, isSeen || dashboard != nil else { return }
        let figures = LiveFigures(second, totals: totals, plan: plan, main: main, redactor: redactor)
        let shown = view.withLock { view in
            view?.add(figures)
            return view
        }
        if let shown { Console.show(shown) }
        dashboard?.add(figures, LiveTotals(totals, redactor: redactor))
    }

    /// Shows that the run could not begin, or go on.
    func fail(_ error: RunError) {
        Console.endView()
        let verdict = LiveVerdict(
            failed: plan.scenario,
            exitCode: error.exitCode,
            text: redactor.apply(error.message)
        )
        dashboard?.end(verdict)
    }

    /// Shows how the run ended.
    func finish(_ summary: RunSummary) {
        Console.endView()
        dashboard?.end(LiveVerdict(summary, redactor: redactor))
    }
}
