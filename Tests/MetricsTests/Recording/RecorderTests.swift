import Testing

@testable import Metrics

@Suite("Recorder")
struct RecorderTests {
    private func table() -> MetricTable {
        var table = MetricTable(groups: ["visitor", "dashboard"], events: ["welcome", "bye"])
        _ = table.operation("join", latency: true)
        _ = table.stream("answer")
        _ = table.plan("task")
        return table
    }

    private func totals(_ table: MetricTable, _ record: (Recorder) -> Void) -> RunTotals {
        let recorder = Recorder(table: table, worker: 0)
        record(recorder)
        var collector = Collector(table: table, workers: 1, phaseNames: [nil], startEpochMilliseconds: 0)
        _ = collector.add(
            recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: 1_000_000_000, activeClients: [3, 4])
        )
        return collector.totals
    }

    @Test("a latency has two rows, from the scheduled time and from the send")
    func latency() {
        var table = table()
        let join = table.operation("join", latency: true)
        let totals = totals(table) { recorder in
            recorder.succeeded(join, group: 0, scheduled: 30_000_000, service: 10_000_000)
            recorder.succeeded(join, group: 1, scheduled: 50_000_000, service: 20_000_000)
        }
        #expect(totals.histogram("join")?.min == 30_000)
        #expect(totals.histogram("join")?.max == 50_000)
        #expect(totals.histogram("join.service")?.max == 20_000)
        #expect(totals.histogram("join", group: "visitor")?.count == 1)
        #expect(totals.histogram("join", group: "dashboard")?.max == 50_000)
        #expect(totals.histogram("join", group: "all")?.count == 2)
        #expect(totals.histogram("join", group: "nobody") == nil)
        #expect(totals.histogram("nothing") == nil)
    }

    @Test("operations add up over their names, and failures to a ratio")
    func operations() {
        var table = table()
        let join = table.operation("join", latency: true)
        let answer = table.stream("answer").operation
        let totals = totals(table) { recorder in
            recorder.succeeded(join, group: 0, scheduled: 1, service: 1)
            recorder.failed(join, group: 0)
            recorder.failed(join, group: 1)
            recorder.succeeded(answer, group: 0)
        }
        #expect(totals.count("join.count") == 3)
        #expect(totals.count("join.failed") == 2)
        #expect(totals.count("join.failed", group: "visitor") == 1)
        #expect(totals.count("answer.count") == 1)
        #expect(totals.count("operations") == 4)
        #expect(totals.count("operations.failed") == 2)
        #expect(totals.ratio("join.failed.rate") == 2.0 / 3)
        #expect(totals.ratio("join.failed.rate", group: "visitor") == 0.5)
        #expect(totals.ratio("errors.rate") == 0.5)
        #expect(totals.ratio("connect.failed.rate") == nil)
        #expect(totals.histogram("join")?.count == 1)
    }

    @Test("what is counted of a stream or plan is counted over all and by name")
    func streamsAndPlans() {
        var table = table()
        let answer = table.stream("answer")
        let summary = table.stream("summary")
        let task = table.plan("task")
        let totals = totals(table) { recorder in
            recorder.add(.missing, of: answer, group: 0, 3)
            recorder.add(.missing, of: summary, group: 0)
            recorder.add(.timedOut, of: answer, group: 1)
            recorder.add(.runaway, of: task, group: 0)
            recorder.add(.failed, of: task, group: 0)
            recorder.failed(task.operation, group: 0)
        }
        #expect(totals.count("stream.missing") == 4)
        #expect(totals.count("answer.missing") == 3)
        #expect(totals.count("summary.missing") == 1)
        #expect(totals.count("stream.timed_out") == 1)
        #expect(totals.count("plan.runaway") == 1)
        #expect(totals.count("task.runaway") == 1)
        #expect(totals.count("plan.failed") == 1)
        #expect(totals.count("task.failed") == 1)
        #expect(totals.count("stream.broken") == 0)
    }

    @Test("a stream named stream is not counted twice")
    func streamNamedStream() {
        var table = MetricTable(groups: ["a"])
        let stream = table.stream("stream")
        let plan = table.plan("plan")
        let recorder = Recorder(table: table, worker: 0)
        recorder.add(.broken, of: stream, group: 0)
        recorder.add(.runaway, of: plan, group: 0)
        var collector = Collector(table: table, workers: 1, phaseNames: [], startEpochMilliseconds: 0)
        _ = collector.add(recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: 1, activeClients: [0]))
        #expect(collector.totals.count("stream.broken") == 1)
        #expect(collector.totals.count("plan.runaway") == 1)
    }

    @Test("events are counted by name, unknown ones up to a hundred names")
    func events() {
        let totals = totals(table()) { recorder in
            recorder.received(event: 0, group: 0)
            recorder.received(event: 1, group: 1)
            recorder.received(event: 1, group: 1)
            recorder.received(event: -1, group: 0)
            recorder.received(event: 99, group: 0)
            for round in 0..<2 {
                for number in 0..<150 { recorder.received(unknown: "event \(number)", group: round) }
            }
        }
        #expect(totals.count("received.welcome") == 1)
        #expect(totals.count("received.bye") == 2)
        #expect(totals.count("received.event 0") == 2)
        #expect(totals.count("received.event 99") == 2)
        #expect(totals.count("received.event 100") == 0)
        #expect(totals.count("received.other") == 100)
        #expect(totals.count("received.other", group: "dashboard") == 50)
    }

    @Test("names of events are cut and escaped, whatever bytes they are")
    func hostileEventNames() {
        let bytes: [UInt8] = [0xFF, 0x1B, 0x5B, 0x41] + Array(repeating: 0x61, count: 5000)
        let totals = totals(table()) { recorder in
            bytes.withUnsafeBytes { recorder.received(unknown: $0, group: 0) }
            recorder.received(unknown: "", group: 1)
        }
        let names = totals.overall.unknownEventNames
        #expect(names.count == 2)
        #expect(names.allSatisfy { $0.utf8.count <= EventNames.nameLimit && !$0.contains("\u{1B}") })
    }

    @Test("errors keep their count, first second and first example, by kind and group")
    func errors() {
        var evaluations = 0
        func example(_ text: String) -> String {
            evaluations += 1
            return text
        }
        let totals = totals(table()) { recorder in
            recorder.error("refused", group: 0, at: 7, example: example("first"))
            recorder.error("refused", group: 0, at: 8, example: example("second"))
            recorder.error("refused", group: 1, at: 9, example: example("other group"))
            recorder.error("closed.1006", group: 1, at: 9, example: example("gone"))
        }
        #expect(evaluations == 3)
        #expect(
            totals.overall.errors == [
                ErrorTotal(kind: "closed.1006", group: 1, count: 1, firstSecond: 9, example: "gone"),
                ErrorTotal(kind: "refused", group: 0, count: 2, firstSecond: 7, example: "first"),
                ErrorTotal(kind: "refused", group: 1, count: 1, firstSecond: 9, example: "other group"),
            ]
        )
        #expect(totals.count("errors.refused") == 3)
        #expect(totals.count("errors.refused", group: "visitor") == 2)
        #expect(totals.count("errors.timeout") == 0)
    }

    @Test("kinds of errors are bounded")
    func errorKinds() {
        let totals = totals(table()) { recorder in
            for number in 0..<200 { recorder.error("closed.\(number)", group: 0, at: 0, example: "") }
        }
        #expect(totals.overall.errorCount() == 200)
        #expect(totals.overall.errorKindNames.count == ErrorNames.limit + 1)
        #expect(totals.count("errors.other") == 200 - ErrorNames.limit)
    }

    @Test("a second snapshot has only what came since the first")
    func snapshots() {
        var table = table()
        let join = table.operation("join", latency: true)
        let recorder = Recorder(table: table, worker: 0, start: 500)
        recorder.succeeded(join, group: 0, scheduled: 1000, service: 1000)
        recorder.error("reset", group: 0, at: 0, example: "x")
        recorder.recordLag(nanoseconds: 5000)
        let first = recorder.takeSnapshot(second: 0, phase: 0, isWarmup: true, at: 1500, activeClients: [1, 0])
        #expect(first.start == 500 && first.end == 1500)
        #expect(first.histograms.count == 2)
        #expect(first.errors.count == 1)
        let second = recorder.takeSnapshot(second: 1, phase: 0, isWarmup: false, at: 2500, activeClients: [1, 0])
        #expect(second.start == 1500)
        #expect(second.histograms.isEmpty && second.counters.isEmpty && second.errors.isEmpty)
        #expect(second.lag.count == 0 && second.received.isEmpty)
        recorder.error("reset", group: 0, at: 2, example: "y")
        let third = recorder.takeSnapshot(second: 2, phase: 0, isWarmup: false, at: 3500, activeClients: [1, 0])
        #expect(third.errors.map(\.count) == [1])
        #expect(third.errors.map(\.example) == ["x"])
    }

    @Test("secrets are taken out of examples before these are cut")
    func redaction() {
        let table = MetricTable(groups: ["a"])
        let secret = "s3cr3t-token"
        let recorder = Recorder(table: table, worker: 0, redactor: Redactor(secrets: [secret]))
        recorder.error("script", group: 0, at: 0, example: String(repeating: "x", count: 290) + secret)
        let snapshot = recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: 1, activeClients: [0])
        #expect(snapshot.errors.count == 1)
        #expect(!snapshot.errors[0].example.contains("s3c"))
        #expect(snapshot.errors[0].example.utf8.count <= 300)
    }
}
