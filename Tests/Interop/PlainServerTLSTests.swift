import Metrics
import Testing

/// A plain WebSocket server behind TLS, with certificates as a user makes them with openssl.
@Suite(
    "Reprise against a WebSocket server with TLS",
    .serialized,
    .needsPeers,
    .needs(.openssl),
    .timeLimit(.minutes(1))
)
struct PlainServerTLSTests {
    @Test(
        "a server of an authority that is trusted is talked to, by address and name",
        arguments: ["127.0.0.1", "localhost"]
    )
    func trusted(host: String) async throws {
        try await TestAuthority.with { authority in
            try await Self.withServer(authority) { server in
                let target = "tls: { ca: ca.pem }\n" + PlainScenario.envelope
                let run = try await Measured.run(
                    PlainScenario.text(
                        server.port,
                        path: "/json",
                        scheme: "wss",
                        host: host,
                        target: target + "\nheartbeat: { answer: { ping: pong } }",
                        PlainScenario.talk
                    ),
                    files: authority.files("ca.pem")
                )
                let counted = try await WebSocketCounts(of: server)
                let clients = try #require(run.count("clients.started"))
                #expect(clients >= 8)
                #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
                #expect(run.histogram("connect.tls")?.count == clients)
                #expect(run.histogram("connect.tcp")?.count == clients)
                #expect(run.count("messages.received") == 5 * clients)
                #expect(counted.messages == ["/json": 5 * clients])
                #expect(counted.closes == ["1000": clients])
            }
        }
    }

    @Test("without verification nobody has to be trusted")
    func unverified() async throws {
        try await TestAuthority.with { authority in
            try await Self.withServer(authority) { server in
                let run = try await Self.run(server, "tls: { verify: false }", authority)
                let clients = try #require(run.count("clients.started"))
                #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
                #expect(run.histogram("connect.tls")?.count == clients)
            }
        }
    }

    @Test("a client certificate lets the client in where one is wanted")
    func clientCertificate() async throws {
        try await TestAuthority.with { authority in
            try await Self.withServer(authority, wantsClient: true) { server in
                let target = "tls: { ca: ca.pem, certificate: client.pem, key: client.key }"
                let run = try await Self.run(server, target, authority)
                let clients = try #require(run.count("clients.started"))
                #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
                #expect(try await WebSocketCounts(of: server).connects == clients)
            }
        }
    }

    @Test("a server of an authority that nobody told Reprise of is an error of the kind tls that says why")
    func untrusted() async throws {
        try await TestAuthority.with { authority in
            try await Self.withServer(authority) { server in
                let run = try await Self.run(server, "tls: {}", authority)
                let clients = try #require(run.count("clients.started"))
                #expect(run.verdicts == Self.failed("tls", clients))
                #expect(run.errors.first?.example.contains("its issuer is unknown") == true, "\(run.errors)")
                #expect(try await WebSocketCounts(of: server).connects == 0)
            }
        }
    }

    /// Python's asyncio closes the connection without the alert that says why; HAProxy sends it.
    @Test(
        "a client certificate that is missing or unknown fails the connect",
        arguments: ["tls: { ca: ca.pem }", "tls: { ca: ca.pem, certificate: stranger.pem, key: stranger.key }"]
    )
    func unknownClient(tls: String) async throws {
        try await TestAuthority.with { authority in
            try await Self.withServer(authority, wantsClient: true) { server in
                let run = try await Self.run(server, tls, authority)
                let clients = try #require(run.count("clients.started"))
                #expect(run.verdicts == Self.failed("reset", clients), "\(run.errors)")
                #expect(try await WebSocketCounts(of: server).connects == 0)
            }
        }
    }

    private static func failed(_ kind: String, _ clients: Int) -> [String: Int] {
        [
            "errors.\(kind)": clients, "connect.failed": clients, "operations.failed": clients,
            "clients.failed": clients,
        ]
    }

    private static func run(_ server: Peer, _ tls: String, _ authority: TestAuthority) async throws -> Measured {
        try await Measured.run(
            PlainScenario.text(
                server.port,
                path: "/echo",
                scheme: "wss",
                target: tls,
                "flow: [ { send: hello }, { await: message, where: { $: hello } } ]"
            ),
            files: authority.files("ca.pem", "client.pem", "client.key", "stranger.pem", "stranger.key")
        )
    }

    private static func withServer(
        _ authority: TestAuthority,
        wantsClient: Bool = false,
        _ body: @Sendable (Peer) async throws -> Void
    ) async throws {
        var files = [authority.path("server.pem"), authority.path("server.key")]
        if wantsClient { files.append(authority.path("ca.pem")) }
        try await Peer.withWebSocketServer(files: files, body)
    }
}
