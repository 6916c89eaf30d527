import NIOCore
import NIOSSL
import Synchronization
import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("TLS of a run", .serialized, .timeLimit(.minutes(1)))
struct TLSEndToEndTests {
    /// Runs one client, whom nobody replaces, against a server that is spoken to by TLS.
    ///
    /// - Parameter ports: Where the server's name leads to; nil: to the server.
    private func run(
        _ server: FakeServer,
        host: String = "127.0.0.1",
        _ flow: String = "flow: [ connect, { emit: hello, ack: {} } ]",
        target: String = "",
        ports: [Int]? = nil,
        tls: @escaping @Sendable (inout TLS) throws -> Void
    ) async throws -> EngineRun {
        let port = server.port
        return try await EngineRun.run(
            server,
            "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n" + flow,
            target: target,
            change: { scenario in
                for group in scenario.groups.indices {
                    scenario.groups[group].target.location = .server(ServerURL(isSecure: true, host: host, port: port))
                    #expect(throws: Never.self) { try tls(&scenario.groups[group].target.tls) }
                }
            },
            configure: {
                $0.lookup = { _, port in
                    try (ports ?? [port]).map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
                }
            }
        )
    }

    private static func trusting(_ tls: inout TLS) throws {
        tls.authority = try Certificates.file("ca.pem")
    }

