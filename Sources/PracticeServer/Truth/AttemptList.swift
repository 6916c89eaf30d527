/// When who tried to connect.
struct AttemptList: Sendable {
    private var attempts = Truth.Attempts()
    private let limit: Int

    init(limit: Int = Truth.Attempts.listed) {
        self.limit = limit
    }

    /// Notes an attempt.
    ///
    /// - Parameters:
    ///   - name: What the client calls itself; nil where it does not say.
    ///   - time: Milliseconds since the start of the server.
    mutating func note(_ name: String?, at time: Int) -> Visitor {
        attempts.count += 1
        let visitor = Visitor(attempt: attempts.count, name: name)
        if attempts.count - attempts.notListed > limit {
            attempts.notListed += 1
        } else {
            attempts.clients[visitor.name, default: []].append(time)
        }
        return visitor
    }

    /// Gives a name to a client that did not say it at first; false where it had one.
    mutating func identify(_ visitor: inout Visitor, as name: String) -> Bool {
        guard visitor.isAnonymous else { return false }
        let times = attempts.clients.removeValue(forKey: visitor.name)
        visitor = Visitor(attempt: visitor.attempt, name: name)
        if let times { attempts.clients[visitor.name, default: []] += times }
        return true
    }

    /// All of them, those of each client in order.
    var truth: Truth.Attempts {
        var truth = attempts
        for name in truth.clients.keys { truth.clients[name]?.sort() }
        return truth
    }
}

/// Who is at the other end of a connection, as far as the server can tell.
struct Visitor: Hashable, Sendable {
    /// Which attempt to connect it was, counted from 1.
    let attempt: Int
    /// What it calls itself, or the number of its attempt.
    let name: String
    let isAnonymous: Bool

    /// How much of a name is kept, in characters.
    private static let nameLimit = 128

    init(attempt: Int = 0, name: String? = nil) {
        self.attempt = attempt
        let given = name.map { String($0.prefix(Self.nameLimit)) } ?? ""
        isAnonymous = given.isEmpty
        self.name = given.isEmpty ? "#\(attempt)" : given
    }
}
