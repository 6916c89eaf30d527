import Foundation
import NIOCore
import NIOPosix
package import Scenarios
import Synchronization

/// A reverse proxy for one server that shows and records what is said, and changes nothing of it.
package final class RecordingProxy: Sendable {
    package struct Configuration: Sendable {
        package var target: ServerURL
        /// The name or address to listen on, and the port; 0 takes any free one.
        package var host = "127.0.0.1"
        package var port = 8099
        /// Whether the server is told that pages are its own, whatever their `Origin`.
        package var rewritesOrigin = false
        /// The name and content of a file of certificates in PEM to trust in place of the system's.
        package var authority: (name: String, bytes: [UInt8])?
        /// Whether the server's certificate has to be valid.
        package var verify = true
        /// Bytes of a body or message that are kept for the recording.
        package var copyLimit = 1 << 20

        package init(target: ServerURL) {
            self.target = target
        }
    }

    /// Where it listens.
    package let port: Int
    /// Where it listens, as a client may be told.
    package let address: String

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let loop: NIOLoopBoundBox<ProxyLoop?>
    private let resolver: NameResolver
    private let isStopped = Atomic(false)

    /// Starts listening.
    ///
    /// - Parameter makeSink: Makes what takes everything that happens; called once, when the proxy listens, on its event
    ///   loop, where alone it is used.
    /// - Throws: `RecordingProxyError`.
    package static func start(
        _ configuration: Configuration,
        makeSink: @escaping @Sendable () throws(RecordingProxyError) -> any TrafficSink
    ) async throws(RecordingProxyError) -> RecordingProxy {
        let target = configuration.target
        let host = Destination.host(target)
        let client = target.isSecure ? try configuration.tlsClient(host: host) : nil
        let resolver = NameResolver()
        let network = NetworkPlan(
            destinations: [Destination(target, addresses: nil, tls: client)],
            resolver: resolver
        )
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            return try await start(configuration, network, group, makeSink)
        } catch {
            await resolver.stop()
            try? await group.shutdownGracefully()
            if let error = error as? RecordingProxyError { throw error }
            let place = "\(configuration.host):\(configuration.port)"
            throw RecordingProxyError("cannot listen on \(place): \(ErrorKind.text(of: error)); see --listen")
        }
    }

    private static func start(
        _ configuration: Configuration,
        _ network: NetworkPlan,
        _ group: MultiThreadedEventLoopGroup,
        _ makeSink: @escaping @Sendable () throws(RecordingProxyError) -> any TrafficSink
    ) async throws -> RecordingProxy {
        let eventLoop = group.next()
        let shown = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let rewriting = HeadRewriting(
            configuration.target,
            rewritesOrigin: configuration.rewritesOrigin,
            listening: "\(shown):\(configuration.port)"
        )
        let loop = NIOLoopBoundBox<ProxyLoop?>.makeBoxSendingValue(nil, eventLoop: eventLoop)
        let channel = try await ServerBootstrap(group: group)
            // Nobody is taken before there is something to record with.
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: Destination.highWaterMark / 2, high: Destination.highWaterMark)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let loop = loop.value { try channel.pipeline.syncOperations.addHandler(loop.accept()) }
                }
            }
            .bind(host: configuration.host, port: configuration.port).get()
        try await eventLoop.submit {
            loop.value = ProxyLoop(
                eventLoop: eventLoop,
                network: network,
                rewriting: rewriting,
                copyLimit: configuration.copyLimit,
                sink: try makeSink()
            )
        }.get()
        try await channel.setOption(.autoRead, value: true).get()
        let port = channel.localAddress?.port ?? configuration.port
        return RecordingProxy(group, channel, loop, network.resolver, port: port, address: "http://\(shown):\(port)")
    }

    private init(
        _ group: MultiThreadedEventLoopGroup,
        _ channel: any Channel,
        _ loop: NIOLoopBoundBox<ProxyLoop?>,
        _ resolver: NameResolver,
        port: Int,
        address: String
    ) {
        self.group = group
        self.channel = channel
        self.loop = loop
        self.resolver = resolver
        self.port = port
        self.address = address
    }

    /// Takes no more connections, tells those that are open, and returns when all are closed.
    package func stop(within time: Duration = .seconds(1)) async throws {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        try? await channel.close()
        let loop = loop
        let nanoseconds = Int64(time / .nanoseconds(1))
        let eventLoop = channel.eventLoop
        try await eventLoop.flatSubmit {
            loop.value?.end(within: .nanoseconds(nanoseconds)) ?? eventLoop.makeSucceededVoidFuture()
        }.get()
        try await eventLoop.submit { loop.value?.sink.finish() }.get()
        await resolver.stop()
        try await group.shutdownGracefully()
    }
}

/// Why there is no proxy, in a sentence.
package struct RecordingProxyError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package var description: String { message }

    package init(_ message: String) {
        self.message = message
    }
}
