import NIOCore
import Wire

// Sessions and their sockets.
extension LeFluxDialect {
    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput) {
        guard !rules.isCurrent, let query = joining.session, Self.isSessionID(query) else { return }
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

    /// What `join_session` asks for.
    mutating func join(
        _ id: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        guard let id, Self.isSessionID(id) else {
            let form = rules.isCurrent ? "UUID" : "text of 1 to \(Self.sessionIDLimit) bytes"
            return refuse("A session id is a \(form).", socket, output: &output)
        }
        if rules.isCurrent, places[id] == nil { return refuse("session_not_found", socket, output: &output) }
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
            return attach(socket, to: place, at: now, output: &output)
        }
        boundSessions[older] = nil
        if rules.isCurrent {
            var event = EventWriter(event: LeFluxEvent.sessionTakenOver.name)
            event.member("sessionId", string: sessions[place]?.id ?? "")
            output.send(.sessionTakenOver, &event, to: older)
        } else {
            output.actions.append(.kick(older))
        }
        hold(place, at: now)
        attach(socket, to: place, at: now, output: &output)
    }

    private mutating func attach(
        _ socket: SocketID,
        to place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        boundSessions[socket] = place
        sessions[place]?.socket = socket
        sessions[place]?.isAnnounced = false
        sessions[place]?.lastSeen = now
        let isReturn = sessions[place]?.wasJoined ?? false
        let isLeaked = isReturn && leaks.pick()
        sessions[place]?.isRestored = isReturn && !isLeaked
        sessions[place]?.wasJoined = true
        if isLeaked {
            leak(place, at: now, output: &output)
        } else if isReturn {
            counts.sessions.restored += 1
        }
    }

    /// Loses what a session was, as if nobody had been in it.
    private mutating func leak(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        end(.abandoned, place)
        sessions[place]?.forget()
        counts.sessions.leaked += 1
        output.log.note(
            InjectedFault(.leakedSession, at: clock.milliseconds(at: now), session: sessions[place]?.id)
        )
    }

    /// Says `session_joined` to the socket of a session, and takes up what waited for it.
    mutating func announce(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        guard let session = sessions[place], let socket = session.socket else { return }
        sessions[place]?.isAnnounced = true
        var event = EventWriter(event: LeFluxEvent.sessionJoined.name)
        event.member("sessionId", string: session.id)
        if !rules.isCurrent { event.member("restored", session.isRestored) }
        session.writeHistory(to: &event)
        output.send(.sessionJoined, &event, to: socket)
        if session.task?.isHeld == true { resume(place, to: socket, at: now, output: &output) }
    }

    private static func isSessionID(_ text: String) -> Bool {
        rules.isCurrent ? isUUID(text) : (1...sessionIDLimit).contains(text.utf8.count)
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
