/// The words of `reconnect:`; anything else is said by numbers.
enum ReconnectWord: String, CaseIterable {
    case none
    case socketIO = "socket.io"
}

/// Reads `reconnect:`, that of the file and that of a group as one.
struct ReconnectReader {
    let session: ReadingSession

    /// Nil, and reported, where it makes no sense.
    func reconnect(_ node: SourceNode) -> Reconnect? {
        guard case .map = node.content else {
            return session.word(node, "'reconnect'", ReconnectWord.self).map { word in
                switch word {
                case .none: .none
                case .socketIO: .policy(.socketIO)
                }
            }
        }
        return policy(node).map { .policy($0) }
    }

    private func policy(_ node: SourceNode) -> ReconnectPolicy? {
        guard let map = MapReader<ReconnectKey>(node, "'reconnect'", session) else { return nil }
        let delay = map.required(.delay).flatMap { _ in map.someTime(.delay) }
        let factor = map.number(.factor) ?? 2
        let cap = map.someTime(.cap)
        let jitter = map.number(.jitter) ?? 0
        let attempts = map.integer(.attempts)
        let initial = map.flag(.initial) ?? false
        let ignore = map[.ignore].map { codes($0) } ?? []
        let afterRefusal = map.flag(.afterRefusal) ?? false
        guard let delay else { return nil }
        if let cap, cap > .zero, cap < delay {
            let message = "no delay is longer than 'cap', and 'delay' is"
            session.report(.badValue, message, at: map.place(of: .cap), help: "write a cap of at least the delay")
        }
        return ReconnectPolicy(
            delay: delay,
            factor: factor,
            cap: cap ?? max(delay, Self.unsaidCap),
            jitter: jitter,
            attempts: attempts,
            initial: initial,
            ignore: ignore,
            afterRefusal: afterRefusal
        )
    }

    /// One close code, or a list of them.
    private func codes(_ node: SourceNode) -> [UInt16] {
        var nodes = [node]
        if case .list(let elements) = node.content { nodes = elements }
        return nodes.compactMap { node in
            session.integer(
                node,
                "a close code in 'ignore'",
                from: Self.closeCodes.lowerBound,
                through: Self.closeCodes.upperBound
            )
            .map(UInt16.init)
        }
    }

    /// The codes that a connection may be closed with (RFC 6455, section 7.4).
    static let closeCodes = 1000...4999

    static let unsaidCap = Duration.seconds(30)
}

extension Reconnect {
    /// What holds where a scenario does not say.
    init(unsaidFor messageProtocol: Target.MessageProtocol) {
        switch messageProtocol {
        case .socketIO: self = .policy(.socketIO)
        case .webSocket: self = .none
        }
    }
}
