import Wire

/// Reads `heartbeat:`.
///
/// What is sent goes through the envelope where that says how, else it is a text; what is received is known by its
/// event where messages have names, else by its text.
struct HeartbeatReader {
    let session: ReadingSession
    let names: GroupNames
    let scope: ExpressionScope
    let dialect: Dialect

    func read(_ node: SourceNode) -> Heartbeat? {
        guard let map = MapReader<HeartbeatKey>(node, "the heartbeat", session) else { return nil }
        let every = map.someTime(.every)
        let answers = map[.answer].map { self.answers($0) } ?? []
        if !map.has(.every) {
            for key in [HeartbeatKey.emit, .data, .await, .within] where map.has(key) {
                let help = "add 'every: 30s'; what only answers is written answer: { ping: pong }"
                let message = "'\(key.rawValue)' belongs to what is sent 'every' so often, and there is no 'every'"
                session.report(.missing, message, at: map.place(of: key), help: help)
                return nil
            }
            if !map.has(.answer), map.misspelled.isEmpty {
                let help = "write heartbeat: { every: 30s }, or { answer: { ping: pong } }"
                session.report(.missing, "the heartbeat says nothing", at: node, help: help)
            }
            return Heartbeat(asking: nil, answers: answers)
        }
        let question = question(map)
        guard let every, let question else { return nil }
        let within = map.someTime(.within) ?? min(every, .seconds(10))
        if within > every {
            let message = "an answer that may take longer than 'every' cannot be told from the next one"
            session.report(.badValue, message, at: map.place(of: .within))
        }
        return Heartbeat(
            asking: Heartbeat.Asking(every: every, question: question, within: within),
            answers: answers
        )
    }

    private func question(_ map: MapReader<HeartbeatKey>) -> Heartbeat.Question? {
        guard let emit = map[.emit] else {
            for key in [HeartbeatKey.data, .await] where map.has(key) {
                let message = "'\(key.rawValue)' belongs to 'emit'; without it a ping frame is sent"
                session.report(.missing, message, at: map.place(of: key))
                return nil
            }
            return .ping
        }
        let send = message(emit, data: map[.data])
        guard let answer = map.required(.await).flatMap({ awaited($0) }), let send else { return nil }
        return .message(send, answer: answer)
    }

    private func answers(_ node: SourceNode) -> [Heartbeat.Answer] {
        guard case .map(let entries) = node.content, !entries.isEmpty else {
            let help = "write answer: { ping: pong }"
            session.report(.wrongType, "'answer' has to be a map of events, not \(node.kind)", at: node, help: help)
            return []
        }
        return entries.compactMap { entry in
            let key = SourceNode(line: entry.key.line, column: entry.key.column, content: .scalar(entry.key))
            let reply: Send?
            if case .map = entry.value.content {
                guard let map = MapReader<HeartbeatAnswerKey>(entry.value, "an answer", session) else { return nil }
                reply = map.required(.emit).flatMap { message($0, data: map[.data]) }
            } else {
                reply = message(entry.value, data: nil)
            }
            guard let match = awaited(key)?.patterns.first, let reply else { return nil }
            return Heartbeat.Answer(event: match.event, condition: match.condition, reply: reply)
        }
    }

    /// An event in the envelope, with an empty object unless data is said, or a text where there is none.
    private func message(_ node: SourceNode, data: SourceNode?) -> Send? {
        guard let framing = dialect.framing else {
            if let data {
                let help = "say in 'envelope: { send: … }' how an event and its data are framed"
                session.report(
                    .badValue,
                    "without an envelope a heartbeat is a text and has no data",
                    at: data,
                    help: help
                )
            }
            return session.text(node, "what a heartbeat sends", scope).map { Send(content: .text($0), data: nil) }
        }
        guard let event = session.name(node, "an event") else { return nil }
        let value = data.map { session.value($0, scope) } ?? ValueTemplate(literal: .object([]))
        return framing.message(EnvelopeFraming.Content(event: event, data: value))
    }

    private func awaited(_ node: SourceNode) -> EventMatch? {
        if let scalar = node.scalar, ReadingSession.connectionEvents.contains(scalar.text) {
            session.report(.badValue, "'\(scalar.text)' is what happened to the connection, never a message", at: node)
            return nil
        }
        guard let names = dialect.eventNames, names == [ReadingSession.unnamedEvent], let scalar = node.scalar else {
            let reader = StepReader(session: session, names: names, site: .envelope, thinks: false, dialect: dialect)
            return reader.events(node, "an event of the heartbeat")
        }
        guard let text = session.name(node, "a text of the heartbeat") else { return nil }
        let event = session.event(ReadingSession.unnamedEvent, at: session.source.place(of: scalar))
        let whole = MessagePath(root: .message, path: JSONPath([]))
        let field = MessageCondition.Field(path: whole, expected: .literal(.string(text)))
        return EventMatch(patterns: [.init(event: event, condition: MessageCondition(fields: [field]))])
    }
}
