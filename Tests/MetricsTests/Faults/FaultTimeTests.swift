import Testing

@testable import Metrics

@Suite("Calm time and the time of faults")
struct FaultTimeTests {
    /// A run with one group more than needed, whose workers record a `join` where they are told to.
    private struct Bench {
        var collector: Collector
        let recorder: Recorder
        let join: OperationMetric
        let table: MetricTable
        private var begin: Int64 = 0

        init(phases: [String?] = [nil]) {
            var table = MetricTable(groups: ["a", "b"])
            join = table.operation("join", latency: true)
            self.table = table
            recorder = Recorder(table: table, worker: 0)
            collector = Collector(table: table, workers: 1, phaseNames: phases, startEpochMilliseconds: 0)
        }

        func record(_ milliseconds: Int64, group: Int = 0, afflicted: Bool = false) {
            let place = afflicted ? table.afflicted(group) : group
            recorder.succeeded(join, group: place, scheduled: milliseconds * 1_000_000, service: 1000)
        }

        /// Cuts what was recorded.
        mutating func cut(
            at milliseconds: Int64,
            fault: Bool = false,
            warmup: Bool = false,
            completes: Bool = false
        ) -> [TimelineSecond] {
            defer { begin = milliseconds }
            return collector.add(
                recorder.takeSnapshot(
                    second: Int(begin / 1000),
                    completesSecond: completes,
                    phase: 0,
                    isWarmup: warmup,
                    isFault: fault,
                    at: milliseconds * 1_000_000,
                    activeClients: [1, 1]
                )
            )
        }

        func count(_ time: FaultTime, group: String? = nil) -> Int? {
            collector.totals.histogram("join", group: group, time: time)?.count
        }
    }

    @Test("a run without faults is calm as a whole")
    func calm() throws {
        var bench = Bench()
        bench.record(3)
        _ = bench.cut(at: 1000, completes: true)
        #expect(bench.collector.totals.split == nil)
        #expect(bench.count(.calm) == 1)
        #expect(bench.count(.fault) == nil)
        #expect(FaultRows(bench.collector.totals) == nil)
    }

    @Test("what afflicted clients measure is their group's, and in neither kind of time")
    func afflicted() {
        var bench = Bench(phases: ["steady"])
        bench.record(3)
        _ = bench.cut(at: 400)
        bench.record(50, group: 1)
        bench.record(900, group: 1, afflicted: true)
        bench.recorder.failed(bench.join, group: bench.table.afflicted(0))
        bench.recorder.error("reset", group: bench.table.afflicted(0), at: 0, example: "cut")
        bench.recorder.error("reset", group: 0, at: 0, example: "other")
        bench.recorder.received(unknown: "news", group: bench.table.afflicted(1))
        _ = bench.cut(at: 700, fault: true)
        bench.record(4)
        let second = bench.cut(at: 1000, completes: true)

        let totals = bench.collector.totals
        for phase in [nil, "steady"] {
            #expect(totals.histogram("join", phase: phase)?.count == 4)
            #expect(totals.histogram("join", group: "b", phase: phase)?.max == totals.histogram("join")?.max)
            #expect(totals.count("join.failed", group: "a", phase: phase) == 1)
            #expect(totals.count("errors.reset", group: "a", phase: phase) == 2)
            #expect(totals.count("received.news", group: "b", phase: phase) == 1)
        }
        #expect(second.first?.totals.errorCount() == 2)
        #expect(second.first?.faultSeconds == 0.3)
        #expect(bench.count(.calm) == 2)
        #expect(bench.count(.fault) == 1)
        #expect(bench.count(.fault, group: "a") == 0)
        #expect(bench.count(.fault, group: "b") == 1)
        #expect(totals.split?.calm.seconds == 0.7)
        #expect(totals.split?.fault.seconds == 0.3)
    }

    @Test("the warm-up is in neither")
    func warmup() {
        var bench = Bench()
        bench.record(3, afflicted: true)
        _ = bench.cut(at: 500, fault: true, warmup: true)
        #expect(bench.collector.totals.split == nil)
        bench.record(4)
        _ = bench.cut(at: 1000, completes: true)
        #expect(bench.count(.calm) == 1)
    }

    @Test("an afflicted client's figures make the split even where no fault was on any more")
    func convalescent() {
        var bench = Bench()
        bench.record(5)
        bench.record(2000, afflicted: true)
        _ = bench.cut(at: 1000, completes: true)
        #expect(bench.count(.calm) == 1)
        #expect(bench.collector.totals.histogram("join")?.count == 2)
        #expect(FaultRows(bench.collector.totals) == nil)
    }

