import Metrics
import Scenarios
import Synchronization
import Testing

@testable import LoadRunner

@Suite("Faults on the run's clock", .serialized, .timeLimit(.minutes(1)))
struct FaultsEndToEndTests {
    /// Fifteen clients, ten of them visitors, who stay until the run is over.
    private static func crowd(_ fault: String, reconnect: String = "{ delay: 10ms, cap: 20ms }") -> String {
        """
        load: [ { for: 100ms, clients: 15 }, { for: 700ms } ]
        grace: 0s
        reconnect: \(reconnect)
        faults: [ \(fault) ]
        clients:
          visitor: { share: 2, flow: [ connect, { emit: enter, joins: lobby }, { think: 60s } ] }
          other: { share: 1, flow: [ connect, { think: 60s } ] }
        """
    }

    /// How many of ten visitors the first fault is to hit.
    private static func selected(_ server: FakeServer, _ text: String) throws -> Int {
        let file = "target: { url: \"http://127.0.0.1:\(server.port)\" }\n\(text)"
        let scenario = try ScenarioReader(environment: [:]).read(text: file, file: "engine.yaml")
        let groups = GroupAssignment(shares: scenario.groups.map(\.share))
        let selection = FaultSelection(scenario, groups: groups, seed: 7)
        return (0..<15).count { selection.selects(slot: $0, fault: 0) }
    }

    private static func lost(_ run: EngineRun) -> [String: Int] {
        var lost: [String: Int] = [:]
        for group in ["visitor", "other"] {
            lost[group] = run.result.totals.count("reconnect.lost", group: group)
        }
        return lost
    }

