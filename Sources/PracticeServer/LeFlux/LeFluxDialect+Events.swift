import NIOCore
import Wire

extension LeFluxDialect {
    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        let payload = event.payload
        if event.name == "join_session" {
            return join(payload.string("sessionId") ?? payload.string, socket, at: now, output: &output)
        }
        guard Self.clientEvents.contains(event.name) else { return .rejected("unknown event") }
        guard let place = boundSessions[socket] else {
            return refuse("Join a session first.", socket, output: &output)
        }
        if let named = payload.string("sessionId"), named != sessions[place]?.id {
            return refuse("This socket joined another session.", socket, output: &output)
        }
        sessions[place]?.lastSeen = now
        switch event.name {
        case "update_context":
            guard payload.count <= Self.contextLimit else {
                return refuse("The context is larger than \(Self.contextLimit) bytes.", socket, output: &output)
            }
            guard payload.kind("context") == .object else {
                return refuse("The context is missing.", socket, output: &output)
            }
        case "continue_task":
            continueTask(of: place, output: &output)
        case "confirmation_response":
            guard let isConfirmed = payload.bool("confirmed") else {
                return refuse("Say whether it is confirmed.", socket, output: &output)
            }
            confirm(isConfirmed, place, output: &output)
        default:
            break  // action_complete and sequence_complete inform; continue_task is what moves the task on.
        }
        return .accepted
    }

    private static let clientEvents: Set<String> = [
        "action_complete", "sequence_complete", "update_context", "continue_task", "confirmation_response",
    ]

    private func refuse(_ message: String, _ socket: SocketID, output: inout DialectOutput) -> EventReply {
        var event = EventWriter(event: LeFluxEvent.error.name)
        event.member("message", string: message)
        output.send(.error, &event, to: socket)
        return .rejected(message)
    }
}

// MARK: - Sessions and their sockets

extension LeFluxDialect {
    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput) {
        guard let query = joining.session, Self.isSessionID(query) else { return }
        let place = place(of: query, at: now)
        bind(socket, to: place, at: now, output: &output)
        timers.push(.unaskedJoin(session: place, socket), at: now + Self.unaskedJoinDelay)
    }

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        unbind(socket, at: now)
    }

    private mutating func unbind(_ socket: SocketID, at now: NIODeadline) {
        guard let place = boundSessions.removeValue(forKey: socket) else { return }
        guard sessions[place]?.socket == socket else { return }
        sessions[place]?.socket = nil
        sessions[place]?.lastSeen = now
        hold(place, at: now)
    }

    private mutating func join(
        _ id: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        guard let id, Self.isSessionID(id) else {
            return refuse("A session id is a text of 1 to \(Self.sessionIDLimit) bytes.", socket, output: &output)
        }
        let place = place(of: id, at: now)
        if boundSessions[socket] != place {
            unbind(socket, at: now)
            bind(socket, to: place, at: now, output: &output)
        }
        sessions[place]?.lastSeen = now
        announce(place, at: now, output: &output)
        return .accepted
    }

    private mutating func bind(
        _ socket: SocketID,
        to place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let older = sessions[place]?.socket else {
            return attach(socket, to: place, at: now)
        }
        boundSessions[older] = nil
        output.actions.append(.kick(older))
        hold(place, at: now)
        attach(socket, to: place, at: now)
    }

    private mutating func attach(_ socket: SocketID, to place: Int, at now: NIODeadline) {
        boundSessions[socket] = place
        sessions[place]?.socket = socket
        sessions[place]?.isAnnounced = false
        sessions[place]?.lastSeen = now
        let isRestored = sessions[place]?.wasJoined ?? false
        sessions[place]?.isRestored = isRestored
        sessions[place]?.wasJoined = true
        if isRestored { counts.sessions.restored += 1 }
    }

    /// Says `session_joined` to the socket of a session, and takes up what waited for it.
    mutating func announce(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        guard let session = sessions[place], let socket = session.socket else { return }
        sessions[place]?.isAnnounced = true
        var event = EventWriter(event: LeFluxEvent.sessionJoined.name)
        event.member("sessionId", string: session.id)
        event.member("restored", session.isRestored)
        session.writeHistory(to: &event)
        output.send(.sessionJoined, &event, to: socket)
        if session.task?.isHeld == true { resume(place, to: socket, at: now, output: &output) }
    }

    static func isSessionID(_ text: String) -> Bool {
        (1...sessionIDLimit).contains(text.utf8.count)
    }

    /// Where a session is kept; makes it if it is new.
    mutating func place(of id: String, at now: NIODeadline) -> Int {
        if let place = places[id] { return place }
        let session = LeFluxSession(id: id, at: now)
        let place: Int
        if let free = freeSlots.popLast() {
            place = free
            sessions[place] = session
        } else {
            place = sessions.count
            sessions.append(session)
        }
        places[id] = place
        counts.sessions.created += 1
        if !sweeps {
            sweeps = true
            timers.push(.sweep, at: now + .minutes(1))
        }
        return place
    }

    /// Forgets sessions that nobody came back to.
    mutating func sweep(at now: NIODeadline) {
        for place in sessions.indices {
            guard let session = sessions[place], session.socket == nil, session.task == nil,
                now - session.lastSeen >= Self.idleTime
            else { continue }
            places[session.id] = nil
            sessions[place] = nil
            freeSlots.append(place)
            counts.sessions.expired += 1
        }
        sweeps = !places.isEmpty
        if sweeps { timers.push(.sweep, at: now + .minutes(1)) }
    }
}

extension DialectOutput {
    mutating func send(_ name: LeFluxEvent, _ event: inout EventWriter, to socket: SocketID) {
        actions.append(.send(socket, event: name.rawValue, message: event.finishEvent()))
    }
}
