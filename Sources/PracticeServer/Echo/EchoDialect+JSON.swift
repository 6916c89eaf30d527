import NIOCore
import Wire

// The envelopes of `/ws/json`: `{type, payload, id}`, each answered by one of its kind with the same id.
extension EchoDialect {
    mutating func receive(
        _ message: SocketMessage,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String {
        guard case .text(let bytes) = message else {
            refuse("A message is text.", nil, socket, output: &output)
            return "binary"
        }
        guard let envelope = JSONPayload(validating: bytes), envelope.isObject, let type = envelope.string("type")
        else {
            refuse("A message is an object with a type.", nil, socket, output: &output)
            return "malformed"
        }
        switch type {
        case "PING", "ping":
            pong(type == "PING" ? .upperPong : .pong, envelope, socket, at: now, output: &output)
        case "echo":
            var reply = Self.reply(.echo)
            if let payload = envelope.member("payload")?.text { reply.member("payload", rendered: payload) }
            send(.echo, &reply, envelope, to: socket, output: &output)
        case "untyped":
            let payload = envelope.member("payload").flatMap { $0.isObject ? $0.text : nil }
            let message = payload ?? ByteBuffer(string: #"{"run_id":1,"output_type":"x"}"#)
            output.actions.append(.send(socket, event: EchoEvent.untyped.rawValue, message: message))
        case "heartbeat":
            start(envelope.member("payload"), socket, at: now, output: &output)
        case "pong":
            counts.pongsReceived += 1
            heartbeats[socket]?.waitingSince = nil
        case "close":
            close(envelope, socket, output: &output)
        default:
            refuse("There is no type of this name.", envelope, socket, output: &output)
        }
        return type
    }

    private mutating func pong(
        _ event: EchoEvent,
        _ envelope: JSONPayload,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        counts.pingsReceived += 1
        guard faults.answersPings else { return }
        counts.pongsSent += 1
        var reply = Self.reply(event)
        reply.beginObject("payload")
        reply.member("timestamp", Int(clock.milliseconds(at: now)))
        reply.endObject()
        send(event, &reply, envelope, to: socket, output: &output)
    }

    private func close(_ envelope: JSONPayload, _ socket: SocketID, output: inout DialectOutput) {
        let payload = envelope.member("payload")
        let code = payload?.integer("code") ?? 1000
        let reason = payload?.string("reason") ?? ""
        guard [1000...1003, 1007...1014, 3000...4999].contains(where: { $0.contains(code) }), reason.utf8.count <= 123
        else {
            return refuse(
                "A code is 1000 to 1003, 1007 to 1014 or 3000 to 4999, and a reason has 123 bytes at most.",
                envelope,
                socket,
                output: &output
            )
        }
        output.actions.append(.close(socket, code: UInt16(truncatingIfNeeded: code), reason: reason))
    }

    private func refuse(
        _ message: StaticString,
        _ envelope: JSONPayload?,
        _ socket: SocketID,
        output: inout DialectOutput
    ) {
        var reply = Self.reply(.error)
        reply.beginObject("payload")
        reply.member("message", message)
        reply.endObject()
        send(.error, &reply, envelope, to: socket, output: &output)
    }

    private static func reply(_ event: EchoEvent) -> EventWriter {
        var reply = EventWriter(objectWithCapacity: 128)
        reply.member("type", event.name)
        return reply
    }

    private func send(
        _ event: EchoEvent,
        _ reply: inout EventWriter,
        _ envelope: JSONPayload?,
        to socket: SocketID,
        output: inout DialectOutput
    ) {
        if let id = envelope?.member("id")?.text { reply.member("id", rendered: id) }
        output.actions.append(.send(socket, event: event.rawValue, message: reply.finishObject()))
    }
}

// The heartbeat that the server asks and the client answers.
extension EchoDialect {
    private mutating func start(
        _ payload: JSONPayload?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let interval = payload?.integer("interval") ?? EchoHeartbeat.interval
        let timeout = payload?.integer("timeout") ?? EchoHeartbeat.timeout
        guard EchoHeartbeat.range.contains(interval), EchoHeartbeat.range.contains(timeout) else {
            return refuse("Interval and timeout are 10 to 60000 ms.", nil, socket, output: &output)
        }
        guard faults.sendsPings else { return }
        let heartbeat = EchoHeartbeat(
            token: (heartbeats[socket]?.token ?? 0) &+ 1,
            interval: .milliseconds(Int64(interval)),
            timeout: .milliseconds(Int64(timeout))
        )
        heartbeats[socket] = heartbeat
        timers.push(.heartbeat(socket, token: heartbeat.token), at: heartbeat.next(after: now))
    }

    /// Sends the next ping, or gives up on a client that answers none.
    mutating func beat(_ socket: SocketID, _ token: UInt32, at now: NIODeadline, output: inout DialectOutput) {
        guard var heartbeat = heartbeats[socket], heartbeat.token == token else { return }
        if let since = heartbeat.waitingSince, now - since >= heartbeat.timeout {
            output.actions.append(.close(socket, .heartbeatMissed, code: 4008, reason: "no pong"))
            return
        }
        counts.pingsSent += 1
        output.actions.append(
            .send(socket, event: EchoEvent.ping.rawValue, message: ByteBuffer(string: #"{"type":"ping"}"#))
        )
        heartbeat.waitingSince = heartbeat.waitingSince ?? now
        heartbeats[socket] = heartbeat
        timers.push(.heartbeat(socket, token: token), at: heartbeat.next(after: now))
    }
}
