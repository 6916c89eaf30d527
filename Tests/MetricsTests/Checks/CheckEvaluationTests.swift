import Testing

@testable import Metrics

@Suite("Judging checks")
struct CheckEvaluationTests {
    /// Two groups and a phase `steady`; ten seconds, half of them in the phase.
    private func totals() -> RunTotals {
        var table = MetricTable(groups: ["visitor", "dashboard"])
        let join = table.operation("join", latency: true)
        _ = table.operation("idle", latency: true)
        let answer = table.stream("answer")
        let mine = table.counter("mine")
        var collector = Collector(
            table: table,
            workers: 1,
            phaseNames: ["ramp", "steady"],
            startEpochMilliseconds: 0
        )
        let recorder = Recorder(table: table, worker: 0)
        for second in 0..<10 {
            for number in 1...20 {
                let time = Int64(number) * (second < 5 ? 10_000_000 : 1_000_000)
                recorder.succeeded(join, group: 0, scheduled: time, service: time)
            }
            recorder.failed(join, group: 1)
            recorder.record(answer.chunks, group: 0, value: 40)
            recorder.add(mine, group: second % 2, 3)
            recorder.recordLag(nanoseconds: 2_000_000)
            _ = collector.add(
                recorder.takeSnapshot(
                    second: second,
                    phase: second < 5 ? 0 : 1,
                    isWarmup: false,
                    at: Int64(second + 1) * 1_000_000_000,
                    activeClients: [second, 1]
                )
            )
        }
        collector.update(
            usage: GeneratorUsage(cpuSeconds: 5, wallSeconds: 10, cores: 2, memory: 123_000_000, descriptors: 99)
        )
        return collector.totals
    }

    private static let names = CheckNames(
        groups: ["visitor", "dashboard"],
        phases: ["ramp", "steady"],
        measures: ["join", "idle"],
        streams: ["answer"],
        counters: ["mine"]
    )

    private func result(_ text: String, isOptional: Bool = false) throws -> CheckResult {
        try Check.parse(text, isOptional: isOptional, names: Self.names).evaluate(over: totals())
    }

    @Test("the smallest p99 that a check reads is the measured one, of whatever check on a time's p99")
    func smallestP99() throws {
        let results = try [
            "join.p99 < 400ms", "steady:join.p99 < 1s", "join.p50 < 1ms", "answer.chunks.p99 < 50",
            "generator.lag.p99 < 2ms", "idle.p99 < 1s",
        ].map { try result($0) }
        let steady = try #require(results[1].actual)
        #expect(CheckResult.smallestP99(of: results) == steady)
        #expect(steady < 25_000)
        #expect(CheckResult.smallestP99(of: [results[2]]) == nil)
    }

    @Test(
        "figures are compared with what must hold",
        arguments: [
            ("join.max < 200ms", false, 200_000), ("join.max <= 200ms", true, 200_000), ("join.min == 1ms", true, 1000),
            ("steady:join.max <= 20ms", true, 20_000), ("ramp:join.min >= 10ms", true, 10_000),
            ("visitor/join.max == 200ms", true, 200_000), ("join.count == 210", true, 210),
            ("join.service.count == 200", true, 200), ("steady:join.count == 105", true, 105),
            ("join.service.rate == 20", true, 20), ("steady:join.service.rate == 20", true, 20),
            ("join.failed == 10", true, 10), ("dashboard/join.failed == 10", true, 10),
            ("visitor/join.failed == 0", true, 0),
            ("join.failed < 5%", true, 10.0 / 210), ("dashboard/join.failed.rate == 100%", true, 1),
            ("visitor/errors.rate == 0%", true, 0), ("errors.rate < 1%", false, 10.0 / 210),
            ("answer.chunks.p50 == 40", true, 40), ("answer.chunks.mean == 40", true, 40), ("mine == 30", true, 30),
            ("mine.rate == 3", true, 3), ("stream.broken == 0", true, 0), ("stream.broken > 0", false, 0),
            ("errors.refused == 0", true, 0), ("received.whatever != 1", true, 0), ("clients.active == 10", true, 10),
            ("visitor/clients.active == 9", true, 9), ("ramp:clients.active == 5", true, 5),
            ("generator.cpu == 25%", true, 0.25), ("generator.memory < 1GB", true, 123_000_000),
            ("generator.descriptors == 99", true, 99), ("generator.lag.max == 2ms", true, 2000),
            ("generator.lag.p50 <= 2.1ms", true, 2000), ("generator.stalled < 1ms", true, 0),
            ("generator.late == 0", true, 0),
        ] as [(String, Bool, Double)]
    )
    func figures(text: String, passes: Bool, actual: Double) throws {
        let result = try result(text)
        #expect(result.outcome == (passes ? .passed : .failed))
        #expect(abs((result.actual ?? .nan) - actual) < 1e-9 * max(1, actual))
        #expect(result.isFailure == !passes)
    }

