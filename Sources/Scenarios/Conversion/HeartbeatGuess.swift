import Wire

/// What seems to keep a plain WebSocket alive.
struct HeartbeatGuess: Hashable {
    /// What the client sends every so often, and what answers it.
    var asking: Asking?
    /// What the server sends, and what the client answers.
    var answers: [Answer] = []

    struct Asking: Hashable {
        /// Milliseconds.
        var every: Double
        var emit: String
        var await: String
    }

    struct Answer: Hashable {
        var ping: String
        var pong: String
    }

    private static let questions: Set<String> = ["ping", "heartbeat", "keepalive", "ka", "hb"]
    private static let replies: Set<String> = [
        "pong", "ping", "heartbeat", "heartbeatack", "pongack", "keepalive", "ka", "hb",
    ]

    /// Takes the heartbeats out of the turns; nil where there are none.
    init?(takingFrom turns: inout [Turn]) {
        var beats: Set<Int> = []
        var sendTimes: [Double] = []
        for (place, turn) in turns.enumerated() where !beats.contains(place) {
            guard let said = turn.sent ?? turn.received, let name = Self.name(said),
                Self.questions.contains(Self.simple(name)),
                let answer = Self.answer(to: turn, at: place, in: turns, beats)
            else { continue }
            beats.formUnion([place, answer.place])
            if turn.sent != nil {
                sendTimes.append(turn.time)
                asking = Asking(every: 0, emit: name, await: answer.name)
            } else if !answers.contains(where: { $0.ping == name }) {
                answers.append(Answer(ping: name, pong: answer.name))
            }
        }
        guard !beats.isEmpty else { return nil }
        if let first = sendTimes.first {
            let gaps = zip(sendTimes.dropFirst(), sendTimes).map { $0 - $1 }.sorted()
            let start = turns.first?.time ?? 0
            asking?.every = gaps.isEmpty ? max(first - start, 1000) : gaps[gaps.count / 2]
        }
        turns = turns.enumerated().filter { !beats.contains($0.offset) }.map(\.element)
    }

    /// The message of the other side, within ten seconds, that answers.
    private static func answer(to turn: Turn, at place: Int, in turns: [Turn], _ beats: Set<Int>) -> (
        place: Int, name: String
    )? {
        for next in turns.indices.dropFirst(place + 1) where !beats.contains(next) {
            guard turns[next].time - turn.time <= 10_000 else { return nil }
            let other = turn.sent != nil ? turns[next].received : turns[next].sent
            if let other, let name = name(other), replies.contains(simple(name)) { return (next, name) }
        }
        return nil
    }

    /// The event, or of a message without one its text.
    private static func name(_ said: Said) -> String? {
        said.event ?? said.whole?.textValue.flatMap { $0.utf8.count <= 32 ? $0 : nil }
    }

    private static func simple(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." && $0 != ":" }
    }
}
