import Metrics
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner

/// Servers of long polling that do what no good one does.
@Suite("Long polling", .serialized, .timeLimit(.minutes(1)))
struct PollingEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"
    private static let open = #"0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100}"#

    /// Opens a session, acknowledges the namespace, and then answers polls with these bodies, one after the other.
    private static func script(_ bodies: [String], status: Int = 200) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.request = { peer, request in
            guard request.method == "GET" else { return peer.respond(200, "ok") }
            guard request.uri.contains("sid=abc") else {
                return peer.respond(200, open, headers: ["Set-Cookie: node=7; Path=/"])
            }
            switch peer.polls {
            case 1: peer.respond(200, #"40{"sid":"x"}"#)
            case let number where number - 2 < bodies.count: peer.respond(status, bodies[number - 2])
            default: break
            }
        }
        return script
    }

    private func run(_ script: FakeServer.Script, _ flow: String) async throws -> (EngineRun, FakeServer) {
        try await FakeServer.run(script) { server in
            (try await EngineRun.run(server, Self.one + flow, target: "transports: [polling]"), server)
        }
    }

    @Test("Packets of one payload arrive one after the other, and cookies go back")
    func packets() async throws {
        let body = "42[\"a\",1]\u{1e}42[\"b\",2]\u{1e}451-[\"c\",{\"_placeholder\":true,\"num\":0}]\u{1e}bAAECAw=="
        let (run, server) = try await run(
            Self.script([body]),
            "flow: [ connect, { await: a }, { await: b }, { await: c } ]"
        )
        #expect(run.errors == [:], "\(run.examples)")
        #expect(run.count("clients.finished") == 1)
        #expect(run.count("messages.received") == 3)
        let later = server.requests.dropFirst()
        #expect(
            later.allSatisfy { $0.headers["cookie"] == "node=7" && $0.uri.contains("sid=abc") },
            "\(later.map { ($0.method, $0.uri, $0.headers["cookie"] ?? "", $0.body) })"
        )
        #expect(Set(server.requests.map(\.uri)).count == server.requests.count)
        // The namespace's DISCONNECT and the session's end go out at last.
        #expect(server.requests.filter { $0.method == "POST" }.suffix(2).map(\.body) == ["41", "1"])
    }

    @Test(
        "A payload that is none ends the connection, and says why",
        arguments: [
            ("", "protocol"), ("\u{1e}", "protocol"), ("9", "protocol"), ("b!!!!", "protocol"), ("bAAAA", "protocol"),
            ("42[\"a\"", "protocol"), ("2\u{1e}\u{1e}2", "protocol"), ("1", "closed.1005"), ("41", "server_disconnect"),
            (String(repeating: "6\u{1e}", count: 5000) + "6", "too_large"),
        ]
    )
    func hostile(body: String, kind: String) async throws {
        let (run, _) = try await run(Self.script([body]), "flow: [ connect, { await: never } ]")
        #expect(run.errors == [kind: 1], "\(run.examples)")
        #expect(run.count("clients.failed") == 1)
    }

    @Test("A session that the server does not know any more is an HTTP failure with its words")
    func unknownSession() async throws {
        let body = #"{"code":1,"message":"Session ID unknown"}"#
        let (run, _) = try await run(Self.script([body], status: 400), "flow: [ connect, { await: never } ]")
        #expect(run.errors == ["http.400": 1])
        #expect(run.examples.first?.contains("Session ID unknown") == true)
        #expect(run.count("connect.failed") == 0)
    }

    @Test("A handshake that is refused is a failed connection", arguments: [400, 403, 502])
    func refused(status: Int) async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in peer.respond(status, #"{"code":0,"message":"Transport unknown"}"#) }
        let (run, _) = try await run(script, "flow: [ connect ]")
        #expect(run.errors == ["http.\(status)": 1])
        #expect(run.count("connect.failed") == 1)
    }

    @Test("A redirect is not followed, and the report says where it leads")
    func redirect() async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in peer.respond(302, "", headers: ["Location: /elsewhere"]) }
        let (run, server) = try await run(script, "flow: [ connect ]")
        #expect(run.errors == ["http.302": 1])
        #expect(run.examples.first?.contains("/elsewhere") == true)
        #expect(server.requests.count == 1)
    }

    @Test("What is sent keeps to the size that the server takes")
    func maxPayload() async throws {
        let (run, server) = try await run(
            Self.script(["42[\"go\"]"]),
            """
            flow:
              - connect
              - await: go
              - repeat: 10
                flow: [ { emit: x, data: "${text(60)}" } ]
              - think: 200ms
            """
        )
        #expect(run.errors == [:])
        let posts = server.requests.filter { $0.method == "POST" }
        #expect(posts.allSatisfy { $0.body.utf8.count <= 100 })
        #expect(posts.count { $0.body.contains("\"x\"") } == 10)
    }

    @Test("The end of a session goes out by itself, when the server has taken what was sent before")
    func leaving() async throws {
        var script = Self.script([])
        let request = script.request
        script.request = { peer, asked in
            guard asked.body.contains("slow") else { return request(peer, asked) }
            peer.after(.milliseconds(50)) { $0.respond(200, "ok") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ connect, { emit: slow }, { think: 10ms }, { emit: late }, disconnect ]",
                target: "transports: [polling]"
            )
            #expect(run.errors == [:], "\(run.examples)")
            #expect(run.count("clients.finished") == 1)
            let posts = server.requests.filter { $0.method == "POST" }.map(\.body)
            #expect(posts == ["40", "42[\"slow\"]", "42[\"late\"]\u{1e}41", "1"])
        }
    }

    @Test("An upgrade that fails is counted, and the session stays on polling")
    func failedUpgrade() async throws {
        var script = Self.script(["42[\"a\"]"])
        let request = script.request
        script.request = { peer, asked in
            if asked.method == "GET", !asked.uri.contains("sid=") {
                peer.respond(200, Self.open.replacing("[]", with: #"["websocket"]"#))
            } else if asked.uri.contains("websocket") {
                peer.respond(403, "no")
            } else {
                request(peer, asked)
            }
        }
        script.refusesUpgrades = true
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ connect, { think: 100ms }, { await: a }, disconnect ]",
                target: "transports: [polling, websocket]"
            )
            #expect(run.errors == ["upgrade.403": 1])
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("connect.failed") == 0)
            #expect(run.count("operations.failed") == 1)
            #expect(run.result.totals.histogram("connect.upgrade")?.count ?? 0 == 0)
        }
    }

    /// The poll that a server has not answered yet.
    private final class HeldPoll: Sendable {
        private let peer = Mutex<FakePeer?>(nil)

        func hold(_ peer: FakePeer) { self.peer.withLock { $0 = peer } }

        func answer(_ body: String) { peer.withLock { $0.take() }?.respond(200, body) }
    }

    /// A session that can move to a WebSocket, where the server holds the polls after the first.
    private static func upgradable(_ poll: HeldPoll) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.opened = { _ in }
        script.request = { peer, request in
            guard request.method == "GET" else { return peer.respond(200, "ok") }
            guard request.uri.contains("sid=abc") else {
                return peer.respond(200, open.replacing("[]", with: #"["websocket"]"#))
            }
            if peer.polls == 1 { peer.respond(200, #"40{"sid":"x"}"#) } else { poll.hold(peer) }
        }
        return script
    }

    @Test("A flow that waits for room while the session moves goes on after the move")
    func roomAfterUpgrade() async throws {
        let poll = HeldPoll()
        var script = Self.upgradable(poll)
        script.probed = { peer in
            peer.sendText("3probe")
            peer.after(.milliseconds(300)) { _ in poll.answer("6") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { text: "${text(10000)}" }
                    flow:
                      - connect
                      - think: 100ms
                      - repeat: 20
                        flow: [ { emit: x, data: "${text}" } ]
                    """,
                target: "transports: [polling, websocket], outbound: { limit: 50KB }"
            )
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
            #expect(server.events.count == 20)
        }
    }

    @Test(
        "An upgrade that does not end in time is given up, and the session goes on by polling",
        arguments: [false, true]
    )
    func endlessUpgrade(isProbed: Bool) async throws {
        let poll = HeldPoll()
        var script = Self.upgradable(poll)
        script.probed = { peer in if isProbed { peer.sendText("3probe") } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - think: 100ms
                      - emit: x
                      - think: 500ms
                    """,
                target: "transports: [polling, websocket], timeout: 300ms"
            )
            #expect(run.errors == ["timeout": 1])
            #expect(run.count("operations.failed") == 1)
            #expect(run.count("clients.finished") == 1)
            #expect(server.requests.contains { $0.method == "POST" && $0.body.contains("x") })
        }
    }

    @Test("A session that was left is given up when the server does not answer the last words")
    func unansweredEnd() async throws {
        var script = FakeServer.Script()
        let open = Mutex<[Int]>([])
        script.request = { peer, request in
            if request.method == "POST" {
                if !request.body.hasSuffix("1") { peer.respond(200, "ok") }
            } else if !request.uri.contains("sid=abc") {
                open.withLock { $0.append(peer.openConnections) }
                peer.respond(200, Self.open)
            } else if peer.polls % 2 == 1 {
                peer.respond(200, #"40{"sid":"x"}"#)
            }
        }
        try await FakeServer.run(script) { server in
            _ = try await EngineRun.run(
                server,
                Self.one + "flow: [ connect, disconnect, { think: 1500ms }, connect ]",
                target: "transports: [polling]"
            )
        }
        #expect(open.withLock { $0 } == [1, 1])
    }
}
