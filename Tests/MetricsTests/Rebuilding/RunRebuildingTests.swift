import Foundation
import Testing

@testable import Metrics

@Suite("Rebuilding")
struct RunRebuildingTests {
    private let directory = NSTemporaryDirectory() + "rebuilding-\(UUID().uuidString)"

    private static let checks = [
        "join.p90 < 1s", "stream.missing == 0", "visitor/join.count > 3", "steady:messages.sent == 2000",
        "calm:join.p50 < 1s", "join.mean < 1ms", "errors.rate < 50%", "generator.lag.max < 1s",
    ]

    /// A run as it stands in a folder that nobody has finished.
    @discardableResult
    private func leave(groups: [String] = ["visitor", "dashboard"], secrets: [String] = []) throws -> SampleRun {
        let names = CheckNames(
            groups: groups + ["visitor"],
            phases: ["steady"],
            measures: ["join"],
            streams: ["answer"]
        )
        let checks = try Self.checks.map { try Check.parse($0, names: names) }
        let run = SampleRun(groups: groups, checks: checks)
        let folder = try ResultFolder(
            directory: directory,
            table: run.table,
            redactor: Redactor(secrets: [SampleRun.secret] + secrets)
        )
        folder.writeRun(run.file(checks))
        for second in run.seconds { folder.append(second) }
        for loop in SampleRun.loops { folder.append(loop) }
        folder.flush()
        return run
    }

