import Metrics
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("Faults of sessions over polling", .serialized, .timeLimit(.minutes(1)))
struct PollingFaultsEndToEndTests {
    /// One client, whom nobody replaces and who does not come back.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 30s\nreconnect: none\n"

    /// The poll and the POST that a server holds back its answers to.
    ///
    /// What is to be done with one that is in the log already may come before the server holds it.
    private final class Held: Sendable {
        private typealias Action = @Sendable (FakePeer) -> Void

        private struct Place {
            var peer: FakePeer?
            var actions: [Action] = []
        }

        private let poll = Mutex(Place())
        private let post = Mutex(Place())

        func hold(poll peer: FakePeer) { hold(peer, in: poll) }
        func hold(post peer: FakePeer) { hold(peer, in: post) }
        func poll(_ action: @escaping @Sendable (FakePeer) -> Void) { act(action, in: poll) }
        func post(_ action: @escaping @Sendable (FakePeer) -> Void) { act(action, in: post) }

        private func hold(_ peer: FakePeer, in place: borrowing Mutex<Place>) {
            let actions = place.withLock { place in
                defer { place = Place(peer: peer) }
                return place.actions
            }
            for action in actions { peer.after(.zero, action) }
        }

        private func act(_ action: @escaping Action, in place: borrowing Mutex<Place>) {
            let peer = place.withLock { place in
                if place.peer == nil { place.actions.append(action) }
                return place.peer
            }
            peer?.after(.zero, action)
        }
    }

