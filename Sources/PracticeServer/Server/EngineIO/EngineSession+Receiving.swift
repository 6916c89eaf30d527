import NIOCore
import Wire

// What comes in.
extension EngineSession {
    /// Takes one whole message; of Engine.IO's packets only those that carry a message can be held back.
    func receive(_ message: SocketMessage) {
        guard isOpen else { return }
        let now = service.loop.now
        guard Self.isMessage(message), let delay = service.drawLatency() else { return handle(message, at: now) }
        service.timers.push(.peer(id, .held), at: held.hold(message, until: now + delay))
    }

    /// Handles what was held back until now.
    func handleHeld(at now: NIODeadline) {
        while let message = held.popDue(at: now) { handle(message, at: now) }
    }

    private static func isMessage(_ message: SocketMessage) -> Bool {
        guard case .text(let bytes) = message else { return true }
        return bytes.getInteger(at: bytes.readerIndex) == EngineIOPacketType.message.rawValue
    }

    private func handle(_ message: SocketMessage, at now: NIODeadline) {
        guard isOpen else { return }
        let wasPongDue = protocolState.isPongDue
        guard let packet = assembler.take(message, &protocolState) else { return }
        switch packet.action {
        case .none: break
        case .pong:
            service.counts.messages.pongsReceived += 1
            if wasPongDue { scheduleHeartbeat(at: now, after: service.configuration.pingInterval) }
        case .join(let namespace, let auth): join(namespace, auth, of: packet.bytes, at: now)
        case .refuse(let namespace): refuse(namespace)
        case .event(let event): handle(event, of: packet, at: now)
        case .acknowledgement(let acknowledgement): handle(acknowledgement, of: packet, at: now)
        case .leave(let namespace):
            service.counts.messages.disconnects += 1
            service.counts.connections.reasons[DisconnectReason.clientNamespaceDisconnect.rawValue, default: 0] += 1
            seat?.leave(namespace)
            service.dialect.disconnect(member, namespace: namespace, at: now, output: &service.output)
            service.deliver()
        case .message: echo(message)
        case .close: closedByClient()
        case .violation: close(.protocolError, code: nil, reason: "")
        case .malformed: abort(.protocolError)
        }
    }

    private func join(_ namespace: Int, _ auth: JSONSlice?, of message: ByteBuffer, at now: NIODeadline) {
        let name = service.namespaces.names[namespace]
        let joining = Joining(
            namespace: namespace,
            auth: JSONPayload(bytes: message, root: auth),
            session: opening.session,
            sid: service.makeName(id, 1 + UInt64(truncatingIfNeeded: namespace)),
            headers: opening.headers
        )
        service.identify(&opening.visitor, joining)
        if recover(namespace, joining, at: now) { return service.deliver() }
        prepareRecovery()
        if let refusal = service.dialect.refusal(of: joining, from: member, at: now, output: &service.output) {
            service.counts.messages.connectErrors += 1
            protocolState.leave(namespace)
            var reply = ByteBufferAllocator().buffer(capacity: 64)
            SocketIOPacketWriter.writeConnectError(name, message: refusal, to: &reply)
            write(.text(reply))
            return service.deliver()
        }
        hasJoined = true
        service.counts.messages.connects += 1
        let pid = seat?.join(namespace, sid: joining.sid)
        write(.text(Self.connected(name, sid: joining.sid, pid: pid)))
        service.dialect.connect(member, joining, at: now, output: &service.output)
        service.deliver()
    }

    private func refuse(_ namespace: String) {
        service.counts.messages.connectErrors += 1
        guard let namespace = SocketIONamespace(namespace) else {
            return close(.protocolError, code: nil, reason: "")
        }
        var reply = ByteBufferAllocator().buffer(capacity: 64)
        SocketIOPacketWriter.writeConnectError(namespace, message: "Invalid namespace", to: &reply)
        write(.text(reply))
    }

    /// A message of Engine.IO alone comes back as it is.
    private func echo(_ message: SocketMessage) {
        service.counts.echoed += 1
        switch message {
        case .text(let packet): write(.text(packet))
        case .binary(let message): write(.binary(message))
        }
    }

    private func handle(_ event: SocketSession.Event, of packet: PacketAssembler.Packet, at now: NIODeadline) {
        service.counts.countReceived(event.name)
        let arguments = Self.slice(event.arguments, of: packet.bytes)
        // Every dialect has this event, so that any target can be measured alike.
        if !D.takesEcho, event.name == "echo" {
            return acknowledge(event, arguments, packet.attachments)
        }
        let reply = service.dialect.receive(
            IncomingEvent(
                namespace: event.namespace,
                name: event.name,
                payload: JSONPayload(bytes: packet.bytes, root: event.firstArgument),
                arguments: arguments,
                attachments: packet.attachments,
                id: event.id
            ),
            from: member,
            at: now,
            output: &service.output
        )
        // What the event caused goes before its acknowledgement, and before the answers to later messages.
        service.deliver()
        switch reply {
        case .echoed: acknowledge(event, arguments, packet.attachments)
        case .taken: break
        case .accepted, .rejected:
            guard event.id != nil else { return }
            var object = EventWriter(objectWithCapacity: 64)
            object.member("ok", reply == .accepted)
            if case .rejected(let reason) = reply { object.member("error", string: reason) }
            acknowledge(event, object.finishObject(), [])
        }
    }

    private func handle(
        _ acknowledgement: SocketSession.Acknowledgement,
        of packet: PacketAssembler.Packet,
        at now: NIODeadline
    ) {
        service.counts.messages.acksReceived += 1
        service.dialect.receive(
            IncomingAcknowledgement(
                namespace: acknowledgement.namespace,
                id: acknowledgement.id,
                arguments: Self.slice(acknowledgement.arguments, of: packet.bytes),
                attachments: packet.attachments
            ),
            from: member,
            at: now,
            output: &service.output
        )
        service.deliver()
    }

    /// Acknowledges an event, where that is asked for.
    private func acknowledge(
        _ event: SocketSession.Event,
        _ arguments: ByteBuffer,
        _ attachments: [ByteBuffer]
    ) {
        guard let ackID = event.id else { return }
        var reply = ByteBufferAllocator().buffer(capacity: 32 + arguments.readableBytes)
        let namespace = service.namespaces.names[event.namespace]
        SocketIOPacketWriter.beginAck(namespace, id: ackID, attachments: attachments.count, to: &reply)
        reply.writeImmutableBuffer(arguments)
        reply.writeInteger(UInt8(ascii: "]"))
        if send(reply, attachments: attachments) { service.counts.messages.acksSent += 1 }
    }

    private static func slice(_ range: Range<Int>, of bytes: ByteBuffer) -> ByteBuffer {
        bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }

    /// Counts events that came and were still held back when the session ended.
    func countHeld() {
        while let message = held.pop() {
            if let packet = assembler.take(message, &protocolState), case .event(let event) = packet.action {
                service.counts.countReceived(event.name)
            }
        }
    }
}
