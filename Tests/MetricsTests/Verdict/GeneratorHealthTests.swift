import Testing

@testable import Metrics

@Suite("Generator health")
struct GeneratorHealthTests {
    /// A hundred probes with a p99 of so many microseconds.
    private func health(p99: Int, samples: Int = 100, usage: GeneratorUsage? = nil) -> GeneratorHealth {
        var lag = Histogram()
        lag.record(10, times: samples - 2)
        lag.record(p99, times: 2)
        return GeneratorHealth(lag: lag, usage: usage)
    }

    @Test(
        "the lag that is allowed follows from the smallest p99 that a check reads",
        arguments: [
            (nil, 10_000), (5_000, 1_000), (10_000, 1_000), (50_000, 5_000), (90_000, 9_000), (1_000_000, 10_000),
        ] as [(Double?, Double)]
    )
    func allowed(smallest: Double?, allowed: Double) {
        #expect(GeneratorHealth.allowedLag(smallestP99: smallest) == allowed)
        #expect(!health(p99: Int(allowed)).verdict(smallestP99: smallest).isBottleneck)
        let verdict = health(p99: Int(allowed) * 11 / 10).verdict(smallestP99: smallest)
        #expect(verdict.isBottleneck)
        #expect(verdict.reasons.count == 1)
    }

    @Test("a single late probe among few does not decide")
    func fewProbes() {
        #expect(!health(p99: 500_000, samples: 50).verdict(smallestP99: nil).isBottleneck)
    }

    @Test("a full core alone is a warning")
    func fullCore() {
        let full = GeneratorUsage(cpuSeconds: 19.9, wallSeconds: 10, cores: 2, memory: 0, descriptors: 0)
        let verdict = health(p99: 100, usage: full).verdict(smallestP99: nil)
        #expect(!verdict.isBottleneck)
        #expect(verdict.warnings == ["It used 99.5 % of its 2 cores."])
        var thread = full
        thread.cpuSeconds = 10
        #expect(health(p99: 100, usage: thread).verdict(smallestP99: nil).warnings.isEmpty)
        thread.busiestThread = 0.97
        #expect(
            health(p99: 100, usage: thread).verdict(smallestP99: nil).warnings
                == ["A worker's thread used 97 % of its core."]
        )
    }

    @Test("running out of something of its own is a reason, and with `warn` a warning")
    func exhaustion() {
        var health = health(p99: 50_000)
        health.errors = [
            ErrorTotal(
                kind: "generator.descriptors",
                group: 0,
                count: 1200,
                firstSecond: 3,
                example: "too many open files"
            )
        ]
        let verdict = health.verdict(smallestP99: nil)
        #expect(verdict.isBottleneck)
        #expect(verdict.reasons.count == 2)
        #expect(
            verdict.reasons[1]
                == "The generator failed by itself, 1,200 times, with `generator.descriptors`: too many open files"
        )
        let lenient = health.verdict(smallestP99: nil, onlyWarns: true)
        #expect(!lenient.isBottleneck)
        #expect(lenient.reasons.isEmpty)
        #expect(lenient.warnings == verdict.reasons)
    }

    @Test("it is read from the totals; the warmup's own errors count, its lag does not")
    func fromTotals() {
        let table = MetricTable(groups: ["a", "b"])
        var collector = Collector(table: table, workers: 1, phaseNames: [nil], startEpochMilliseconds: 0)
        let recorder = Recorder(table: table, worker: 0)
        recorder.recordLag(nanoseconds: 900_000_000)
        recorder.error("generator.ports", group: 0, at: 0, example: "early")
        _ = collector.add(recorder.takeSnapshot(second: 0, phase: 0, isWarmup: true, at: 1, activeClients: [0, 0]))
        #expect(GeneratorHealth(totals: collector.totals).lag.max == 900_000)
        recorder.recordLag(nanoseconds: 1_000_000)
        recorder.addStall(nanoseconds: 77)
        recorder.addLate(3)
        recorder.error("generator.ports", group: 1, at: 1, example: "late")
        recorder.error("refused", group: 1, at: 1, example: "theirs")
        _ = collector.add(recorder.takeSnapshot(second: 1, phase: 0, isWarmup: false, at: 2, activeClients: [0, 0]))
        let health = GeneratorHealth(totals: collector.totals)
        #expect(health.lag.max == 1000)
        #expect(health.stalled == 77)
        #expect(health.lateSends == 3)
        #expect(health.errors.map(\.count) == [2])
        #expect(health.errors.map(\.example) == ["early"])
    }
}
