import NIOCore
import Wire

/// What clients show to be let in.
enum ElizaOSCredentials {
    static let apiKey = "practice-key"
}

extension ElizaOSDialect {
    mutating func refusal(
        of joining: Joining,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String? {
        guard rules.isCurrent else { return nil }
        if faults.asksCredentials ?? true, !Self.hasKey(joining) {
            record(.warn, "Invalid or missing API Key", at: now, output: &output)
            return "Invalid or missing API Key"
        }
        switch joining.auth.kind("entityId") {
        case nil, .null?: return "Valid entityId required"
        case .string?: break
        default: return "Authentication failed"
        }
        guard let entity = joining.auth.string("entityId"), isUUID(entity) else { return "Valid entityId required" }
        return nil
    }

    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput) {
        if !rules.isCurrent, !isAuthorized(joining) {
            return turnAway(socket, at: now, output: &output)
        }
        clients[socket] = ElizaOSClient(sid: joining.sid)
        if rules.isCurrent, let entity = joining.auth.string("entityId") {
            output.send(.authenticated, to: socket) {
                $0.member("entityId", string: entity)
                $0.member("timestamp", Int(clock.milliseconds(at: now)))
            }
        }
        output.send(.connectionEstablished, to: socket) {
            $0.member("message", "Connected to Eliza Socket.IO server")
            $0.member("socketId", string: joining.sid)
        }
        record(.info, "New connection: \(joining.sid)", at: now, output: &output)
    }

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let client = clients.removeValue(forKey: socket) else { return }
        log.unsubscribe(socket)
        deliveries.forget(socket)
        for place in client.channels {
            channels[place]?.members.removeAll { $0 == socket }
            sweep(place, at: now)
        }
        record(.info, "Client \(client.sid) disconnected.", at: now, output: &output)
    }

    /// Whether the document's server keeps a client.
    private func isAuthorized(_ joining: Joining) -> Bool {
        switch faults.asksCredentials {
        case true?: return Self.hasKey(joining)
        case false?: return true
        case nil:
            let isGiven = (joining.auth.kind("apiKey") ?? .null) != .null || joining.headers["x-api-key"] != nil
            return !isGiven || Self.hasKey(joining)
        }
    }

    private static func hasKey(_ joining: Joining) -> Bool {
        (joining.auth.string("apiKey") ?? joining.headers["x-api-key"]) == ElizaOSCredentials.apiKey
    }

    /// Says `unauthorized` to a client and disconnects it.
    private mutating func turnAway(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput) {
        let message = RawEvent.event(
            ElizaOSEvent.unauthorized.name,
            .main,
            arguments: ByteBuffer(string: #""Invalid or missing API Key""#)
        )
        output.actions.append(.send(socket, event: ElizaOSEvent.unauthorized.rawValue, message: message))
        output.actions.append(.close(socket))
        record(.warn, "Invalid or missing API Key", at: now, output: &output)
    }
}

// Channels and their places.
extension ElizaOSDialect {
    /// After how long a channel without members is forgotten.
    static var idleTime: TimeAmount { .minutes(30) }

    /// Where a channel is kept; makes it if it is new.
    mutating func place(of id: String) -> Int {
        if let place = places[id] { return place }
        let channel = ElizaOSChannel(id: id)
        let place: Int
        if let free = freeSlots.popLast() {
            place = free
            channels[place] = channel
        } else {
            place = channels.count
            channels.append(channel)
        }
        let token = nextToken()
        channels[place]?.token = token
        places[id] = place
        return place
    }

    mutating func forget(_ place: Int) {
        guard let channel = channels[place] else { return }
        for member in channel.members { clients[member]?.channels.removeAll { $0 == place } }
        places[channel.id] = nil
        channels[place] = nil
        freeSlots.append(place)
    }

    /// Sees to it that a channel without members is forgotten some time; its agent goes on with what it was asked.
    mutating func sweep(_ place: Int, at now: NIODeadline) {
        guard let channel = channels[place], channel.members.isEmpty, channel.questions.isEmpty else { return }
        let token = nextToken()
        channels[place]?.token = token
        timers.push(.sweep(channel: place, token: token), at: now + Self.idleTime)
    }

    /// No two timers have the same token, so that one of a forgotten channel fits no later one.
    mutating func nextToken() -> UInt32 {
        tokens &+= 1
        return tokens
    }
}
