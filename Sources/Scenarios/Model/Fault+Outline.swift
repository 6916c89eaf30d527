extension Fault {
    /// What happens, in words.
    func outline(groups: [String]) -> String {
        switch action {
        case .drop(let kind): "drops \(selection.outline(groups)) \(kind.outline)"
        case .stall(let stall):
            "\(selection.outline(groups)) \(stall.rate.map { "read \(Amounts.text(ofSize: $0))/s" } ?? "stop reading")"
                + " for \(stall.duration.scenarioText)"
        case .run(let words): "runs \(words.map(Self.quoted).joined(separator: " "))  (only with --allow-run)"
        }
    }

    /// The word as a command line shows it.
    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "_-./:=,@%+".contains($0) }
        return isPlain ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }
}

extension Fault.Selection {
    fileprivate func outline(_ groups: [String]) -> String {
        let percent = (share * 100_000).rounded() / 1000
        let shown = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
        let whose = group.flatMap { groups.indices.contains($0) ? groups[$0] : nil } ?? "the clients"
        return "\(shown) % of \(whose)" + (room.map { " in the room \($0)" } ?? "")
    }
}

extension DropKind {
    fileprivate var outline: String {
        switch self {
        case .reset: "with a reset"
        case .close: "as the protocol says"
        case .vanish: "without a word"
        }
    }
}

extension Reconnect {
    /// What a client does when its connection falls, in words.
    var outline: String {
        switch self {
        case .none: "the client fails"
        case .policy(.socketIO): "tries again as the official Socket.IO client does"
        case .policy(let policy): policy.outline
        }
    }
}

extension ReconnectPolicy {
    fileprivate var outline: String {
        let count = min(attempts ?? .max, 5)
        let delays = (0..<count).map { number in
            let delay = (0..<number).reduce(delay.inSeconds) { delay, _ in min(delay * factor, cap.inSeconds) }
            return Duration.seconds(delay).scenarioText
        }
        var notes = ["tries again after \(delays.joined(separator: ", "))\(attempts == count ? "" : " …")"]
        if jitter > 0 { notes.append("each up to \(Int((jitter * 100).rounded())) % longer or shorter") }
        if let attempts { notes.append("at most \(attempts) times") }
        if initial { notes.append("the first connect too") }
        if !ignore.isEmpty { notes.append("not after \(ignore.map(String.init).joined(separator: ", "))") }
        if afterRefusal { notes.append("also where the server turned it down") }
        return notes.joined(separator: "; ")
    }
}
