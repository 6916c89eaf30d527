import Testing

@testable import Metrics

@Suite("Collector")
struct CollectorTests {
    private static let second: Int64 = 1_000_000_000

    @Test("totals of several workers are those of one that did everything", arguments: 0..<5)
    func workers(seed: Int) {
        var table = MetricTable(groups: ["a", "b"])
        let join = table.operation("join", latency: true)
        let chunks = table.size("answer.chunks")
        var generator = SeededGenerator(seed: UInt64(seed))
        var collector = Collector(table: table, workers: 3, phaseNames: [nil], startEpochMilliseconds: 0)
        let recorders = (0..<3).map { Recorder(table: table, worker: $0) }
        var expected = [Histogram(), Histogram()]
        var sizes = Histogram()
        var failures = 0
        for second in 0..<10 {
            for _ in 0..<300 {
                let recorder = recorders[Int.random(in: 0..<3, using: &generator)]
                let group = Int.random(in: 0..<2, using: &generator)
                let time = Int64(generator.value()) * 1000
                if Bool.random(using: &generator) {
                    recorder.succeeded(join, group: group, scheduled: time, service: time / 2)
                    expected[group].record(nanoseconds: time)
                } else {
                    recorder.failed(join, group: group)
                    recorder.error("timeout", group: group, at: second, example: "\(second)")
                    recorder.record(chunks, group: group, value: Int(time))
                    sizes.record(Int(time))
                    failures += 1
                }
            }
            for recorder in recorders {
                _ = collector.add(
                    recorder.takeSnapshot(
                        second: second,
                        phase: 0,
                        isWarmup: false,
                        at: Int64(second + 1) * Self.second,
                        activeClients: [1, 2]
                    )
                )
            }
        }
        let totals = collector.totals
        for (index, group) in ["a", "b"].enumerated() {
            let histogram = totals.histogram("join", group: group)
            #expect(histogram?.count == expected[index].count)
            #expect(histogram?.mean == expected[index].mean)
            #expect(histogram?.standardDeviation == expected[index].standardDeviation)
            #expect(
                histogram?.percentiles(HistogramTests.percentiles)
                    == expected[index].percentiles(HistogramTests.percentiles)
            )
        }
        #expect(totals.count("operations") == 3000)
        #expect(totals.count("join.failed") == failures)
        #expect(totals.count("errors.timeout") == failures)
        #expect(totals.overall.errors.allSatisfy { $0.example == "\($0.firstSecond)" && $0.firstSecond == 0 })
        #expect(totals.histogram("answer.chunks")?.clamped == sizes.clamped)
        #expect(totals.histogram("answer.chunks")?.count == sizes.count)
        #expect(totals.overall.seconds == 10)
        #expect(totals.overall.peakClients() == 9)
        #expect(totals.overall.peakClients(group: 1) == 6)
    }

    /// A worker that records one `mine` per snapshot.
    private struct Worker {
        let recorder: Recorder
        let counter: CounterMetric

        func snapshot(
            _ second: Int,
            complete: Bool = true,
            phase: Int = 0,
            warmup: Bool = false,
            at end: Int64? = nil,
            active: Int = 0
        ) -> Snapshot {
            recorder.add(counter, group: 0)
            recorder.recordLag(nanoseconds: 1000)
            return recorder.takeSnapshot(
                second: second,
                completesSecond: complete,
                phase: phase,
                isWarmup: warmup,
                at: end ?? Int64(second + 1) * CollectorTests.second,
                activeClients: [active]
            )
        }
    }

    private func setUp(workers: Int, phases: [String?]) -> (Collector, [Worker]) {
        var table = MetricTable(groups: ["a"])
        let counter = table.counter("mine")
        let collector = Collector(table: table, workers: workers, phaseNames: phases, startEpochMilliseconds: 5000)
        return (collector, (0..<workers).map { Worker(recorder: Recorder(table: table, worker: $0), counter: counter) })
    }

    @Test("a second is handed over when the last worker has delivered it, in order")
    func timeline() {
        var (collector, workers) = setUp(workers: 2, phases: ["up", nil])
        #expect(collector.add(workers[0].snapshot(0, active: 3)).isEmpty)
        #expect(collector.add(workers[0].snapshot(1, active: 4)).isEmpty)
        let first = collector.add(workers[1].snapshot(0, active: 10))
        #expect(first.map(\.second) == [0])
        #expect(first.map(\.activeClients) == [[13]])
        #expect(first.map(\.epochMilliseconds) == [5000])
        #expect(
            first.map { $0.totals.counter(collector.totals.table.register.counter(named: "mine") ?? -1, group: nil) }
                == [2]
        )
        #expect(collector.add(workers[0].snapshot(2, phase: 1, active: 5)).isEmpty)
        #expect(collector.add(workers[1].snapshot(1, active: 11)).map(\.activeClients) == [[15]])
        let rest = collector.finish()
        #expect(rest.map(\.second) == [2])
        #expect(rest.map(\.phase) == ["2"])
        #expect(rest.map(\.activeClients) == [[16]])
        #expect(collector.finish().isEmpty)
    }

    @Test("a worker that stood still for seconds holds up the timeline but loses nothing")
    func stalledWorker() {
        var (collector, workers) = setUp(workers: 2, phases: ["up"])
        for second in 0..<4 { #expect(collector.add(workers[0].snapshot(second)).isEmpty) }
        let seconds = collector.add(workers[1].snapshot(3))
        #expect(seconds.map(\.second) == [0, 1, 2, 3])
        #expect(collector.totals.count("mine") == 5)
    }

    @Test("a snapshot that comes after its second was handed over counts in the next")
    func lateSnapshot() {
        var (collector, workers) = setUp(workers: 1, phases: [nil])
        #expect(collector.add(workers[0].snapshot(0)).count == 1)
        #expect(collector.add(workers[0].snapshot(0)).isEmpty)
        let seconds = collector.add(workers[0].snapshot(1))
        #expect(
            seconds.map { $0.totals.counter(collector.totals.table.register.counter(named: "mine") ?? -1, group: nil) }
                == [2]
        )
        #expect(collector.totals.count("mine") == 3)
    }

    @Test("the warmup is left out of the totals and of its phase, and shown in the timeline")
    func warmup() {
        var (collector, workers) = setUp(workers: 1, phases: ["up"])
        workers[0].recorder.error("refused", group: 0, at: 0, example: "early")
        var seconds = collector.add(workers[0].snapshot(0, warmup: true, active: 9))
        seconds += collector.add(workers[0].snapshot(1, complete: false, warmup: true, at: 1_500_000_000))
        seconds += collector.add(workers[0].snapshot(1, active: 2))
        #expect(seconds.map(\.phase) == ["warmup", "warmup"])
        #expect(seconds.map(\.isWarmup) == [true, true])
        #expect(collector.totals.count("mine") == 1)
        #expect(collector.totals.count("mine", phase: "up") == 1)
        #expect(collector.totals.overall.seconds == 0.5)
        #expect(collector.totals.warmup.seconds == 1.5)
        #expect(collector.totals.overall.errors.isEmpty)
        #expect(collector.totals.warmup.errors.map(\.example) == ["early"])
        #expect(collector.totals.overall.lag.count == 1)
    }

    @Test("the first second of an error is that after the warmup, and the earliest of all workers")
    func firstSeconds() {
        var (collector, workers) = setUp(workers: 2, phases: [nil])
        workers[0].recorder.error("reset", group: 0, at: 0, example: "a")
        _ = collector.add(workers[0].snapshot(0, warmup: true))
        workers[0].recorder.error("reset", group: 0, at: 5, example: "b")
        workers[0].recorder.error("reset", group: 0, at: 6, example: "c")
        _ = collector.add(workers[0].snapshot(6))
        workers[1].recorder.error("reset", group: 0, at: 4, example: "d")
        _ = collector.add(workers[1].snapshot(6))
        let errors = collector.totals.overall.errors
        #expect(errors == [ErrorTotal(kind: "reset", group: 0, count: 3, firstSecond: 4, example: "d")])
    }

    @Test("a phase has what was measured in it, to the snapshot")
    func phases() {
        var (collector, workers) = setUp(workers: 2, phases: ["up", nil, "steady"])
        for worker in workers {
            _ = collector.add(worker.snapshot(0, phase: 0, active: 1))
            _ = collector.add(worker.snapshot(1, complete: false, phase: 0, at: 1_250_000_000, active: 2))
            _ = collector.add(worker.snapshot(1, phase: 1, active: 3))
            _ = collector.add(worker.snapshot(2, phase: 2, active: 7))
            _ = collector.add(worker.snapshot(3, phase: 3, active: 1))
        }
        let totals = collector.totals
        #expect(totals.phases.map(\.name) == ["up", "steady"])
        #expect(totals.count("mine") == 10)
        #expect(totals.count("mine", phase: "up") == 4)
        #expect(totals.count("mine", phase: "steady") == 2)
        #expect(totals.count("mine", phase: "down") == nil)
        #expect(totals.totals(phase: "up")?.seconds == 1.25)
        #expect(totals.totals(phase: "steady")?.seconds == 1)
        #expect(totals.totals(phase: "steady")?.peakClients() == 14)
        #expect(totals.overall.seconds == 4)
    }

    @Test("after the last phase comes the grace")
    func grace() {
        var (collector, workers) = setUp(workers: 1, phases: ["up"])
        #expect(collector.add(workers[0].snapshot(0, phase: 1)).map(\.phase) == ["grace"])
    }

    @Test("a snapshot of a worker that does not exist is left out")
    func unknownWorker() {
        var (collector, _) = setUp(workers: 1, phases: [nil])
        let (_, others) = setUp(workers: 3, phases: [nil])
        #expect(collector.add(others[2].snapshot(0)).isEmpty)
        #expect(collector.totals.count("mine") == 0)
    }
}
