import Testing

@testable import LoadRunner

@Suite("Secrets in what a run says", .serialized, .timeLimit(.minutes(1)))
struct SecretsEndToEndTests {
    private static let secret = "hunter2-swordfish"
    /// No piece of the secret that is this long may be seen.
    private static let piece = 6

    /// One client, whom nobody replaces.
    private static let load = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"

    private static func run(_ script: FakeServer.Script, _ flow: String) async throws -> EngineRun {
        try await FakeServer.run(script) { server in
            try await EngineRun.run(
                server,
                load + flow,
                target: #"headers: { X-Key: "${env.KEY}" }, auth: { key: "${env.KEY}" }"#,
                environment: ["KEY": secret]
            )
        }
    }

    /// The texts of a run that contain a part of the secret.
    private static func leaks(_ run: EngineRun) -> [String] {
        let bytes = Array(secret.utf8)
        let pieces = (0...(bytes.count - piece)).map { String(decoding: bytes[$0..<($0 + piece)], as: UTF8.self) }
        return (run.examples + run.observer.trace).filter { text in pieces.contains { text.contains($0) } }
    }

    @Test("Nothing that is sent, received, or failed with shows them")
    func everywhere() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in peer.sendEvent("echo", event.data) }
        let run = try await Self.run(
            script,
            """
            on: { echo: { fail: "the server said ${event.key}" } }
            flow: [ connect, { emit: say, data: { key: "${env.KEY}" } }, await: never ]
            """
        )
        #expect(run.errors == ["script": 1])
        #expect(run.observer.trace.count > 5)
        #expect(Self.leaks(run) == [])
    }

    @Test("An example that is cut in the middle of one does not show its first half", arguments: [150, 285, 290, 295])
    func cutExample(length: Int) async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            let text = String(repeating: "x", count: length) + Self.secret
            peer.sendEvent("bad", #"{"text":"\#(text)"}"#)
        }
        let run = try await Self.run(
            script,
            """
            on: { bad: { fail: "${event.text}" } }
            flow: [ connect, emit: say, await: never ]
            """
        )
        #expect(run.errors == ["script": 1])
        #expect(Self.leaks(run) == [])
    }

    @Test("The start of an answer that was not expected does not show half of one", arguments: [180, 190, 195])
    func cutAnswer(length: Int) async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in peer.respond(500, String(repeating: "x", count: length) + Self.secret) }
        let run = try await Self.run(script, "flow: [ http: GET / ]")
        #expect(run.errors == ["http.500": 1])
        #expect(Self.leaks(run) == [])
    }

    @Test("The start of a refusal that ends a task early does not show half of one", arguments: [120, 130, 140])
    func cutRefusal(length: Int) async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            let text = String(repeating: "x", count: length) + Self.secret
            peer.sendEvent("error", #"{"text":"\#(text)"}"#)
        }
        let run = try await Self.run(
            script,
            """
            flow:
              - connect
              - emit: start
              - plan: task
                event: plan
                actions: actions
                reply: [ emit: act ]
                done: done
                refuse: error
                serverLimit: 3
            """
        )
        #expect(run.errors == ["expect": 1])
        #expect(Self.leaks(run) == [])
    }
}
