import NIOCore

extension ElizaOSDialect {
    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        guard clients[socket] != nil else { return .rejected("unauthorized") }
        switch event.name {
        case "message":
            return receiveTyped(event.payload, socket, at: now, output: &output)
        case "subscribe_logs":
            return subscribeLogs(socket, at: now, output: &output)
        case "unsubscribe_logs":
            return unsubscribeLogs(socket, at: now, output: &output)
        case "update_log_filters":
            return filterLogs(event.payload, socket, output: &output)
        default:
            guard let type = Int(event.name), event.name == String(type) else { return .rejected("unknown event") }
            return receive(type, event.payload, socket, at: now, output: &output)
        }
    }

    /// Takes `message {type, payload}`; what has not this form is only noted in the log, as the server does it.
    private mutating func receiveTyped(
        _ data: JSONPayload,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        guard let type = data.integer("type"), let payload = data.member("payload") else {
            record(.warn, "Malformed 'message' event data", at: now, output: &output)
            return .rejected("malformed message")
        }
        return receive(type, payload, socket, at: now, output: &output)
    }

    private mutating func receive(
        _ type: Int,
        _ payload: JSONPayload,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        switch type {
        case rules.joinType: return join(payload, socket, at: now, output: &output)
        case rules.sendType: return submit(payload, socket, at: now, output: &output)
        default:
            record(.warn, "Unknown message type received in 'message' event: \(type)", at: now, output: &output)
            return .rejected("unknown message type")
        }
    }

    private mutating func join(
        _ payload: JSONPayload,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        guard let id = payload.string("channelId") ?? payload.string("roomId"), !id.isEmpty else {
            return refuse("channelId is required for joining.", socket, at: now, output: &output)
        }
        guard isUUID(id) else { return refuse("Invalid channel ID", socket, at: now, output: &output) }
        guard var client = clients[socket] else { return .rejected("unauthorized") }
        let place = place(of: id)
        let metadata = payload.member("metadata")
        if metadata?.bool("isDm") == true || metadata?.string("channelType")?.uppercased() == "DM" {
            channels[place]?.isDirect = true
        }
        let isNew = !client.channels.contains(place)
        if isNew {
            client.channels.append(place)
            clients[socket] = client
            channels[place]?.members.append(socket)
        }
        let agent = payload.string("agentId")
        for event in [ElizaOSEvent.channelJoined, .roomJoined] {
            output.send(event, to: socket) {
                $0.member("message", string: "Socket \(client.sid) successfully joined channel \(id).")
                $0.member("channelId", string: id)
                $0.member("roomId", string: id)
                if let agent { $0.member("agentId", string: agent) }
            }
        }
        if rules.isCurrent { sendHistory(of: place, to: socket, output: &output) }
        record(.info, "Socket \(client.sid) joined channel \(id)", channel: id, at: now, output: &output)
        return .accepted
    }

    /// Sends what was said before, oldest first, to who joins.
    private func sendHistory(of place: Int, to socket: SocketID, output: inout DialectOutput) {
        guard let channel = channels[place] else { return }
        for message in channel.history {
            output.send(.messageBroadcast, to: [socket], message.broadcast(in: channel, rules))
        }
    }

    func refuse(
        _ message: String,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        output.send(.messageError, to: socket) { $0.member("error", string: message) }
        record(.error, "Sending error to client: \(message)", at: now, output: &output)
        return .rejected(message)
    }
}