    @Test("the kinds of time are those of one recorder each, however the pieces come")
    func oracle() {
        var generator = SeededGenerator(seed: 5)
        var bench = Bench()
        var expected: [FaultTime: Histogram] = [.calm: Histogram(), .fault: Histogram()]
        var all = Histogram()
        for piece in 1...200 {
            let isFault = Bool.random(using: &generator)
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                let time = Int64.random(in: 1...1000, using: &generator)
                let isAfflicted = Int.random(in: 0..<3, using: &generator) == 0
                bench.record(time, group: Int.random(in: 0...1, using: &generator), afflicted: isAfflicted)
                all.record(nanoseconds: time * 1_000_000)
                if !isAfflicted { expected[isFault ? .fault : .calm]?.record(nanoseconds: time * 1_000_000) }
            }
            let milliseconds = Int64(piece) * 10
            _ = bench.cut(at: milliseconds, fault: isFault, completes: milliseconds % 1000 == 0)
        }
        let totals = bench.collector.totals
        for time in FaultTime.allCases {
            let histogram = totals.histogram("join", time: time)
            #expect(histogram?.count == expected[time]?.count)
            #expect(histogram?.mean == expected[time]?.mean)
            #expect(histogram?.percentile(95) == expected[time]?.percentile(95))
        }
        #expect(totals.histogram("join")?.mean == all.mean)
        #expect((totals.split?.calm.seconds ?? 0) + (totals.split?.fault.seconds ?? 0) == 2)
    }

    // MARK: - Checks

    private static let names = CheckNames(groups: ["a", "b"], phases: ["steady"], measures: ["join"])

    @Test(
        "a check reads a kind of time where it names one",
        arguments: [
            ("calm:join.p95 < 400ms", nil, .calm), ("fault:join.max <= 1s", nil, .fault),
            ("b/fault:join.p99 < 2s", "b", .fault), ("all / calm : join.p50 > 0ms", nil, .calm),
            ("calm:generator.lag.p99 < 5ms", nil, .calm),
        ] as [(String, String?, FaultTime)]
    )
    func reads(text: String, group: String?, time: FaultTime) throws {
        let check = try Check.parse(text, names: Self.names)
        #expect(check.time == time && check.group == group && check.phase == nil)
    }

    @Test(
        "what is not split cannot be asked for",
        arguments: [
            ("calm:errors.rate < 1%", "`errors.rate` is none"), ("fault:join.failed == 0", "`join.failed` is none"),
            ("fault:reconnect.recover.p95 < 3s", "about the others"),
            ("fault:stall.drain.max < 1s", "about the others"),
            ("fualt:join.p95 < 1s", "no phase `fualt`"),
        ]
    )
    func refuses(text: String, message: String) {
        let error = #expect(throws: CheckSyntaxError.self) { try Check.parse(text, names: Self.names) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("a phase of the same name has to be renamed", arguments: ["calm", "fault"])
    func clash(name: String) throws {
        let names = CheckNames(groups: ["a"], phases: [name, "steady"], measures: ["join"])
        let error = #expect(throws: CheckSyntaxError.self) { try Check.parse("\(name):join.p95 < 1s", names: names) }
        #expect(error?.message.contains("rename the phase") == true)
        #expect(error?.range == 0..<name.utf8.count)
        #expect(try Check.parse("steady:join.p95 < 1s", names: names).phase == "steady")
    }

    @Test("checks of both kinds of time are evaluated over theirs")
    func evaluates() throws {
        var bench = Bench()
        func result(_ text: String) throws -> CheckResult {
            try Check.parse(text, names: Self.names).evaluate(over: bench.collector.totals)
        }
        bench.record(3)
        _ = bench.cut(at: 800)
        #expect(try result("fault:join.max < 1s").outcome == .noData)
        #expect(try result("calm:join.max < 10ms").outcome == .passed)
        for _ in 0..<4 { bench.record(70, group: 1) }
        bench.record(5000, group: 1, afflicted: true)
        _ = bench.cut(at: 1000, fault: true, completes: true)
        #expect(try result("calm:join.max < 10ms").outcome == .passed)
        #expect(try result("fault:join.max < 10ms").outcome == .failed)
        #expect(try result("b/fault:join.max < 100ms").outcome == .passed)
        #expect(try result("a/fault:join.max < 100ms").outcome == .noData)
        #expect(try result("join.max < 100ms").outcome == .failed)
        #expect(try result("fault:join.rate == 20").outcome == .passed)
    }
}
