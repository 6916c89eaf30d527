import NIOCore
import NIOWebSocket

/// One WebSocket: what is left of the pipeline after the upgrade.
///
/// Frames come decoded, and are unmasked and put together here; what the packets mean is `SocketSession`'s and the dialect's matter.
final class Connection<D: Dialect>: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// How a connection ended; the first that happens counts.
    enum End {
        case killed, kicked, closedByClient, heartbeatMissed, neverJoined, protocolError, tooLarge
    }

    let service: Service<D>
    /// The session that the client named in its query string.
    let query: String?
    private(set) var id = SocketID(slot: -1, ordinal: 0)
    var context: ChannelHandlerContext?
    private var assembler = MessageAssembler()
    var session = SocketSession()
    /// Whether the client ever joined; who has not within a time is dropped.
    var hasJoined = false
    /// Whether messages still count; false as soon as it is known how the connection ends.
    var isOpen = false
    /// Whether something was written and not flushed.
    var isDirty = false
    var heartbeatToken: UInt32 = 0
    /// What the fault `latency` holds back, oldest first.
    var held: CircularBuffer<(message: ByteBuffer, due: NIODeadline)> = []

    init(_ service: Service<D>, query: String?) {
        self.service = service
        self.query = query
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isOpen = true
        let now = service.loop.now
        id = service.open(self, at: now)
        sendOpen()
        if service.faults.sendsPings { scheduleHeartbeat(at: now, after: service.configuration.pingInterval) }
        service.settle()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.closedByClient)
        service.release(id)
        service.settle()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard isOpen || frame.opcode == .connectionClose else { return }
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return fail(.protocolError, .protocolError)
        }
        switch frame.opcode {
        case .text, .binary, .continuation: assemble(frame)
        case .connectionClose: closed(frame)
        case .ping: write(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
        case .pong: break
        default: fail(.protocolError, .protocolError)
        }
    }

    private func assemble(_ frame: WebSocketFrame) {
        switch assembler.take(frame, limit: service.configuration.maxPayload) {
        case .message(let message): receive(message)
        case .incomplete: break
        case .binary: fail(.protocolError, .unacceptableData)
        case .outOfOrder: fail(.protocolError, .protocolError)
        case .tooLarge: fail(.tooLarge, .messageTooLarge)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        service.settle()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: fail(.tooLarge, .messageTooLarge)
        case is NIOWebSocketError: fail(.protocolError, .protocolError)
        default:
            // The socket itself failed; nothing can be said on it any more.
            cut()
        }
        service.settle()
    }
}