    @Test(
        "what has no data fails, unless it may",
        arguments: [
            "idle.p95 < 1s", "visitor/idle.p95 < 1s", "idle.failed.rate < 5%", "idle.failed < 5%",
            "dashboard/join.p95 < 1s",
            "connect.failed < 5%", "reconnect.recover.p95 < 3s", "fanout.p99 < 1s", "answer.gap.max < 1s",
        ]
    )
    func noData(text: String) throws {
        let result = try result(text)
        #expect(result.outcome == .noData)
        #expect(result.actual == nil)
        #expect(result.text == "no data")
        #expect(result.isFailure)
        let optional = try self.result(text, isOptional: true)
        #expect(optional.outcome == .noData)
        #expect(!optional.isFailure)
    }

    @Test("errors.rate without operations has no data, and without usage generator.cpu has none")
    func nothingHappened() throws {
        let collector = Collector(
            table: MetricTable(groups: ["visitor"]),
            workers: 1,
            phaseNames: [],
            startEpochMilliseconds: 0
        )
        for text in [
            "errors.rate < 1%", "generator.cpu < 5%", "generator.memory < 5MB", "generator.lag.max < 1s",
            "mine.rate < 5",
        ] {
            let check = try Check.parse(text, names: Self.names)
            #expect(check.evaluate(over: collector.totals).outcome == .noData, "\(text)")
        }
    }

    @Test("an optional check that has data can fail")
    func optionalFails() throws {
        #expect(try result("join.max < 1ms", isOptional: true).isFailure)
    }

    @Test("a percentile that the samples do not carry is judged by their maximum, and says so")
    func fewSamples() throws {
        let result = try result("answer.chunks.p99 == 40")
        #expect(result.outcome == .passed)
        #expect(result.text == "40 (of 10 samples only)")
    }

    @Test("a check ends the run only where it says so, fails, and its time has come")
    func aborting() throws {
        let totals = totals()
        func endsRun(_ text: String, aborts: Bool, elapsed: Int) throws -> Bool {
            try Check.parse(text, aborts: aborts, after: .seconds(10), names: Self.names)
                .endsRun(over: totals, elapsed: .seconds(elapsed))
        }
        #expect(try endsRun("errors.rate < 1%", aborts: true, elapsed: 10))
        #expect(try !endsRun("errors.rate < 1%", aborts: true, elapsed: 9))
        #expect(try !endsRun("errors.rate < 1%", aborts: false, elapsed: 10))
        #expect(try !endsRun("errors.rate < 50%", aborts: true, elapsed: 10))
        #expect(try !endsRun("idle.p95 < 1s", aborts: true, elapsed: 10))
    }

    @Test(
        "actual values have units",
        arguments: [
            ("join.max < 1s", "200 ms"), ("join.min < 1s", "1 ms"), ("join.failed < 5%", "4.76 %"),
            ("mine == 30", "30"),
            ("join.service.rate > 1", "20/s"), ("generator.memory < 1GB", "123 MB"), ("generator.stalled < 1s", "0 µs"),
        ]
    )
    func texts(text: String, expected: String) throws {
        #expect(try result(text).text == expected)
    }
}
