@testable import Metrics

/// A run of a few seconds for those who watch one, the same every time.
struct LiveRun {
    var table: MetricTable
    let join: OperationMetric
    let ping: OperationMetric
    let recorder: Recorder
    var collector: Collector
    var plan: LivePlan
    var redactor = Redactor(secrets: [secret])

    static let secret = "hunter2-secret"

    init(
        groups: [String] = ["visitor", "dashboard"],
        checks: [String] = [],
        phases: [(String?, Double)] = [("ramp", 2), ("steady", 8)]
    ) {
        var table = MetricTable(groups: groups, events: ["welcome"])
        join = table.operation("join", latency: true)
        ping = table.operation("ping", latency: true)
        self.table = table
        recorder = Recorder(table: table, worker: 0)
        collector = Collector(
            table: table,
            workers: 1,
            phaseNames: phases.map(\.0),
            startEpochMilliseconds: 1_700_000_000_000
        )
        let names = CheckNames(groups: groups, measures: ["join", "ping"])
        plan = LivePlan(
            scenario: "storm",
            target: "ws://localhost:3002/?token=\(Redactor.mark)",
            seed: 7,
            version: "1.2.3",
            startEpochMilliseconds: 1_700_000_000_000,
            phases: phases.enumerated().map { .init(name: $1.0 ?? "\($0 + 1)", seconds: $1.1) },
            seconds: phases.reduce(0) { $0 + $1.1 },
            checks: checks.map { text in
                // swift-format-ignore: NeverUseForceTry
                // A test's own check.
                try! Check.parse(text, names: names)
            }
        )
    }

    /// Measures a second: so many joins of 1, 2, 3 … ms, and messages.
    mutating func second(
        _ second: Int,
        joins: Int = 100,
        sent: Int = 50,
        received: Int = 200,
        errors: [String] = [],
        lag: [Int64] = [500_000],
        phase: Int = 0,
        isWarmup: Bool = false,
        active: [Int]? = nil,
        faults: [FaultMark] = []
    ) -> LiveFigures {
        if joins > 0 {
            for number in 1...joins {
                recorder.succeeded(join, group: 0, scheduled: Int64(number) * 1_000_000, service: 1)
            }
        }
        recorder.add(table.fixed.messagesSent, group: 0, sent)
        recorder.add(table.fixed.messagesReceived, group: 0, received)
        recorder.add(table.fixed.clientsStarted, group: 0, 3)
        recorder.add(table.fixed.clientsFailed, group: 0)
        for kind in errors { recorder.error(kind, group: 0, at: second, example: Self.secret) }
        for lag in lag { recorder.recordLag(nanoseconds: lag) }
        let seconds = collector.add(
            recorder.takeSnapshot(
                second: second,
                phase: phase,
                isWarmup: isWarmup,
                at: Int64(second + 1) * 1_000_000_000,
                activeClients: active ?? table.groups.indices.map { 10 + $0 }
            )
        )
        var timeline = seconds[0]
        timeline.faults = faults
        return LiveFigures(
            timeline,
            totals: collector.totals,
            plan: plan,
            main: MainMetrics(table: table, checks: plan.checks),
            redactor: redactor
        )
    }
}
