import Metrics
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("Connections that are cut on purpose", .serialized, .timeLimit(.minutes(1)))
struct DropEndToEndTests {
    /// One client, whom nobody replaces and who does not come back.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 30s\nreconnect: none\n"

    enum Kind: String, CaseIterable {
        case plain, tls
    }

    /// Runs one client that waits for ever, or until its connection is closed.
    private func run(
        _ script: FakeServer.Script,
        _ kind: Kind = .plain,
        flow: String = "flow: [ connect, { await: closed, measure: ended } ]",
        target: String = "",
        traced: (@Sendable (String, Worker) -> Void)? = nil,
        _ body: @Sendable (FakeServer, WorkerRun) async throws -> Void
    ) async throws -> (totals: RunTotals, server: FakeServer) {
        try await FakeServer.run(script, tls: kind == .tls ? try Certificates.server() : nil) { server in
            let totals = try await WorkerRun.run(
                server,
                Self.one + flow,
                target: target,
                isSecure: kind == .tls,
                traced: traced
            ) { try await body(server, $0) }
            await server.until { FakeServer.open($0) == 0 }
            return (totals, server)
        }
    }

    private func errors(_ totals: RunTotals) -> [String: Int] {
        Dictionary(totals.overall.errors.map { ($0.kind, $0.count) }, uniquingKeysWith: +)
    }

    @Test("A reset is one to the server, and the client knows at once", arguments: Kind.allCases)
    func reset(kind: Kind) async throws {
        let (totals, server) = try await run(
            FakeServer.Script(),
            kind,
            flow: "flow: [ connect, { await: closed, where: { code: 1006 }, measure: ended }, { think: 1h } ]"
        ) { server, run in
            try await run.untilClient { if case .event = $0.waiting { true } else { false } }
            try await run.onClient { client, now in
                client.drop(.reset, at: now)
                #expect(client.connection == nil)
                #expect(client.worker.openConnections == 0)
            }
            await server.until { $0.contains(.reset(0)) }
        }
        #expect(server.closeCodes == [])
        #expect(!server.log.contains(.left(0)))
        #expect(totals.histogram("reconnect.detect")?.count == 1)
        #expect(totals.count("ended.count") == 1)
        #expect(errors(totals) == [:])
    }

    @Test("A reset that nobody waits for is a failure of its kind")
    func unexpectedReset() async throws {
        let (totals, _) = try await run(FakeServer.Script(), flow: "flow: [ connect, { await: never } ]") { _, run in
            try await run.untilClient { if case .event = $0.waiting { true } else { false } }
            try await run.onClient { $0.drop(.reset, at: $1) }
        }
        #expect(errors(totals) == ["reset": 1])
    }

    @Test("A close is a page that goes away; what comes after it is thrown away", arguments: Kind.allCases)
    func close(kind: Kind) async throws {
        var script = FakeServer.Script()
        script.closed = { peer in
            peer.sendEvent("late")
            peer.sendEvent("late")
        }
        let (totals, server) = try await run(
            script,
            kind,
            flow: """
                on: { late: [ { count: late } ] }
                flow: [ connect, { await: closed, where: { code: 1001 }, measure: ended }, { think: 1h } ]
                """
        ) { server, run in
            try await run.untilClient { if case .event = $0.waiting { true } else { false } }
            try await run.onClient { client, now in
                client.drop(.close, at: now)
                #expect(client.connection != nil)
                #expect(client.cutAt == now)
            }
            try await run.untilClient { $0.connection == nil }
        }
        #expect(server.closeCodes == [1001])
        #expect(!server.log.contains(.left(0)))
        #expect(!server.log.contains(.reset(0)))
        #expect(totals.count("ended.count") == 1)
        #expect(totals.count("late") == 0)
        #expect(totals.count("received.late") ?? 0 == 0)
        #expect(errors(totals) == [:])
    }

