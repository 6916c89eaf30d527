import Metrics

/// Figures of a run that never was, for a dashboard.
struct DashboardFixture {
    private let table: MetricTable
    private let join: OperationMetric
    private let recorder: Recorder
    private var collector: Collector
    private var second = 0
    var plan: LivePlan

    /// - Parameter groups: many with long names make large events.
    init(groups: [String] = ["visitor"]) throws {
        var table = MetricTable(groups: groups)
        join = table.operation("join", latency: true)
        self.table = table
        recorder = Recorder(table: table, worker: 0)
        collector = Collector(table: table, workers: 1, phaseNames: ["steady"], startEpochMilliseconds: 0)
        plan = LivePlan(
            scenario: "storm",
            target: "ws://127.0.0.1:1",
            seed: 7,
            version: "1",
            startEpochMilliseconds: 0,
            phases: [.init(name: "steady", seconds: 60)],
            seconds: 60,
            checks: [try Check.parse("join.p95 < 1s", names: CheckNames(measures: ["join"]))]
        )
    }

    /// The next second: one more join than in the one before.
    mutating func next() -> (LiveFigures, LiveTotals) {
        for number in 0...second {
            recorder.succeeded(join, group: 0, scheduled: Int64(number) * 1_000_000, service: 1)
        }
        return finishSecond()
    }

    /// The next second, in which nothing was measured.
    mutating func idle() -> (LiveFigures, LiveTotals) { finishSecond() }

    private mutating func finishSecond() -> (LiveFigures, LiveTotals) {
        let seconds = collector.add(
            recorder.takeSnapshot(
                second: second,
                phase: 0,
                isWarmup: false,
                at: Int64(second + 1) * 1_000_000_000,
                activeClients: table.groups.map { _ in second }
            )
        )
        second += 1
        let figures = LiveFigures(
            seconds[0],
            totals: collector.totals,
            plan: plan,
            main: MainMetrics(table: table, checks: plan.checks),
            redactor: Redactor()
        )
        return (figures, LiveTotals(collector.totals, redactor: Redactor()))
    }

    /// How it ended.
    var verdict: LiveVerdict {
        let summary = RunSummary(
            scenario: plan.scenario,
            target: plan.target,
            startEpochMilliseconds: 0,
            seconds: Double(second),
            totals: collector.totals,
            checks: plan.checks
        )
        return LiveVerdict(summary, redactor: Redactor())
    }
}
