import Foundation
import Metrics
import Testing

/// Reprise through the proxies that stand in front of most servers.
@Suite("Reprise through a proxy", .serialized, .needsPeers, .needs(.nginx, .haproxy), .timeLimit(.minutes(1)))
struct ProxyTests {
    static let ways = Proxy.allCases.flatMap { proxy in
        TransportTests.transports.map { Way(proxy: proxy, transports: $0) }
    }

    struct Way: Sendable, CustomTestStringConvertible {
        var proxy: Proxy
        var transports: String

        var testDescription: String { "\(proxy) by \(transports)" }
    }

    @Test("every transport gets through, and both sides count the same", arguments: ways)
    func everything(_ way: Way) async throws {
        try await Peer.withPythonServer("aiohttp") { server in
            try await way.proxy.inFront(of: (server.port, server.port)) { proxy in
                let run = try await Measured.run(
                    Self.scenario(proxy.port, way.transports),
                    files: ["small.bin": Data((0..<200).map { UInt8($0) })]
                )
                let counted = try await SocketIOCounts(of: server)
                let clients = try #require(run.count("clients.started"))
                #expect(clients >= 8)
                #expect(run.verdicts == ["stream.complete": clients], "\(run.errors.map(\.example))")
                #expect(run.count("clients.finished") == clients)
                #expect(counted.connects == clients)
                #expect(counted.events == ["chat": clients, "bin": clients, "ask": clients, "transport": clients])
                #expect(run.count("received.bin_back") == clients)
                let upgrades = run.histogram("connect.upgrade")?.count ?? 0
                #expect(upgrades == (way.transports == "[polling]" ? 0 : clients))
            }
        }
    }

    @Test("sessions stay on their server, and both servers have some", arguments: TransportTests.transports)
    func stickiness(_ transports: String) async throws {
        try await Peer.withPythonServer("aiohttp") { one in
            try await Peer.withPythonServer("uvicorn-websockets") { two in
                try await Proxy.haproxy.inFront(of: (one.port, two.port)) { proxy in
                    let run = try await Measured.run(
                        Self.scenario(proxy.port, transports),
                        files: ["small.bin": Data((0..<200).map { UInt8($0) })]
                    )
                    let counted = [try await SocketIOCounts(of: one), try await SocketIOCounts(of: two)]
                    let clients = try #require(run.count("clients.started"))
                    #expect(clients >= 8)
                    #expect(run.verdicts == ["stream.complete": clients], "\(run.errors.map(\.example))")
                    #expect(run.count("clients.finished") == clients)
                    #expect(counted[0].connects + counted[1].connects == clients)
                    for side in counted {
                        #expect(side.connects > 0)
                        #expect(side.events["chat"] == side.connects)
                        #expect(side.events["transport"] == side.connects)
                    }
                }
            }
        }
    }

    @Test("by address too: of two servers behind nginx, one has all clients of this machine")
    func addressHash() async throws {
        try await Peer.withPythonServer("aiohttp") { one in
            try await Peer.withPythonServer("aiohttp") { two in
                try await Proxy.nginx.inFront(of: (one.port, two.port)) { proxy in
                    let run = try await Measured.run(
                        Self.scenario(proxy.port, "[polling, websocket]"),
                        files: ["small.bin": Data((0..<200).map { UInt8($0) })]
                    )
                    let counted = [
                        try await SocketIOCounts(of: one).connects, try await SocketIOCounts(of: two).connects,
                    ]
                    let clients = try #require(run.count("clients.started"))
                    #expect(run.verdicts == ["stream.complete": clients], "\(run.errors.map(\.example))")
                    #expect(counted.sorted() == [0, clients])
                }
            }
        }
    }

    @Test(
        "a proxy without a server behind it is counted by its status, and the example names it",
        arguments: Proxy.allCases,
        ["[polling]", "[websocket]"]
    )
    func nobody(_ proxy: Proxy, _ transports: String) async throws {
        // Port 1 once was tcpmux, and nobody listens there.
        try await proxy.inFront(of: (1, 1)) { front in
            let run = try await Measured.run(Self.short(front.port, transports))
            try Self.expect(run, status: proxy == .nginx ? 502 : 503, transports)
        }
    }

    @Test(
        "a server that stands still behind a proxy is the proxy's timeout",
        arguments: zip(Proxy.allCases, ["[polling]", "[websocket]"])
    )
    func standstill(_ proxy: Proxy, _ transports: String) async throws {
        try await Peer.withPythonServer("aiohttp") { server in
            try server.freeze()
            try await proxy.inFront(of: (server.port, server.port), patience: 1) { front in
                let run = try await Measured.run(Self.short(front.port, transports))
                try Self.expect(run, status: 504, transports)
            }
        }
    }

    private static func expect(_ run: Measured, status: Int, _ transports: String) throws {
        let clients = try #require(run.count("clients.started"))
        let kind = transports == "[polling]" ? "http.\(status)" : "upgrade.\(status)"
        #expect(
            run.verdicts == [
                "errors.\(kind)": clients, "connect.failed": clients, "operations.failed": clients,
                "clients.failed": clients,
            ]
        )
        let example = try #require(run.errors.first?.example)
        #expect(example.contains("\(status)"), "\(example)")
    }

    private static func short(_ port: Int, _ transports: String) -> String {
        """
        name: short
        target: { url: "http://127.0.0.1:\(port)", protocol: socket.io, transports: \(transports) }
        load: [ { for: 500ms, arrivals: 10/s } ]
        grace: 5s
        reconnect: none
        flow: [ connect ]
        """
    }

    /// - Parameter tls: `tls:` of the target, where the proxy speaks TLS.
    static func scenario(_ port: Int, _ transports: String, tls: String? = nil) -> String {
        let expected = transports.contains("websocket") ? "websocket" : "polling"
        let security = tls.map { ", tls: \($0)" } ?? ""
        let url = "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)"
        return """
            name: proxy
            target: { url: "\(url)", protocol: socket.io, transports: \(transports)\(security) }
            vars: { id: "${uuid()}" }
            load: [ { for: 500ms, arrivals: 20/s } ]
            grace: 20s
            on:
              question: { acknowledge: "${event.n}" }
            flow:
              - connect
              - emit: chat
                data: { chunks: 50, streamId: "${id}", gapMs: 5 }
              - stream: answer
                chunk: message_chunk
                done: message_done
                key: streamId
                index: chunkIndex
                text: delta
                final: text
              - emit: bin
                binary: small.bin
                ack: { within: 5s }
              - await: bin_back
              - emit: ask
                data: { n: 5 }
              - await: answered
                where: { "0": 5 }
              - emit: transport
                ack: { capture: { transport: args.0 } }
              - when: transport != "\(expected)"
                flow: [ { fail: "the transport is ${transport}" } ]
              - disconnect
            """
    }
}