    /// A session whose polls after the first wait; its POSTs are answered while nobody says otherwise.
    private static func script(
        _ held: Held,
        upgrades: String = "[]",
        pingInterval: Int = 25_000,
        holdsPost: @escaping @Sendable (FakeRequest) -> Bool = { _ in false }
    ) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.opened = { _ in }
        script.request = { peer, request in
            guard request.method == "GET" else {
                if holdsPost(request) { held.hold(post: peer) } else { peer.respond(200, "ok") }
                return
            }
            guard request.uri.contains("sid=abc") else {
                return peer.respond(
                    200,
                    #"0{"sid":"abc","upgrades":\#(upgrades),"pingInterval":\#(pingInterval),"pingTimeout":100}"#
                )
            }
            if peer.polls == 1 { peer.respond(200, #"40{"sid":"x"}"#) } else { held.hold(poll: peer) }
        }
        return script
    }

    private func run(
        _ script: FakeServer.Script,
        flow: String = "flow: [ connect, { await: closed, measure: ended }, { think: 1h } ]",
        target: String = "transports: [polling]",
        _ body: @Sendable (FakeServer, WorkerRun) async throws -> Void
    ) async throws -> (totals: RunTotals, server: FakeServer) {
        try await FakeServer.run(script) { server in
            let totals = try await WorkerRun.run(
                server,
                Self.one + "on: { more: [ { count: more } ] }\n" + flow,
                target: target
            ) { try await body(server, $0) }
            return (totals, server)
        }
    }

    private func errors(_ totals: RunTotals) -> [String: Int] {
        Dictionary(totals.overall.errors.map { ($0.kind, $0.count) }, uniquingKeysWith: +)
    }

    private static func isWaiting(_ client: VirtualClient) -> Bool {
        if case .event = client.waiting { true } else { false }
    }

    /// The second poll is there.
    private static func isPolling(_ log: [FakeServer.Entry]) -> Bool { polls(log) >= 2 }

    private static func polls(_ log: [FakeServer.Entry]) -> Int {
        log.count { entry in
            if case .request(_, let request) = entry {
                request.method == "GET" && request.uri.contains("sid=")
            } else {
                false
            }
        }
    }

    @Test("A reset reaches the poll and the POST that are under way, and the client knows at once")
    func reset() async throws {
        let held = Held()
        let (totals, server) = try await run(Self.script(held, holdsPost: { $0.body.contains("go") })) { server, run in
            try await run.untilClient(Self.isWaiting)
            await server.until(Self.isPolling)
            try await run.onClient { client, _ in client.connection?.write { $0.writeStaticString("42[\"go\"]") } }
            await server.until { log in
                log.contains { if case .request(_, let request) = $0 { request.body.contains("go") } else { false } }
            }
            try await run.onClient { client, now in
                client.drop(.reset, at: now)
                #expect(client.connection == nil)
                #expect(client.worker.openConnections == 0)
            }
            await server.until { log in log.count { if case .reset = $0 { true } else { false } } == 2 }
        }
        #expect(totals.count("ended.count") == 1)
        #expect(errors(totals) == [:])
        #expect(!server.requests.contains { $0.body == "1" || $0.body == "41" })
    }

    @Test("A close is Engine.IO's close packet, with no word of Socket.IO before it")
    func close() async throws {
        let held = Held()
        let (totals, server) = try await run(
            Self.script(held),
            flow: "flow: [ connect, { await: closed, where: { code: 1001 }, measure: ended }, { think: 1h } ]"
        ) { server, run in
            try await run.untilClient(Self.isWaiting)
            await server.until(Self.isPolling)
            try await run.onClient { client, now in
                client.drop(.close, at: now)
                #expect(client.connection != nil)
            }
            // Not the client's any more.
            held.poll { $0.respond(200, #"42["more",{}]"#) }
            try await run.untilClient { $0.connection == nil }
        }
        #expect(server.requests.filter { $0.method == "POST" }.map(\.body) == ["40", "1"])
        #expect(totals.count("ended.count") == 1)
        #expect(totals.count("more") == 0)
        #expect(errors(totals) == [:])
    }

    @Test("A vanished session reads on and asks nothing, and what is sent goes nowhere")
    func vanish() async throws {
        let held = Held()
        let (totals, server) = try await run(Self.script(held)) { server, run in
            try await run.untilClient(Self.isWaiting)
            await server.until(Self.isPolling)
            try await run.onClient { client, now in
                client.drop(.vanish, at: now)
                client.connection?.write { $0.writeStaticString("42[\"lost\"]") }
                #expect(client.connection != nil)
                #expect(client.worker.openConnections == 1)
            }
            // More than any kernel keeps for a client that does not read.
            let body =
                #"42["more",{}]"# + "\u{1e}" + "42[\"more\",\"" + String(repeating: "x", count: 20_000_000) + "\"]"
            let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            held.poll { $0.push(Array((head + body).utf8)) }
            await server.until { FakeServer.pushed($0) == head.utf8.count + body.utf8.count }
            try await run.onClient { client, _ in #expect(client.connection != nil) }
        }
        #expect(Self.polls(server.log) == 2)
        #expect(server.requests.filter { $0.method == "POST" }.map(\.body) == ["40"])
        #expect(totals.count("more") == 0)
        #expect(totals.count("clients.cut") == 1)
        #expect(errors(totals) == [:])
    }

    @Test("The heartbeat finds it out")
    func detectsVanishing() async throws {
        let (totals, _) = try await run(Self.script(Held(), pingInterval: 100)) { server, run in
            try await run.untilClient(Self.isWaiting)
            await server.until(Self.isPolling)
            try await run.onClient { $0.drop(.vanish, at: $1) }
            try await run.until { $0.seats[0] == nil }
        }
        #expect(errors(totals) == ["heartbeat": 1])
    }

    @Test("The WebSocket that a session is about to move to is cut with it", arguments: DropKind.allCases)
    func upgrading(kind: DropKind) async throws {
        let held = Held()
        var script = Self.script(held, upgrades: #"["websocket"]"#)
        let probes = Mutex(0)
        // The probe is not answered.
        script.probed = { _ in probes.withLock { $0 += 1 } }
        let (totals, server) = try await run(script, target: "transports: [polling, websocket], timeout: 1s") {
            server,
            run in
            try await run.untilClient(Self.isWaiting)
            await server.until(Self.isPolling)
            try await run.until { _ in probes.withLock { $0 > 0 } }
            try await run.onClient { $0.drop(kind, at: $1) }
            if kind != .vanish {
                try await run.untilClient { $0.connection == nil }
            }
        }
        #expect(errors(totals) == [:])
        #expect(totals.count("ended.count") == (kind == .vanish ? 0 : 1))
        let resets = server.log.count { if case .reset = $0 { true } else { false } }
        // The poll's and the WebSocket's; on a slow machine the answer to the POST is still on its way, too.
        #expect(kind == .reset ? (2...3).contains(resets) : resets == 0)
    }

    @Test("A stalled client does not read its poll, and asks for no other until it reads again")
    func stalls() async throws {
        let held = Held()
        let (totals, _) = try await run(Self.script(held)) { server, run in
            try await run.onLoop { $0.stalls.silence = .zero }
            try await run.untilClient(Self.isWaiting)
            await server.until(Self.isPolling)
            try await run.onClient { $0.stall(Stall(duration: .milliseconds(300), rate: nil), at: $1) }
            held.poll { $0.respond(200, #"42["more",{}]"#) }
            try await run.untilClient { $0.connection?.stalled?.isStalled != true }
            // POSTs went on.
            try await run.untilClient { $0.connection?.stalled == nil }
            await server.until { Self.polls($0) == 3 }
        }
        let answer = "HTTP/1.1 200 Some\r\nContent-Length: 13\r\n\r\n" + #"42["more",{}]"#
        #expect(totals.histogram("stall.backlog")?.max == answer.utf8.count)
        #expect(totals.histogram("stall.drain")?.count == 1)
        #expect(totals.count("more") == 1)
        #expect(errors(totals) == [:])
    }

    @Test("A poll that the server ends meanwhile ends the connection")
    func closedWhileStalled() async throws {
        let held = Held()
        let (totals, _) = try await run(Self.script(held)) { server, run in
            try await run.untilClient(Self.isWaiting)
            await server.until(Self.isPolling)
            try await run.onClient { $0.stall(Stall(duration: .seconds(3600), rate: nil), at: $1) }
            // A poll on a connection that has carried another before is sent once more, on a new one.
            try await run.untilClient { client in
                held.poll { $0.close() }
                return client.connection == nil
            }
        }
        #expect(totals.count("stall.closed") == 1)
        #expect(totals.count("ended.count") == 1)
    }

    @Test("The time in which a POST is not answered while more waits is blocked, and ends with it")
    func blocked() async throws {
        let held = Held()
        let (totals, _) = try await run(
            Self.script(held, holdsPost: { $0.body.contains("x") }),
            flow: """
                vars: { text: "${text(10000)}" }
                flow: [ connect, { repeat: 20, flow: [ { emit: x, data: "${text}" } ] }, { await: never } ]
                """,
            target: "transports: [polling], outbound: { limit: 50KB }"
        ) { server, run in
            try await run.untilClient { client in
                guard case .room = client.waiting, case .polling(let polling)? = client.connection?.transport else {
                    return false
                }
                return polling.blockage.isOn
            }
            // Each answer makes room for the next.
            for _ in 0..<20 {
                held.post { $0.respond(200, "ok") }
                try await run.onLoop { _ in }
            }
            try await run.untilClient { client in
                guard case .polling(let polling)? = client.connection?.transport else { return false }
                if Self.isWaiting(client) { return true }
                if polling.blockage.isOn { held.post { $0.respond(200, "ok") } }
                return false
            }
        }
        let blocked = try #require(totals.histogram("send.blocked"))
        #expect(blocked.count >= 1)
        let queued = try #require(totals.histogram("send.queued"))
        #expect(queued.max >= 50_000 && queued.max < 120_000)
    }

    @Test("A cut ends the time in which it was blocked", arguments: DropKind.allCases)
    func cutWhileBlocked(kind: DropKind) async throws {
        let held = Held()
        let (totals, _) = try await run(
            Self.script(held, holdsPost: { $0.body.contains("x") }),
            flow: """
                vars: { text: "${text(10000)}" }
                flow: [ connect, { repeat: 20, flow: [ { emit: x, data: "${text}" } ] }, { await: closed } ]
                """,
            target: "transports: [polling], outbound: { limit: 50KB }"
        ) { server, run in
            try await run.untilClient { client in
                guard case .room = client.waiting, case .polling(let polling)? = client.connection?.transport else {
                    return false
                }
                return polling.blockage.isOn
            }
            try await run.onClient { $0.drop(kind, at: $1) }
            try await run.untilClient { kind == .vanish ? Self.isWaiting($0) : $0.connection == nil }
        }
        #expect(totals.histogram("send.blocked")?.count == 1)
        #expect(errors(totals) == [:])
    }
}
