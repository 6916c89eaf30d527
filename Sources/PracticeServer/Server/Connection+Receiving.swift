import NIOCore
import Wire

// What comes in.
extension Connection {
    /// Takes one whole message; of Engine.IO's packets only those that carry a message can be held back.
    func receive(_ message: ByteBuffer) {
        let isMessage = message.getInteger(at: message.readerIndex) == EngineIOPacketType.message.rawValue
        guard isMessage, let delay = service.drawLatency() else {
            return handle(message, at: service.loop.now)
        }
        let due = max(service.loop.now + delay, held.last?.due ?? .distantPast)
        held.append((message, due))
        service.timers.push(.held(id), at: due)
    }

    /// Handles what was held back until now.
    func handleHeld(at now: NIODeadline) {
        while let first = held.first, first.due <= now {
            held.removeFirst()
            handle(first.message, at: now)
        }
    }

    private func handle(_ message: ByteBuffer, at now: NIODeadline) {
        guard isOpen else { return }
        let wasPongDue = session.isPongDue
        switch message.withUnsafeReadableBytes({ session.receive($0) }) {
        case .none: break
        case .pong:
            service.counts.messages.pongsReceived += 1
            if wasPongDue { scheduleHeartbeat(at: now, after: service.configuration.pingInterval) }
        case .join: join(at: now)
        case .refuse(let namespace): refuse(namespace)
        case .event(let event): handle(event, of: message, at: now)
        case .leave:
            service.counts.messages.disconnects += 1
            service.dialect.disconnect(id, at: now, output: &service.output)
        case .close:
            end(.closedByClient)
            startClosing(nil)
        case .violation: fail(.protocolError, nil)
        }
    }

    private func join(at now: NIODeadline) {
        hasJoined = true
        service.counts.messages.connects += 1
        var reply = ByteBufferAllocator().buffer(capacity: 48)
        SocketIOPacketWriter.writeConnected(.main, sid: service.makeID(id, 1), to: &reply)
        send(reply)
        service.dialect.connect(id, session: query, at: now, output: &service.output)
        service.deliver()
    }

    private func refuse(_ namespace: String) {
        service.counts.messages.connectErrors += 1
        guard let namespace = SocketIONamespace(namespace) else { return fail(.protocolError, nil) }
        var reply = ByteBufferAllocator().buffer(capacity: 64)
        SocketIOPacketWriter.writeConnectError(namespace, message: "Invalid namespace", to: &reply)
        send(reply)
    }

    private func handle(_ event: SocketSession.Event, of message: ByteBuffer, at now: NIODeadline) {
        service.counts.countReceived(event.name)
        if event.name == "echo" {
            return echo(event, of: message)
        }
        let payload = JSONPayload(bytes: message, root: event.firstArgument)
        let reply = service.dialect.receive(
            IncomingEvent(name: event.name, payload: payload),
            from: id,
            at: now,
            output: &service.output
        )
        // What the event caused goes before its acknowledgement, and before the answers to later messages.
        service.deliver()
        guard let ackID = event.id else { return }
        acknowledge(ackID) { buffer in
            var object = EventWriter(objectWithCapacity: 64)
            object.member("ok", reply == .accepted)
            if case .rejected(let reason) = reply { object.member("error", string: reason) }
            buffer.writeImmutableBuffer(object.finishObject())
        }
    }

    /// Acknowledges with the very arguments; every dialect has this event, so that any target can be measured alike.
    private func echo(_ event: SocketSession.Event, of message: ByteBuffer) {
        guard let ackID = event.id,
            let arguments = message.getSlice(
                at: message.readerIndex + event.arguments.lowerBound,
                length: event.arguments.count
            )
        else { return }
        acknowledge(ackID) { $0.writeImmutableBuffer(arguments) }
    }

    private func acknowledge(_ ackID: Int, _ arguments: (inout ByteBuffer) -> Void) {
        var reply = ByteBufferAllocator().buffer(capacity: 96)
        SocketIOPacketWriter.beginAck(.main, id: ackID, to: &reply)
        arguments(&reply)
        reply.writeInteger(UInt8(ascii: "]"))
        if send(reply) { service.counts.messages.acksSent += 1 }
    }

    /// Counts events that came and were still held back when the connection ended.
    func countHeld() {
        for (message, _) in held {
            if case .event(let event) = message.withUnsafeReadableBytes({ session.receive($0) }) {
                service.counts.countReceived(event.name)
            }
        }
        held.removeAll()
    }
}
