import NIOCore

/// A channel: who is in it, what was said, and what its agent does.
struct ElizaOSChannel {
    let id: String
    /// Whether one person is alone with the agent; what is said there is no broadcast, so that faults of broadcasts
    /// spare it.
    var isDirect = false
    /// In the order in which they joined.
    var members: [SocketID] = []
    /// The last messages, oldest first.
    private(set) var history: [ElizaOSMessage] = []
    /// How many messages were kept or forgotten so far.
    private(set) var stored: UInt64 = 0
    /// What the agent was asked and did not answer yet; the first is the one that it answers now.
    var questions: [ElizaOSQuestion] = []
    /// The answer that is under way.
    var answer: ElizaOSAnswer?
    /// Timers with another token are out of date.
    var token: UInt32 = 0

    /// How many messages are kept; who joins is sent all of them.
    static let historyLimit = 50
    /// The one server that there is.
    static let serverID = "00000000-0000-0000-0000-000000000000"

    init(id: String) {
        self.id = id
    }

    mutating func keep(_ message: ElizaOSMessage) {
        stored += 1
        if history.count >= Self.historyLimit { history.removeFirst() }
        history.append(message)
    }

    /// Forgets a message; false where it is not there.
    mutating func forget(_ message: String) -> Bool {
        guard let place = history.firstIndex(where: { $0.id == message }) else { return false }
        history.remove(at: place)
        return true
    }

    /// Forgets all messages.
    ///
    /// - Returns: How many there were.
    mutating func clear() -> Int {
        defer { history.removeAll() }
        return history.count
    }
}

/// A message that waits for the agent.
struct ElizaOSQuestion {
    /// Which question of the channel it is.
    var number: UInt64
    /// The id of the message.
    var message: String
    /// Whether the agent does something, and says so, before it answers.
    var acts: Bool
    /// Whether the agent's model fails halfway.
    var fails: Bool
}
