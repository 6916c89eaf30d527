import NIOCore
import Scenarios
import Wire

/// What is done to a connection on purpose.
///
/// One that was cut is cut; what comes after that is not done any more.
extension Connection {
    // MARK: Cuts

    /// Cuts the connection.
    ///
    /// - A `reset` the client knows at once: it hears of it within this call.
    /// - Of a `close` it knows when the server has answered the close frame, or closed the socket, at the latest after
    ///   `WebSocketTransport.closeTimeout`; what comes meanwhile is not the client's any more.
    /// - A `vanish` it has to find out by its heartbeat, or by a step whose time is over.
    ///
    /// A connect that is under way is cut too: reset and close fail it at once, after a vanish its time runs out.
    func drop(_ kind: DropKind, at now: NIODeadline) {
        guard let client, !isCut else { return }
        isCut = true
        client.wasCut(at: now)
        waitingStall = nil
        switch kind {
        case .reset: reset(at: now)
        case .close: goAway(at: now)
        case .vanish: vanish(at: now)
        }
    }

    private func reset(at now: NIODeadline) {
        candidate?.socket.reset(at: now)
        candidate = nil
        switch transport {
        case .webSocket(let socket): socket.reset(at: now)
        case .polling(let polling): polling.reset()
        case .none: break
        }
        stalled?.ended(byServer: false, at: now)
        let end = isOpen ? ConnectionEnd.closed(code: 1006, reason: "") : .failed
        lose("reset", "the connection was reset on purpose", end, at: now)
    }

    private func goAway(at now: NIODeadline) {
        candidate?.socket.abandon()
        candidate = nil
        let isGoing =
            switch transport {
            case .webSocket(let socket): socket.goAway(at: now)
            case .polling(let polling): polling.goAway()
            case .none: false
            }
        stalled?.ended(byServer: false, at: now)
        guard isGoing else {
            return lose("closed.1001", "the connect was given up on purpose", at: now)
        }
        transport = .none
        client?.cancel(.heartbeat)
        client?.wakeForRoom()
    }

    /// The server knows that the client went away, or has had its time.
    func wentAway(at now: NIODeadline) {
        lose("closed.1001", "the connection was closed on purpose", .closed(code: 1001, reason: ""), at: now)
    }

    private func vanish(at now: NIODeadline) {
        candidate?.socket.vanish(at: now)
        candidate = nil
        switch transport {
        case .webSocket(let socket): socket.vanish(at: now)
        case .polling(let polling): polling.vanish(at: now)
        case .none: break
        }
        stalled?.ended(byServer: false, at: now)
        // What is sent goes nowhere, so that nothing has to wait for room.
        socketTakesMore()
    }

    // MARK: Stalls

    /// Stops reading, or reads slowly, for a while.
    ///
    /// Of two stalls at the same time the later end counts. One that begins while the connection is not open yet begins
    /// as it opens, with the time that is left. Over polling it is the poll under way that is not read, and no other
    /// begins meanwhile; POSTs go on, for nothing comes by them.
    func stall(_ stall: Stall, at now: NIODeadline) {
        guard client != nil, !isCut else { return }
        self.stall(rate: stall.rate, until: now + TimeAmount(stall.duration), at: now)
    }

    private func stall(rate: Int?, until end: NIODeadline, at now: NIODeadline) {
        guard let client else { return }
        guard isOpen else {
            if end > waitingStall?.until ?? now { waitingStall = (rate, end) }
            return
        }
        if let stalled {
            if stalled.isStalled { return stalled.prolong(rate: rate, until: end, at: now) }
            stalled.ended(byServer: false, at: now)
        }
        client.cancel(.upgrade)
        stalled = StalledClient(client, self, rate: rate, until: end, at: now)
    }

    /// The connection is open: begins a stall that waited for it.
    func beginWaitingStall(at now: NIODeadline) {
        guard let (rate, end) = waitingStall.take(), end > now else { return }
        stall(rate: rate, until: end, at: now)
    }

    /// The channel that messages come by; nil while there is none.
    var inbound: (any Channel)? {
        switch transport {
        case .webSocket(let socket): socket.context?.channel
        case .polling(let polling): polling.poll?.connection?.channel
        case .none: nil
        }
    }

    /// The number of the poll under way; always the same on a WebSocket.
    var pollNumber: Int {
        if case .polling(let polling) = transport { polling.pollNumber } else { 0 }
    }

    /// A client that does not read does not poll.
    func pausePolling(_ pauses: Bool) {
        guard case .polling(let polling) = transport, polling.isStalled != pauses else { return }
        if pauses { polling.isStalled = true } else { polling.readOn() }
    }

    /// The watch over the heartbeat goes on after a stall.
    func resumeHeartbeat(pausedAt pause: NIODeadline, at now: NIODeadline) {
        guard let client else { return }
        if candidate != nil { client.set(.upgrade, at: now + TimeAmount(program.group.target.timeout)) }
        if heart != nil {
            heart?.stoodStill(for: now - pause)
            if let heart { client.set(.heartbeat, at: heart.deadline) }
        } else if isSocketIO, engine.isOpen {
            expectPing(after: now)
        }
    }
}
