import NIOCore
import NIOPosix
import NIOSSL
import Scenarios
import Synchronization
import Testing

@testable import LoadRunner

/// A proxy between a server that a test plays by hand and its clients.
struct ProxyBench: Sendable {
    let proxy: RecordingProxy
    let traffic: TrafficLog
    private let group: MultiThreadedEventLoopGroup
    private let accepted: AsyncStream<SocketEnd>

    /// Starts a proxy, for the time of a closure.
    ///
    /// - Parameters:
    ///   - tls: What the server speaks TLS with; nil: it does not.
    ///   - onBytes: What each of the server's connections does whenever something has come.
    ///   - configure: Changes the proxy's configuration.
    ///   - sink: What takes what happens in place of `traffic`.
    static func run(
        tls: NIOSSLContext? = nil,
        onBytes: @escaping @Sendable (SocketEnd) -> Void = { _ in },
        configure: (inout RecordingProxy.Configuration) throws -> Void = { _ in },
        sink: (@Sendable () throws(RecordingProxyError) -> any TrafficSink)? = nil,
        _ body: @Sendable (ProxyBench) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (accepted, continuation) = AsyncStream.makeStream(of: SocketEnd.self)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let end = SocketEnd(onBytes: onBytes)
                    try channel.pipeline.syncOperations.addHandler(end)
                    continuation.yield(end)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let url = ServerURL(isSecure: tls != nil, host: "localhost", port: try #require(server.localAddress?.port))
        var configuration = RecordingProxy.Configuration(target: url)
        configuration.port = 0
        try configure(&configuration)
        let traffic = TrafficLog()
        let proxy = try await RecordingProxy.start(configuration, makeSink: sink ?? { traffic.sink() })
        do {
            try await body(ProxyBench(proxy: proxy, traffic: traffic, group: group, accepted: accepted))
            try await proxy.stop(within: .milliseconds(20))
            try await group.shutdownGracefully()
        } catch {
            try? await proxy.stop(within: .zero)
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// A client's connection to the proxy.
    func connect() async throws -> SocketEnd {
        let end = SocketEnd()
        _ = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(end) }
            }
            .connect(host: "127.0.0.1", port: proxy.port).get()
        return end
    }

    /// The server's end of the next connection that it takes.
    func nextPeer() async throws -> SocketEnd {
        for await end in accepted { return end }
        throw CancellationError()
    }

    /// A client and the server's end of its connection, with a WebSocket open between them.
    func openSocket() async throws -> (client: SocketEnd, server: SocketEnd) {
        let client = try await connect()
        client.send("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        let server = try await nextPeer()
        await server.until(text: "\r\n\r\n")
        server.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        await client.until(text: "\r\n\r\n")
        return (client, server)
    }
}

/// All that a proxy said of what happened.
final class TrafficLog: Sendable {
    struct Entry: Sendable {
        var event: TrafficEvent
        var connection: Int
    }

    private let entries = Mutex<[Entry]>([])

    /// What the proxy writes to.
    func sink() -> any TrafficSink { Sink(self) }

    var all: [Entry] { entries.withLock { $0 } }

    /// In short words.
    var lines: [String] { all.map(\.event.short) }

    private final class Sink: TrafficSink {
        private let log: TrafficLog

        init(_ log: TrafficLog) { self.log = log }

        func note(_ event: TrafficEvent, on connection: Int, at time: NIODeadline) {
            log.entries.withLock { $0.append(Entry(event: event, connection: connection)) }
        }

        func finish() {}
    }
}

extension TrafficEvent {
    /// The event in few words.
    var short: String {
        switch self {
        case .requested(let request): "requested \(request.line)"
        case .answered(let request, let answer):
            "answered \(request.line) [\(String(buffer: request.body.bytes))] \(answer.status) "
                + "[\(String(buffer: answer.body.bytes))]\(answer.isWhole ? "" : " cut")"
        case .opened(let request, _): "opened \(request.path)"
        case .message(let direction, let copy, let isText):
            "\(direction) \(isText ? "text" : "binary") \(String(buffer: copy.bytes))\(copy.isTruncated ? "…" : "")"
        case .ping(let direction, let payload): "\(direction) ping \(String(buffer: payload))"
        case .pong(let direction, let payload): "\(direction) pong \(String(buffer: payload))"
        case .closed(let direction, let code, let reason):
            "\(direction) closed \(code.map(String.init) ?? "-") \(reason)"
        case .failed(let sentence): "failed \(sentence)"
        }
    }
}
