import Metrics
import PracticeServer
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Recordings of failed clients, played", .serialized, .timeLimit(.minutes(1)))
struct ReplayKeptEndToEndTests {
    /// The recording of a client that says something so many times, and then waits for what never comes.
    private func failed(echoes: Int, text: String) async throws -> Recording {
        let (run, _) = try await EngineRun.runWithPractice(
            """
            name: failing
            target: { url: "practice:echo" }
            load: [ { for: 50ms, arrivals: 20/s } ]
            grace: 10s
            reconnect: none
            flow:
              - connect
              - repeat: \(echoes)
                flow:
                  - emit: echo
                    data: { text: \(text) }
                  - await: echo
              - await: never
                within: 200ms
            """,
            keep: 1
        )
        return try #require(run.observer.kept.first).recording()
    }

    @Test("What a failed client said is said again, and what it was told comes again")
    func whole() async throws {
        let recording = try await failed(echoes: 5, text: "hello")
        let playing = Replay.Playing(clients: 3, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "echo")
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(truth.messages.received["echo"] == 15)
    }

    @Test("One with a gap is played to its end, with what is behind the gap taken for what comes then")
    func gap() async throws {
        let recording = try await failed(echoes: 60, text: String(repeating: "x", count: 1000))
        let replay = try #require(ReplayCompiler.compile(recording, source: "a", target: "practice:echo"))
        #expect(replay.warnings.contains { $0.contains("are left out here") }, "\(replay.warnings)")
        let playing = Replay.Playing(clients: 2, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "echo")
        let sent = replay.script.actions.count { $0.kind == .message }
        #expect((2..<60).contains(sent))
        #expect(truth.messages.received["echo"] == 2 * sent)
        #expect(run.errors == [:])
        #expect(run.count("clients.finished") == 2)
        #expect(run.count("echo.extra") ?? 0 <= 2)
    }
}
