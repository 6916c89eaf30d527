import Testing

@testable import Metrics

@Suite("Live figures")
struct LiveFiguresTests {
    @Test("say what a second had, and what was so far")
    func values() throws {
        var run = LiveRun(checks: ["join.p95 < 90ms", "clients.started >= 10", "errors.timeout == 0"])
        _ = run.second(0, errors: ["timeout"])
        let figures = run.second(1, sent: 30, received: 90, errors: ["timeout", "reset", "timeout"])
        #expect(figures.second == 1)
        #expect(figures.elapsed == 2)
        #expect(figures.total == 10)
        #expect(figures.phase == "ramp")
        #expect(!figures.isWarmup && !figures.isGrace)
        #expect(figures.groups == [.init(name: "visitor", active: 10), .init(name: "dashboard", active: 11)])
        #expect(figures.active == 21)
        #expect([figures.started, figures.finished, figures.failed] == [6, 0, 2])
        #expect(figures.sent == .init(rate: 30, total: 80))
        #expect(figures.received == .init(rate: 90, total: 290))
        #expect(
            figures.errors == [
                .init(kind: "timeout", total: 3, inSecond: 2), .init(kind: "reset", total: 1, inSecond: 1),
            ]
        )
        #expect(figures.errorFlow == .init(rate: 3, total: 4))
        let join = try #require(figures.latencies.first)
        #expect(join.metric == "join" && join.isMain && join.count == 100)
        #expect(join.p50 == 50_000 + 15 && join.p95 == 95_000 + 39 && join.p99 == 99_000 + 7, "\(join)")
        #expect(join.max == 100_000)
        #expect(figures.checks.map(\.outcome) == [.failed, .failed, .failed])
        #expect(figures.checks.map(\.mayStillPass) == [false, true, false])
        #expect(figures.lag.max == 500)
        #expect(figures.lag.p99 == nil)
    }

    @Test("count the clients of the warmup, and leave its messages out, as the files of the results do")
    func warmup() {
        var run = LiveRun()
        let warm = run.second(0, errors: ["reset"], isWarmup: true)
        #expect(warm.phase == "warmup" && warm.isWarmup)
        #expect(warm.sent == .init(rate: 50, total: 0))
        #expect(warm.started == 3)
        #expect(warm.errors.isEmpty && warm.errorFlow == .init(rate: 1, total: 1))
        let next = run.second(1)
        #expect(next.sent == .init(rate: 50, total: 50))
        #expect(next.started == 6)
        #expect(next.errorFlow == .init(rate: 0, total: 1))
    }

    @Test("leave percentiles blank that the samples of the second do not carry")
    func fewSamples() {
        var run = LiveRun()
        let few = run.second(0, joins: 10).latencies.first
        #expect(few?.p50 != nil && few?.p95 == nil && few?.p99 == nil && few?.max == 10_000)
        let none = run.second(1, joins: 0).latencies.first
        #expect(none?.metric == "join" && none?.count == 0 && none?.p50 == nil && none?.max == nil)
    }

    @Test("know at once when the generator is the bottleneck")
    func bottleneck() {
        var run = LiveRun()
        #expect(!run.second(0, lag: Array(repeating: 500_000, count: 100)).generator.isBottleneck)
        let late = run.second(1, lag: Array(repeating: 50_000_000, count: 100))
        #expect(late.generator.isBottleneck)
        #expect(late.lag.allowed == 10_000)
        run.plan.generatorOnlyWarns = true
        let warned = run.second(2)
        #expect(!warned.generator.isBottleneck && !warned.generator.warnings.isEmpty)
    }

    @Test("say that the load is over, whatever its last phase is called")
    func grace() {
        var run = LiveRun(phases: [("grace", 2)])
        #expect(!run.second(1).isGrace)
        #expect(run.second(2, phase: 1).isGrace)
    }

    @Test("show what checks read first, then what the scenario measures, then connects and acknowledgements")
    func order() throws {
        var table = MetricTable(groups: ["a"])
        _ = table.operation("ack.hello", latency: true)
        _ = table.operation("join", latency: true)
        let answer = table.stream("answer")
        let names = CheckNames(measures: ["join"], streams: ["answer"])
        let checks = [
            try Check.parse("answer.gap.p95 < 1s", names: names), try Check.parse("errors.rate < 1%", names: names),
        ]
        let main = MainMetrics(table: table, checks: checks)
        let shown = main.rows.map { table.register.rows[$0].name }
        #expect(shown.first == "answer.gap" && main.rows.first == answer.gap.row)
        let places = ["answer.gap", "join", "answer.first_chunk", "answer.duration", "connect", "ack.hello"].map {
            shown.firstIndex(of: $0) ?? -1
        }
        #expect(places == places.sorted() && places.allSatisfy { (0..<main.candidates).contains($0) }, "\(shown)")
        #expect(!shown.contains { $0.hasSuffix(".service") })
        #expect(Set(shown).count == shown.count)
        #expect(try #require(shown.firstIndex(of: "connect.tcp")) >= main.candidates)
    }
}
