import Metrics
import Testing

/// How a plain WebSocket ends, or does not begin, and what Reprise makes of it.
@Suite("Ends of plain WebSockets", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct PlainServerEndsTests {
    static let codes = [1000, 1011, 4001]

    @Test("a close that is awaited is no failure", arguments: codes)
    func awaitedClose(_ code: Int) async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Self.run(
                server,
                "/json",
                """
                flow:
                  - emit: close
                    data: { code: \(code), reason: "genug 🙂" }
                  - await: closed
                    where: { code: \(code), reason: "genug 🙂" }
                    measure: close
                """
            )
            let counted = try await WebSocketCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("clients.finished") == clients)
            #expect(run.histogram("close")?.count == clients)
            #expect(counted.closes == ["\(code)": clients])
        }
    }

    @Test("a close that is not awaited is counted by its code, with its reason", arguments: codes)
    func close(_ code: Int) async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Self.run(
                server,
                "/json",
                """
                flow:
                  - emit: close
                    data: { code: \(code), reason: enough }
                  - await: answer
                """
            )
            let clients = try #require(run.count("clients.started"))
            #expect(
                run.verdicts == [
                    "errors.closed.\(code)": clients, "clients.failed": clients, "operations.failed": clients,
                ]
            )
            #expect(run.errors.first?.example.contains("enough") == true, "\(run.errors)")
        }
    }

    @Test("a refusal that is awaited is no failure")
    func awaitedRefusal() async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Self.run(
                server,
                "/refuse",
                """
                flow:
                  - connect
                  - await: refused
                    where: { status: 403, message: no entry }
                """
            )
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("clients.finished") == clients)
            #expect(try await WebSocketCounts(of: server).connects == 0)
        }
    }

    @Test(
        "a connect that is turned down is counted by its status, and the example says why",
        arguments: [
            ("/refuse", "", "upgrade.403", "no entry"),
            ("/redirect", "", "upgrade.302", "/echo"),
            ("/strict", "subprotocols: [other]", "upgrade.400", "no subprotocol in common"),
            ("/slow", "timeout: 300ms", "timeout", "within 0.3 seconds"),
        ]
    )
    func refusal(path: String, target: String, kind: String, sentence: String) async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Self.run(server, path, target: target, "flow: [ connect, { send: hello } ]")
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(
                run.verdicts == [
                    "errors.\(kind)": clients, "connect.failed": clients, "operations.failed": clients,
                    "clients.failed": clients,
                ]
            )
            let error = try #require(run.errors.first)
            #expect(error.example.contains(sentence), "\(error.example)")
            #expect(try await WebSocketCounts(of: server).messages == [:])
        }
    }

    @Test(
        "a subprotocol that both speak is agreed on; where there is none, the connection has none",
        arguments: [("[chat.v2]", "chat.v2"), ("[chat.v2, chat.v1]", "chat.v1"), ("[other]", "None")]
    )
    func subprotocols(offered: String, agreed: String) async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Self.run(
                server,
                "/protocol",
                target: "subprotocols: \(offered)",
                "flow: [ connect, { await: message, where: { $: \(agreed) } } ]"
            )
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("received.message") == clients)
        }
    }

    /// Events go in the envelope where the server reads one.
    private static func run(
        _ server: Peer,
        _ path: String,
        target: String = "",
        _ flow: String
    ) async throws -> Measured {
        let target = path == "/json" ? PlainScenario.envelope : target
        return try await Measured.run(PlainScenario.text(server.port, path: path, target: target, flow))
    }
}
