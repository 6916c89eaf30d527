import Foundation
import Testing

@testable import Metrics

@Suite("Terminal")
struct TerminalTests {
    private static let names = CheckNames(
        groups: ["visitor", "dashboard"],
        measures: ["join"],
        streams: ["answer"],
        plans: ["task"]
    )

    private func checks(_ texts: [(String, Bool)]) throws -> [Check] {
        try texts.map { try Check.parse($0.0, isOptional: $0.1, names: Self.names) }
    }

    @Test("the progress line says how it goes and grows with the run")
    func progress() {
        let run = SampleRun()
        var progress = ProgressLine(table: run.table, seconds: 195, latency: "join")
        let lines = run.seconds.map { progress.line($0) }
        #expect(
            lines == [
                "0:01/3:15  steady  1 active +0 −0 ✗0  in 0 out 1.0k/s  0 errors  join p50 6.17ms max 12.3ms",
                "0:02/3:15  steady  3 active +0 −0 ✗0  in 0 out 1.0k/s  1 error  join p50 6.17ms max 12.3ms",
                "0:03/3:15  2  5 active +0 −0 ✗0  in 0 out 1.0k/s  1 error  join p50 6.17ms max 12.3ms",
            ]
        )
        #expect(lines.allSatisfy { $0.count <= 100 })
    }

    @Test("without samples of the metric that matters the progress line shows connects, or nothing")
    func progressWithoutSamples() {
        let run = SampleRun()
        var progress = ProgressLine(table: run.table, seconds: 60, latency: "nothing")
        #expect(!progress.line(run.seconds[0]).contains("p50"))
    }

    @Test("the progress line keeps to 100 columns whatever it has to say")
    func progressWidth() {
        let groups = ["a"]
        var table = MetricTable(groups: groups)
        let name = String(repeating: "very_long_name_", count: 10)
        let latency = table.latency(name)
        let recorder = Recorder(table: table, worker: 0)
        recorder.add(table.fixed.clientsStarted, group: 0, 123_456_789_012)
        recorder.add(table.fixed.clientsFailed, group: 0, 123_456_789)
        recorder.add(table.fixed.messagesSent, group: 0, 999_999_999)
        recorder.record(latency, group: 0, scheduled: .max, service: .max)
        var collector = Collector(
            table: table,
            workers: 1,
            phaseNames: [String(repeating: "p", count: 300)],
            startEpochMilliseconds: 0
        )
        let seconds = collector.add(
            recorder.takeSnapshot(second: 9_999_999, phase: 0, isWarmup: false, at: 1, activeClients: [.max / 2])
        )
        var progress = ProgressLine(table: table, seconds: 1e12, latency: name)
        let line = progress.line(seconds.last ?? SampleRun().seconds[0])
        #expect(line.count <= 100)
        #expect(line.contains("active"))
    }

    @Test("the closing table is as documented")
    func closing() throws {
        let checks = try checks([
            ("join.p90 < 1s", false), ("visitor/answer.missing == 0", false), ("connect.p99 < 1s", true),
            ("answer.gap.max < 5s", false), ("errors.rate < 50%", false),
        ])
        let run = SampleRun(checks: checks)
        let table = ClosingTable(
            run.summary,
            redactor: Redactor(secrets: [SampleRun.secret]),
            usesColours: false,
            paths: ["results/run.json", "results/latency.csv"],
            problems: ["Cannot write results/errors.csv: disk full"]
        )
        #expect(table.lines.allSatisfy { $0.count <= 100 })
        #expect(!table.text.contains(SampleRun.secret))
        Golden.expect(table.text, equals: "closing.txt")
    }

    @Test("colours change nothing but the colour")
    func colours() throws {
        let run = SampleRun(checks: try checks([("join.p90 < 1ms", false), ("join.p90 < 1s", false)]))
        let plain = ClosingTable(run.summary, redactor: Redactor(), usesColours: false).text
        let coloured = ClosingTable(run.summary, redactor: Redactor(), usesColours: true).text
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.contains("\u{1B}[31m") && coloured.contains("\u{1B}[32m"))
        #expect(coloured.replacing(#/\u{1B}\[\d+m/#, with: "") == plain)
    }

    @Test("tables keep to 100 columns with names of any length")
    func widths() throws {
        let long = String(repeating: "long", count: 60)
        var table = MetricTable(groups: [long, "b"])
        let join = table.operation(long, latency: true)
        let counter = table.userCounter(long + "x")
        let recorder = Recorder(table: table, worker: 0)
        for _ in 0..<200 { recorder.succeeded(join, group: 0, scheduled: 3_600_000_000_000, service: 1) }
        recorder.add(counter, group: 0, .max / 2)
        for number in 0..<70 {
            recorder.error("\(long)\(number)", group: 0, at: 0, example: long)
        }
        var collector = Collector(table: table, workers: 1, phaseNames: [], startEpochMilliseconds: 0)
        _ = collector.add(
            recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: 1_000_000_000, activeClients: [1, 1])
        )
        var loops = LoopTally()
        for number in 0..<30 {
            loops.add(
                LoopLine(
                    client: number,
                    task: "\(long)\(number)",
                    plans: number,
                    outcome: .stalled,
                    cycle: long,
                    repeats: 2,
                    seconds: 1e9
                )
            )
        }
        let check = try Check.parse("\(long).p99 < 1s", names: CheckNames(measures: [long]))
        let summary = RunSummary(
            scenario: long,
            target: long,
            startEpochMilliseconds: 0,
            seconds: 1,
            totals: collector.totals,
            checks: [check],
            loops: loops,
            notes: [long, "a \(long) b"]
        )
        let lines = ClosingTable(summary, redactor: Redactor(), usesColours: false, problems: [long]).lines
        #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
        #expect(lines.count > 20)
    }

    @Test("paths are never cut")
    func paths() {
        let path = "/" + String(repeating: "folder/", count: 30) + "latency.csv"
        let table = ClosingTable(SampleRun().summary, redactor: Redactor(), usesColours: false, paths: [path])
        #expect(table.lines.contains("  \(path)"))
    }

    @Test("of many recordings of failed clients it names the first ones, by whole names")
    func failures() {
        var summary = SampleRun().summary
        let long = String(repeating: "long ", count: 30)
        summary.failures = (1...20).map { number in
            FailureLine(
                path: "r/failures/\(number)-\(String(repeating: "x", count: 50)).rec.jsonl",
                group: "all",
                kind: "timeout",
                step: long,
                example: long
            )
        }
        let lines = ClosingTable(summary, redactor: Redactor(), usesColours: false).failureLines
        #expect(lines.count == 10)
        #expect(lines.first == "kept 20 failed clients: r/failures/")
        #expect(lines.last == "  … and 12 more")
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines[1].hasPrefix("  1-\(String(repeating: "x", count: 50)).rec.jsonl  long"))
        summary.failures = []
        #expect(ClosingTable(summary, redactor: Redactor(), usesColours: false).failureLines == [])
    }

    @Test("a run in which nothing happened still has a report")
    func empty() {
        let collector = Collector(
            table: MetricTable(groups: []),
            workers: 1,
            phaseNames: [],
            startEpochMilliseconds: 0
        )
        let summary = RunSummary(
            scenario: "empty",
            target: "",
            startEpochMilliseconds: 0,
            seconds: 0,
            totals: collector.totals,
            checks: [],
            targetWasNeverReached: true
        )
        let text = ClosingTable(summary, redactor: Redactor(), usesColours: false).text
        #expect(text.contains("empty: FAILED: the target was never reached"))
        #expect(summary.exitCode == .targetNeverReached)
    }
}
