import Metrics
import NIOCore
import Scenarios
import Wire

/// Engine.IO and Socket.IO, from the server.
extension Connection {
    /// So many events, and bytes of them, may come before their namespace is connected.
    static let earlyLimit = 64
    static let earlyByteLimit = 64 * 1024
    /// The same where a session is asked back: a server sends what it held for it first.
    static let restoredLimit = 10_000
    static let restoredByteLimit = 1 << 20

    /// Takes one packet of Engine.IO, whatever transport brought it.
    func receive(packet bytes: UnsafeRawBufferPointer, at now: NIODeadline) {
        do throws(WireError) {
            switch try engine.receive(bytes) {
            case .opened(let session): try sessionOpened(session, at: now)
            case .ping(let content): answerPing(UnsafeRawBufferPointer(rebasing: bytes[content]), at: now)
            case .message(let range): try readPacket(bytes, range, at: now)
            case .close: sessionClosed(at: now)
            case .none: break
            }
        } catch {
            lose(error.kind, error.sentence, at: now)
        }
    }

    private func sessionOpened(_ session: EngineIOOpen, at now: NIODeadline) throws(WireError) {
        expectPing(after: now)
        if case .polling(let polling) = transport {
            polling.opened(session)
            becameOpen(at: now)
        }
        if let client {
            client.sessionOpened(on: self)
            writeConnects(auth: program.group.target.auth, values: &client.values)
        }
        if case .polling(let polling) = transport, program.group.target.transports == .pollingThenWebSocket,
            session.upgrades.contains("websocket")
        {
            beginUpgrade(from: polling, at: now)
        }
    }

    /// The server ended the Engine.IO session and leaves it to the client to close the socket.
    private func sessionClosed(at now: NIODeadline) {
        if case .webSocket(let socket) = transport { socket.writeControl(.close, code: 1000) }
        let end = ConnectionEnd.closed(code: 1005, reason: "")
        lose("closed.1005", "the server closed the Engine.IO session", end, at: now)
    }

    // MARK: Heartbeat

    func expectPing(after now: NIODeadline) {
        pingDue = now + TimeAmount(engine.pingInterval)
        // The watch rests while the client does not read.
        if let stalled, stalled.isStalled { return }
        client?.set(.heartbeat, at: now + TimeAmount(engine.heartbeatDeadline))
    }

    private func answerPing(_ ping: UnsafeRawBufferPointer, at now: NIODeadline) {
        if let due = pingDue {
            let late = max(0, (now - due).nanoseconds)
            worker.recorder.record(worker.metrics.heartbeatLate, group: recordingGroup, nanoseconds: late)
        }
        guard mayAnswer(at: now) else { return }
        write { EngineIOPacketWriter.writePong(ping, to: &$0) }
        expectPing(after: now)
    }

    // MARK: Packets

    /// Takes an attachment; with the last one its packet is complete.
    func receive(attachment payload: ByteBuffer, at now: NIODeadline) {
        do throws(WireError) {
            guard let packet = try assembler.append(payload) else { return }
            try packet.text.withUnsafeReadableBytes { bytes throws(WireError) in
                try readPacket(bytes, 0..<bytes.count, isComplete: true, at: now)
            }
        } catch {
            lose(error.kind, error.sentence, at: now)
        }
    }

    /// - Parameter isComplete: the attachments that the packet announces have come.
    private func readPacket(
        _ bytes: UnsafeRawBufferPointer,
        _ range: Range<Int>,
        isComplete: Bool = false,
        at now: NIODeadline
    ) throws(WireError) {
        guard let client else { return }
        let limits = program.group.target.limits
        let packet = try SocketIOPacketView(parsing: bytes, range: range, limits: limits)
        if packet.attachments > 0, !isComplete {
            let text = ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
            return try assembler.begin(text, attachments: packet.attachments)
        }
        try assembler.admitText()
        var action = try socket.receive(packet, in: bytes)
        var namespace = 0
        if case .ignored = action {
            while case .ignored = action, namespace < others.count {
                action = try others[namespace].receive(packet, in: bytes)
                namespace += 1
            }
        }
        switch action {
        case .connected:
            if isConnected { client.connected(at: now) }
            try readEarly(at: now)
        case .refused(let message):
            lose("connect_error", message, .refused(status: nil, message: message), at: now)
        case .event where state(of: namespace) == .connecting:
            try holdBack(UnsafeRawBufferPointer(rebasing: bytes[range]), isComplete)
        case .event where packet.id != nil && !mayAnswer(at: now):
            return
        case .event, .ack:
            countMessage()
            guard let view = EventView(packet, in: bytes) else { return }
            if case .ack(let id) = action {
                client.acknowledged(id, in: namespace, view, at: now)
            } else if let name = packet.name {
                let question = packet.id.map { Question(id: $0, namespace: namespace) }
                readEvent(name, in: namespace, view, bytes, question, at: now)
            }
        case .disconnected:
            let end = ConnectionEnd.closed(code: 1005, reason: "io server disconnect")
            lose("server_disconnect", "the server disconnected the client", end, at: now)
        case .ignored:
            break
        }
    }

    /// Every namespace is acknowledged.
    private var isConnected: Bool {
        socket.state == .connected && others.allSatisfy { $0.state == .connected }
    }

    private func state(of namespace: Int) -> SocketIOSession.State {
        namespace == 0 ? socket.state : others[namespace - 1].state
    }

    private func holdBack(_ packet: UnsafeRawBufferPointer, _ isComplete: Bool) throws(WireError) {
        earlyBytes += packet.count
        let (count, bytes) =
            socket.recovery == nil
            ? (Self.earlyLimit, Self.earlyByteLimit) : (Self.restoredLimit, Self.restoredByteLimit)
        guard early.count < count, earlyBytes <= bytes else {
            throw WireError(.protocolViolation, "The server sends events but does not connect the namespace.")
        }
        early.append((ByteBuffer(bytes: packet), isComplete))
    }

    /// Reads what was held back; what is for a namespace that is still not connected is held back again.
    private func readEarly(at now: NIODeadline) throws(WireError) {
        guard !early.isEmpty else { return }
        let packets = early
        early = []
        earlyBytes = 0
        for (packet, isComplete) in packets where !isCut {
            try packet.withUnsafeReadableBytes { bytes throws(WireError) in
                try readPacket(bytes, 0..<bytes.count, isComplete: isComplete, at: now)
            }
        }
    }

    private func readEvent(
        _ name: JSONSlice,
        in namespace: Int,
        _ view: EventView,
        _ bytes: UnsafeRawBufferPointer,
        _ question: Question?,
        at now: NIODeadline
    ) {
        let event = worker.withText(of: name, in: bytes, prefix: program.eventPrefixes[namespace]) { text in
            let event = worker.events[text]
            if event == nil { worker.recorder.received(unknown: text, group: group) }
            return event
        }
        guard let event else {
            client?.receivedUnknown(at: now)
            return
        }
        worker.recorder.received(event: event, group: group)
        guard !program.isReserved(event) else { return }
        client?.received(event, view, question, at: now)
    }
}
