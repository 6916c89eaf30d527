import Testing

@testable import Metrics

@Suite("The live view")
struct LiveViewTests {
    private func view(seconds: Int = 3, _ change: (inout LiveRun, Int) -> LiveFigures) -> LiveView {
        var run = LiveRun(checks: ["join.p95 < 90ms", "errors.rate < 50%", "clients.started > 100", "ping.p99 < 1s"])
        run.plan.faults = [.init(at: 5, text: "drop 80 % of all: reset")]
        var view = LiveView(run.plan)
        for second in 0..<seconds { view.add(change(&run, second)) }
        return view
    }

    private func busy() -> LiveView {
        view { run, second in
            run.second(
                second,
                received: [100, 800, 400][second],
                errors: second == 1 ? ["timeout", "timeout", "reset"] : [],
                lag: Array(repeating: 500_000, count: 100),
                phase: second < 2 ? 0 : 1
            )
        }
    }

    @Test("says on a wide terminal how it goes")
    func wide() {
        let lines = busy().lines(columns: 81, rows: 24).map(\.text)
        #expect(
            lines == [
                "0:03/0:10 ━━━━━━━━━━━━┃━━━━━━─────────────▽───────────────────────────────  30 %",
                "          ramp        steady",
                "clients    21 active +9 −0 ✗3  visitor 10 · dashboard 11",
                "msg/s      in 400   ▂█▅  out 50    ███",
                "this second                          count/s      p50      p95      p99      max",
                "join                                     100     50ms     95ms     99ms    100ms",
                "errors     3 (0 % of operations): timeout 2 · reset 1",
                "generator  lag p99 500µs of 10ms, now 500µs",
                "checks     ✗ join.p95 < 90ms: 95 ms",
            ],
            "\(lines.joined(separator: "\n"))"
        )
    }

    @Test("says the same on a narrow one, in fewer words")
    func narrow() {
        let lines = busy().lines(columns: 41, rows: 24).map(\.text)
        #expect(
            lines == [
                "0:03/0:10  30 %  steady",
                "━━━━━━━━┃━━━────────▽───────────────────",
                "ramp    steady",
                "clients 21 active +9 −0 ✗3",
                "msg/s in 400   ▂█▅  out 50    ███",
                "this second     p50    p95    p99    max",
                "join           50ms   95ms   99ms  100ms",
                "errors 3: timeout 2 · reset 1",
                "generator lag p99 500µs of 10ms, now 50…",
                "checks ✗ join.p95 < 90ms: 95 ms",
            ],
            "\(lines.joined(separator: "\n"))"
        )
    }

    @Test("fits into any terminal")
    func fits() {
        let long = "配信-\u{1F600}-é\u{301}-" + String(repeating: "語", count: 30)
        var run = LiveRun(
            groups: [long, "b"],
            checks: ["join.p95 < 1ms", "errors.rate < 1%", "join.failed == 0"],
            phases: (0..<30).map { ("\(long)\($0)", 1) }
        )
        run.plan.faults = (0..<60).map { .init(at: Double($0) * 0.7, text: long) }
        var view = LiveView(run.plan)
        for second in [0, 1, 29, 40] {
            run.recorder.failed(run.join, group: 0)
            run.recorder.failed(run.ping, group: 0)
            let errors = (0..<9).map { "\(long)\($0)\u{1B}[2J" }
            let lag = Array(repeating: Int64(second) * 1_000_000, count: 100)
            view.add(run.second(second, received: .max / 100, errors: errors, lag: lag, phase: min(second, 30)))
            for columns in [20, 21, 41, 57, 73, 100, 300] {
                for rows in [1, 2, 7, 12, 50] {
                    let lines = view.lines(columns: columns, rows: rows)
                    #expect(lines.count <= min(12, max(rows - 1, 1)) && !lines.isEmpty)
                    #expect(lines.allSatisfy { $0.columns < max(columns, 21) }, "\(lines.map(\.text))")
                    #expect(!lines.contains { $0.text.contains("\u{1B}") })
                    #expect(lines[0].text.contains("/0:30"))
                }
            }
        }
    }

    @Test("has nothing to say before the first second")
    func empty() {
        #expect(LiveView(LiveRun().plan).lines(columns: 80, rows: 24).isEmpty)
    }

    @Test("warns at once of a generator that would be the bottleneck", arguments: [40, 60, 100])
    func bottleneck(columns: Int) {
        let view = view(seconds: 1) { run, second in
            run.second(second, lag: Array(repeating: 44_000_000, count: 100))
        }
        let warning = view.lines(columns: columns, rows: 8).map(\.text).first { $0.hasPrefix("! ") }
        #expect(warning?.contains("lag p99 44ms of") == true)
        #expect(warning?.hasSuffix("exit 111") == true)
    }

    @Test("counts checks that ask for more than there can be yet among those that are not yet")
    func notYet() {
        let view = view(seconds: 1) { run, second in run.second(second, joins: 10) }
        let checks = view.lines(columns: 100, rows: 24).map(\.text).last
        #expect(checks == "checks     ✓ 2 hold, 1 not yet, 1 without data")
    }

    @Test("shows metrics that go on before those that have had their time")
    func patience() {
        var run = LiveRun(checks: ["join.p95 < 1s"])
        var table = run.table
        let others = (0..<6).map { table.operation("other\($0)", latency: true) }
        run.table = table
        run.collector = Collector(table: table, workers: 1, phaseNames: ["ramp"], startEpochMilliseconds: 0)
        let recorder = Recorder(table: table, worker: 0)
        var view = LiveView(run.plan)
        for second in 0..<20 {
            if second == 0 { recorder.succeeded(run.join, group: 0, scheduled: 1, service: 1) }
            for other in others { recorder.succeeded(other, group: 0, scheduled: 1_000_000, service: 1) }
            let seconds = run.collector.add(
                recorder.takeSnapshot(
                    second: second,
                    phase: 0,
                    isWarmup: false,
                    at: Int64(second + 1) * 1_000_000_000,
                    activeClients: [1, 1]
                )
            )
            view.add(
                LiveFigures(
                    seconds[0],
                    totals: run.collector.totals,
                    plan: run.plan,
                    main: MainMetrics(table: table, checks: run.plan.checks),
                    redactor: run.redactor
                )
            )
            let shown = view.lines(columns: 100, rows: 24).map(\.text)
            #expect(shown.contains { $0.hasPrefix("join ") } == (second < 10), "second \(second)")
        }
    }

    @Test("a row of bars shows the last values against the highest of them")
    func spark() {
        var spark = Sparkline()
        #expect(spark.text(5) == "")
        for value in [0, 8, 4, .nan, 1, -3] { spark.add(value) }
        #expect(spark.text(10) == "▁█▅▁▂▁")
        #expect(spark.text(2) == "█▁")
        for _ in 0..<200 { spark.add(0) }
        #expect(spark.text(100) == String(repeating: "▁", count: 60))
    }
}
