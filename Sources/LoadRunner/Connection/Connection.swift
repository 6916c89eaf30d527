import Metrics
import NIOCore
import Scenarios
import Wire

/// One client's connection: bytes from the socket to messages for the client, and back.
///
/// The only handler of its channel. The protocols are values from `Wire`; this does their I/O. One timestamp is taken
/// per read, and stands for all messages in it.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a connection that was closed politely waits for the server to close it too.
    static let closeTimeout = TimeAmount.seconds(1)

    private enum State {
        case dialing
        case upgrading(WebSocketHandshake)
        case open
        /// The client has left; what still arrives is thrown away.
        case leaving
        case closed
    }

    let worker: Worker
    let target: Target
    /// Nil once the client has left.
    private(set) var client: VirtualClient?
    private var context: ChannelHandlerContext?
    private var state = State.dialing
    private var decoder: WebSocketFrameDecoder
    private var engine = EngineIOSession()
    private var socket: SocketIOSession
    /// Bytes of a frame that is not complete.
    private var incomplete: ByteBuffer?
    private var needsFlush = false
    private var isReading = false
    private var dialedAt: NIODeadline
    private var openedAt: NIODeadline
    /// When the server's next ping is due.
    private var pingDue: NIODeadline?

    init(client: VirtualClient, at now: NIODeadline) {
        worker = client.worker
        target = client.program.group.target
        self.client = client
        dialedAt = now
        openedAt = now
        decoder = WebSocketFrameDecoder(validatesUTF8: target.messageProtocol == .webSocket)
        socket = SocketIOSession(namespace: target.namespace)
    }

    /// Where the client's connect step stands, for an error that ends it.
    var isEstablished: Bool { socket.isConnected }

    // MARK: Leaving

    /// Leaves as the protocol says: disconnect, close, and then the server closes the socket.
    func leave() {
        guard client != nil else { return }
        client = nil
        switch state {
        case .open:
            if socket.isConnected {
                write { SocketIOPacketWriter.writeDisconnect(namespace: self.target.namespace, to: &$0) }
            }
            writeClose()
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

    private func close() {
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

    /// The connection is of no use any more: tells the client, which then fails.
    private func lose(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        guard let client else { return close() }
        self.client = nil
        close()
        client.connectionLost(kind, example(), at: now)
    }

    // MARK: Channel

    func dialFailed(_ error: any Error) {
        guard case .dialing = state else { return }
        state = .closed
        guard let client else { return }
        self.client = nil
        let kind = ErrorKind.of(error)
        client.connectionLost(kind, "\(worker.dialer.description(of: client.group)): \(error)", at: .now())
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        worker.openConnections += 1
        let now = NIODeadline.now()
        guard let client else { return close() }
        openedAt = now
        worker.recorder.record(
            worker.metrics.connectTCP,
            group: client.group,
            nanoseconds: (now - dialedAt).nanoseconds
        )
        do {
            let handshake = try client.handshake(on: worker.dialer)
            var request = context.channel.allocator.buffer(capacity: 512)
            handshake.writeRequest(to: &request)
            state = .upgrading(handshake)
            context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        } catch {
            lose("script", "\(error)", at: now)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = NIODeadline.now()
        isReading = true
        var buffer = unwrapInboundIn(data)
        if var incomplete {
            self.incomplete = nil
            incomplete.writeBuffer(&buffer)
            buffer = incomplete
        }
        if case .upgrading = state { upgrade(&buffer, at: now) }
        readFrames(&buffer, at: now)
        // Only a part of a frame is kept, and not the buffer that it came in, which goes back to the channel.
        if buffer.readableBytes > 0, !isFinished { incomplete = Self.copied(buffer) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if needsFlush {
            needsFlush = false
            context.flush()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        worker.openConnections -= 1
        let before = state
        state = .closed
        guard let client else { return }
        self.client = nil
        if case .upgrading(var handshake) = before {
            report(handshake.finish(), to: client)
        } else {
            client.connectionLost("closed.1006", "the server closed the connection without a close frame", at: .now())
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lose(ErrorKind.of(error), "\(error)", at: .now())
        context.close(promise: nil)
    }

    private var isFinished: Bool {
        switch state {
        case .leaving, .closed: true
        default: false
        }
    }

    private static func copied(_ buffer: ByteBuffer) -> ByteBuffer {
        var copy = ByteBufferAllocator().buffer(capacity: buffer.readableBytes * 2)
        copy.writeImmutableBuffer(buffer)
        return copy
    }

    // MARK: Protocol

    private func upgrade(_ buffer: inout ByteBuffer, at now: NIODeadline) {
        guard case .upgrading(var handshake) = state else { return }
        let outcome = handshake.receive(&buffer)
        guard let outcome else {
            state = .upgrading(handshake)
            return
        }
        guard case .upgraded = outcome else {
            guard let client else { return close() }
            self.client = nil
            close()
            report(outcome, to: client)
            return
        }
        state = .open
        guard let client else { return close() }
        worker.recorder.record(
            worker.metrics.connectUpgrade,
            group: client.group,
            nanoseconds: (now - openedAt).nanoseconds
        )
        client.opened(at: now)
    }

    private func report(_ outcome: WebSocketHandshake.Outcome, to client: VirtualClient) {
        let now = NIODeadline.now()
        switch outcome {
        case .upgraded: break
        case .refused(let status, let body):
            client.connectionLost("upgrade.\(status)", "HTTP \(status): \(body)", at: now)
        case .invalid(let reason):
            client.connectionLost("protocol", reason, at: now)
        }
    }

    private func readFrames(_ buffer: inout ByteBuffer, at now: NIODeadline) {
        do {
            while case .open = state, let message = try decoder.next(&buffer) {
                switch message {
                case .text(let payload): readText(payload, at: now)
                case .binary(let payload):
                    worker.recorder.add(worker.metrics.bytesReceived, group: group, payload.readableBytes)
                    lose("protocol", "a binary message, which nothing announced", at: now)
                case .ping(let payload): writePong(payload)
                case .pong: break
                case .close(let code, let reason): closedByServer(code, reason, at: now)
                }
            }
        } catch {
            lose(error.kind, error.description, at: now)
        }
    }

    private var group: Int { client?.group ?? 0 }

    private func closedByServer(_ code: UInt16?, _ reason: String, at now: NIODeadline) {
        writeClose()
        let text = reason.isEmpty ? "the server closed the connection" : "the server closed the connection: \(reason)"
        lose("closed.\(code ?? 1005)", text, at: now)
    }

    private func readText(_ payload: ByteBuffer, at now: NIODeadline) {
        worker.recorder.add(worker.metrics.bytesReceived, group: group, payload.readableBytes)
        payload.withUnsafeReadableBytes { bytes in
            do {
                if let trace = worker.trace, let client { trace.received(bytes, of: client.name, at: now) }
                switch try engine.receive(bytes) {
                case .opened(let open): opened(open, at: now)
                case .ping: answerPing(bytes, at: now)
                case .message(let range):
                    try readPacket(UnsafeRawBufferPointer(rebasing: bytes[range]), at: now)
                case .close, .none: break
                }
            } catch let error as WireError {
                lose(error.kind, error.description, at: now)
            } catch {
                lose("protocol", "\(error)", at: now)
            }
        }
    }

    private func opened(_ open: EngineIOOpen, at now: NIODeadline) {
        pingDue = now + .milliseconds(Int64(open.pingInterval))
        expectPing(open)
        client?.sendConnect(on: self)
    }

    private func expectPing(_ open: EngineIOOpen) {
        guard let pingDue else { return }
        client?.set(.heartbeat, at: pingDue + .milliseconds(Int64(open.pingTimeout)))
    }

    private func answerPing(_ ping: UnsafeRawBufferPointer, at now: NIODeadline) {
        if let due = pingDue, let client {
            let late = max(0, (now - due).nanoseconds)
            worker.recorder.record(worker.metrics.heartbeatLate, group: client.group, nanoseconds: late)
        }
        write { frame in
            frame.writeInteger(UInt8(ascii: "3"))
            frame.writeBytes(ping.dropFirst())
        }
        guard let open = engine.open else { return }
        pingDue = now + .milliseconds(Int64(open.pingInterval))
        expectPing(open)
    }

    private func readPacket(_ bytes: UnsafeRawBufferPointer, at now: NIODeadline) throws {
        guard let client else { return }
        let packet = try SocketIOPacketView(parsing: bytes)
        switch try socket.receive(packet, in: bytes) {
        case .connected:
            client.connected(at: now)
        case .refused(let message):
            lose("connect_error", message, at: now)
        case .event(let event):
            worker.recorder.add(worker.metrics.messagesReceived, group: client.group)
            let view = EventView(bytes: bytes, first: event.first, list: event.list, skipped: 1)
            let content = UnsafeRawBufferPointer(rebasing: bytes[event.name.range.dropFirst().dropLast()])
            if let id = worker.events[content] {
                worker.recorder.received(id, group: client.group)
                client.received(id, view, at: now)
            } else {
                let name = JSONScanner.string(of: event.name, in: bytes) ?? ""
                worker.recorder.received(unknown: name, group: client.group)
            }
        case .acknowledgement(let id, let list, let first):
            worker.recorder.add(worker.metrics.messagesReceived, group: client.group)
            client.acknowledged(id, EventView(bytes: bytes, first: first, list: list, skipped: 0), at: now)
        case .disconnected:
            lose("server_disconnect", "the server disconnected the client", at: now)
        case .ignored:
            break
        }
    }

    // MARK: Writing

    /// Sends one text message, rendered by the closure into a frame of the worker's.
    func write(_ render: (inout ByteBuffer) -> Void) {
        guard let context else { return }
        worker.frame.clear()
        let start = WebSocketFrameEncoder.begin(&worker.frame)
        let payload = worker.frame.writerIndex
        render(&worker.frame)
        let length = worker.frame.writerIndex - payload
        worker.recorder.add(worker.metrics.bytesSent, group: group, length)
        if let trace = worker.trace, let client {
            trace.sent(worker.frame.viewBytes(at: payload, length: length) ?? .init(), of: client.name, at: .now())
        }
        WebSocketFrameEncoder.finish(&worker.frame, start: start, opcode: .text, mask: worker.maskKeys.next())
        send(worker.frame, context)
    }

    /// Sends the event of an `emit` step.
    func send(_ operation: EmitOperation, acknowledgement: Int?, values: inout ClientValues, event: EventView?) {
        worker.recorder.add(worker.metrics.messagesSent, group: group)
        let keepsSent = client?.program.group.readsSent ?? false
        write { frame in
            SocketIOPacketWriter.writeEventHeader(namespace: target.namespace, id: acknowledgement, to: &frame)
            frame.writeBytes(operation.head)
            var first: Range<Int>?
            for argument in operation.arguments {
                frame.writeInteger(UInt8(ascii: ","))
                let begin = frame.writerIndex
                argument.append(to: &frame, &values, event: event)
                if first == nil { first = begin..<frame.writerIndex }
            }
            if keepsSent, let first {
                values.sent = frame.getBytes(at: first.lowerBound, length: first.count) ?? []
            }
            frame.writeInteger(UInt8(ascii: "]"))
        }
    }

    private func send(_ frame: ByteBuffer, _ context: ChannelHandlerContext) {
        if isReading {
            needsFlush = true
            context.write(wrapOutboundOut(frame), promise: nil)
        } else {
            context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        }
    }

    private func writePong(_ payload: ByteBuffer) {
        guard let context else { return }
        worker.frame.clear()
        let start = WebSocketFrameEncoder.begin(&worker.frame)
        worker.frame.writeImmutableBuffer(payload)
        WebSocketFrameEncoder.finish(&worker.frame, start: start, opcode: .pong, mask: worker.maskKeys.next())
        send(worker.frame, context)
    }

    private func writeClose() {
        guard let context else { return }
        worker.frame.clear()
        let start = WebSocketFrameEncoder.begin(&worker.frame)
        worker.frame.writeInteger(UInt16(1000))
        WebSocketFrameEncoder.finish(&worker.frame, start: start, opcode: .close, mask: worker.maskKeys.next())
        send(worker.frame, context)
    }
}
