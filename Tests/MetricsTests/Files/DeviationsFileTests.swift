import Foundation
import Testing

@testable import Metrics

@Suite("What a replay says of deviations")
struct DeviationsFileTests {
    /// A replay by ten clients of a recording with three chunks, an answer and an end.
    static func summary() -> RunSummary {
        var table = MetricTable(groups: ["shop"])
        let replay = table.replay(events: [
            ("chunk", 3, [12_000, 2000, 7000]), ("ack.ask", 1, [1500]), ("=closed", 1, []),
        ])
        let recorder = Recorder(table: table, worker: 0)
        for client in 0..<10 {
            for number in 0..<(client < 8 ? 3 : 2) {
                recorder.succeeded(
                    replay.events[0].operation,
                    group: 0,
                    scheduled: Int64(number + 1) * 5_000_000,
                    service: Int64(number + 1) * 4_000_000
                )
            }
            recorder.succeeded(replay.events[1].operation, group: 0)
        }
        for _ in 0..<2 {
            recorder.failed(replay.events[0].operation, group: 0)
            recorder.add(.missing, of: replay.events[0], group: 0)
        }
        recorder.add(.extra, of: replay.events[1], group: 0, 3)
        recorder.add(.extra, of: nil, group: 0, 4)
        recorder.add(.reordered, of: replay.events[0], group: 0)
        recorder.add(.slower, of: replay.events[0], group: 0, 5)
        recorder.add(.unprompted, of: nil, group: 0)
        recorder.add(.unsent, of: nil, group: 0, 6)
        recorder.add(.unsent, of: nil, group: 0, 0)
        var collector = Collector(table: table, workers: 1, phaseNames: [nil], startEpochMilliseconds: 0)
        _ = collector.add(
            recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: 1_000_000_000, activeClients: [10])
        )
        return RunSummary(
            scenario: "shop",
            target: "ws://localhost",
            startEpochMilliseconds: 0,
            seconds: 1,
            totals: collector.totals,
            checks: [],
            loops: LoopTally()
        )
    }

    @Test("deviations.csv has a row for each thing that the server does, with what was, what should be and what is")
    func file() {
        let text = DeviationsFile(summary: SummaryFile(Self.summary(), redactor: Redactor(secrets: []))).text
        #expect(
            text?.components(separatedBy: "\r\n") == [
                "event,recorded,expected,came,missing,extra,reordered,slower,recorded_p50,p50,recorded_max,max",
                "chunk,3,30,28,2,0,1,5,7.000,8.003,12.000,12.000",
                "ack.ask,1,10,13,0,3,0,0,1.500,,1.500,",
                "'=closed,1,0,0,0,0,0,0,,,,", "",
            ]
        )
    }

    @Test("summary.json has the same rows, and none where the run was no replay")
    func json() throws {
        struct File: Decodable {
            struct Line: Decodable, Hashable {
                var event: String
                var expected: Int
                var came: Int
                var missing: Int
                var extra: Int
                var reordered: Int
                var slower: Int
                var recordedP50: Double?
                var p50: Double?
            }
            var deviations: [Line]?
        }
        let redactor = Redactor(secrets: ["closed"])
        let text = try SummaryFile(Self.summary(), redactor: redactor).text()
        let lines = try #require(JSONDecoder().decode(File.self, from: Data(text.utf8)).deviations)
        #expect(lines.count == 3)
        #expect(
            lines[0]
                == .init(
                    event: "chunk",
                    expected: 30,
                    came: 28,
                    missing: 2,
                    extra: 0,
                    reordered: 1,
                    slower: 5,
                    recordedP50: 7,
                    p50: 8.003
                )
        )
        #expect(lines.map(\.event) == ["chunk", "ack.ask", "=[redacted]"])
        let other = try SummaryFile(SampleRun().summary, redactor: redactor).text()
        #expect(try JSONDecoder().decode(File.self, from: Data(other.utf8)).deviations == nil)
        #expect(DeviationsFile(summary: SummaryFile(SampleRun().summary, redactor: redactor)).text == nil)
    }

    @Test("the terminal has them as a table, and what is about no row below it")
    func terminal() {
        let table = ClosingTable(Self.summary(), redactor: Redactor(secrets: []), usesColours: false)
        #expect(
            table.deviationLines == [
                "compared with the recording  expected     came  missing    extra    order   slower then p50  now p50",
                "  chunk                            30       28        2        –        1        5     7 ms     8 ms",
                "  ack.ask                          10       13        –        3        –        –   1.5 ms         ",
                "  =closed                           0        0        –        –        –        –                  ",
                "22 deviations · 4 events that the recording has not · 1 unprompted (what the client did although",
                "    what it follows upon had not come) · 6 unsent (what the client could not do, for its connection",
                "    was gone or there was nothing to acknowledge)",
            ]
        )
        #expect(table.lines.allSatisfy { $0.count <= 100 })
    }

    @Test("all deviations add up, and those of the client are nobody's")
    func sums() {
        let totals = Self.summary().totals
        #expect(totals.count("replay.deviations") == 2 + 7 + 1 + 5 + 1 + 6)
        #expect(Deviation.allCases.map { totals.count("replay.\($0.name)") } == [2, 7, 1, 5, 1, 6])
        #expect(totals.count("ack.ask.extra") == 3)
        #expect(totals.count("chunk.unsent") == nil)
    }

    @Test("checks may ask for all of them, of a replay")
    func checks() throws {
        let names = CheckNames(replayed: ["chunk"])
        for text in [
            "replay.deviations == 0", "replay.unsent < 5", "chunk.missing == 0", "chunk.p95 < 1s",
            "chunk.failed.rate < 1%",
        ] {
            _ = try Check.parse(text, names: names)
        }
        #expect(throws: CheckSyntaxError.self) {
            try Check.parse("chunk.missing == 0", names: CheckNames(measures: ["chunk"]))
        }
        #expect(throws: CheckSyntaxError.self) { try Check.parse("chunk.unsent == 0", names: names) }
    }

    @Test("percentiles of the recording are values that it has")
    func percentiles() {
        var table = MetricTable(groups: ["a"])
        let event = table.replay(events: [("x", 4, [4, 1, 3, 2]), ("y", 1, [])]).events
        #expect([0, 25, 50, 51, 100].map { event[0].recordedPercentile($0) } == [1, 1, 2, 3, 4])
        #expect(event[1].recordedPercentile(50) == nil)
    }
}
