import NIOCore
import Wire

// Who is there, and who is still heard of.
extension FlockDialect {
    mutating func open(
        _ socket: SocketID,
        _ request: SocketRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        pool.append(socket)
        guard let interval = faults.heartbeat, faults.sendsPings, !isBeating else { return }
        isBeating = true
        timers.push(.heartbeat, at: now + interval)
    }

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        remove(socket, at: now)
    }

    mutating func receive(
        _ message: SocketMessage,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String {
        guard Self.isPong(message) else { return "message" }
        counts.pongsReceived += 1
        return "pong"
    }

    mutating func congestion(
        of socket: SocketID,
        isCongested: Bool,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard Generation.sendTimeout != nil, pool.contains(socket) else { return }
        guard isCongested else { return recover(socket, at: now) }
        slow.insert(socket)
    }

    /// Sends a ping to everyone, for as long as anyone is there.
    mutating func beat(at now: NIODeadline, output: inout DialectOutput) {
        guard let interval = faults.heartbeat, !pool.isEmpty else {
            isBeating = false
            return
        }
        let ping = Generation.ping(at: now)
        for socket in pool {
            output.actions.append(.send(socket, event: Generation.sentEvents.count - 1, message: ping))
        }
        counts.pingsSent += pool.count
        timers.push(.heartbeat, at: now + interval)
    }

    /// Removes a client from the pool that was too slow; its connection stays.
    mutating func silence(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput) {
        remove(socket, at: now)
    }

    private mutating func remove(_ socket: SocketID, at now: NIODeadline) {
        deliveries.forget(socket)
        if let place = pool.firstIndex(of: socket) { pool.remove(at: place) }
        recover(socket, at: now)
    }

    /// Lets the runs go on, where this was the last client that they waited for.
    private mutating func recover(_ socket: SocketID, at now: NIODeadline) {
        guard slow.remove(socket) != nil, slow.isEmpty else { return }
        for number in waiting { timers.push(.run(number), at: now) }
        waiting.removeAll()
    }

    /// `pong`, as a text, a JSON string, or an object of this type.
    private static func isPong(_ message: SocketMessage) -> Bool {
        guard case .text(let bytes) = message, bytes.readableBytes <= 1024 else { return false }
        if String(buffer: bytes) == "pong" { return true }
        guard let payload = JSONPayload(validating: bytes) else { return false }
        return payload.string == "pong" || payload.string("type") == "pong"
    }
}
