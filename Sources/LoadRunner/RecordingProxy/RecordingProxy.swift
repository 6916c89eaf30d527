import Foundation
import NIOCore
import NIOPosix
package import Scenarios

/// A reverse proxy for one server that shows and records what is said, and changes nothing of it.
package final class RecordingProxy: Sendable {
    package struct Configuration: Sendable {
        package var target: ServerURL
        /// The name or address to listen on, and the port; 0 takes any free one.
        package var host = "127.0.0.1"
        package var port = 8099
        /// Whether the server is told that pages are its own, whatever their `Origin`.
        package var rewritesOrigin = false
        /// Certificates to trust in place of the system's, and whether the server's is verified at all.
        package var tls: TLS?
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
    private let loop: NIOLoopBound<ProxyLoop>
    private let resolver: NameResolver

    /// Starts listening.
    ///
    /// - Parameter makeSink: Makes what takes everything that happens; called once, on the proxy's event loop, where
    ///   alone it is used.
    /// - Throws: `RecordingProxyError`.
    package static func start(
        _ configuration: Configuration,
        makeSink: @escaping @Sendable () -> any TrafficSink
    ) async throws -> RecordingProxy {
        let target = configuration.target
        let host = Destination.host(target)
        var client: TLSClient?
        if target.isSecure {
            do throws(RunError) {
                let context = try TLSContexts().context(for: configuration.tls)
                client = TLSClient(context: context, host: host, serverName: configuration.tls?.serverName)
            } catch {
                throw RecordingProxyError(error.message)
            }
        }
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
            let place = "\(configuration.host):\(configuration.port)"
            throw RecordingProxyError("cannot listen on \(place): \(ErrorKind.text(of: error)); see --listen")
        }
    }

    private static func start(
        _ configuration: Configuration,
        _ network: NetworkPlan,
        _ group: MultiThreadedEventLoopGroup,
        _ makeSink: @escaping @Sendable () -> any TrafficSink
    ) async throws -> RecordingProxy {
        let eventLoop = group.next()
        let shown = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let rewriting = HeadRewriting(
            configuration.target,
            rewritesOrigin: configuration.rewritesOrigin,
            listening: "\(shown):\(configuration.port)"
        )
        let loop = try await eventLoop.submit {
            let loop = ProxyLoop(
                eventLoop: eventLoop,
                network: network,
                rewriting: rewriting,
                copyLimit: configuration.copyLimit,
                sink: makeSink()
            )
            return NIOLoopBound(loop, eventLoop: eventLoop)
        }.get()
        let channel = try await ServerBootstrap(group: group)
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
                    try channel.pipeline.syncOperations.addHandler(loop.value.accept())
                }
            }
            .bind(host: configuration.host, port: configuration.port).get()
        let port = channel.localAddress?.port ?? configuration.port
        return RecordingProxy(group, channel, loop, network.resolver, port: port, address: "http://\(shown):\(port)")
    }

    private init(
        _ group: MultiThreadedEventLoopGroup,
        _ channel: any Channel,
        _ loop: NIOLoopBound<ProxyLoop>,
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
        try? await channel.close()
        let loop = loop
        let nanoseconds = Int64(time / .nanoseconds(1))
        try await channel.eventLoop.flatSubmit { loop.value.end(within: .nanoseconds(nanoseconds)) }.get()
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
