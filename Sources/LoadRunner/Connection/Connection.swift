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
    let namespace: SocketIONamespace
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
        namespace = SocketIONamespace(target.namespace) ?? .main
        socket = SocketIOSession(namespace: namespace)
    }

    // MARK: Leaving

    /// Leaves as the protocol says: disconnect, close, and then the server closes the socket.
    func leave() {
        guard client != nil else { return }
        defer { client = nil }
        switch state {
        case .open:
            state = .leaving
            if socket.state == .connected {
                write { SocketIOPacketWriter.writeDisconnect(namespace, to: &$0) }
            }
            writeControl(.close, code: 1000)
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
        client.connectionLost(kind, "\(worker.dialer.authority(of: client.group)): \(error)", at: .now())
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
        case .refused(let refusal):
            let error = WireError(refusal)
            client.connectionLost(error.kind, error.sentence, at: now)
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
                case .ping(let payload): writeControl(.pong, payload)
                case .pong: break
                case .close(let code, let reason): closedByServer(code, reason, at: now)
                }
            }
        } catch {
            writeControl(.close, code: error.closeCode)
            let error = WireError(error)
            lose(error.kind, error.sentence, at: now)
        }
    }

    private var group: Int { client?.group ?? 0 }

    private func closedByServer(_ code: UInt16?, _ reason: String, at now: NIODeadline) {
        writeControl(.close, code: code)
        let text = reason.isEmpty ? "the server closed the connection" : "the server closed the connection: \(reason)"
        lose("closed.\(code ?? 1005)", text, at: now)
    }

    private func readText(_ payload: ByteBuffer, at now: NIODeadline) {
        worker.recorder.add(worker.metrics.bytesReceived, group: group, payload.readableBytes)
        payload.withUnsafeReadableBytes { bytes in
            if let trace = worker.trace, let client { trace.received(bytes, of: client.name, at: now) }
            do throws(WireError) {
                switch try engine.receive(bytes) {
                case .opened: opened(at: now)
                case .ping(let content): answerPing(UnsafeRawBufferPointer(rebasing: bytes[content]), at: now)
                case .message(let range): try readPacket(bytes, range, at: now)
                case .close, .none: break
                }
            } catch {
                lose(error.kind, error.sentence, at: now)
            }
        }
    }

    private func opened(at now: NIODeadline) {
        expectPing(after: now)
        client?.sendConnect(on: self)
    }

    private func expectPing(after now: NIODeadline) {
        pingDue = now + TimeAmount(engine.pingInterval)
        client?.set(.heartbeat, at: now + TimeAmount(engine.heartbeatDeadline))
    }

    private func answerPing(_ ping: UnsafeRawBufferPointer, at now: NIODeadline) {
        if let due = pingDue, let client {
            let late = max(0, (now - due).nanoseconds)
            worker.recorder.record(worker.metrics.heartbeatLate, group: client.group, nanoseconds: late)
        }
        write { EngineIOPacketWriter.writePong(ping, to: &$0) }
        expectPing(after: now)
    }

    private func readPacket(
        _ bytes: UnsafeRawBufferPointer,
        _ range: Range<Int>,
        at now: NIODeadline
    ) throws(WireError) {
        guard let client else { return }
        let packet = try SocketIOPacketView(parsing: bytes, range: range)
        switch try socket.receive(packet, in: bytes) {
        case .connected:
            client.connected(at: now)
        case .refused(let message):
            lose("connect_error", message, at: now)
        case .event:
            worker.recorder.add(worker.metrics.messagesReceived, group: client.group)
            guard packet.attachments == 0 else {
                throw WireError(.protocolViolation, "The server sent a binary event; this version reads text only.")
            }
            guard let name = packet.name, let view = EventView(packet, in: bytes) else { return }
            readEvent(name, view, bytes, at: now)
        case .ack(let id):
            worker.recorder.add(worker.metrics.messagesReceived, group: client.group)
            guard let view = EventView(packet, in: bytes) else { return }
            client.acknowledged(id, view, at: now)
        case .disconnected:
            lose("server_disconnect", "the server disconnected the client", at: now)
        case .ignored:
            break
        }
    }

    private func readEvent(
        _ name: JSONSlice,
        _ view: EventView,
        _ bytes: UnsafeRawBufferPointer,
        at now: NIODeadline
    ) {
        guard let client else { return }
        let event = worker.withText(of: name, in: bytes) { text in
            let event = worker.events[text]
            if event == nil { worker.recorder.received(unknown: text, group: client.group) }
            return event
        }
        guard let event else { return }
        worker.recorder.received(event: event, group: client.group)
        client.received(event, view, at: now)
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
            trace.sent(worker.frame.readableBytesView.suffix(length), of: client.name, at: .now())
        }
        WebSocketFrameEncoder.finish(&worker.frame, start: start, opcode: .text, mask: worker.maskKeys.next())
        send(worker.frame, context)
    }

    /// Sends the event of an `emit` step.
    func send(_ operation: EmitOperation, acknowledgement: Int?, values: inout ClientValues, event: EventView?) {
        worker.recorder.add(worker.metrics.messagesSent, group: group)
        let keepsSent = client?.program.group.readsSent ?? false
        write { frame in
            SocketIOPacketWriter.beginEvent(namespace, id: acknowledgement, to: &frame)
            frame.writeBytes(operation.name)
            let arguments = frame.writerIndex
            for argument in operation.arguments {
                frame.writeInteger(UInt8(ascii: ","))
                argument.append(to: &frame, &values, event: event)
            }
            frame.writeInteger(UInt8(ascii: "]"))
            if keepsSent { values.sent = Self.list(in: frame, from: arguments) }
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

    /// The arguments of an event that was just rendered, as a JSON array: `,1,2]` with its comma for a bracket.
    private static func list(in frame: ByteBuffer, from start: Int) -> [UInt8] {
        guard var list = frame.getBytes(at: start, length: frame.writerIndex - start), list.count > 1 else {
            return Array("[]".utf8)
        }
        list[0] = UInt8(ascii: "[")
        return list
    }

    private func writeControl(_ opcode: WebSocketOpcode, _ payload: ByteBuffer = ByteBuffer(), code: UInt16? = nil) {
        guard let context else { return }
        worker.frame.clear()
        if opcode == .close {
            WebSocketFrameEncoder.writeClose(code: code, mask: worker.maskKeys.next(), to: &worker.frame)
        } else {
            WebSocketFrameEncoder.write(payload, opcode: opcode, mask: worker.maskKeys.next(), to: &worker.frame)
        }
        send(worker.frame, context)
    }
}

extension EventView {
    /// The JSON of an event or acknowledgement; nil for a packet that has none.
    init?(_ packet: SocketIOPacketView, in bytes: UnsafeRawBufferPointer) {
        guard let list = packet.list else { return nil }
        let first = packet.firstArgument.map {
            ($0.range.lowerBound - list.lowerBound)..<($0.range.upperBound - list.lowerBound)
        }
        self.init(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[list]),
            first: first,
            list: 0..<list.count,
            skipped: packet.skipped
        )
    }
}
