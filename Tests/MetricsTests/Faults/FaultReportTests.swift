import Foundation
import Testing

@testable import Metrics

@Suite("Faults in the report")
struct FaultReportTests {
    private static let secret = "hunter2-secret"
    private static let redactor = Redactor(secrets: [secret])

    private static let marks = [
        FaultMark(
            kind: .drop,
            text: "drop 80 % of visitor: reset",
            place: "storm.yaml:9:5",
            begin: 0.5,
            clients: 412,
            unrecovered: 2,
            end: 4.75
        ),
        FaultMark(
            kind: .run,
            text: "run ./restart.sh --now",
            place: "storm.yaml:10:5",
            begin: 1.25,
            end: 2.5,
            command: CommandOutcome(
                exit: .exited(1),
                leftProcesses: true,
                output: "begin\nno key \(secret)\n\n",
                outputOmitted: 70,
                outputEnd: "the end\u{1B}[31m\n \n"
            )
        ),
        FaultMark(kind: .stall, text: "stall 10 % of all for 2 s", place: "storm.yaml:11:5", begin: 1.5),
    ]

    let summary: RunSummary
    private let seconds: [TimelineSecond]
    private let table: MetricTable

    init() throws {
        var table = MetricTable(groups: ["visitor"])
        let join = table.operation("join", latency: true)
        self.table = table
        var collector = Collector(table: table, workers: 1, phaseNames: [nil], startEpochMilliseconds: 0)
        let recorder = Recorder(table: table, worker: 0)
        var seconds: [TimelineSecond] = []
        for piece in 0..<4 {
            for number in 1...200 {
                let time = Int64(number) * (piece == 1 ? 500_000 : 50_000)
                recorder.succeeded(join, group: 0, scheduled: time, service: time)
            }
            if piece == 1 {
                let reconnect = table.fixed.reconnect
                recorder.add(reconnect.lost, group: table.afflicted(0), 412)
                recorder.add(reconnect.recovered, group: table.afflicted(0), 410)
                recorder.add(reconnect.gaveUp, group: table.afflicted(0), 2)
                for number in 1...410 {
                    recorder.record(
                        reconnect.recover,
                        group: table.afflicted(0),
                        nanoseconds: Int64(number) * 5_000_000
                    )
                    recorder.record(reconnect.attempts, group: table.afflicted(0), value: 1 + number % 2)
                }
            }
            let end = Int64(piece + 1) * 500_000_000
            seconds += collector.add(
                recorder.takeSnapshot(
                    second: piece / 2,
                    completesSecond: piece % 2 == 1,
                    phase: 0,
                    isWarmup: false,
                    isFault: piece == 1,
                    at: end,
                    activeClients: [3]
                )
            )
        }
        for place in seconds.indices {
            seconds[place].faults = Self.marks.filter { $0.second == seconds[place].second }
        }
        self.seconds = seconds
        let names = CheckNames(groups: ["visitor"], measures: ["join"])
        summary = RunSummary(
            scenario: "storm",
            target: "practice:leflux",
            startEpochMilliseconds: 0,
            seconds: 2,
            totals: collector.totals,
            checks: [try Check.parse("fault:join.p95 < 1ms", names: names)],
            faults: Self.marks
        )
    }

