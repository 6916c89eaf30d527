/// Who follows the log, and what of it.
struct ElizaOSLog {
    /// How much a line matters; the numbers are the system's.
    enum Level: Int {
        case info = 30
        case warn = 40
        case error = 50

        /// The number for a name; one beyond all lines where there is no such level.
        static func number(_ name: String) -> Int {
            numbers[name.lowercased()] ?? 70
        }

        private static let numbers = [
            "trace": 10, "debug": 20, "success": 27, "progress": 28, "log": 29, "info": 30, "warn": 40, "error": 50,
            "fatal": 60,
        ]
    }

    struct Follower {
        var socket: SocketID
        /// `all`, or nil, is everything.
        var agentName: String?
        /// As the client wrote it; a text.
        var level: String?

        func wants(_ level: Level, agentName: String?) -> Bool {
            if let wanted = self.agentName, wanted != "all", wanted != agentName { return false }
            guard let least = self.level, least != "all" else { return true }
            return level.rawValue >= Level.number(least)
        }
    }

    /// In the order in which they subscribed.
    private(set) var followers: [Follower] = []

    /// Begins to follow, or begins anew: filters are gone.
    mutating func subscribe(_ socket: SocketID) {
        unsubscribe(socket)
        followers.append(Follower(socket: socket))
    }

    mutating func unsubscribe(_ socket: SocketID) {
        guard !followers.isEmpty else { return }
        followers.removeAll { $0.socket == socket }
    }

    /// Changes the filters that are named, and returns all; nil where the client does not follow.
    mutating func filter(_ socket: SocketID, agentName: String?, level: String?) -> Follower? {
        guard let place = followers.firstIndex(where: { $0.socket == socket }) else { return nil }
        if let agentName { followers[place].agentName = agentName }
        if let level { followers[place].level = level }
        return followers[place]
    }
}
