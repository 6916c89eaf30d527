import Foundation
import Testing

@testable import Metrics

@Suite("Histogram log")
struct HistogramLogTests {
    private static func text(of run: SampleRun, plannedSeconds: Double = 0) throws -> String {
        var file = try HistogramLogFile(table: run.table, plannedSeconds: plannedSeconds)
        return try run.seconds.map { try file.lines(of: $0) }.joined() + file.rest()
    }

    /// The samples of one metric of one group over all intervals.
    private static func sum(_ log: HistogramLog, _ group: String, _ metric: String) -> Histogram {
        log.intervals.filter { $0.group == group && $0.metric == metric }.reduce(into: Histogram()) {
            $0.add($1.histogram)
        }
    }

    @Test("all that a run measured stands in the log, by group, metric and second", arguments: [0.0, 601])
    func roundTrip(plannedSeconds: Double) throws {
        let run = SampleRun()
        let log = HistogramLog(data: Data(try Self.text(of: run, plannedSeconds: plannedSeconds).utf8))
        #expect(log.damagedLines == 0)
        #expect(!log.isTorn)
        let totals = run.summary.totals
        for (group, name) in run.table.groups.enumerated() {
            for (row, metric) in run.table.register.rows.enumerated() {
                let expected = totals.overall.histogram(row: row, group: group)
                let read = Self.sum(log, name, metric.name)
                #expect(read.count == expected.count)
                #expect(read.max == expected.max, "\(metric.name)")
                #expect(read.percentiles([50, 90]) == expected.percentiles([50, 90]))
            }
        }
        #expect(Self.sum(log, "all", "generator.lag").count == totals.overall.lag.count)
        #expect(!log.intervals.contains { $0.group == "all" && $0.metric != "generator.lag" })
        // The phases begin with the seconds 0 and 2.
        let joins = log.intervals.filter { $0.metric == "join" }
        #expect(joins.map(\.start) == (plannedSeconds > 600 ? [0, 0, 2] : [0, 1, 2]))
        #expect(joins.map(\.length) == (plannedSeconds > 600 ? [2, 2, 1] : [1, 1, 1]))
    }

