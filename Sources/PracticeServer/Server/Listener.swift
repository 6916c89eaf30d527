import NIOCore
import NIOHTTP1
import NIOPosix

/// Builds the pipelines: HTTP at first, and after an upgrade the least that a WebSocket needs.
enum Listener {
    /// The send buffer of sockets where slow readers are watched, in bytes, which Linux doubles. The system's own grow to
    /// several megabytes, which have to be full before anything waits in the server.
    private static let sendBuffer: Int = 64 * 1024

    static func bind<D: Dialect>(
        _ service: NIOLoopBound<Service<D>>,
        on group: MultiThreadedEventLoopGroup,
        _ configuration: PracticeServer.Configuration
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 8192)
            .serverChannelOption(.maxMessagesPerRead, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: SocketWatch<D>.watermark)
            // So that the end of a client's stream can be told from a reset; nothing is said behind it.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, service) }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
    }

    private static func configure<D: Dialect>(_ channel: any Channel, _ service: NIOLoopBound<Service<D>>) throws {
        if service.value.watchesReaders {
            try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: sendBuffer)
        }
        let watch = SocketWatch(service.value)
        let handler = HTTPHandler(service.value, watch)
        let upgrader = SocketUpgrader(
            service,
            NIOLoopBound(handler, eventLoop: channel.eventLoop),
            NIOLoopBound(watch, eventLoop: channel.eventLoop),
            on: channel.eventLoop
        )
        let encoder = HTTPResponseEncoder()
        let others: [any RemovableChannelHandler] = [
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)),
            HTTPServerPipelineHandler(),
            NIOHTTPResponseHeadersValidator(),
            HTTPServerProtocolErrorHandler(),
        ]
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(watch)
        try pipeline.addHandler(encoder)
        for other in others { try pipeline.addHandler(other) }
        try pipeline.addHandler(UpgradeGate(upgrader, handler, encoder, others))
        try pipeline.addHandler(handler)
    }
}
