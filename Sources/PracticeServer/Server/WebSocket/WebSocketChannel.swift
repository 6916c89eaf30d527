import NIOCore
import NIOWebSocket

/// One WebSocket: what is left of the pipeline after the upgrade.
///
/// Frames come decoded, and are unmasked and put together here; what the messages mean is the owner's matter.
final class WebSocketChannel<D: Dialect>: ChannelInboundHandler, Closing {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Who takes what comes.
    enum Owner {
        case none
        /// Carried by this WebSocket.
        case session(EngineSession<D>)
        /// Still polls, and may move to this WebSocket.
        case candidate(EngineSession<D>)
        case plain(PlainSocket<D>)
    }

    let service: Service<D>
    private let route: SocketRoute
    let watch: SocketWatch<D>
    var owner = Owner.none
    private(set) var context: ChannelHandlerContext?
    private var assembler = MessageAssembler()
    /// Whether a close frame was sent; nothing but the other side's counts any more.
    private(set) var isClosing = false
    /// Whether something was written and not flushed.
    private var isDirty = false

    init(_ service: Service<D>, _ route: SocketRoute, _ watch: SocketWatch<D>) {
        self.watch = watch
        self.service = service
        self.route = route
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let now = service.loop.now
        switch route {
        case .session(let kind, let opening): EngineSession.open(service, kind, opening, on: self, at: now)
        case .upgrade(let id):
            if let session = service.session(id) { session.beginUpgrade(to: self, at: now) } else { close() }
        case .plain(let request, let visitor): PlainSocket.open(service, request, visitor, on: self, at: now)
        case .echo: close()
        }
        service.settle()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose(.closedByClient(watch.departure))
        self.context = nil
        service.settle()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard !isClosing || frame.opcode == .connectionClose else { return }
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return fail(.protocolError, .protocolError)
        }
        switch frame.opcode {
        case .text, .binary, .continuation: assemble(frame)
        case .connectionClose: closed(frame)
        case .ping:
            guard service.faults.answersPings else { return }
            write(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
        case .pong: break
        default: fail(.protocolError, .protocolError)
        }
    }

    private func assemble(_ frame: WebSocketFrame) {
        switch assembler.take(frame, limit: service.configuration.maxPayload) {
        case .message(let message): receive(message)
        case .incomplete: break
        case .outOfOrder: fail(.protocolError, .protocolError)
        case .tooLarge: fail(.tooLarge, .messageTooLarge)
        }
    }

    private func receive(_ message: SocketMessage) {
        switch owner {
        case .none: break
        case .session(let session): session.receive(message)
        case .candidate(let session): session.receive(message, fromCandidate: self)
        case .plain(let socket): socket.receive(message)
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

// What goes out.
extension WebSocketChannel {
    func send(_ message: ByteBuffer) {
        write(WebSocketFrame(fin: true, opcode: .text, data: message))
    }

    func sendBinary(_ message: ByteBuffer) {
        write(WebSocketFrame(fin: true, opcode: .binary, data: message))
    }

    private func write(_ frame: WebSocketFrame) {
        guard let context else { return }
        context.write(wrapOutboundOut(frame), promise: nil)
        guard !isDirty else { return }
        isDirty = true
        service.unflushed.append(self)
    }
}

extension WebSocketChannel: Flushable {
    func flush() {
        isDirty = false
        context?.flush()
    }
}

// How it ends.
extension WebSocketChannel {
    /// Sends a close frame and waits a moment for the client's.
    ///
    /// - Parameter code: The official server ends an Engine.IO session without one.
    func close(_ code: WebSocketErrorCode? = nil, reason: String = "") {
        guard !isClosing else { return }
        isClosing = true
        owner = .none
        sendClose(code, reason)
        service.timers.push(.closing(self), at: service.loop.now + .seconds(2))
    }

    /// Ends the connection for a fault of the client's.
    private func fail(_ end: ConnectionEnd, _ code: WebSocketErrorCode) {
        lose(end)
        close(code)
    }

    /// Takes the client's close frame: the answer to ours, or the beginning of the end.
    private func closed(_ frame: WebSocketFrame) {
        if !isClosing {
            var content = frame.unmaskedData
            let code = content.readWebSocketErrorCode()
            lose(.closedByClient(.closeFrame))
            isClosing = true
            sendClose(code, "")
            flush()
        }
        cut()
    }

    /// Tells the owner that nothing more comes.
    private func lose(_ end: ConnectionEnd) {
        let owner = owner
        self.owner = .none
        switch owner {
        case .none: break
        case .session(let session): session.lostWebSocket(end)
        case .candidate(let session): session.lostCandidate(self)
        case .plain(let socket): socket.lost(end)
        }
    }

    /// Closes the channel without another word.
    func cut() {
        context?.close(promise: nil)
    }

    /// Resets the TCP connection: no close frame, no FIN, and what was not sent is lost.
    func reset() {
        owner = .none
        isClosing = true
        context?.channel.reset()
    }

    private func sendClose(_ code: WebSocketErrorCode?, _ reason: String) {
        var content = ByteBufferAllocator().buffer(capacity: 2)
        if let code {
            content.write(webSocketErrorCode: code)
            content.writeString(reason)
        }
        write(WebSocketFrame(fin: true, opcode: .connectionClose, data: content))
    }
}
