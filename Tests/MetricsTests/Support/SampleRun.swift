@testable import Metrics

/// A small run with a bit of everything, the same every time.
struct SampleRun {
    let summary: RunSummary
    let seconds: [TimelineSecond]
    let table: MetricTable

    static let secret = "hunter2-secret"

    init(groups: [String] = ["visitor", "dashboard"], checks: [Check] = [], interrupted: Bool = false) {
        var table = MetricTable(groups: groups, events: ["welcome"])
        let join = table.operation("join", latency: true)
        let answer = table.stream("answer")
        let task = table.plan("task")
        let mine = table.userCounter("mine")
        self.table = table
        var collector = Collector(
            table: table,
            workers: 1,
            phaseNames: ["steady", nil],
            startEpochMilliseconds: 1_700_000_000_000
        )
        let recorder = Recorder(table: table, worker: 0)
        var seconds: [TimelineSecond] = []
        for second in 0..<3 {
            for number in 1...10 {
                let time = Int64(number) * 1_234_567
                recorder.succeeded(join, group: second % groups.count, scheduled: time, service: time / 2)
            }
            recorder.record(table.fixed.connectTCP, group: 0, nanoseconds: 500_400)
            recorder.record(answer.chunks, group: 0, value: 40 + second)
            recorder.add(.missing, of: answer, group: 0, 2)
            recorder.add(.runaway, of: task, group: 0)
            recorder.add(mine, group: 0)
            recorder.add(table.fixed.messagesSent, group: 0, 1000)
            recorder.received(event: 0, group: 0)
            recorder.received(unknown: "=cmd|' /C calc'!A0", group: 0)
            recorder.recordLag(nanoseconds: 100_000)
            if second == 1 {
                recorder.failed(join, group: 0)
                recorder.error("closed.1006", group: 0, at: second, example: "=1+1, \"quoted\" \(Self.secret)")
            }
            seconds += collector.add(
                recorder.takeSnapshot(
                    second: second,
                    phase: second / 2,
                    isWarmup: false,
                    at: Int64(second + 1) * 1_000_000_000,
                    activeClients: groups.indices.map { $0 + second }
                )
            )
        }
        collector.update(
            usage: GeneratorUsage(cpuSeconds: 1, wallSeconds: 3, cores: 2, memory: 50_000_000, descriptors: 30)
        )
        self.seconds = seconds
        var loops = LoopTally()
        for loop in Self.loops { loops.add(loop) }
        summary = RunSummary(
            scenario: "sample, \"quoted\"",
            target: "ws://localhost:3002/?token=\(Self.secret)",
            startEpochMilliseconds: 1_700_000_000_000,
            seconds: 3.25,
            totals: collector.totals,
            checks: checks,
            loops: loops,
            wasInterrupted: interrupted,
            failures: Self.failures,
            notes: ["In a closed loop the flow waits for the server, so this run is not free of coordinated omission."]
        )
    }

    static let failures = [
        FailureLine(
            path: "results/sample/failures/0001-timeout-client17.rec.jsonl",
            group: "visitor",
            kind: "timeout",
            step: "await answer",
            example: "timeout in `await answer`: answer did not come within 5 seconds"
        ),
        FailureLine(
            path: "results/sample/failures/0002-script-client3.1.rec.jsonl",
            group: "visitor",
            kind: "script",
            step: "emit \(secret)",
            example: "script in `emit \(secret)`: no"
        ),
    ]

    static let loops = [
        LoopLine(
            client: 17,
            task: "task",
            plans: 31,
            outcome: .runaway,
            cycle: "click_element#19 → type#12, \(secret)",
            repeats: 14,
            seconds: 4.5,
            steps: [
                LoopStep(number: 1, seconds: 0.0052, label: "click_element#19 \(secret)"),
                LoopStep(number: 2, seconds: 0.12, label: "type#12"),
                LoopStep(number: 31, seconds: 4.5, label: "click_element#19"),
            ]
        ),
        LoopLine(client: 18, task: "task", plans: 5, outcome: .clientLimited, seconds: 1.25),
        LoopLine(client: 19, task: "@task", plans: 60, outcome: .runaway, cycle: "=x", repeats: 30, seconds: 9),
    ]
}
