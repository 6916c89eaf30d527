import Metrics
import NIOCore
import Testing

@testable import LoadRunner

@Suite("Servers that do not read", .serialized, .timeLimit(.minutes(1)))
struct OutboundEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 30s\n"
    /// Ten megabytes, more than any kernel takes for a socket that nobody reads.
    private static let flow = """
        vars: { text: "${text(100000)}" }
        flow:
          - repeat: 100
            flow: [ { send: "${text}" } ]
          - send: last
          - await: message
            where: { $: last }

        """

    /// Reads nothing for 300 ms after the socket is open.
    private static var slow: FakeServer.Script {
        var script = FakeServer.Script()
        script.isPlain = true
        script.plainOpened = { peer in
            peer.stopReading()
            peer.after(.milliseconds(300)) { $0.startReading() }
        }
        script.message = { peer, text in if text == "last" { peer.sendText("last") } }
        return script
    }

    @Test("wait: the flow goes on when the socket takes more, and nothing is lost")
    func waits() async throws {
        try await FakeServer.run(Self.slow) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.flow,
                target: "protocol: websocket, outbound: { limit: 200KB }"
            )
            #expect(run.errors == [:], "\(run.examples)")
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("messages.sent") == 101)
            #expect(server.messages.count == 101)
            #expect(run.count("send.dropped") == 0)
            let blocked = try #require(run.result.totals.histogram("send.blocked"))
            #expect(blocked.max >= 200_000)
            let queued = try #require(run.result.totals.histogram("send.queued"))
            #expect(queued.max >= 100_000 && queued.max < 400_000)
        }
    }

    @Test("drop: what the socket does not take is thrown away and counted")
    func drops() async throws {
        try await FakeServer.run(Self.slow) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.flow.replacing("- send: last", with: "- think: 500ms\n  - send: last"),
                target: "protocol: websocket, outbound: { limit: 200KB, overflow: drop }"
            )
            #expect(run.errors == [:], "\(run.examples)")
            #expect(run.count("clients.finished") == 1)
            let dropped = try #require(run.count("send.dropped"))
            #expect(dropped > 0)
            #expect(run.count("messages.sent") == 101 - dropped)
            #expect(server.messages.count == 101 - dropped)
        }
    }

    @Test("fail: the step fails")
    func fails() async throws {
        try await FakeServer.run(Self.slow) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.flow,
                target: "protocol: websocket, outbound: { limit: 200KB, overflow: fail }"
            )
            #expect(run.errors == ["too_large": 1])
            #expect(run.count("clients.failed") == 1)
            #expect(run.examples.first?.contains("does not read") == true)
        }
    }

    @Test("What a handler sends is bounded too", arguments: ["wait", "drop", "fail"])
    func handlers(overflow: String) async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        script.plainOpened = { peer in
            peer.stopReading()
            for _ in 0..<100 { peer.sendText("more") }
            peer.sendText("end")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { text: "${text(100000)}" }
                    on: { message: { when: "event.$ == 'more'", flow: [ { send: "${text}" } ] } }
                    flow: [ connect, { await: message, where: { $: end } } ]
                    """,
                target: "protocol: websocket, outbound: { limit: 200KB, overflow: \(overflow) }"
            )
            if overflow == "drop" {
                #expect(run.count("clients.finished") == 1)
                #expect(try #require(run.count("send.dropped")) > 0)
            } else {
                #expect(run.errors == ["too_large": 1])
                #expect(run.count("clients.failed") == 1)
            }
        }
    }

    @Test("A burst that the socket takes after a flush is not dropped", arguments: ["drop", "fail"])
    func burst(overflow: String) async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        script.message = { peer, text in if text == "last" { peer.sendText("last") } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { text: "${text(10000)}" }
                    flow:
                      - repeat: 100
                        flow: [ { send: "${text}" } ]
                      - send: last
                      - await: message
                        where: { $: last }
                    """,
                target: "protocol: websocket, outbound: { limit: 20KB, overflow: \(overflow) }"
            )
            #expect(run.errors == [:])
            #expect(server.messages.count == 101)
            #expect(run.count("send.dropped") == 0)
        }
    }

    @Test(
        "What answers a server that does not read is bounded too",
        arguments: [
            "heartbeat: { answer: { more: '${text}' } }", "envelope: { send: { type: '${emit}' }, event: type }",
        ]
    )
    func answers(target: String) async throws {
        let isPing = target.hasPrefix("envelope")
        var script = FakeServer.Script()
        script.isPlain = true
        script.plainOpened = { peer in
            peer.stopReading()
            let one = FakePeer.frame(9, Array(repeating: 120, count: 125))
            let pings = (0..<1000).flatMap { _ in one }
            for _ in 0..<(isPing ? 40 : 100) { if isPing { peer.send(pings) } else { peer.sendText("more") } }
            peer.sendText("end")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { text: "${text(100000)}" }
                    flow: [ connect, { await: message, where: { $: end } } ]
                    """,
                target: "protocol: websocket, tcp: { sendBuffer: 16KB }, outbound: { limit: 20KB }, \(target)"
            )
            #expect(run.errors == ["too_large": 1])
            #expect(run.count("clients.failed") == 1)
        }
    }

    @Test(
        "So are pongs of Engine.IO and acknowledgements",
        arguments: ["2" + String(repeating: "x", count: 100_000), #"427["more"]"#]
    )
    func packets(packet: String) async throws {
        var script = FakeServer.Script()
        script.connect = { peer in
            peer.sendText(#"40{"sid":"s"}"#)
            peer.stopReading()
            for _ in 0..<100 { peer.sendText(packet) }
            peer.sendEvent("end")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { text: "${text(100000)}" }
                    on: { more: { acknowledge: "${text}" } }
                    flow: [ connect, { await: end } ]
                    """,
                target: "tcp: { sendBuffer: 16KB }, outbound: { limit: 20KB }"
            )
            #expect(run.errors == ["too_large": 1])
            #expect(run.count("clients.failed") == 1)
        }
    }

    @Test("A flow that waits for room goes on when a handler leaves the server")
    func leaving() async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        script.plainOpened = { peer in
            guard peer.number == 0 else { return }
            peer.stopReading()
            peer.after(.milliseconds(200)) { $0.sendText("go") }
        }
        script.message = { peer, text in if text == "last" { peer.sendText("last") } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "on: { message: { when: event.$ == 'go', flow: [ disconnect ] } }\n" + Self.flow,
                target: "protocol: websocket, outbound: { limit: 200KB }"
            )
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("connect.count") == 2)
        }
    }
}
