import Foundation
import Metrics
import Testing

/// Servers that are killed under two thousand clients, and started again: what the report says is what their logs say.
@Suite("Servers that are killed under their clients", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct RestartTests {
    private static let arrivals = 2000

    @Test("python-socketio: all come back and join again, by the policy of the official client")
    func socketIO() async throws {
        try await RestartablePeer.withSocketIO { peer in
            let run = try await Self.run(
                peer,
                """
                target: { url: "http://127.0.0.1:\(peer.port)", query: { client: "${client.index}" } }
                rejoin:
                  - emit: join
                    data: { room: all }
                    ack: { within: 20s, measure: rejoin }
                  - set: { isBack: true }
                flow:
                  - connect
                  - emit: join
                    data: { room: all }
                    ack: { within: 20s, measure: join }
                """
            )
            let clients = try Self.expectAllBack(run)
            let (before, after) = try Self.lives(peer)
            #expect(Self.count(before, "disconnect") == 0, "who is killed writes nothing down")
            for life in [before, after] {
                #expect(Self.names(life, "connect").count == clients)
                // Once each, on one connection.
                #expect(Self.count(life, "connect") == clients)
                #expect(Self.names(life, "join") == Self.names(life, "connect"))
                #expect(life.filter { $0.event == "join" }.allSatisfy { $0.n == 1 })
            }
            #expect(Self.names(after, "connect") == Self.names(before, "connect"))
            #expect(Self.count(after, "join") == run.count("rejoin.count"))
            #expect(after.filter { $0.event == "disconnect" }.map(\.reason) == Self.all("client disconnect", clients))
        }
    }

    @Test("the practice server: all come back, and their sessions are forgotten")
    func practice() async throws {
        try await RestartablePeer.withPractice("leflux") { peer in
            let join = """
                - emit: join_session
                  data: { sessionId: "${session}" }
                - await: session_joined
                  where: { sessionId: "${session}" }
                  within: 20s
                  capture: { restored: restored }
                """
            let run = try await Self.run(
                peer,
                """
                target: { url: "http://127.0.0.1:\(peer.port)", query: { sessionId: "${session}" } }
                vars: { session: "${uuid()}", restored: true, isBack: false }
                rejoin:
                \(join)
                  measure: rejoin
                - when: restored == false
                  flow: { count: forgotten }
                - set: { isBack: true }
                flow:
                - connect
                \(join)
                  measure: join
                """
            )
            let clients = try Self.expectAllBack(run)
            #expect(run.count("forgotten") == clients)
            let (before, after) = try Self.lives(peer)
            #expect(Self.count(before, "lost") == 0)
            for life in [before, after] { #expect(Self.count(life, "opened") == clients) }
            #expect(Self.names(after, "opened") == Self.names(before, "opened"))
            #expect(Self.names(after, "opened").count == clients)
            let ends = after.filter { $0.event == "lost" }
            #expect(ends.map(\.how) == Self.all("closeFrame", clients))
        }
    }

    @Test("Python's websockets: all come back, by a policy in numbers")
    func webSockets() async throws {
        try await RestartablePeer.withWebSockets { peer in
            let run = try await Self.run(
                peer,
                """
                target:
                  url: "ws://127.0.0.1:\(peer.port)"
                  protocol: websocket
                  query: { client: "${client.index}" }
                  envelope: { send: { type: "${emit}", n: "${data}" }, event: type }
                reconnect: { delay: 700ms, factor: 1.5, cap: 2s, jitter: 0.5, attempts: 20 }
                rejoin:
                  - emit: echo
                    data: 2
                  - await: echoed
                    within: 20s
                    measure: rejoin
                  - set: { isBack: true }
                flow:
                  - connect
                  - emit: echo
                    data: 1
                  - await: echoed
                    within: 20s
                    measure: join
                """
            )
            let clients = try Self.expectAllBack(run)
            let (before, after) = try Self.lives(peer)
            #expect(Self.count(before, "disconnect") == 0)
            for life in [before, after] { #expect(Self.count(life, "connect") == clients) }
            #expect(Self.names(after, "connect") == Self.names(before, "connect"))
            #expect(Self.names(after, "connect").count == clients)
            let ends = after.filter { $0.event == "disconnect" }
            #expect(ends.map(\.how) == Self.all("close frame", clients))
            #expect(ends.allSatisfy { $0.code == 1000 && $0.received == 1 && $0.sent == 1 })
        }
    }

    // MARK: The run

    /// Runs clients that join, lose the server, and leave when they are back.
    ///
    /// - Parameter scenario: Without name and load; its flow goes on to wait until `rejoin` has set `isBack`.
    private static func run(_ peer: RestartablePeer, _ scenario: String) async throws -> Measured {
        let indent = scenario.contains("\n- connect") ? "" : "  "
        let vars = scenario.contains("isBack: false") ? "" : "vars: { isBack: false }"
        let text = """
            name: restart
            load: [ { for: 2s, arrivals: \(arrivals / 2)/s } ]
            grace: 50s
            \(vars)
            \(scenario)
            \(indent)- count: joined
            \(indent)- wait: isBack == true
            \(indent)  within: 50s
            \(indent)- disconnect
            """
        let joined = Signal()
        async let run = Measured.run(text) { totals in
            if totals.count("joined") == totals.count("clients.started"), totals.count("joined") ?? 0 >= arrivals - 1 {
                joined.give()
            }
        }
        await joined.wait()
        await peer.kill()
        try await peer.restart()
        return try await run
    }

    /// What the report has to say of a server that was killed once.
    ///
    /// - Returns: How many clients there were.
    private static func expectAllBack(_ run: Measured) throws -> Int {
        let clients = try #require(run.count("clients.started"))
        #expect(clients >= arrivals - 1)
        #expect(run.count("clients.finished") == clients)
        #expect(run.count("join.count") == clients)
        #expect(run.count("rejoin.count") == clients)
        let failed = try #require(run.count("connect.failed"))
        // Two connections each, and those that found nobody.
        #expect(run.count("connect.count") == 2 * clients + failed)
        // The kernel ends the connections of who was killed, with a reset where something was unread; every attempt that
        // failed has one reason.
        var verdicts = run.verdicts
        let errors = verdicts.filter { $0.key.hasPrefix("errors.") }
        #expect(errors.values.reduce(0, +) == clients + failed)
        for kind in errors.keys {
            #expect(["errors.reset", "errors.closed.1006", "errors.refused"].contains(kind))
            verdicts[kind] = nil
        }
        var expected = ["reconnect.lost": clients, "reconnect.recovered": clients]
        if failed > 0 {
            expected["connect.failed"] = failed
            expected["operations.failed"] = failed
        }
        #expect(verdicts == expected)
        for name in ["reopen", "recover", "attempts"] {
            #expect(run.histogram("reconnect.\(name)")?.count == clients, "\(name)")
        }
        let attempts = try #require(run.histogram("reconnect.attempts"))
        #expect(Int(attempts.mean * Double(attempts.count) + 0.5) == clients + failed)
        // Nobody was cut by Reprise.
        #expect(run.histogram("reconnect.detect")?.count == 0)
        return clients
    }

    // MARK: The log

    /// What was written down before the kill, and after it.
    private static func lives(_ peer: RestartablePeer) throws -> (before: [PeerLine], after: [PeerLine]) {
        let lines = try peer.lines()
        let starts = lines.indices.filter { ["listening", "started"].contains(lines[$0].event) }
        try #require(starts.count == 2)
        return (Array(lines[..<starts[1]]), Array(lines[starts[1]...]))
    }

    private static func count(_ lines: [PeerLine], _ event: String) -> Int {
        lines.count { $0.event == event }
    }

    private static func names(_ lines: [PeerLine], _ event: String) -> Set<String> {
        Set(lines.filter { $0.event == event }.compactMap(\.client))
    }

    private static func all(_ text: String, _ count: Int) -> [String?] { Array(repeating: text, count: count) }
}
