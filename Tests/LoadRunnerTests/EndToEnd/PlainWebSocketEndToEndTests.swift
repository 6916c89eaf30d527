import Metrics
import NIOCore
import Testing

@testable import LoadRunner

@Suite("Runs over a plain WebSocket", .serialized, .timeLimit(.minutes(1)))
struct PlainWebSocketEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"
    private static let envelope = """
        protocol: websocket, path: /ws, envelope: { send: { type: "${emit}", payload: "${data}", id: "${client.index}" }, \
        event: type, data: payload }
        """

    private static func script(_ message: @escaping @Sendable (FakePeer, String) -> Void) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.isPlain = true
        script.message = message
        return script
    }

    @Test("An envelope carries events out, and says what came in")
    func envelope() async throws {
        let script = Self.script { peer, text in
            peer.sendText(#"{"id":1,"type":"unknown","payload":{}}"#)
            peer.sendText(#"{"type":"answer","payload":{"n":5,"list":[1,{"x":"y"}]},"time":3}"#)
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - emit: ask
                        data: { a: [1, "${client.index}"] }
                      - await: answer
                        where: { n: 5, "list[1].x": y, "$.time": 3 }
                        measure: answer
                        capture: { whole: $, list: list }
                      - emit: again
                        data: "${list}"
                      - await: answer
                        where: { n: 6 }
                        within: 100ms
                        onFailure: continue
                      - set: { first: "${sent.1.x}" }
                      - when: first != "y" or whole.payload.n != 5
                        flow: [ { fail: "sent ${first}" } ]
                    """,
                target: Self.envelope
            )
            #expect(
                server.messages == [
                    #"{"type":"ask","payload":{"a":[1,0]},"id":0}"#,
                    #"{"type":"again","payload":[1,{"x":"y"}],"id":0}"#,
                ]
            )
            #expect(run.count("clients.finished") == 1)
            #expect(run.errors == ["timeout": 1])
            #expect(run.count("answer.count") == 1)
            #expect(run.count("connect.count") == 1)
            #expect(run.count("messages.sent") == 2)
            #expect(run.count("messages.received") == 4)
            #expect(run.count("received.answer") == 2)
            #expect(run.count("received.unknown") == 2)
            #expect(run.result.totals.histogram("handshake")?.count == 1)
            #expect(server.requests.first?.uri == "/ws")
            #expect(server.closeCodes == [1000])
        }
    }

    @Test("Rules name events that do not say their name; the first that fits counts")
    func rules() async throws {
        let script = Self.script { peer, _ in
            peer.sendText(#"{"run_id":1,"output_type":"a"}"#)
            peer.sendText(#"{"run_id":1,"error":{"kind":2}}"#)
            peer.sendText(#"{"other":true}"#)
            peer.sendText("no JSON")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - send: go
                      - await: output
                        where: { run_id: 1, output_type: a }
                      - await: failure
                        where: { error.kind: 2 }
                      - await: message
                        where: { other: true }
                      - await: message
                        where: { $: no JSON }
                    """,
                target: """
                    protocol: websocket, envelope: { event: type, rules: [ { has: [run_id, output_type], is: output }, \
                    { has: [run_id, error.kind], is: failure }, { has: run_id, is: output } ] }
                    """
            )
            #expect(run.count("clients.finished") == 1, "\(run.examples)")
            #expect(run.count("received.output") == 1)
            #expect(run.count("received.failure") == 1)
            #expect(run.count("received.message") == 2)
        }
    }

    @Test("Without an envelope a message is its text, and paths lead into it where it is JSON")
    func texts() async throws {
        let script = Self.script { peer, text in
            switch text {
            case "ping": peer.sendText("pong")
            case "binary": peer.sendBinary([0, 1, 255])
            default: peer.sendText(text)
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - send: ping
                      - await: message
                        where: { $: pong }
                        measure: pong
                      - send: { a: { b: [1, "${client.index}"] } }
                      - await: message
                        where: { "a.b[0]": 1 }
                        capture: { text: $, inner: a.b }
                      - when: text != '{"a":{"b":[1,0]}}' or inner.1 != 0
                        flow: [ { fail: "it is ${text}" } ]
                      - send: binary
                      - await: message
                        where: { $: AAH/ }
                    """,
                target: "protocol: websocket"
            )
            #expect(server.messages == ["ping", #"{"a":{"b":[1,0]}}"#, "binary"])
            #expect(run.count("clients.finished") == 1, "\(run.examples)")
            #expect(run.count("received.message") == 3)
            #expect(run.count("messages.received") == 3)
        }
    }

    @Test("Heartbeats in the envelope: answers in time are measured, others missed; none is a message")
    func askingHeartbeat() async throws {
        let script = Self.script { peer, text in
            // The third is not answered.
            if text.contains("PING"), peer.count("PING") != 3 { peer.sendText(#"{"type":"PONG"}"#) }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ connect, { think: 560ms } ]",
                target: Self.envelope + ", heartbeat: { every: 100ms, emit: PING, await: PONG, within: 50ms }"
            )
            #expect(server.messages.count == 5)
            #expect(server.messages.allSatisfy { $0.contains(#""type":"PING""#) })
            #expect(run.count("heartbeat.missed") == 1)
            #expect(run.result.totals.histogram("heartbeat.rtt")?.count == 4)
            #expect(run.count("messages.sent") == 0)
            #expect(run.count("messages.received") == 0)
            #expect(run.count("clients.finished") == 1)
            #expect(run.errors == [:])
        }
    }

    @Test("An answer belongs to the flow where the flow asked before the heartbeat did")
    func sharedHeartbeat() async throws {
        let script = Self.script { peer, text in
            peer.after(.milliseconds(60)) { $0.sendText(#"{"type":"PONG"}"#) }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - think: 70ms
                      - emit: PING
                      - await: PONG
                        measure: ping
                      - think: 150ms
                    """,
                target: Self.envelope + ", heartbeat: { every: 100ms, emit: PING, await: PONG, within: 90ms }"
            )
            #expect(run.count("ping.count") == 1)
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("heartbeat.missed") == 0)
            #expect(try #require(run.result.totals.histogram("heartbeat.rtt")).count >= 1)
        }
    }

    @Test("Protocol pings are answered by pongs", arguments: [true, false])
    func pings(answers: Bool) async throws {
        var script = Self.script { _, _ in }
        script.answersPings = answers
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ connect, { think: 250ms } ]",
                target: "protocol: websocket, heartbeat: { every: 100ms, within: 20ms }"
            )
            #expect(server.log.count { if case .ping = $0 { true } else { false } } == 2)
            #expect(run.count("heartbeat.missed") == (answers ? 0 : 2))
            #expect((run.result.totals.histogram("heartbeat.rtt")?.count ?? 0) == (answers ? 2 : 0))
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("What the server asks is answered, and is nobody's message")
    func answeringHeartbeat() async throws {
        var script = Self.script { _, _ in }
        script.plainOpened = { peer in
            peer.sendText(#"{"type":"ping"}"#)
            peer.sendText(#"{"type":"ping"}"#)
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "on: { ping: { fail: it came here } }\nflow: [ connect, { think: 50ms } ]",
                target: """
                    protocol: websocket, envelope: { send: { type: "${emit}" }, event: type }, \
                    heartbeat: { answer: { ping: pong } }
                    """
            )
            #expect(server.messages == [#"{"type":"pong"}"#, #"{"type":"pong"}"#])
            #expect(run.count("messages.sent") == 0)
            #expect(run.count("messages.received") == 0)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A text heartbeat is answered too, without an envelope")
    func textHeartbeat() async throws {
        var script = Self.script { _, _ in }
        script.plainOpened = { peer in
            peer.sendText("ping")
            peer.sendText("other")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ connect, { await: message, where: { $: other } } ]",
                target: "protocol: websocket, heartbeat: { answer: { ping: pong } }"
            )
            #expect(server.messages == ["pong"])
            #expect(run.count("messages.received") == 1)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A stream of plain texts")
    func stream() async throws {
        let script = Self.script { peer, _ in
            for text in ["one ", "two ", "three", "END"] { peer.sendText(text) }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - send: go
                      - stream: words
                        chunk: { event: message, where: "event.$ != 'END'" }
                        done: { event: message, where: { $: END } }
                        text: $
                        within: 1s
                    """,
                target: "protocol: websocket"
            )
            #expect(run.count("stream.complete") == 1)
            #expect(run.result.totals.histogram("words.first_chunk")?.count == 1)
            #expect(run.count("clients.finished") == 1)
        }
    }
}
