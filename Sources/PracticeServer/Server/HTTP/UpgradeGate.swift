import NIOCore
import NIOHTTP1

/// Lets any request of a connection be an upgrade.
///
/// SwiftNIO's upgrade handler looks at the first request of a connection and leaves. A proxy in between may send
/// others before the upgrade on the same connection, so this one brings a new handler whenever it is needed.
final class UpgradeGate<D: Dialect>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let upgrader: SocketUpgrader<D>
    private let handler: HTTPHandler<D>
    private let encoder: HTTPResponseEncoder
    /// What goes with the encoder when the connection is upgraded, but for the gate itself.
    private let others: [any RemovableChannelHandler]

    init(
        _ upgrader: SocketUpgrader<D>,
        _ handler: HTTPHandler<D>,
        _ encoder: HTTPResponseEncoder,
        _ others: [any RemovableChannelHandler]
    ) {
        self.upgrader = upgrader
        self.handler = handler
        self.encoder = encoder
        self.others = others
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), head.headers.contains(name: "Upgrade") {
            let handler = NIOLoopBound(handler, eventLoop: context.eventLoop)
            let upgrade = HTTPServerUpgradeHandler(
                upgraders: [upgrader],
                httpEncoder: encoder,
                extraHTTPHandlers: others + [self],
                upgradeCompletionHandler: {
                    $0.pipeline.syncOperations.removeHandler(handler.value, promise: nil)
                }
            )
            do {
                try context.pipeline.syncOperations.addHandler(upgrade, position: .after(self))
            } catch {
                context.close(promise: nil)
            }
        }
        context.fireChannelRead(data)
    }
}
