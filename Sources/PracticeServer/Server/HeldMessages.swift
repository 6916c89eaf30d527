import NIOCore

/// What the fault `latency` holds back on one connection, in the order in which it came.
struct HeldMessages {
    private var queue: CircularBuffer<(message: SocketMessage, due: NIODeadline)> = []

    var isEmpty: Bool { queue.isEmpty }

    /// Holds a message back until a time, or until those before it are due, whichever is later.
    ///
    /// - Returns: When it is due.
    mutating func hold(_ message: SocketMessage, until time: NIODeadline) -> NIODeadline {
        let due = max(time, queue.last?.due ?? .distantPast)
        queue.append((message, due))
        return due
    }

    /// Takes out the first if it is due.
    mutating func popDue(at now: NIODeadline) -> SocketMessage? {
        guard let first = queue.first, first.due <= now else { return nil }
        return queue.removeFirst().message
    }

    /// Takes out the first, due or not.
    mutating func pop() -> SocketMessage? {
        queue.popFirst()?.message
    }
}