    @Test("the timeline says in which second they began, whom they hit, and for how long one was on")
    func timeline() {
        let file = TimelineFile(table: table, redactor: Redactor())
        let rows = seconds.map { second in
            file.rows(of: second).split(separator: "\r\n").filter { $0.contains(",fault") }.map(String.init)
        }
        #expect(
            rows == [["0,0,1,all,fault,412,,,,,", "0,0,1,all,fault.on,500,0.500,,,,"], ["1,1000,1,all,fault,0,,,,,"]]
        )
    }

    @Test("latency.csv has the two kinds of time beside the whole")
    func latency() {
        let rows = LatencyFile(summary: SummaryFile(summary, redactor: Redactor())).text.split(separator: "\r\n").filter
        { $0.contains(",all,") }
        let counts = rows.map { row in
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            return "\(cells[2]) \(cells[4])"
        }
        #expect(
            counts == [
                "reconnect.recover 410", "reconnect.attempts 410", "join 800", "join.service 800", "calm:join 600",
                "calm:join.service 600", "fault:join 200", "fault:join.service 200",
            ]
        )
    }

    @Test("summary.json has each fault with its moments, and the command with its output")
    func json() throws {
        let text = try ResultFolder.summaryJSON(summary, redactor: Self.redactor)
        #expect(!text.contains(Self.secret))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let faults = try #require(json["faults"] as? [[String: Any]])
        #expect(faults.map { $0["text"] as? String } == Self.marks.map(\.text))
        #expect(faults.map { $0["second"] as? Int } == [0, 1, 1])
        #expect(faults.map { $0["clients"] as? Int } == [412, 0, 0])
        #expect(faults.map { $0["end"] as? Double } == [4.75, 2.5, nil])
        #expect(faults.first?["unrecovered"] as? Int == 2)
        let command = try #require(faults[1]["command"] as? [String: Any])
        #expect(command["exitCode"] as? Int == 1)
        #expect(command["leftProcesses"] as? Bool == true)
        #expect(command["output"] as? String == "begin\nno key [redacted]\n\n")
        #expect(command["outputOmitted"] as? Int == 70)
        let split = try #require(json["faultTime"] as? [String: [String: Any]])
        #expect(split["calm"]?["seconds"] as? Double == 1.5)
        #expect(split["fault"]?["seconds"] as? Double == 0.5)
    }

    @Test("the closing table says what happened, how clients came back, and what the others noticed")
    func closing() {
        let lines = ClosingTable(summary, redactor: Self.redactor, usesColours: false).faultLines
        #expect(
            lines == [
                "faults",
                "      0.5 s  drop 80 % of visitor: reset · 412 clients, the last was over it after 4.25 s, 2 not",
                "               before the run ended",
                "      1.2 s  run ./restart.sh --now · exit code 1 after 1.25 s; what it left running was ended with",
                "               the run",
                "               it said: the end\\u{1b}[31m",
                "      1.5 s  stall 10 % of all for 2 s · 0 clients",
                "  connections: 412 lost, 410 recovered, 2 gave up",
                "    recover   p50 1.03 s · p99 2.03 s · max 2.05 s",
                "    attempts  p50 1 · p99 2 · max 2",
                "",
                "clients that no fault hit                 calm       p95       max     fault       p95       max",
                "  join                                     600    9.5 ms     10 ms       200     95 ms    100 ms",
                "  calm for 1.5 s, a fault was on for 500 ms",
            ]
        )
        #expect(lines.allSatisfy { $0.count <= 100 })
    }

    @Test("a run without faults says nothing of them")
    func silence() throws {
        let sample = SampleRun()
        #expect(ClosingTable(sample.summary, redactor: Redactor(), usesColours: false).faultLines.isEmpty)
        #expect(try !ResultFolder.summaryJSON(sample.summary, redactor: Redactor()).contains("faultTime"))
    }

    @Test("many faults do not fill the screen")
    func many() {
        var summary = summary
        summary.faults = (0..<500).map {
            FaultMark(
                kind: .stall,
                text: "stall all",
                place: "a.yaml:1:1",
                begin: Double($0),
                clients: 1,
                end: Double($0)
            )
        }
        let lines = ClosingTable(summary, redactor: Redactor(), usesColours: false).faultLines
        #expect(lines.contains("  … 488 more in summary.json"))
        #expect(lines.count < 30)
    }

    @Test(
        "what became of a command is said in words",
        arguments: [
            (.exited(0), "exit code 0", true), (.exited(2), "exit code 2", false),
            (.signalled(9), "ended by signal 9", false), (.endedWithRun, "ended with the run", true),
            (.notStarted("no such file"), "did not start: no such file", false),
        ] as [(CommandOutcome.Exit, String, Bool)]
    )
    func outcome(exit: CommandOutcome.Exit, text: String, isSuccess: Bool) {
        let outcome = CommandOutcome(exit: exit)
        #expect(outcome.text == text)
        #expect(outcome.isSuccess == isSuccess)
        #expect(outcome.lastLine == nil)
    }
}
