import Metrics
import NIOCore
import Scenarios
import Wire

/// One client's connection: bytes from the socket to messages for the client, and back.
///
/// The only handler of its channel. The protocols are values from `Wire`; this does their I/O: `+Reading` and
/// `+Writing` are the two directions.
///
/// Nothing is flushed while a client's code runs: a write to a socket that the peer has reset closes the channel within
/// that very call, and the client would hear of it in the middle of its own step. Writes wait for the end of the read,
/// or of the worker's call to the client (`Worker.flush`).
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a connection that was closed politely waits for the server to close it too.
    static let closeTimeout = TimeAmount.seconds(1)

    enum State {
        case dialing
        case upgrading(WebSocketHandshake)
        case open
        /// The client has left; what still arrives is thrown away.
        case leaving
        case closed
    }

    let worker: Worker
    let target: Target
    let namespace: SocketIONamespace
    let group: Int
    /// The client's name in a trace.
    let name: String
    /// Nil once the client has left, or was told that the connection is lost.
    private(set) var client: VirtualClient?
    var state = State.dialing
    var context: ChannelHandlerContext?

    // Of +Reading.
    var decoder: WebSocketFrameDecoder
    var engine = EngineIOSession()
    var socket: SocketIOSession
    var openedAt: NIODeadline
    /// Bytes of a frame that is not complete.
    var incomplete: ByteBuffer?
    /// Packets of events that came before the namespace was connected; they are held back until it is.
    var early: [ByteBuffer] = []
    var earlyBytes = 0
    /// When the server's next ping is due.
    var pingDue: NIODeadline?
    var isReading = false

    // Of +Writing.
    var needsFlush = false
    /// Bytes written since the socket took no more.
    var blockedBytes = 0

    init(client: VirtualClient, at now: NIODeadline) {
        worker = client.worker
        target = client.program.group.target
        group = client.group
        name = worker.trace == nil ? "" : client.name
        self.client = client
        openedAt = now
        decoder = WebSocketFrameDecoder(validatesUTF8: target.messageProtocol == .webSocket)
        namespace = SocketIONamespace(target.namespace) ?? .main
        socket = SocketIOSession(namespace: namespace)
    }

    // MARK: Ending

    /// Leaves as the protocol says: disconnect, close, and then the server closes the socket.
    func leave() {
        guard client != nil else { return }
        client = nil
        switch state {
        case .open:
            if socket.state == .connected {
                write { SocketIOPacketWriter.writeDisconnect(namespace, to: &$0) }
            }
            writeControl(.close, code: 1000)
            state = .leaving
            closeLater()
        case .dialing, .upgrading:
            close()
        case .leaving, .closed:
            break
        }
    }

    /// Gives the connection up without a word.
    func abandon() {
        client = nil
        close()
    }

    /// The connection is of no use any more: tells the client, which then fails.
    func lose(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        guard let client else { return close() }
        self.client = nil
        flush()
        close()
        client.connectionLost(kind, example(), at: now)
    }

    func close() {
        switch state {
        case .closed: return
        default: state = .leaving
        }
        context?.close(promise: nil)
    }

    private func closeLater() {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: worker.eventLoop)
        context.eventLoop.scheduleTask(in: Self.closeTimeout) { bound.value.close() }
    }

    // MARK: Channel

    /// No channel could be opened.
    func dialFailed(_ error: any Error) {
        guard case .dialing = state else { return }
        state = .closed
        guard let client else { return }
        self.client = nil
        let kind = ErrorKind.of(error)
        client.connectionLost(kind, "\(worker.dialer.authority(of: group)): \(ErrorKind.text(of: error))", at: .now())
        worker.flush()
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        worker.openConnections += 1
        worker.reachedTarget = true
        let now = NIODeadline.now()
        guard let client else { return close() }
        openedAt = now
        do {
            let handshake = try client.handshake(on: worker.dialer)
            var request = context.channel.allocator.buffer(capacity: 512)
            handshake.writeRequest(to: &request)
            state = .upgrading(handshake)
            context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        } catch {
            lose("script", "\(error)", at: now)
            worker.flush()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        worker.openConnections -= 1
        let before = state
        state = .closed
        guard let client else { return }
        self.client = nil
        if case .upgrading(let handshake) = before {
            upgradeEnded(handshake, client)
        } else {
            client.connectionLost("closed.1006", "the server closed the connection without a close frame", at: .now())
        }
        worker.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lose(ErrorKind.of(error), ErrorKind.text(of: error), at: .now())
        context.close(promise: nil)
        worker.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        read(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { blockedBytes = 0 }
    }
}
