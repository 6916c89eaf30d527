import NIOCore
import Testing

@testable import LoadRunner

@Suite("Connections of a run", .serialized, .timeLimit(.minutes(1)))
struct ConnectionEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"

    @Test("A server that resets all sockets while clients write ends each of them once", arguments: [false, true])
    func resets(thinks: Bool) async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "start" else { return }
            peer.sendEvent("plan", #"{"actions":[{"id":1}]}"#)
            if thinks {
                peer.after(.milliseconds(Int64(peer.number % 40))) { $0.reset() }
            } else {
                peer.reset()
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 100ms, arrivals: 2000/s } ]
                grace: 5s
                flow:
                  - connect
                  - emit: start
                  - plan: task
                    event: plan
                    actions: actions
                    reply: [ \(thinks ? "{ think: 20ms }, " : "") { emit: first }, { emit: second } ]
                    done: never
                """
            )
            #expect(run.count("clients.started") == 200)
            #expect(run.count("connect.count") == 200)
            #expect(run.ended == 200)
            #expect(run.count("clients.failed") == 200)
            #expect(run.count("clients.cut") == 0)
            #expect(run.count("plan.failed") == 200)
            #expect(run.errors.values.reduce(0, +) == 200)
        }
    }

    @Test("A refused namespace is a failed connection")
    func refusedNamespace() async throws {
        var script = FakeServer.Script()
        script.connect = { $0.sendText(#"44{"message":"no room"}"#) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(server, Self.one + "flow: [ connect ]")
            #expect(run.count("connect.count") == 1)
            #expect(run.count("connect.failed") == 1)
            #expect(run.count("operations") == 1)
            #expect(run.count("operations.failed") == 1)
            #expect(run.errors == ["connect_error": 1])
            #expect(run.examples.first?.contains("no room") == true)
        }
    }

    @Test("A heartbeat that does not come is missed")
    func heartbeat() async throws {
        var script = FakeServer.Script()
        script.opened = { $0.sendOpen(pingInterval: 50, pingTimeout: 50) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(server, Self.one + "flow: [ connect, await: never ]")
            #expect(run.count("heartbeat.missed") == 1)
            #expect(run.errors == ["heartbeat": 1])
        }
    }

    @Test("A message of 3 MB in pieces of 4 KB arrives whole")
    func largeMessage() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "ask" else { return }
            let data = #"{"fill":"\#(String(repeating: "x", count: 3 << 20))","tail":"the end"}"#
            peer.drip(FakePeer.frame(1, Array(#"42["big",\#(data)]"#.utf8))[...], by: 4096)
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - emit: ask
                      - { await: big, capture: { tail: tail } }
                      - { emit: got, data: "${tail}" }
                    """
            )
            #expect(run.count("clients.finished") == 1)
            #expect((run.count("bytes.received") ?? 0) > 3 << 20)
            await server.until { $0.contains(.event(0, FakeEvent(name: "got", data: #""the end""#))) }
        }
    }

    @Test("A frame that is announced above 16 MiB is too large, before it has come")
    func announcedFrame() async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in peer.send([0x81, 127, 0, 0, 0, 0, 1, 0, 0, 1]) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(server, Self.one + "flow: [ connect, emit: ask, await: never ]")
            #expect(run.errors == ["too_large": 1])
            await server.until { $0.contains(.close(0, 1009)) && $0.contains(.ended(0)) }
        }
    }

    @Test("A polite close by the server is answered with its code")
    func politeClose() async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in peer.sendClose(4001, "moved") }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(server, Self.one + "flow: [ connect, emit: ask, await: never ]")
            #expect(run.errors == ["closed.4001": 1])
            #expect(run.examples.first?.contains("moved") == true)
            await server.until { $0.contains(.ended(0)) }
            #expect(server.closeCodes == [4001])
        }
    }

    @Test("A server that never reads what a handler floods it with is given up")
    func neverReads() async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            peer.stopReading()
            for _ in 0..<5000 { peer.sendEvent("poke") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    on: { poke: { emit: flood, data: "${text(10000)}" } }
                    flow: [ connect, emit: ask, await: never ]
                    """
            )
            #expect(run.errors == ["too_large": 1])
            #expect(run.count("clients.failed") == 1)
        }
    }

    @Test("Events that come before the namespace is acknowledged are delivered after it", arguments: [64, 65])
    func earlyEvents(count: Int) async throws {
        var script = FakeServer.Script()
        script.connect = { peer in
            for number in 0..<count { peer.sendEvent("early", "\(number)") }
            peer.sendText(#"40{"sid":"s"}"#)
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - repeat: 64
                        flow: [ await: early ]
                    """
            )
            if count == 64 {
                #expect(run.errors == [:])
                #expect(run.count("received.early") == 64)
                #expect(run.count("clients.finished") == 1)
            } else {
                #expect(run.errors == ["protocol": 1])
                #expect(run.count("connect.failed") == 1)
                #expect(run.count("received.early") == 0)
            }
        }
    }

    @Test("After a disconnect in the flow the client connects again")
    func returningVisitor() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in if event.name == "second" { peer.sendEvent("done") } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - emit: first
                      - disconnect
                      - think: 20ms
                      - connect
                      - emit: second
                      - await: done
                    """
            )
            #expect(run.errors == [:])
            #expect(run.count("connect.count") == 2)
            #expect(run.count("clients.finished") == 1)
            #expect(server.log.contains(.event(0, FakeEvent(name: "first", data: ""))))
            #expect(server.log.contains(.event(1, FakeEvent(name: "second", data: ""))))
            #expect(server.log.contains(.left(0)))
            await server.until { $0.contains(.close(0, 1000)) && $0.contains(.ended(1)) }
        }
    }

    @Test("A disconnect in a handler leaves at once")
    func disconnectInHandler() async throws {
        var script = FakeServer.Script()
        script.connect = { peer in
            peer.sendText(#"40{"sid":"s"}"#)
            if peer.number == 0 { peer.sendEvent("kick") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    on: { kick: disconnect }
                    flow: [ connect, think: 300ms, emit: after ]
                    """
            )
            #expect(run.errors == [:])
            let log = server.log
            let closed = try #require(log.firstIndex(of: .close(0, 1000)))
            let reopened = try #require(log.firstIndex(of: .accepted(1)))
            #expect(closed < reopened)
            #expect(log.contains(.event(1, FakeEvent(name: "after", data: ""))))
        }
    }

    @Test("An event that goes to a handler and to a later step is acknowledged once")
    func acknowledgedOnce() async throws {
        var script = FakeServer.Script()
        script.connect = { peer in
            peer.sendText(#"40{"sid":"s"}"#)
            peer.sendText(#"427["job"]"#)
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    on: { job: { count: seen } }
                    flow: [ connect, { think: 100ms }, { await: job } ]
                    """
            )
            #expect(run.errors == [:])
            #expect(run.count("seen") == 1)
            #expect(server.packets == ["437[]"])
            #expect(run.count("messages.sent") == 1)
        }
    }
}
