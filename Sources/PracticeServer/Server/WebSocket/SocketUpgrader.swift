import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Upgrades one connection, for whatever its path stands for.
///
/// SwiftNIO's own upgrader checks the request and answers it. It also adds its codec, which an echo does without.
final class SocketUpgrader<D: Dialect>: HTTPServerProtocolUpgrader, Sendable {
    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []

    private let service: NIOLoopBound<Service<D>>
    private let route: NIOLoopBoundBox<SocketRoute?>
    private let watch: NIOLoopBound<SocketWatch<D>>
    private let upgrader: NIOWebSocketServerUpgrader

    init(
        _ service: NIOLoopBound<Service<D>>,
        _ handler: NIOLoopBound<HTTPHandler<D>>,
        _ watch: NIOLoopBound<SocketWatch<D>>,
        on loop: any EventLoop
    ) {
        self.service = service
        self.watch = watch
        let route = NIOLoopBoundBox<SocketRoute?>(nil, eventLoop: loop)
        self.route = route
        upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: min(max(service.value.configuration.maxPayload, 125), Int(UInt32.max)),
            automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                switch service.value.admit(head, from: channel.remoteAddress?.ipAddress ?? "") {
                case .admitted(let admitted, let subprotocol):
                    route.value = admitted
                    let headers = subprotocol.map { [("Sec-WebSocket-Protocol", $0)] } ?? []
                    return channel.eventLoop.makeSucceededFuture(HTTPHeaders(headers))
                case .turnedDown(let answer):
                    handler.value.turnedDown = answer
                    return channel.eventLoop.makeSucceededFuture(nil)
                }
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard let admitted = route.value else { return }
                    try channel.pipeline.syncOperations.addHandler(
                        WebSocketChannel(service.value, admitted, watch.value)
                    )
                }
            }
        )
    }

    func buildUpgradeResponse(
        channel: any Channel,
        upgradeRequest: HTTPRequestHead,
        initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        upgrader.buildUpgradeResponse(
            channel: channel,
            upgradeRequest: upgradeRequest,
            initialResponseHeaders: initialResponseHeaders
        )
    }

    func upgrade(context: ChannelHandlerContext, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<Void> {
        guard case .echo(let visitor) = route.value else {
            return upgrader.upgrade(context: context, upgradeRequest: upgradeRequest)
        }
        return context.eventLoop.makeCompletedFuture {
            try context.channel.pipeline.syncOperations.addHandler(
                EchoSocket(service.value, visitor, watch.value)
            )
        }
    }
}
