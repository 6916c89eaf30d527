import Foundation
import Metrics
import Testing

/// Reprise through a proxy that ends TLS, as nearly every server on the internet is reached.
@Suite(
    "Reprise through a proxy with TLS",
    .serialized,
    .needsPeers,
    .needs(.nginx, .haproxy, .openssl),
    .timeLimit(.minutes(1))
)
struct ProxyTLSTests {
    @Test("Socket.IO gets through by every transport, and both sides count the same", arguments: ProxyTests.ways)
    func socketIO(_ way: ProxyTests.Way) async throws {
        try await TestAuthority.with { authority in
            try await Peer.withPythonServer("aiohttp") { server in
                try await way.proxy.inFront(of: (server.port, server.port), authority: authority) { proxy in
                    var files = try authority.files("ca.pem")
                    files["small.bin"] = Data((0..<200).map { UInt8($0) })
                    let run = try await Measured.run(
                        ProxyTests.scenario(proxy.port, way.transports, tls: "{ ca: ca.pem }"),
                        files: files
                    )
                    let counted = try await SocketIOCounts(of: server)
                    let clients = try #require(run.count("clients.started"))
                    #expect(clients >= 8)
                    #expect(run.verdicts == ["stream.complete": clients], "\(run.errors.map(\.example))")
                    #expect(run.count("clients.finished") == clients)
                    #expect(counted.connects == clients)
                    #expect(counted.events == ["chat": clients, "bin": clients, "ask": clients, "transport": clients])
                    #expect(run.count("received.message_chunk") == counted.chunks)
                    // No connection without TLS; sessions over polling share theirs.
                    let connections = try #require(run.histogram("connect.tls")?.count)
                    #expect(connections == run.histogram("connect.tcp")?.count)
                    #expect(connections >= (way.transports == "[polling]" ? 1 : clients))
                }
            }
        }
    }

    @Test("a plain WebSocket gets through, and both sides count the same", arguments: Proxy.allCases)
    func plain(_ proxy: Proxy) async throws {
        try await TestAuthority.with { authority in
            try await Peer.withWebSocketServer { server in
                try await proxy.inFront(of: (server.port, server.port), authority: authority) { front in
                    let target = "tls: { ca: ca.pem }\n" + PlainScenario.envelope
                    let run = try await Measured.run(
                        PlainScenario.text(
                            front.port,
                            path: "/json",
                            scheme: "wss",
                            host: "localhost",
                            target: target + "\nheartbeat: { answer: { ping: pong } }",
                            PlainScenario.talk
                        ),
                        files: authority.files("ca.pem")
                    )
                    let counted = try await WebSocketCounts(of: server)
                    let clients = try #require(run.count("clients.started"))
                    #expect(clients >= 8)
                    #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
                    #expect(run.count("clients.finished") == clients)
                    #expect(run.histogram("connect.tls")?.count == clients)
                    #expect(run.count("messages.received") == 5 * clients)
                    #expect(counted.messages == ["/json": 5 * clients])
                    #expect(counted.closes == ["1000": clients])
                }
            }
        }
    }

    @Test("a client certificate lets the client in where the proxy wants one", arguments: Proxy.allCases)
    func clientCertificate(_ proxy: Proxy) async throws {
        let (run, counted) = try await Self.run(proxy, "certificate: client.pem, key: client.key")
        let clients = try #require(run.count("clients.started"))
        #expect(clients >= 8)
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
        #expect(counted.connects == clients)
        #expect(counted.messages == ["/echo": clients])
    }

    /// HAProxy ends the handshake with an alert; nginx ends it well and then answers every request with 400.
    @Test(
        "a client certificate that is missing or unknown fails the connect, with what the proxy said",
        arguments: Proxy.allCases,
        ["", "certificate: stranger.pem, key: stranger.key"]
    )
    func unknownClient(_ proxy: Proxy, certificate: String) async throws {
        let (run, counted) = try await Self.run(proxy, certificate)
        let clients = try #require(run.count("clients.started"))
        let kind = proxy == .nginx ? "upgrade.400" : "tls"
        #expect(clients >= 8)
        #expect(
            run.verdicts == [
                "errors.\(kind)": clients, "connect.failed": clients, "operations.failed": clients,
                "clients.failed": clients,
            ],
            "\(run.errors)"
        )
        let example = try #require(run.errors.first?.example)
        #expect(example.contains("certificate"), "\(example)")
        #expect(counted.connects == 0)
    }

    /// Runs an echo through a proxy that wants certificates of clients.
    ///
    /// - Parameter certificate: The client's, as in `tls:`; none where it is empty.
    private static func run(_ proxy: Proxy, _ certificate: String) async throws -> (Measured, WebSocketCounts) {
        try await TestAuthority.with { authority in
            try await Peer.withWebSocketServer { server in
                let servers = (server.port, server.port)
                return try await proxy.inFront(of: servers, authority: authority, wantsClient: true) { front in
                    let run = try await Measured.run(
                        PlainScenario.text(
                            front.port,
                            path: "/echo",
                            scheme: "wss",
                            target: "tls: { ca: ca.pem\(certificate.isEmpty ? "" : ", " + certificate) }",
                            "flow: [ { send: hello }, { await: message, where: { $: hello } } ]"
                        ),
                        files: authority.files("ca.pem", "client.pem", "client.key", "stranger.pem", "stranger.key")
                    )
                    return (run, try await WebSocketCounts(of: server))
                }
            }
        }
    }
}
