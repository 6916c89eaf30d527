import Metrics
import NIOCore
import Scenarios
import Wire

/// A WebSocket: bytes from the socket to messages for a connection, and back.
///
/// The only handler of its channel that is the client's own. The protocols are values from `Wire`; this does their I/O:
/// `+Reading` and `+Writing` are the two directions.
///
/// Nothing is flushed while a client's code runs: a write to a socket that the peer has reset closes the channel within
/// that very call, and the client would hear of it in the middle of its own step. Writes wait for the end of the read,
/// or of the worker's call to the client (`Worker.flush`).
final class WebSocketTransport: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a socket that was closed politely waits for the server to close it too.
    static let closeTimeout = TimeAmount.seconds(1)

    enum State {
        case dialing
        case upgrading(WebSocketHandshake)
        case open
        /// A close frame was sent for a fault; what arrives is thrown away, up to the server's own.
        case goingAway
        /// The client has left; what still arrives is thrown away.
        case leaving
        case closed
    }

    let worker: Worker
    let group: Int
    /// Whom messages go to; nil once it has left, or was told that the socket is of no use any more.
    var connection: Connection?
    var state = State.dialing
    /// Nil while the channel is not open, and when the socket was taken away.
    var context: ChannelHandlerContext?
    var openedAt: NIODeadline

    // Of +Reading.
    var decoder: WebSocketFrameDecoder
    /// Bytes of a frame that is not complete.
    var incomplete: ByteBuffer?
    var isReading = false

    // Of +Writing.
    var needsFlush = false
    /// What the channel says, kept here: asking it costs more than a small message.
    private(set) var isWritable = true
    var blockage = SendBlockage()

    // Of +Cutting.
    /// Whom the end of going away is told to.
    var goingAway: Connection?
    /// What is to happen to a channel that is still being opened.
    var cut: DropKind?

    init(connection: Connection, at now: NIODeadline) {
        worker = connection.worker
        group = connection.group
        self.connection = connection
        openedAt = now
        let target = connection.program.group.target
        decoder = WebSocketFrameDecoder(
            limits: target.limits,
            validatesUTF8: target.messageProtocol == .webSocket
        )
    }

    // MARK: Ending

    /// Leaves as the protocol says: a close frame, upon which the server closes the socket.
    func leave() {
        connection = nil
        switch state {
        case .open:
            writeControl(.close, code: 1000)
            state = .leaving
            closeLater()
        case .dialing, .upgrading: close()
        case .goingAway, .leaving, .closed: break
        }
    }

    /// Gives the socket up without a word, apart from what was written before.
    func abandon() {
        connection = nil
        flush()
        close()
    }

    /// The socket is of no use any more: tells the connection.
    func lose(_ kind: String, _ example: @autoclosure () -> String, _ end: ConnectionEnd, at now: NIODeadline) {
        guard let connection else { return close() }
        self.connection = nil
        flush()
        close()
        connection.lost(self, kind, example(), end, at: now)
    }

    func close() {
        switch state {
        case .closed: return
        default: state = .leaving
        }
        context?.close(promise: nil)
    }

    func closeLater() {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: worker.eventLoop)
        context.eventLoop.scheduleTask(in: Self.closeTimeout) { bound.value.closeTimedOut() }
    }

    /// The server has not closed the socket in its time.
    private func closeTimedOut() {
        close()
        gone(at: .now())
        worker.flush()
    }

    // MARK: Channel

    /// No channel could be opened.
    func dialFailed(_ error: any Error) {
        guard case .dialing = state else { return }
        state = .closed
        guard let connection else { return }
        self.connection = nil
        let text = "\(worker.dialer.authority(of: group)): \(ErrorKind.text(of: error))"
        let kind = ErrorKind.of(error)
        let end = kind == "refused" ? ConnectionEnd.refused(status: nil, message: text) : .failed
        connection.lost(self, kind, text, end, at: .now())
        worker.flush()
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        worker.openConnections += 1
        worker.reachedTarget = true
        let now = NIODeadline.now()
        guard let connection else { return unwanted(at: now) }
        openedAt = now
        do {
            let handshake = try connection.handshake()
            var request = context.channel.allocator.buffer(capacity: 512)
            handshake.writeRequest(to: &request)
            state = .upgrading(handshake)
            context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        } catch {
            lose("script", "\(error)", .failed, at: now)
            worker.flush()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        worker.openConnections -= 1
        let before = state
        state = .closed
        endBlocking(at: .now())
        if goingAway != nil {
            gone(at: .now())
            worker.flush()
        }
        guard let connection else { return }
        self.connection = nil
        if case .upgrading(let handshake) = before {
            upgradeEnded(handshake, connection)
        } else {
            let text = "the server closed the connection without a close frame"
            connection.lost(self, "closed.1006", text, .closed(code: 1006, reason: ""), at: .now())
        }
        worker.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let kind = ErrorKind.of(error)
        let text = ErrorKind.text(of: error)
        let isOpen = if case .open = state { true } else { false }
        lose(kind, text, isOpen ? .closed(code: 1006, reason: text) : .failed, at: .now())
        context.close(promise: nil)
        worker.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        read(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        worker.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        guard isWritable else { return }
        endBlocking(at: .now())
        connection?.socketTakesMore()
    }
}