    @Test("the head says what the log's readers look for, and a line has five fields")
    func lines() throws {
        let lines = try Self.text(of: SampleRun()).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[1] == "#[Histogram log format version 1.3]")
        #expect(lines[2] == "#[StartTime: 1700000000.000 (seconds since epoch), 2023-11-14T22:13:20.000Z]")
        #expect(lines[3] == "#[BaseTime: 1700000000.000 (seconds since epoch)]")
        #expect(lines[4] == #""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#)
        let chunks = try #require(lines.first { $0.hasPrefix("Tag=visitor/answer.chunks,") })
        #expect(chunks.hasPrefix("Tag=visitor/answer.chunks,0.000,1.000,40.000,HISTFAAA"))
        let join = try #require(lines.first { $0.hasPrefix("Tag=visitor/join,") })
        #expect(join.hasPrefix("Tag=visitor/join,0.000,1.000,12.346,HISTFAAA"))
        #expect(lines.last == "")
        #expect(lines.dropFirst(5).dropLast().allSatisfy { $0.split(separator: ",").count == 5 })
    }

    @Test("an interval ends where a phase or the warmup does, also within a second", arguments: [0.0, 3600])
    func phases(plannedSeconds: Double) throws {
        let table = MetricTable(groups: ["a", "b"])
        var collector = Collector(
            table: table,
            workers: 2,
            phaseNames: ["up", nil],
            startEpochMilliseconds: 1_700_000_000_000
        )
        let recorders = [Recorder(table: table, worker: 0), Recorder(table: table, worker: 1)]
        var file = try HistogramLogFile(table: table, plannedSeconds: plannedSeconds)
        var text = ""
        let pieces: [(second: Int, completes: Bool, phase: Int, isWarmup: Bool, end: Int64)] = [
            (0, true, 0, true, 1_000_000_000), (1, false, 0, true, 1_250_000_000), (1, false, 0, false, 1_500_000_000),
            (1, true, 1, false, 2_000_000_000), (2, true, 1, false, 3_000_000_000),
            (3, true, 2, false, 3_125_000_000),
        ]
        for piece in pieces {
            for (worker, recorder) in recorders.enumerated() {
                recorder.record(table.fixed.connectTCP, group: worker, nanoseconds: 1_000_000 + piece.end / 1000)
                let snapshot = recorder.takeSnapshot(
                    second: piece.second,
                    completesSecond: piece.completes,
                    phase: piece.phase,
                    isWarmup: piece.isWarmup,
                    at: piece.end,
                    activeClients: [1, 1]
                )
                for second in collector.add(snapshot) { text += try file.lines(of: second) }
            }
        }
        for second in collector.finish() { text += try file.lines(of: second) }
        text += try file.rest()
        let log = HistogramLog(data: Data(text.utf8))
        let ofGroup = log.intervals.filter { $0.group == "b" }
        if plannedSeconds > 600 {
            #expect(ofGroup.map(\.start) == [0, 1.25, 1.5, 3])
            #expect(ofGroup.map(\.length) == [1.25, 0.25, 1.5, 0.125])
            #expect(ofGroup.map(\.histogram.count) == [2, 1, 2, 1])
        } else {
            #expect(ofGroup.map(\.start) == [0, 1, 1.25, 1.5, 2, 3])
            #expect(ofGroup.map(\.length) == [1, 0.25, 0.25, 0.5, 1, 0.125])
            #expect(ofGroup.map(\.histogram.max) == pieces.map { Int(1000 + $0.end / 1_000_000) })
        }
    }

    @Test("a log that was cut off anywhere has all its whole lines")
    func torn() throws {
        let lines = try Self.text(of: SampleRun()).split(separator: "\n", omittingEmptySubsequences: false)
        let bytes = Data((lines[2...8].joined(separator: "\n") + "\n").utf8)
        for length in 0...bytes.count {
            let part = bytes.prefix(length)
            let log = HistogramLog(data: part)
            let whole = part.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            #expect(log.intervals.count == whole.filter { $0.first == UInt8(ascii: "T") }.count)
            #expect(log.damagedLines == 0)
            #expect(log.isTorn == (part.last.map { $0 != UInt8(ascii: "\n") } ?? false))
        }
    }

    @Test(
        "a line that is none of ours is left out and counted",
        arguments: [
            "", "x", ",,,,", "0.000,1.000,40.000,PAYLOAD", "Tag=a,0.000,1.000,40.000,PAYLOAD",
            "Tag=a/b/c,0.000,1.000,40.000,PAYLOAD", "Tag=/b,0.000,1.000,40.000,PAYLOAD",
            "Tag=a/,0.000,1.000,40.000,PAYLOAD", "Tag=a/%FF,0.000,1.000,40.000,PAYLOAD",
            "Tag=a/b,-1,1.000,40.000,PAYLOAD", "Tag=a/b,nan,1.000,40.000,PAYLOAD", "Tag=a/b,1e400,1,1,PAYLOAD",
            "Tag=a/b,2000000000,1.000,40.000,PAYLOAD", "Tag=a/b,0.000,inf,40.000,PAYLOAD",
            "Tag=a/b,0.000,1.000,,PAYLOAD", "Tag=a/b,0.000,1.000,40.000,", "Tag=a/b,0.000,1.000,40.000,*",
            "Tag=a/b,0.000,1.000,40.000,HISTFAAA", "Tag=a/b,0.000,1.000,40.000,PAYLOAD,1",
            "Tag=a/b,0.000,1.000,40.000,SEhISEhISEhISEhISEhI",
        ]
    )
    func hostile(line: String) throws {
        let good = "Tag=a/b,0.000,1.000,0.001,\(HistogramPayloadTests.golden[1].text)\n"
        let bad = line.replacingOccurrences(of: "PAYLOAD", with: HistogramPayloadTests.golden[1].text)
        let log = HistogramLog(data: Data("\(good)\(bad)\n\(good)#x\n".utf8))
        #expect(log.intervals.count == 2)
        #expect(log.damagedLines == (line.isEmpty ? 0 : 1))
    }

    @Test("a line that is too long is left out, and a maximum beside its place is not believed")
    func bounds() throws {
        let payload = HistogramPayloadTests.golden[1].text
        let long = "Tag=\(String(repeating: "a", count: 1 << 20))/b,0.000,1.000,0.001,\(payload)\n"
        let beside = "Tag=a/b,0.000,1.000,9999999999999,\(payload)\r\n"
        let log = HistogramLog(data: Data((long + beside).utf8))
        #expect(log.damagedLines == 1)
        #expect(log.intervals.map(\.histogram.max) == [1])
    }

    @Test("a maximum within its place is exact, of times as of sizes")
    func maximum() throws {
        var histogram = Histogram()
        histogram.record(3_000_001)
        var encoder = try HistogramPayload.Encoder()
        let payload = try encoder.payload(histogram).base64EncodedString()
        for text in ["3000.001", "3000001.000"] {
            let log = HistogramLog(data: Data("Tag=a/b,0.000,1.000,\(text),\(payload)\n".utf8))
            #expect(log.intervals.first?.histogram.max == 3_000_001)
            #expect(
                log.intervals.first?.histogram.min
                    == HistogramLayout.lowestEquivalent(at: HistogramLayout.index(of: 3_000_001))
            )
        }
    }

    @Test(
        "names come back from a tag that holds nothing but what a tag may",
        arguments: ["join", "ack./admin,news", "a b", "100%", "é→", "x\ny", "scrape:up{job=\"a/b\"}", "%2F"]
    )
    func tags(name: String) throws {
        let tag = HistogramTag(group: name, metric: name)
        #expect(tag.field.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") })
        #expect(tag.field.filter { $0 == "/" }.count == 1)
        #expect(HistogramTag(field: tag.field) == tag)
    }

    @Test("a file that is not there is an error")
    func missing() {
        #expect(throws: (any Error).self) { try HistogramLog(path: "/nonexistent/latency.hlog") }
    }
}
