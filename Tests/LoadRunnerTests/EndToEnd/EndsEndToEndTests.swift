import Metrics
import NIOCore
import Testing

@testable import LoadRunner

@Suite("Ends of connections as events", .serialized, .timeLimit(.minutes(1)))
struct EndsEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"

    private static func script(_ message: @escaping @Sendable (FakePeer, String) -> Void) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.isPlain = true
        script.message = message
        return script
    }

    @Test(
        "A connection's end that a step waits for is no failure, wherever the flow stands",
        arguments: [
            "- await: closed\n    where: { code: 4001, reason: enough }\n    measure: ended",
            "- await: [ message, { event: closed, where: { code: 4001 } } ]\n    measure: ended",
            // It comes while the client thinks, and is kept.
            "- think: 100ms\n  - await: closed\n    where: event.reason == 'enough'\n    measure: ended",
            // What is sent meanwhile goes nowhere, and opens no connection.
            "- think: 100ms\n  - send: lost\n  - await: closed\n    measure: ended",
        ]
    )
    func closed(steps: String) async throws {
        let script = Self.script { peer, text in
            if text == "end" { peer.sendClose(4001, "enough") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow:\n  - send: end\n  \(steps)\n",
                target: "protocol: websocket"
            )
            #expect(run.errors == [:], "\(run.examples)")
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("ended.count") == 1)
            #expect(run.count("operations.failed") == 0)
            #expect(server.requests.count == 1)
            #expect(server.messages == ["end"])
        }
    }

    @Test("One that nobody waits for fails; its handler runs before")
    func unexpected() async throws {
        let script = Self.script { peer, text in
            if text == "end" { peer.sendClose(4001, "enough") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    on: { closed: { when: event.code == 4001, flow: [ { count: seen } ] } }
                    flow:
                      - send: end
                      - await: message
                    """,
                target: "protocol: websocket"
            )
            #expect(run.errors == ["closed.4001": 1])
            #expect(run.count("seen") == 1)
            #expect(run.count("clients.failed") == 1)
        }
    }

    @Test("One that the flow went past without waiting for it fails at the next send")
    func passed() async throws {
        let script = Self.script { peer, text in
            if text == "end" { peer.sendClose(4001, "enough") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { waits: false }
                    flow:
                      - send: end
                      - think: 100ms
                      - when: waits
                        flow: [ { await: closed } ]
                      - repeat: 3
                        flow: [ { send: lost }, { think: 10ms } ]
                    """,
                target: "protocol: websocket"
            )
            #expect(run.errors == ["closed.4001": 1])
            #expect(run.count("clients.failed") == 1)
        }
    }

    @Test("One that comes while the flow waits for room to send is expected as well")
    func withoutRoom() async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        script.plainOpened = { peer in
            peer.stopReading()
            peer.after(.milliseconds(200)) { $0.sendClose(4001, "enough") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { text: "${text(100000)}" }
                    flow:
                      - repeat: 100
                        flow: [ { send: "${text}" } ]
                      - await: closed
                        where: { code: 4001 }
                    """,
                target: "protocol: websocket, outbound: { limit: 200KB }"
            )
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("After the end that was taken the flow connects again")
    func again() async throws {
        let script = Self.script { peer, text in
            if text == "end" { peer.close() } else { peer.sendText("welcome") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - repeat: 3
                        flow:
                          - send: end
                          - await: closed
                            where: { code: 1006 }
                      - send: hello
                      - await: message
                    """,
                target: "protocol: websocket"
            )
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("connect.count") == 4)
            #expect(server.requests.count == 4)
        }
    }

    @Test("A connect that is turned down, as a step awaits, is no failure")
    func refused() async throws {
        var script = FakeServer.Script()
        script.connect = { $0.sendText(#"44{"message":"no room"}"#) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - await: refused
                        where: { message: no room }
                        measure: turned_down
                    """
            )
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("connect.count") == 1)
            #expect(run.count("connect.failed") == 0)
            #expect(run.count("turned_down.count") == 1)
            #expect(run.count("operations") == 2)
        }
    }

    @Test("A socket that cannot be opened at all is refused too, without a status")
    func unreachable() async throws {
        try await FakeServer.run { server in
            try await server.stopListening()
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - await: refused
                        where: { status: null }
                    """
            )
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A server's own event of that name is another thing")
    func ownEvent() async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            peer.sendEvent("closed", #"{"code":1}"#)
            peer.after(.milliseconds(50)) { $0.sendText("41") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ { emit: go }, { await: closed, where: { reason: io server disconnect } } ]"
            )
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("received.closed") == 1)
        }
    }
}
