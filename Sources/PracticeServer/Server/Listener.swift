import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// Builds the pipelines: HTTP at first, and after an upgrade the least that a WebSocket needs.
enum Listener {
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
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try configure(channel, service, maxPayload: configuration.maxPayload)
                }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
    }

    private static func configure<D: Dialect>(
        _ channel: any Channel,
        _ service: NIOLoopBound<Service<D>>,
        maxPayload: Int
    ) throws {
        let handler = NIOLoopBound(HTTPHandler(service.value), eventLoop: channel.eventLoop)
        let session = NIOLoopBoundBox<String?>(nil, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: min(max(maxPayload, 125), Int(UInt32.max)),
            automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                switch service.value.admit(head) {
                case .admitted(let named):
                    session.value = named
                    return channel.eventLoop.makeSucceededFuture([:])
                case .turnedDown(let answer):
                    handler.value.turnedDown = answer
                    return channel.eventLoop.makeSucceededFuture(nil)
                }
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(service.value, query: session.value))
                }
            }
        )
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { $0.pipeline.syncOperations.removeHandler(handler.value, promise: nil) }
            ),
            withErrorHandling: true
        )
        try channel.pipeline.syncOperations.addHandler(handler.value)
    }
}
