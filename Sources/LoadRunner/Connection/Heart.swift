import NIOCore

/// The client's own heartbeat on a plain WebSocket: when it asks next, and what is not answered yet.
struct Heart {
    /// So many questions may be without an answer and not overdue; the oldest counts as missed then.
    private static let limit = 16

    private let every: TimeAmount
    private let within: TimeAmount
    private var next: NIODeadline
    /// When each question that waits for its answer was sent, the oldest first.
    private var asked: [NIODeadline] = []

    init(every: TimeAmount, within: TimeAmount, openedAt: NIODeadline) {
        self.every = every
        self.within = within
        next = openedAt + every
    }

    /// When there is something to do: a question to ask, or an answer overdue.
    var deadline: NIODeadline {
        asked.first.map { min($0 + within, next) } ?? next
    }

    /// When the oldest question that waits for its answer was sent.
    var oldest: NIODeadline? { asked.first }

    /// An answer came.
    ///
    /// - Returns: The time since its question; nil where none waited for one.
    mutating func answered(at now: NIODeadline) -> TimeAmount? {
        asked.isEmpty ? nil : now - asked.removeFirst()
    }

    /// The client did not read for so long: what it asked before is not overdue for that.
    mutating func stoodStill(for time: TimeAmount) {
        next = next + time
        for place in asked.indices { asked[place] = asked[place] + time }
    }

    /// Lets time pass.
    ///
    /// - Returns: How many answers are overdue by now, and whether a question is to be asked.
    mutating func beat(at now: NIODeadline) -> (missed: Int, asks: Bool) {
        var missed = 0
        while let first = asked.first, first + within <= now || asked.count >= Self.limit {
            asked.removeFirst()
            missed += 1
        }
        guard next <= now else { return (missed, false) }
        // A heart that stood still does not make up for the beats that it lost.
        while next <= now { next = next + every }
        asked.append(now)
        return (missed, true)
    }
}