    @Test("A cut hits its share of a group, the same clients on any number of threads", arguments: [1, 3])
    func share(threads: Int) async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let run = try await EngineRun.run(
                server,
                Self.crowd("{ at: 400ms, drop: 80%, of: visitor }"),
                threads: threads
            )
            let mark = try #require(run.result.faults.first)
            #expect(run.result.faults.count == 1)
            #expect(mark.kind == .drop)
            #expect(mark.text == "drop 80 % of visitor: reset")
            #expect(mark.begin == 0.4)
            let expected = try Self.selected(server, Self.crowd("{ at: 400ms, drop: 80%, of: visitor }"))
            #expect((7...9).contains(expected))
            #expect(mark.clients == expected)
            #expect(mark.unrecovered == 0)
            #expect(try #require(mark.end) > 0.4)
            #expect(Self.lost(run) == ["visitor": expected, "other": 0])
            #expect(run.count("reconnect.recovered") == expected)
            #expect(run.times("reconnect.detect") == expected)
            #expect(server.connectionCount == 15 + expected)
            #expect(run.observer.news.map(\.text) == ["drop 80 % of visitor: reset · \(expected) clients"])
            #expect(run.observer.timeline.map(\.faults.count) == [1])
            #expect(try #require(run.observer.timeline.first).faultSeconds > 0)
            let split = try #require(run.result.totals.split)
            #expect(split.calm.seconds > 0 && split.fault.seconds > 0)
        }
    }

    @Test("The members of a room are meant where a room is said, and all where nothing is")
    func room() async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let faults = "{ at: 300ms, drop: 100%, room: lobby, how: close }, { at: 500ms, drop: 100% }"
            let run = try await EngineRun.run(server, Self.crowd(faults), threads: 2)
            #expect(run.result.faults.map(\.clients) == [10, 15])
            #expect(run.result.faults.map(\.text) == ["drop 100 % of all in lobby: close", "drop 100 % of all: reset"])
            #expect(Self.lost(run) == ["visitor": 20, "other": 5])
        }
    }

    @Test("Who has not come back when the run ends is not over it; who does not try is, with its end")
    func unrecovered() async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let fault = "{ at: 300ms, drop: 100% }"
            let waiting = try await EngineRun.run(
                server,
                Self.crowd(fault, reconnect: "{ delay: 50s, cap: 50s }")
            )
            let mark = try #require(waiting.result.faults.first)
            #expect(mark.clients == 15 && mark.unrecovered == 15 && mark.end == nil)
            let failing = try await EngineRun.run(server, Self.crowd(fault, reconnect: "none"))
            let over = try #require(failing.result.faults.first)
            #expect(over.clients == 15 && over.unrecovered == 0)
            #expect(failing.count("clients.failed") == 15)
        }
    }

    @Test("Nobody is hit who is not connected, and nothing happens once the run is being ended")
    func nobody() async throws {
        var script = FakeServer.Script()
        script.accepted = { $0.reset() }
        try await FakeServer.run(script) { server in
            let scenario = Self.crowd("{ at: 300ms, drop: 100% }, { at: 700ms, drop: 100% }")
            let running = Mutex<Run?>(nil)
            let run = try await EngineRun.run(
                server,
                scenario,
                observer: EngineObserver(onNews: { _ in running.withLock { $0 }?.interrupt() }),
                started: { run in running.withLock { $0 = run } }
            )
            #expect(run.result.faults.map(\.clients) == [0])
            #expect(Self.lost(run) == ["visitor": 0, "other": 0])
        }
    }

    @Test("What a cut client measures of before is the group's, and no part of what the others notice")
    func split() async throws {
        var script = FakeServer.Script()
        // The first connection is never answered; on the second one the client asks again.
        script.event = { peer, event in
            if peer.number > 0, event.name == "ask" { peer.sendEvent("answer") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 600ms, clients: 1, once: true } ]
                grace: 5s
                reconnect: { delay: 10ms, cap: 20ms }
                faults: [ { at: 300ms, drop: 100% } ]
                flow:
                  - emit: ask
                  - await: answer
                    measure: first
                    onLoss: retry
                  - emit: ask
                  - await: answer
                    measure: second
                """
            )
            let totals = run.result.totals
            #expect(totals.histogram("first")?.count == 1)
            #expect(totals.histogram("second")?.count == 1)
            let first = FaultTime.allCases.map { totals.histogram("first", time: $0)?.count }
            #expect(first == [0, 0])
            let second = FaultTime.allCases.compactMap { totals.histogram("second", time: $0)?.count }
            #expect(second.reduce(0, +) == 1)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A stall hits its share, who are over it when they have caught up")
    func stall() async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let run = try await EngineRun.run(
                server,
                Self.crowd("{ at: 300ms, stall: 100%, of: other, for: 100ms }"),
                threads: 2
            )
            let mark = try #require(run.result.faults.first)
            #expect(mark.kind == .stall)
            #expect(mark.text == "stall 100 % of other for 100 ms")
            #expect(mark.clients == 5 && mark.unrecovered == 0)
            #expect(try #require(mark.end) >= 0.4)
            #expect(Self.lost(run) == ["visitor": 0, "other": 0])
        }
    }

    // MARK: - Commands

    private static let settings = CommandSettings(
        directory: "/",
        environment: ["PATH": "/usr/bin:/bin", "REPRISE_TARGET": "elsewhere"],
        program: "/opt/reprise"
    )

    private static func commands(_ commands: String...) -> String {
        let faults = commands.enumerated().map { "  - { at: \(100 + 50 * $0.offset)ms, run: \"\($0.element)\" }\n" }
        return """
            load: [ { for: 600ms, clients: 1 } ]
            grace: 0s
            faults:
            \(faults.joined())
            flow: [ connect, { think: 60s } ]
            """
    }

    @Test("Commands run in the order of their times, and what became of each stands in the report")
    func outcomes() async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let run = try await EngineRun.run(
                server,
                Self.commands(
                    "sh -c 'echo $REPRISE_TARGET $REPRISE_TARGET_HOST:$REPRISE_TARGET_PORT $REPRISE; pwd'",
                    "sh -c 'echo no >&2; exit 3'",
                    "./no-such-program",
                    "sh -c 'sleep 1000 & echo left'",
                    "sleep 1000"
                ),
                configure: { $0.commands = Self.settings }
            )
            let marks = run.result.faults
            let outcomes = marks.compactMap(\.command)
            #expect(
                outcomes.map(\.exit) == [
                    .exited(0), .exited(3), .notStarted("No such file or directory"), .exited(0), .endedWithRun,
                ]
            )
            let target = "http://127.0.0.1:\(server.port) 127.0.0.1:\(server.port) /opt/reprise"
            #expect(outcomes.map(\.output) == ["\(target)\n/\n", "no\n", "", "left\n", ""])
            #expect(outcomes.map(\.leftProcesses) == [false, false, false, true, false])
            #expect(marks.allSatisfy { mark in mark.end.map { $0 >= mark.begin } ?? false })
            #expect(marks.map(\.begin) == marks.map(\.begin).sorted())
            let warnings = run.observer.news.filter(\.isWarning).map(\.text)
            #expect(
                warnings == [
                    "run sh -c 'echo no >&2; exit 3' · exit code 3",
                    "run ./no-such-program · did not start: No such file or directory",
                ]
            )
            let notes = RunNotes.notes(on: run.result, of: HandMadeScenario.scenario([])).filter {
                $0.contains("failed")
            }
            #expect(notes.count == 2)
            #expect(notes.first?.hasSuffix("failed: exit code 3; it said: no") == true)
            #expect(try #require(run.result.totals.split).fault.seconds > 0)
            #expect(run.count("clients.cut") == 1)
        }
    }

    @Test("Secrets stand in no output of a command")
    func secrets() async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let scenario = Self.commands("sh -c 'echo the $TOKEN'").replacing(
                "connect,",
                with: "connect, { emit: enter, data: \"${env.TOKEN}\" },"
            )
            let run = try await EngineRun.run(
                server,
                scenario,
                environment: ["TOKEN": "hunter2-secret"],
                configure: {
                    $0.commands = Self.settings
                    $0.commands?.environment["TOKEN"] = "hunter2-secret"
                }
            )
            #expect(run.result.faults.compactMap(\.command?.output) == ["the [redacted]\n"])
        }
    }

    @Test("A run that nobody allowed its commands does not begin")
    func refused() async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let error = await #expect(throws: RunError.self) {
                _ = try await EngineRun.run(server, Self.commands("sleep 1"))
            }
            #expect(error?.code == .command)
            #expect(error?.message == "engine.yaml:7:5: `sleep 1` is to be run, which nobody has allowed")
            #expect(server.connectionCount == 0)
        }
    }

    @Test("An interrupted run ends its commands")
    func interrupted() async throws {
        try await FakeServer.run(FakeServer.Script()) { server in
            let running = Mutex<Run?>(nil)
            let observer = EngineObserver(onNews: { _ in running.withLock { $0 }?.interrupt() })
            let scenario = Self.commands("sleep 1000").replacing("600ms", with: "60s")
            let run = try await EngineRun.run(
                server,
                scenario,
                observer: observer,
                configure: { $0.commands = Self.settings },
                started: { run in running.withLock { $0 = run } }
            )
            #expect(run.result.ending == .interrupted)
            #expect(run.result.faults.compactMap(\.command?.exit) == [.endedWithRun])
            #expect(run.result.seconds < 30)
        }
    }
}