    private static var script: FakeServer.Script {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if let id = event.id { peer.sendText("43\(id)[]") }
        }
        return script
    }

    @Test(
        "A server whose authority is trusted is talked to, by its address or its name",
        arguments: ["127.0.0.1", "localhost", "localhost."],
        [TLSVersion.tlsv12, .tlsv13]
    )
    func trusted(host: String, version: TLSVersion) async throws {
        let asked = Mutex<[String?]>([])
        let context = try Certificates.server {
            $0.minimumTLSVersion = version
            $0.maximumTLSVersion = version
            $0.sslContextCallback = { values, promise in
                asked.withLock { $0.append(values.serverHostname) }
                promise.succeed(.noChanges)
            }
        }
        try await FakeServer.run(Self.script, tls: context) { server in
            let run = try await run(server, host: host, tls: Self.trusting)
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("hello.count") ?? run.count("ack.hello.count") == 1)
            #expect(run.times("connect.tcp") == 1)
            #expect(run.times("connect.tls") == 1)
            #expect(run.times("connect.upgrade") == 1)
            await server.until { $0.contains(.close(0, 1000)) && $0.contains(.ended(0)) }
        }
        // An address is never asked for.
        #expect(asked.withLock { $0 } == [host == "127.0.0.1" ? nil : "localhost"])
    }

    @Test(
        "A certificate that is not good says why",
        arguments: [
            ("server.pem", false, "is not trusted: its issuer is unknown"),
            ("self-signed.pem", true, "is not trusted: it is self-signed"),
            ("expired.pem", true, "expired on 2020-01-01"),
            ("other.pem", true, "127.0.0.1 is not among its names (other.example, *.other.example)"),
        ]
    )
    func bad(certificate: String, isTrusting: Bool, sentence: String) async throws {
        try await FakeServer.run(Self.script, tls: Certificates.server(certificate)) { server in
            let run = try await run(server) { if isTrusting { try Self.trusting(&$0) } }
            #expect(run.errors == ["tls": 1])
            #expect(run.examples.first?.contains(sentence) == true, "\(run.examples)")
            #expect(run.examples.first?.hasPrefix("127.0.0.1:\(server.port): ") == true)
            #expect(run.count("connect.failed") == 1)
            #expect(run.times("connect.tls") ?? 0 == 0)
            #expect(!run.result.reachedTarget)
            await server.until { $0.contains(.ended(0)) }
        }
    }

    @Test("Without verification any certificate will do", arguments: ["expired.pem", "other.pem", "self-signed.pem"])
    func unverified(certificate: String) async throws {
        try await FakeServer.run(Self.script, tls: Certificates.server(certificate)) { server in
            let run = try await run(server) { $0.verify = false }
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("The server name is what the certificate has to have", arguments: ["other.example", "a.other.example"])
    func serverName(name: String) async throws {
        try await FakeServer.run(Self.script, tls: Certificates.server("other.pem")) { server in
            let run = try await run(server) {
                try Self.trusting(&$0)
                $0.serverName = name
            }
            #expect(run.errors == [:])
            #expect(server.requests.first?.headers["host"] == "127.0.0.1:\(server.port)")
        }
    }

    @Test("A client certificate comes in where one is wanted", arguments: [TLSVersion.tlsv12, .tlsv13])
    func clientCertificate(version: TLSVersion) async throws {
        let context = try Certificates.server(wantsClient: true) {
            $0.minimumTLSVersion = version
            $0.maximumTLSVersion = version
        }
        try await FakeServer.run(Self.script, tls: context) { server in
            let run = try await run(server) {
                try Self.trusting(&$0)
                $0.certificate = try Certificates.file("client.pem")
                $0.key = try Certificates.file("client.key")
            }
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test(
        "A client certificate that is missing or not known is what the example talks of",
        arguments: [
            (TLSVersion.tlsv12, nil, "it wants a client certificate"),
            (.tlsv13, nil, "the server wants a client certificate"),
            (.tlsv12, "stranger.pem", "turned the client certificate down: unknown ca"),
            (.tlsv13, "stranger.pem", "turned the client certificate down: unknown ca"),
        ] as [(TLSVersion, String?, String)]
    )
    func wrongClientCertificate(version: TLSVersion, certificate: String?, sentence: String) async throws {
        let context = try Certificates.server(wantsClient: true) {
            $0.minimumTLSVersion = version
            $0.maximumTLSVersion = version
        }
        try await FakeServer.run(Self.script, tls: context) { server in
            let run = try await run(server) {
                try Self.trusting(&$0)
                if let certificate {
                    $0.certificate = try Certificates.file(certificate)
                    $0.key = try Certificates.file("client.key")
                }
            }
            #expect(run.errors == ["tls": 1])
            #expect(run.examples.first?.contains(sentence) == true, "\(run.examples)")
        }
    }

    @Test("A server that has no cipher in common says so")
    func noCipher() async throws {
        let context = try Certificates.server {
            $0.maximumTLSVersion = .tlsv12
            $0.cipherSuites = "ECDHE-RSA-AES128-GCM-SHA256"
        }
        try await FakeServer.run(Self.script, tls: context) { server in
            let run = try await run(server, tls: Self.trusting)
            #expect(run.errors == ["tls": 1])
            #expect(run.examples.first?.contains("no cipher in common") == true, "\(run.examples)")
        }
    }

    /// What a server that does not speak TLS may do.
    enum Plain: CaseIterable {
        case answers, closes, waits

        var sentence: String {
            switch self {
            case .answers: "does not speak TLS on this port"
            case .closes: "closed the connection during the TLS handshake"
            case .waits: "did not finish the TLS handshake in time"
            }
        }
    }

    @Test("A server that does not speak TLS is told from one whose certificate is bad", arguments: Plain.allCases)
    func plain(behaviour: Plain) async throws {
        var script = Self.script
        script.accepted = { peer in
            switch behaviour {
            case .answers: peer.respond(400, "what?")
            case .closes: peer.close()
            case .waits: break
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await run(server, target: "timeout: 500ms", tls: Self.trusting)
            #expect(run.errors == ["tls": 1])
            #expect(run.examples.first?.contains(behaviour.sentence) == true, "\(run.examples)")
            await server.until { $0.contains(.ended(0)) }
        }
    }

    @Test("Where nobody listens a client is refused, with TLS as without, and takes the next address")
    func refused() async throws {
        try await FakeServer.run(Self.script) { closed in
            try await closed.stopListening()
            let alone = try await run(closed, tls: Self.trusting)
            #expect(alone.errors == ["refused": 1])
            try await FakeServer.run(Self.script, tls: Certificates.server()) { server in
                let ports = [closed.port, server.port]
                let run = try await run(server, ports: ports, tls: Self.trusting)
                #expect(run.errors == [:])
                #expect(run.times("connect.tls") == 1)
            }
        }
    }

    @Test("A server that closes the socket without ending the TLS session has only closed it")
    func uncleanEnd() async throws {
        var script = Self.script
        script.event = { peer, _ in peer.closeUncleanly() }
        try await FakeServer.run(script, tls: Certificates.server()) { server in
            let run = try await run(server, tls: Self.trusting)
            #expect(run.errors == ["closed.1006": 1])
        }
    }

    @Test("Requests beside the socket go by TLS too, over connections that are kept")
    func requests() async throws {
        var script = Self.script
        script.request = { peer, _ in peer.respond(200, #"{"token":"t"}"#) }
        try await FakeServer.run(script, tls: Certificates.server()) { server in
            let run = try await run(
                server,
                "flow: [ { http: GET /a, capture: { token: token } }, http: GET /b, connect ]",
                tls: Self.trusting
            )
            #expect(run.errors == [:])
            #expect(server.requests.map(\.method) == ["GET", "GET", "GET"])
            #expect(server.connectionCount == 2)
            // Only the socket's connection is part of connecting.
            #expect(run.times("connect.tls") == 1)
        }
    }

    @Test("A URL of its own trusts whom the system trusts, not the target's authority")
    func foreignRequest() async throws {
        try await FakeServer.run(Self.script, tls: Certificates.server()) { server in
            let run = try await run(
                server,
                #"flow: [ set: { url: "https://localhost:\#(server.port)/a" }, { http: "GET ${url}" } ]"#,
                tls: Self.trusting
            )
            #expect(run.errors == ["tls": 1])
            #expect(run.examples.first?.contains("its issuer is unknown") == true, "\(run.examples)")
            #expect(run.examples.first?.contains("GET /a") == true)
        }
    }

    @Test("A request to a bad certificate is a failed request")
    func badRequest() async throws {
        try await FakeServer.run(Self.script, tls: Certificates.server("expired.pem")) { server in
            let run = try await run(server, "flow: [ http: GET /a ]", tls: Self.trusting)
            #expect(run.errors == ["tls": 1])
            #expect(run.count("http.failed") == 1)
        }
    }

    @Test(
        "A file that cannot be used ends the run before it begins, and is named",
        arguments: [
            ("ca", "broken.pem holds no certificate"), ("certificate", "broken.pem holds no certificate"),
            ("key", "broken.pem holds no private key"), ("empty", "empty.pem holds no certificate"),
            ("mismatch", "the key in server.key does not belong to the certificate in client.pem"),
            ("address", "`tls.serverName: 10.0.0.1` is an address"),
        ]
    )
    func badFile(what: String, sentence: String) async throws {
        try await FakeServer.run { server in
            let error = await #expect(throws: RunError.self) {
                _ = try await run(server) { tls in
                    let broken = ScenarioFile(name: "broken.pem", bytes: Array("-----BEGIN LIES-----\n".utf8))
                    switch what {
                    case "ca": tls.authority = broken
                    case "empty": tls.authority = ScenarioFile(name: "empty.pem", bytes: [])
                    case "certificate": tls.certificate = broken
                    case "address": tls.serverName = "10.0.0.1"
                    case "key":
                        tls.certificate = try Certificates.file("client.pem")
                        tls.key = broken
                    default:
                        tls.certificate = try Certificates.file("client.pem")
                        tls.key = try Certificates.file("server.key")
                    }
                }
            }
            #expect(error?.code == .tls)
            #expect(error?.message.contains(sentence) == true, "\(error?.message ?? "")")
        }
    }
}