    private func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(directory)/\(name)")), as: UTF8.self)
    }

    private func change(_ name: String, _ change: (inout String) -> Void) throws {
        var text = try read(name)
        change(&text)
        try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)"))
    }

    private func remove() { try? FileManager.default.removeItem(atPath: directory) }

    @Test("a run that was killed has the figures of one that ended", arguments: [["visitor", "dashboard"], ["all"]])
    func killed(groups: [String]) throws {
        defer { remove() }
        let run = try leave(groups: groups)
        let rebuilt = try RunRebuilding(directory: directory)
        #expect(rebuilt.problems.isEmpty)
        #expect(rebuilt.wasRebuilt)
        let expected = SummaryFile(run.summary, redactor: Redactor(secrets: [SampleRun.secret]))
        let summary = rebuilt.summary
        #expect(summary.counters.map(\.text) == expected.counters.map(\.text))
        #expect(summary.ratios.map(\.value) == expected.ratios.map(\.value))
        #expect(summary.phases.map { $0.counters.map(\.text) } == expected.phases.map { $0.counters.map(\.text) })
        #expect(summary.errors.map(\.count) == expected.errors.map(\.count))
        #expect(summary.errors.map(\.firstSecond) == expected.errors.map(\.firstSecond))
        #expect(summary.errors.allSatisfy { $0.example.isEmpty })
        #expect(summary.loops.counts.map(\.count) == expected.loops.counts.map(\.count))
        #expect(summary.loops.first.map(\.cycle) == expected.loops.first.map(\.cycle))
        #expect(summary.measuredSeconds == expected.measuredSeconds)
        for (mine, other) in zip(
            [summary.metrics] + summary.phases.map(\.metrics),
            [expected.metrics] + expected.phases.map(\.metrics)
        ) {
            #expect(
                mine.map { "\($0.group)/\($0.metric)/\($0.unit)" }
                    == other.map { "\($0.group)/\($0.metric)/\($0.unit)" }
            )
            for (metric, wanted) in zip(mine, other) {
                #expect(metric.count == wanted.count)
                #expect(metric.rate == wanted.rate)
                #expect(metric.percentiles == wanted.percentiles)
                #expect(metric.max == wanted.max)
                #expect(metric.min <= wanted.min && metric.min >= wanted.min * 0.999 - 0.001)
                #expect(abs(metric.mean - wanted.mean) <= wanted.mean * 0.001 + 0.001)
                #expect(abs(metric.stddev - wanted.stddev) <= wanted.stddev * 0.001 + 0.001)
            }
        }
    }

    @Test("its verdict says that it ended before its time, and its checks are evaluated again")
    func verdict() throws {
        defer { remove() }
        let run = try leave()
        let summary = try RunRebuilding(directory: directory).summary
        #expect(summary.verdict.exitCode == 105)
        #expect(summary.verdict.text == "FAILED: the run ended before its time; 2 of 8 checks failed")
        #expect(summary.checks.map(\.check) == Self.checks)
        #expect(summary.checks.map(\.outcome) == run.summary.checks.map(\.outcome.rawValue))
        #expect(summary.checks.map(\.text) == run.summary.checks.map(\.text))
        #expect(summary.seconds == 3)
        #expect(summary.target == "ws://localhost:3002/?token=[redacted]")
        #expect(summary.notes.contains { $0.contains("ended before its time") && $0.contains("the first 3 s") })
        #expect(summary.notes.contains { $0.contains("examples of errors") })
        #expect(summary.notes.contains { $0.contains("coordinated omission") })
        #expect(summary.generator.cpu == nil)
    }

    @Test("it leaves all the files that a run leaves, and says so again when asked again")
    func files() throws {
        defer { remove() }
        try leave()
        let names = ["summary.json", "latency.csv", "counters.csv", "errors.csv", "junit.xml", "report.html"]
        let first = try RunRebuilding(directory: directory)
        #expect(first.written == names.map { "\(directory)/\($0)" })
        let texts = try names.map(read)
        #expect(texts[1].contains("sample, \"\"quoted\"\"\",visitor,join,ms,20,"))
        #expect(texts[4].contains("<testcase classname=\"sample, &quot;quoted&quot;\" name=\"run\" time=\"0.000\">"))
        #expect(texts[4].contains("<property name=\"seed\" value=\"42\"/>"))
        #expect(try RunRebuilding(directory: directory).wasRebuilt)
        #expect(try names.map(read) == texts)
    }

    @Test("of a run that came to its end the files are written again as they were")
    func ended() throws {
        defer { remove() }
        let run = SampleRun()
        let folder = try ResultFolder(directory: directory, table: run.table, redactor: Redactor())
        folder.writeRun(run.file())
        for second in run.seconds { folder.append(second) }
        folder.finish(run.summary)
        let names = ["summary.json", "latency.csv", "counters.csv", "errors.csv", "junit.xml", "report.html"]
        let texts = try names.map(read)
        for name in names.dropFirst() { try FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
        // It is not needed for them, but for the page's distributions.
        try change("latency.hlog") { $0 = String($0.dropFirst($0.count / 2)) }
        let again = try RunRebuilding(directory: directory)
        #expect(!again.wasRebuilt)
        #expect(try names.dropLast().map(read) == texts.dropLast())
        #expect(try read("report.html").hasPrefix("<!doctype html>"))
        #expect(again.problems.count == 1)
        #expect(again.problems.first?.hasPrefix("1 line of \(directory)/latency.hlog cannot be read") == true)
    }

    @Test("a torn last line of any growing file is left out, whatever is left of it")
    func torn() throws {
        defer { remove() }
        let run = try leave()
        let counters = SummaryFile(run.summary, redactor: Redactor()).counters.count
        let whole = try ["timeline.csv", "latency.hlog", "loops.csv"].map { ($0, try read($0)) }
        for cut in [1, 2, 3, 17, 100] {
            for (name, text) in whole {
                try Data(text.utf8.dropLast(cut)).write(to: URL(filePath: "\(directory)/\(name)"))
            }
            let summary = try RunRebuilding(directory: directory).summary
            #expect(summary.verdict.exitCode == 105)
            #expect(summary.counters.count == counters)
            #expect(summary.counters.first { $0.group == "visitor" && $0.counter == "messages.sent" }?.count == 3000)
        }
    }

    @Test("a secret that is a word of names takes nothing from the figures, and texts are without it all the same")
    func secretsLikeNames() throws {
        defer { remove() }
        let secrets = [
            "join", "visitor", "messages", "clients", "time", "steady", "count", "operations", "generator", "all",
        ]
        func summary(_ secrets: [String]) throws -> SummaryFile {
            try? FileManager.default.removeItem(atPath: directory)
            try leave(secrets: secrets)
            return try RunRebuilding(directory: directory).summary
        }
        let plain = try summary([])
        let redacted = try summary(secrets)
        #expect(
            redacted.metrics.map { "\($0.group) \($0.metric) \($0.count)" }
                == plain.metrics.map { "\($0.group) \($0.metric) \($0.count)" }
        )
        #expect(redacted.counters.map(\.text) == plain.counters.map(\.text))
        #expect(redacted.phases.map(\.phase) == ["steady"])
        #expect(redacted.checks.map(\.outcome) == plain.checks.map(\.outcome))
        #expect(redacted.checks[0].check == "[redacted].p90 < 1s")
        let file = try StoredRun.run(in: directory)
        #expect(file.targets == ["ws://localhost:3002/?token=[redacted]"])
        #expect(file.groups == ["visitor", "dashboard"])
        #expect(file.load.map(\.model) == ["clients", "clients"])
    }

    @Test("phases that end with a second are exact, and nothing is said of them", arguments: [2.0, 2.0004, 2.5])
    func whole(seconds: Double) throws {
        defer { remove() }
        try leave()
        var file = try JSONDecoder().decode(RunFile.self, from: Data(try read("run.json").utf8))
        file.load[0].seconds = seconds
        try Data(JSONEncoder().encode(file)).write(to: URL(filePath: "\(directory)/run.json"))
        let summary = try RunRebuilding(directory: directory).summary
        #expect(summary.notes.contains { $0.contains("not exact") } == (seconds == 2.5))
        #expect(summary.checks[3].outcome == (seconds == 2.5 ? "no data" : "passed"))
    }

    @Test(
        "a check that this version does not understand has failed, and is not left out",
        arguments: [#""kind" : "time""#, #""comparison" : "<""#, #""statistic" : "p90""#, #""time" : "calm""#]
    )
    func unknownCheck(word: String) throws {
        defer { remove() }
        try leave()
        let before = try RunRebuilding(directory: directory).summary.checks
        try FileManager.default.removeItem(atPath: "\(directory)/summary.json")
        let other = String(word.dropLast()) + "-of-tomorrow\""
        try change("run.json") { text in
            guard let place = text.range(of: word) else { return }
            text.replaceSubrange(place, with: other)
        }
        let summary = try RunRebuilding(directory: directory).summary
        #expect(summary.checks.map(\.check) == Self.checks)
        let unknown = summary.checks.filter { $0.text.hasPrefix("cannot be evaluated") }
        #expect(unknown.count == 1)
        #expect(unknown.allSatisfy { $0.outcome == "failed" && $0.actual == nil })
        for (now, then) in zip(summary.checks, before) where !now.text.hasPrefix("cannot") {
            #expect(now.outcome == then.outcome)
        }
        #expect(summary.verdict.text.contains("of 8 checks failed"))
    }

    @Test("how long event loops stood still is not known, and neither told nor held to a check")
    func stalled() throws {
        defer { remove() }
        try leave()
        var file = try JSONDecoder().decode(RunFile.self, from: Data(try read("run.json").utf8))
        file.parsedChecks = [RunFile.ParsedCheck(try Check.parse("generator.stalled < 1s", names: CheckNames()))]
        try Data(JSONEncoder().encode(file)).write(to: URL(filePath: "\(directory)/run.json"))
        let summary = try RunRebuilding(directory: directory).summary
        #expect(summary.generator.stalledSeconds == nil)
        #expect(try !read("summary.json").contains("stalledSeconds"))
        #expect(try !read("report.html").contains("stood still</dt>"))
        #expect(summary.checks.map(\.outcome) == ["no data"])
    }

    @Test("a last second that is short is as long as the log says, and the log is not said to end before it")
    func shortLastSecond() throws {
        defer { remove() }
        try leave()
        try change("latency.hlog") { $0 = $0.replacingOccurrences(of: ",2.000,1.000,", with: ",2.000,0.125,") }
        let summary = try RunRebuilding(directory: directory).summary
        #expect(summary.seconds == 2.125)
        #expect(!summary.notes.contains { $0.contains("latency.hlog") })
    }

    @Test("seconds of which the log has nothing are named, and counted all the same")
    func behind() throws {
        defer { remove() }
        try leave()
        try change("latency.hlog") { text in
            text = text.split(separator: "\n").filter { !$0.contains(",2.000,1.000,") }.joined(separator: "\n") + "\n"
        }
        let summary = try RunRebuilding(directory: directory).summary
        #expect(summary.notes.contains { $0.hasPrefix("latency.hlog ends 1 s before timeline.csv") })
        #expect(summary.metrics.first { $0.group == "all" && $0.metric == "join" }?.count == 20)
        #expect(summary.counters.first { $0.group == "all" && $0.counter == "join.count" }?.count == 31)
    }

    @Test("a log with damaged lines says how many, one that is missing says that")
    func damaged() throws {
        defer { remove() }
        try leave()
        try change("latency.hlog") {
            $0 +=
                "Tag=a/b,0.000,1.000,1.000,HISTFAAA\nx\nTag=x/y,0.000,1.000,0.001,\(HistogramPayloadTests.golden[1].text)\n"
        }
        let damaged = try RunRebuilding(directory: directory)
        #expect(damaged.problems == ["2 lines of \(directory)/latency.hlog cannot be read and were left out"])
        #expect(damaged.summary.notes.contains { $0.contains("2 lines of") })
        #expect(damaged.summary.notes.contains { $0.hasPrefix("latency.hlog has 1 line") })
        try FileManager.default.removeItem(atPath: "\(directory)/latency.hlog")
        let missing = try RunRebuilding(directory: directory)
        #expect(missing.problems.count == 1)
        #expect(missing.summary.metrics.isEmpty)
        #expect(missing.summary.counters.first { $0.counter == "messages.sent" }?.count == 3000)
    }

    @Test("phases, warmup and faults are where they were, also within a second")
    func phases() throws {
        defer { remove() }
        let table = MetricTable(groups: ["a"])
        var collector = Collector(table: table, workers: 1, phaseNames: ["up", "top"], startEpochMilliseconds: 0)
        let recorder = Recorder(table: table, worker: 0)
        let folder = try ResultFolder(directory: directory, table: table, redactor: Redactor())
        var file = SampleRun(groups: ["a"]).file()
        file.load = [
            RunFile.Phase(name: "up", seconds: 1.667, model: "arrivals", from: 1, to: 1),
            RunFile.Phase(name: "top", seconds: 1, model: "arrivals", from: 1, to: 1),
        ]
        file.warmupSeconds = 0.5
        file.measured = RunFile.Measured(table)
        let texts = [
            "up:messages.sent == 2", "top:messages.sent.rate > 1", "messages.sent > 1", "clients.active == 2",
            "up:connect.failed.rate < 1%", "top:connect.tcp.count == 2", "top:connect.tcp.max < 1s",
        ]
        file.parsedChecks = try texts.map {
            RunFile.ParsedCheck(try Check.parse($0, names: CheckNames(phases: ["up", "top"])))
        }
        file.faults = [RunFile.Fault(at: 1.75, text: "drop 80 % of all: reset"), RunFile.Fault(at: 9, text: "run x")]
        folder.writeRun(file)
        let pieces: [(second: Int, completes: Bool, phase: Int, isWarmup: Bool, end: Int64)] = [
            (0, false, 0, true, 500_000_000), (0, true, 0, false, 1_000_000_000), (1, false, 0, false, 1_666_600_000),
            (1, true, 1, false, 2_000_000_000), (2, false, 1, false, 2_667_000_000), (2, true, 2, false, 3_000_000_000),
        ]
        for piece in pieces {
            recorder.record(table.fixed.connectTCP, group: 0, nanoseconds: piece.end / 100)
            recorder.add(table.fixed.messagesSent, group: 0)
            let snapshot = recorder.takeSnapshot(
                second: piece.second,
                completesSecond: piece.completes,
                phase: piece.phase,
                isWarmup: piece.isWarmup,
                isFault: piece.second == 1,
                at: piece.end,
                activeClients: [piece.second]
            )
            for var second in collector.add(snapshot) {
                if second.second == 1 {
                    second.faults = [FaultMark(kind: .drop, text: "x", place: "x", begin: 1.75, clients: 7)]
                }
                folder.append(second)
            }
        }
        let summary = try RunRebuilding(directory: directory).summary
        #expect(summary.measuredSeconds == 2.5)
        #expect(summary.metrics.filter { $0.group == "a" }.map(\.count) == [5])
        #expect(summary.phases.map(\.seconds) == [1.167, 1])
        #expect(summary.phases.map { $0.metrics.filter { $0.group == "a" }.map(\.count) } == [[2], [2]])
        // Of counts nobody knows in which phase of a second they came, of distributions the log does.
        #expect(
            summary.checks.map(\.outcome) == ["no data", "no data", "no data", "passed", "no data", "passed", "passed"]
        )
        #expect(summary.checks[0].text == "not known: the phase begins or ends within a second")
        #expect(summary.checks[2].text == "not known: the warmup ends within a second")
        #expect(
            summary.notes.contains {
                $0.hasPrefix("counts and their rates of phase `up`, `top` and of the whole run are not exact")
            }
        )
        #expect(try read("junit.xml").contains("<failure type=\"no data\" message=\"not known: the phase begins"))
        #expect(summary.faults.map(\.text) == ["drop 80 % of all: reset"])
        #expect(summary.faults.map(\.clients) == [7])
        #expect(summary.faults.map(\.kind) == ["drop"])
        #expect(summary.faultTime == nil)
        #expect(summary.notes.contains { $0.contains("calm time and of faults") })
        #expect(!summary.notes.contains { $0.contains("coordinated omission") })
    }

    @Test("a summary that is damaged is made again from the other files, and that is said, also when asked again")
    func damagedSummary() throws {
        defer { remove() }
        let run = try leave()
        let text = try SummaryFile(run.summary, redactor: Redactor()).text()
        for damaged in [
            String(text.prefix(500)), "", "garbage", text.replacingOccurrences(of: "\"scenario\"", with: "\"x\""),
        ] {
            try Data(damaged.utf8).write(to: URL(filePath: "\(directory)/summary.json"))
            for _ in 1...2 {
                let rebuilt = try RunRebuilding(directory: directory)
                #expect(rebuilt.wasRebuilt)
                #expect(rebuilt.summary.verdict.text == "FAILED: the run's summary was damaged; 2 of 8 checks failed")
                #expect(rebuilt.summary.notes.contains { $0.contains("whether it came to its end is not known") })
                #expect(!rebuilt.summary.notes.contains { $0.contains("ended before its time") })
                #expect(rebuilt.summary.counters.first { $0.counter == "messages.sent" }?.count == 3000)
            }
        }
    }

    @Test("without its timeline a run with a summary has all its files, and a warning")
    func withoutTimeline() throws {
        defer { remove() }
        let run = SampleRun()
        let folder = try ResultFolder(directory: directory, table: run.table, redactor: Redactor())
        folder.writeRun(run.file())
        for second in run.seconds { folder.append(second) }
        folder.finish(run.summary)
        let text = try read("summary.json")
        try FileManager.default.removeItem(atPath: "\(directory)/timeline.csv")
        let rebuilt = try RunRebuilding(directory: directory)
        #expect(!rebuilt.wasRebuilt)
        #expect(rebuilt.written.count == 6)
        #expect(rebuilt.problems.count == 1)
        #expect(rebuilt.problems.first?.hasPrefix("\(directory)/timeline.csv cannot be read: ") == true)
        #expect(rebuilt.problems.first?.hasSuffix("; there are no timelines in report.html") == true)
        #expect(try read("summary.json") == text)
        #expect(try !read("report.html").contains("id=\"timelines\""))
    }

    @Test("damaged rows of the timeline and of the loops are counted and named", arguments: [true, false])
    func damagedRows(isFinished: Bool) throws {
        defer { remove() }
        let run = try leave()
        if isFinished {
            try Data(SummaryFile(run.summary, redactor: Redactor()).text().utf8)
                .write(to: URL(filePath: "\(directory)/summary.json"))
        }
        try change("timeline.csv") { text in
            var lines = text.components(separatedBy: "\r\n")
            lines.insert("1,\"unclosed", at: 20)
            lines.insert("x", at: 30)
            text = lines.joined(separator: "\r\n")
        }
        try change("loops.csv") { $0 += "17,task,many,runaway,,0,1.000\r\n" }
        let rebuilt = try RunRebuilding(directory: directory)
        let expected = ["2 rows of \(directory)/timeline.csv cannot be read and were left out"]
        let ofLoops = ["1 row of \(directory)/loops.csv cannot be read and was left out"]
        #expect(rebuilt.problems == (isFinished ? expected : expected + ofLoops))
        #expect(rebuilt.summary.notes.contains(expected[0]) == !isFinished)
        #expect(rebuilt.summary.counters.first { $0.counter == "messages.sent" }?.count == 3000)
        #expect(try StoredRun(directory: directory).problems == expected)
        #expect(try StoredRun(directory: directory).timeline.damagedRows == 2)
    }

    @Test("what is no folder of results is an error that says what to do")
    func errors() throws {
        defer { remove() }
        func message() -> String? {
            do throws(StoredRunError) {
                _ = try RunRebuilding(directory: directory)
                return nil
            } catch {
                return error.message
            }
        }
        #expect(message() == "\(directory) is no folder; name one that `reprise run` wrote")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        #expect(message() == "\(directory) has no run.json; name a folder that `reprise run` wrote")
        try leave()
        try change("run.json") { $0 = $0.replacingOccurrences(of: "\"schema\" : 1", with: "\"schema\" : 2") }
        #expect(message()?.contains("written by another version of Reprise: its schema is 2") == true)
        try leave()
        try change("run.json") { $0 = "{" + $0 }
        #expect(message() == "\(directory)/run.json is damaged: it is not as this version of Reprise writes it")
        var old = SampleRun().file()
        old.measured = nil
        try Data(JSONEncoder().encode(old)).write(to: URL(filePath: "\(directory)/run.json"))
        #expect(message()?.contains("another version of Reprise") == true)
        try leave()
        try FileManager.default.removeItem(atPath: "\(directory)/timeline.csv")
        #expect(message()?.hasPrefix("\(directory)/timeline.csv cannot be read: ") == true)
        #expect(message()?.hasSuffix("there is nothing to make reports of: run it again") == true)
    }

    @Test(
        "a check that was written down means the same",
        arguments: checks + [
            "fault:join.p99.9 <= 1s", "connect.failed.rate != 1%", "generator.memory < 1GB", "answer.chunks.max > 3",
            "visitor/connect.rate >= 2",
        ]
    )
    func parsed(text: String) throws {
        let names = CheckNames(groups: ["visitor"], phases: ["steady"], measures: ["join"], streams: ["answer"])
        let check = try Check.parse(text, isOptional: true, aborts: true, after: .milliseconds(1500), names: names)
        let data = try JSONEncoder().encode(RunFile.ParsedCheck(check))
        #expect(try JSONDecoder().decode(RunFile.ParsedCheck.self, from: data).check == check)
    }
}

extension SummaryFile.Counter {
    fileprivate var text: String { "\(group)/\(counter): \(count), \(rate ?? -1)" }
}