    @Test("A close that the server does not answer is over after the time for it")
    func unansweredClose() async throws {
        var script = FakeServer.Script()
        script.connect = { peer in
            peer.sendText(#"40{"sid":"s"}"#)
            peer.stopReading()
        }
        let (totals, _) = try await run(script) { server, run in
            try await run.untilClient { if case .event = $0.waiting { true } else { false } }
            try await run.onClient { $0.drop(.close, at: $1) }
            try await run.until { $0.seats[0] == nil }
        }
        #expect(totals.count("ended.count") == 1)
        #expect(errors(totals) == [:])
    }

    @Test("A vanished socket takes everything and says nothing, until the run is over", arguments: Kind.allCases)
    func vanish(kind: Kind) async throws {
        let seen = Mutex<[FakeServer.Entry]>([])
        var script = FakeServer.Script()
        let peer = Mutex<FakePeer?>(nil)
        script.connect = { connected in
            connected.sendText(#"40{"sid":"s"}"#)
            peer.withLock { $0 = connected }
        }
        let (totals, _) = try await run(script, kind, flow: "flow: [ connect, { await: never } ]") { server, run in
            try await run.untilClient { if case .event = $0.waiting { true } else { false } }
            try await run.onClient { client, now in
                client.drop(.vanish, at: now)
                #expect(client.connection != nil)
                #expect(client.cutAt == now)
            }
            let before = server.log.count
            // Pings of both protocols, and more than any kernel keeps for a client that does not read.
            let frame = FakePeer.frame(2, Array(repeating: 7, count: 100_000))
            peer.withLock { $0 }?.after(.zero) { peer in
                peer.sendFrame(9, [1, 2, 3])
                peer.sendText("2")
                for _ in 0..<200 { peer.push(frame) }
            }
            await server.until { FakeServer.pushed($0) == 200 * frame.count }
            try await run.onClient { client, now in
                #expect(client.connection != nil)
                #expect(client.worker.openConnections == 1)
                client.connection?.write { $0.writeStaticString("42[\"lost\"]") }
            }
            try await run.onLoop { _ in }
            let after = server.log.dropFirst(before).filter { if case .pushed = $0 { false } else { true } }
            seen.withLock { $0 = after }
        }
        #expect(seen.withLock { $0 } == [])
        #expect(errors(totals) == [:])
        #expect(totals.count("clients.cut") == 1)
    }

    @Test("The heartbeat finds a vanished server out", arguments: Kind.allCases)
    func detectsVanishing(kind: Kind) async throws {
        var script = FakeServer.Script()
        script.opened = { $0.sendOpen(pingInterval: 100, pingTimeout: 100) }
        let (totals, server) = try await run(script, kind, flow: "flow: [ connect, { await: never } ]") { _, run in
            try await run.untilClient { if case .event = $0.waiting { true } else { false } }
            try await run.onClient { $0.drop(.vanish, at: $1) }
            try await run.until { $0.seats[0] == nil }
        }
        #expect(errors(totals) == ["heartbeat": 1])
        #expect(server.closeCodes == [])
        #expect(!server.log.contains(.left(0)))
    }

    @Test(
        "So does a client's own heartbeat, where the client would come back; elsewhere nobody does",
        arguments: [true, false]
    )
    func ownHeartbeat(comesBack: Bool) async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        try await FakeServer.run(script) { server in
            _ = try await WorkerRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 30s
                reconnect: \(comesBack ? "{ delay: 1h }" : "none")
                flow: [ connect, { await: message } ]
                """,
                target: "protocol: websocket, heartbeat: { every: 50ms, within: 20ms }"
            ) { run in
                try await run.untilClient { if case .event = $0.waiting { true } else { false } }
                await server.until { $0.contains(.ping(0)) }
                try await run.onClient { $0.drop(.vanish, at: $1) }
                if comesBack {
                    try await run.untilClient { $0.connection == nil }
                } else {
                    try await run.until { $0.recorder.count($0.metrics.heartbeatMissed, group: 0) > 1 }
                    try await run.onClient { client, _ in #expect(client.connection != nil) }
                }
            }
        }
    }

    @Test("A vanished socket is closed when the server closes it, and the client hears nothing of it")
    func closedVanished() async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in peer.after(.milliseconds(50)) { $0.close() } }
        let (totals, _) = try await run(
            script,
            flow: "flow: [ connect, { emit: go }, { await: never } ]"
        ) { server, run in
            await server.until { log in log.contains { if case .event = $0 { true } else { false } } }
            try await run.onClient { $0.drop(.vanish, at: $1) }
            await server.until { $0.contains(.ended(0)) }
            try await run.until { $0.openConnections == 0 }
            try await run.onClient { client, _ in #expect(client.connection != nil) }
        }
        #expect(errors(totals) == [:])
    }

    @Test("A flow that waits for room goes on into the void, and is no longer blocked")
    func roomOfVanished() async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        let peer = Mutex<FakePeer?>(nil)
        script.plainOpened = { opened in
            opened.stopReading()
            peer.withLock { $0 = opened }
        }
        let (totals, _) = try await run(
            script,
            flow: """
                vars: { text: "${text(100000)}" }
                flow: [ { repeat: 300, flow: [ { send: "${text}" } ] }, { await: message } ]
                """,
            target: "protocol: websocket, outbound: { limit: 200KB }"
        ) { _, run in
            try await run.untilClient { client in
                guard case .room = client.waiting, case .webSocket(let socket)? = client.connection?.transport else {
                    return false
                }
                return socket.blockage.isOn
            }
            try await run.onClient { $0.drop(.vanish, at: $1) }
            try await run.untilClient { if case .event = $0.waiting { true } else { false } }
            peer.withLock { $0 }?.after(.zero) { $0.startReading() }
        }
        #expect(errors(totals) == [:])
        #expect(totals.count("messages.sent") == 300)
        #expect(totals.histogram("send.blocked")?.count == 1)
    }

    @Test(
        "A connect that is under way is cut as well",
        arguments: [(DropKind.reset, "reset"), (.close, "closed.1001"), (.vanish, "timeout")]
    )
    func connecting(kind: DropKind, error: String) async throws {
        var script = FakeServer.Script()
        // The answer to the handshake never comes.
        script.refusesUpgrades = true
        script.request = { _, _ in }
        let (totals, server) = try await run(
            script,
            flow: "flow: [ connect ]",
            target: "timeout: \(kind == .vanish ? "1s" : "10s")"
        ) { server, run in
            await server.until { log in log.contains { if case .request = $0 { true } else { false } } }
            try await run.onClient { $0.drop(kind, at: $1) }
            try await run.until { $0.seats[0] == nil }
        }
        #expect(errors(totals) == [error: 1])
        #expect(totals.count("connect.failed") == 1)
        #expect(server.log.contains(.reset(0)) == (kind == .reset))
    }

    @Test("A socket that is still being dialed is cut when it is there", arguments: DropKind.allCases)
    func dialing(kind: DropKind) async throws {
        let (totals, server) = try await run(
            FakeServer.Script(),
            flow: "flow: [ { think: 1h } ]",
            target: "timeout: \(kind == .vanish ? "1s" : "10s")"
        ) { server, run in
            try await run.untilClient { if case .think = $0.waiting { true } else { false } }
            try await run.onClient { client, now in
                client.connect(at: now)
                client.drop(kind, at: now)
            }
            try await run.until { $0.seats[0] == nil }
            await server.until { $0.contains(kind == .reset ? .reset(0) : .accepted(0)) }
        }
        #expect(totals.count("connect.failed") == 1)
        #expect(server.requests == [])
    }

    @Test("What a cut in the middle of a read leaves of it is thrown away", arguments: DropKind.allCases)
    func inRead(kind: DropKind) async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            let event = FakePeer.frame(1, Array(#"42["more",{}]"#.utf8))
            // Four events in one write, the last of them in two parts.
            let cut = FakePeer.frame(1, Array(#"42["cut",{}]"#.utf8))
            peer.send(event + cut + event + event.prefix(4))
            peer.after(.milliseconds(20)) { $0.send(Array(event.dropFirst(4))) }
        }
        let (totals, server) = try await run(
            script,
            flow: """
                on: { more: [ { count: more } ] }
                flow: [ connect, { emit: go }, { await: closed }, { think: 1h } ]
                """,
            traced: { line, worker in
                if line.contains("cut") { worker.virtualClient(in: 0)?.drop(kind, at: .now()) }
            },
            { server, run in
                await server.until { log in log.contains { if case .event = $0 { true } else { false } } }
                try await run.untilClient { kind == .vanish ? $0.cutAt != nil : $0.connection == nil }
            }
        )
        #expect(totals.count("more") == 1)
        #expect(errors(totals) == [:])
        #expect(server.closeCodes == (kind == .close ? [1001] : []))
    }
}
