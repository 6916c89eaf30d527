import NIOCore

// Who may come, who may stay, and `/stats`.
extension PraxisDialect {
    mutating func admit(_ request: SocketRequest, at now: NIODeadline, output: inout DialectOutput) -> SocketAdmission {
        guard faults.requiresToken else { return .accepted(subprotocol: nil) }
        let token = request.target["token"] ?? ""
        guard !token.isEmpty, faults.token == nil || faults.token == token else {
            var body = EventWriter(objectWithCapacity: 64)
            body.member("detail", "invalid token")
            return .refused(status: 403, body: body.finishObject())
        }
        return .accepted(subprotocol: nil)
    }

    mutating func open(
        _ socket: SocketID,
        _ request: SocketRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let limit = faults.maxConnections ?? Self.connectionLimit
        guard connections.count < limit || !faults.keepsLimits else {
            output.actions.append(.close(socket, .overLimit, code: 1008, reason: "Maximum connections reached"))
            return
        }
        counts.connections += 1
        sockets.append(socket)
        connections[socket] = PraxisConnection(lastPing: now)
        if faults.keepsLimits { timers.push(.silence(socket), at: now + silence) }
        tell("Connected to Praxis Agent", correlation: nil, socket, at: now, output: &output)
    }

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard connections.removeValue(forKey: socket) != nil else { return }
        sockets.removeAll { $0 == socket }
        deliveries.forget(socket)
    }

    /// How long a client may send no PING.
    private var silence: TimeAmount { (faults.heartbeat ?? Self.heartbeat) * 3 }

    /// Cuts a client that was silent for too long, or looks again when it would have been.
    mutating func watch(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput) {
        guard let connection = connections[socket] else { return }
        let end = connection.lastPing + silence
        guard end <= now else { return timers.push(.silence(socket), at: end) }
        output.actions.append(.close(socket, .heartbeatMissed, code: 1000, reason: "Heartbeat timeout"))
    }

    /// Answers a message with an error, and cuts a client that had too many of them.
    mutating func refuse(
        _ reason: String,
        correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        counts.errors += 1
        connections[socket]?.errors += 1
        let time = ISOTime.text(clock.milliseconds(at: now))
        answer(.error, correlation: correlation, socket, at: now, output: &output) {
            $0.member("message", string: reason)
            $0.member("code", "WEBSOCKET_ERROR")
            $0.member("timestamp", string: time)
        }
        guard faults.keepsLimits, let errors = connections[socket]?.errors, errors > Self.errorLimit else { return }
        output.actions.append(.close(socket, .tooManyErrors, code: 1000, reason: "Connection cleanup"))
    }

    /// `GET /stats` and `GET /health`.
    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        PraxisRequests.respond(to: request) {
            PraxisStats(
                total: counts.connections,
                active: connections.count,
                sent: counts.answers + deliveries.counts.expected - deliveries.counts.withheld
                    + deliveries.counts.doubled,
                received: counts.received,
                broadcasts: counts.broadcasts,
                errors: counts.errors
            )
        }
    }
}
