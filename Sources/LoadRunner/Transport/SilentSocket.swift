import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cuts a socket off from the handlers of its channel: as to the peer, it is open and silent.
///
/// Stands first in the pipeline, below TLS. What arrives is read and thrown away, so that the kernel goes on
/// acknowledging it; what handlers write goes nowhere, a TLS alert or the answer to a ping included. Of all events only
/// the end of the channel goes on, so that the handlers let go of it. What the channel had been handed to send before,
/// and the kernel had not taken, still goes out.
final class SilentSocket: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private unowned let sockets: SilentSockets
    private var context: ChannelHandlerContext?

    private init(_ sockets: SilentSockets) {
        self.sockets = sockets
    }

    /// Cuts the channel off.
    ///
    /// - Returns: Nil where the channel is closed already.
    @discardableResult
    static func cutOff(_ channel: any Channel, of worker: Worker) -> SilentSocket? {
        let socket = SilentSocket(worker.silentSockets)
        guard (try? channel.pipeline.syncOperations.addHandler(socket, position: .first)) != nil else { return nil }
        return socket
    }

    /// Closes the socket, without a word of what is above TCP.
    func close() {
        context?.close(promise: nil)
    }

    /// Closes the socket with a TCP reset (socket(7), SO_LINGER with a time of zero).
    func reset() {
        _ = (context?.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        close()
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        sockets.insert(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        sockets.remove(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        sockets.remove(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {}

    func channelWritabilityChanged(context: ChannelHandlerContext) {}

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.outputClosed)
    }

    func flush(context: ChannelHandlerContext) {}

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.outputClosed)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.outputClosed)
    }
}
