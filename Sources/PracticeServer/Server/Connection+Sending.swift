import NIOCore
import NIOWebSocket
import Wire

// What goes out.
extension Connection {
    /// Writes one message; false where the connection is at its end and nothing was written.
    @discardableResult
    func send(_ message: ByteBuffer) -> Bool {
        guard isOpen else { return false }
        write(WebSocketFrame(fin: true, opcode: .text, data: message))
        return true
    }

    func write(_ frame: WebSocketFrame) {
        guard let context else { return }
        context.write(wrapOutboundOut(frame), promise: nil)
        guard !isDirty else { return }
        isDirty = true
        service.unflushed.append(self)
    }

    func flush() {
        isDirty = false
        context?.flush()
    }

    /// The open packet, the first that a client gets.
    func sendOpen() {
        let configuration = service.configuration
        var message = ByteBufferAllocator().buffer(capacity: 128)
        EngineIOPacketWriter.writeOpen(
            EngineIOOpen(
                sid: service.makeID(id, 0),
                pingInterval: configuration.pingInterval,
                pingTimeout: configuration.pingTimeout,
                maxPayload: configuration.maxPayload
            ),
            to: &message
        )
        send(message)
    }
}

// The heartbeat: a ping `pingInterval` after the last pong, and a pong within `pingTimeout` of it.
extension Connection {
    func scheduleHeartbeat(at now: NIODeadline, after time: Duration) {
        heartbeatToken &+= 1
        service.timers.push(.heartbeat(id, token: heartbeatToken), at: now + TimeAmount(time))
    }

    func heartbeatDue(_ token: UInt32, at now: NIODeadline) {
        guard isOpen, token == heartbeatToken else { return }
        guard !session.isPongDue else { return fail(.heartbeatMissed, nil) }
        var message = ByteBufferAllocator().buffer(capacity: 1)
        EngineIOPacketWriter.write(.ping, to: &message)
        send(message)
        session.pinged()
        service.counts.messages.pingsSent += 1
        scheduleHeartbeat(at: now, after: service.configuration.pingTimeout)
    }
}
