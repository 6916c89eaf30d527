import Metrics
import NIOCore
import Scenarios
import Wire

extension Connection {
    /// So many events, and bytes of them, may come before the namespace is connected.
    static let earlyLimit = 64
    static let earlyByteLimit = 64 * 1024

    /// Takes in what one read brought; the one timestamp taken here stands for all messages in it.
    func read(_ data: ByteBuffer) {
        let now = NIODeadline.now()
        isReading = true
        var buffer = data
        let isOwn = incomplete != nil
        if var incomplete = incomplete.take() {
            incomplete.writeBuffer(&buffer)
            buffer = incomplete
        }
        if case .upgrading = state { upgrade(&buffer, at: now) }
        readFrames(&buffer, at: now)
        guard buffer.readableBytes > 0 else { return }
        switch state {
        case .leaving, .closed: return
        default:
            if isOwn { buffer.discardReadBytes() }
            incomplete = isOwn ? buffer : copied(buffer)
        }
    }

    /// A part of a frame in a buffer of its own, with room for the rest: the one it came in goes back to the channel.
    private func copied(_ part: ByteBuffer) -> ByteBuffer {
        var copy = ByteBufferAllocator().buffer(capacity: part.readableBytes + max(decoder.missingBytes, 256))
        copy.writeImmutableBuffer(part)
        return copy
    }

    // MARK: Upgrade

    private func upgrade(_ buffer: inout ByteBuffer, at now: NIODeadline) {
        guard case .upgrading(var handshake) = state else { return }
        guard let outcome = handshake.receive(&buffer) else {
            state = .upgrading(handshake)
            return
        }
        switch outcome {
        case .upgraded:
            state = .open
            worker.recorder.record(
                worker.metrics.connectUpgrade,
                group: group,
                nanoseconds: max(0, (now - openedAt).nanoseconds)
            )
            client?.opened(at: now)
        case .refused(let refusal):
            let error = WireError(refusal)
            lose(error.kind, error.sentence, at: now)
        case .invalid(let reason):
            lose("protocol", reason, at: now)
        }
    }

    /// The connection closed before the socket was open: an answer whose body ends with it, or none.
    func upgradeEnded(_ handshake: WebSocketHandshake, _ client: VirtualClient) {
        var handshake = handshake
        if case .refused(let refusal) = handshake.finish() {
            let error = WireError(refusal)
            client.connectionLost(error.kind, error.sentence, at: .now())
        } else {
            client.connectionLost("reset", "the server closed the connection before it answered", at: .now())
        }
    }

    // MARK: Messages

    private func readFrames(_ buffer: inout ByteBuffer, at now: NIODeadline) {
        do throws(WebSocketError) {
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

    private func closedByServer(_ code: UInt16?, _ reason: String, at now: NIODeadline) {
        writeControl(.close, code: code)
        let text = reason.isEmpty ? "the server closed the connection" : "the server closed the connection: \(reason)"
        lose("closed.\(code ?? 1005)", text, at: now)
    }

    private func readText(_ payload: ByteBuffer, at now: NIODeadline) {
        worker.recorder.add(worker.metrics.bytesReceived, group: group, payload.readableBytes)
        payload.withUnsafeReadableBytes { bytes in
            if let trace = worker.trace { trace.received(bytes, of: name, at: now) }
            do throws(WireError) {
                switch try engine.receive(bytes) {
                case .opened:
                    expectPing(after: now)
                    client?.sendConnect(on: self)
                case .ping(let content): answerPing(UnsafeRawBufferPointer(rebasing: bytes[content]), at: now)
                case .message(let range): try readPacket(bytes, range, at: now)
                case .close: sessionClosed(at: now)
                case .none: break
                }
            } catch {
                lose(error.kind, error.sentence, at: now)
            }
        }
    }

    /// The server ended the Engine.IO session and leaves it to the client to close the socket.
    private func sessionClosed(at now: NIODeadline) {
        writeControl(.close, code: 1000)
        lose("closed.1005", "the server closed the Engine.IO session", at: now)
    }

    // MARK: Heartbeat

    private func expectPing(after now: NIODeadline) {
        pingDue = now + TimeAmount(engine.pingInterval)
        client?.set(.heartbeat, at: now + TimeAmount(engine.heartbeatDeadline))
    }

    private func answerPing(_ ping: UnsafeRawBufferPointer, at now: NIODeadline) {
        if let due = pingDue {
            let late = max(0, (now - due).nanoseconds)
            worker.recorder.record(worker.metrics.heartbeatLate, group: group, nanoseconds: late)
        }
        write { EngineIOPacketWriter.writePong(ping, to: &$0) }
        expectPing(after: now)
    }

    // MARK: Packets

    private func readPacket(
        _ bytes: UnsafeRawBufferPointer,
        _ range: Range<Int>,
        at now: NIODeadline
    ) throws(WireError) {
        guard let client else { return }
        let packet = try SocketIOPacketView(parsing: bytes, range: range)
        let action = try socket.receive(packet, in: bytes)
        switch action {
        case .connected:
            client.connected(at: now)
            try readEarly(at: now)
        case .refused(let message):
            lose("connect_error", message, at: now)
        case .event where socket.state == .connecting:
            try holdBack(UnsafeRawBufferPointer(rebasing: bytes[range]))
        case .event, .ack:
            worker.recorder.add(worker.metrics.messagesReceived, group: group)
            guard packet.attachments == 0 else {
                throw WireError(.protocolViolation, "The server sent a binary packet; this version reads text only.")
            }
            guard let view = EventView(packet, in: bytes) else { return }
            if case .ack(let id) = action {
                client.acknowledged(id, view, at: now)
            } else if let name = packet.name {
                readEvent(name, view, bytes, at: now)
            }
        case .disconnected:
            lose("server_disconnect", "the server disconnected the client", at: now)
        case .ignored:
            break
        }
    }

    private func holdBack(_ packet: UnsafeRawBufferPointer) throws(WireError) {
        earlyBytes += packet.count
        guard early.count < Self.earlyLimit, earlyBytes <= Self.earlyByteLimit else {
            throw WireError(.protocolViolation, "The server sends events but does not connect the namespace.")
        }
        early.append(ByteBuffer(bytes: packet))
    }

    private func readEarly(at now: NIODeadline) throws(WireError) {
        guard !early.isEmpty else { return }
        let packets = early
        early = []
        for packet in packets {
            try packet.withUnsafeReadableBytes { bytes throws(WireError) in
                try readPacket(bytes, 0..<bytes.count, at: now)
            }
        }
    }

    private func readEvent(
        _ name: JSONSlice,
        _ view: EventView,
        _ bytes: UnsafeRawBufferPointer,
        at now: NIODeadline
    ) {
        let event = worker.withText(of: name, in: bytes) { text in
            let event = worker.events[text]
            if event == nil { worker.recorder.received(unknown: text, group: group) }
            return event
        }
        guard let event else { return }
        worker.recorder.received(event: event, group: group)
        client?.received(event, view, at: now)
    }
}
