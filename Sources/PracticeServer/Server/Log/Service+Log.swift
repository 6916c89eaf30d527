import NIOCore

// Who came, and how they went.
extension Service {
    /// Notes an attempt to open a connection.
    func arrive(_ target: RequestTarget) -> Visitor {
        let time = Int(clamping: clock.milliseconds(at: loop.now) - startedAt)
        return attempts.note(target["client"] ?? target["sessionId"], at: time)
    }

    /// Notes that an attempt was turned down.
    func noteRefusal(of visitor: Visitor, status: Int) {
        log?.note("refused", visitor, at: clock.milliseconds(at: loop.now)) { $0.member("status", status) }
    }

    /// Learns from its credentials what a client calls itself.
    func identify(_ visitor: inout Visitor, _ joining: Joining) {
        guard visitor.isAnonymous,
            let name = joining.auth.string("client") ?? joining.auth.string("sessionId") ?? joining.session,
            attempts.identify(&visitor, as: name)
        else { return }
        log?.note("named", visitor, at: clock.milliseconds(at: loop.now))
    }

    /// Counts the end of a connection.
    ///
    /// - Parameters:
    ///   - reason: What the official server would call it; nil for a plain WebSocket.
    ///   - namespaces: How many namespaces the client had joined.
    func noteEnd(_ end: ConnectionEnd, of peer: any Peer, reason: DisconnectReason? = nil, namespaces: Int = 0) {
        counts.connections.count(end)
        if let reason, namespaces > 0 { counts.connections.reasons[reason.rawValue, default: 0] += namespaces }
        silenced.remove(peer.member)
        log?.note("lost", peer.visitor, at: clock.milliseconds(at: loop.now)) {
            $0.member("how", string: end.name)
            if let reason { $0.member("reason", string: reason.rawValue) }
        }
    }
}

// The life of the server itself.
extension Service {
    /// Notes that the server listens.
    func noteStart(port: Int) {
        log?.note("started", nil, at: clock.milliseconds(at: loop.now)) {
            $0.member("system", string: D.system)
            $0.member("seed", string: String(configuration.seed))
            $0.member("port", port)
        }
    }

    /// Ends the timers; nothing is written down any more.
    func stop() {
        log?.note("stopped", nil, at: clock.milliseconds(at: loop.now))
        isStopped = true
    }
}
