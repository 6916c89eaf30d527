import Wire

/// What the names in an expression mean at one place of the file.
struct ExpressionScope {
    enum Site: Hashable {
        /// Read once, with the file: only the environment is there.
        case fixed
        /// `vars:`; nothing was sent or received.
        case variables
        /// The target's query, headers and payload.
        case target
        /// Steps of a flow or of a plan's reply.
        case flow
        /// Steps of a handler.
        case handler
        /// What frames a message or keeps a connection alive; it belongs to no step.
        case envelope
        /// `where:`; the event is the message that is being judged.
        case message
    }

    let session: ReadingSession
    /// Nil at the top of the file.
    let names: GroupNames?
    var site: Site
    /// What the text becomes is sent by a step.
    var isSent = false
    /// Where `${i}` is found, inside a `repeat:`.
    var index: VariableSlot?
    /// Where `${item}` is found, inside a `repeat: { each: … }`.
    var item: VariableSlot?
    /// In `vars:`, the variables that have a value already.
    var earlier: Set<String>?
    /// In `envelope: { send: … }`, what `${emit}` and `${data}` stand for.
    var content: EnvelopeFraming.Content?

    func environment(_ name: String) -> String? {
        session.environmentValue(name)
    }

    /// What a dotted name means.
    ///
    /// - Parameter offset: Where it stands in its text.
    func resolve(_ word: String, _ path: [String], at offset: Int) throws(TextProblem) -> Expression {
        let rest = word.drop { $0 != "." && $0 != "[" }.drop { $0 == "." }
        if let content, let value = try content.value(path, at: offset) { return value }
        switch path[0] {
        case "event", "args":
            switch site {
            case .fixed: throw Self.mustBeFixed(at: offset)
            case .variables: throw TextProblem(.badTemplate, "there is no event yet when variables are set", at: offset)
            case .target: throw TextProblem(.badTemplate, "there is no event when a client connects", at: offset)
            case .envelope: throw TextProblem(.badTemplate, "there is no event in what frames a message", at: offset)
            case .flow: names?.readsEvent = true
            case .handler, .message: break
            }
            return .event(
                try path[0] == "args" ? PathParser.parse(word, at: offset) : self.path(rest, of: word, at: offset)
            )
        case "sent":
            switch site {
            case .fixed: throw Self.mustBeFixed(at: offset)
            case .variables, .target, .envelope:
                throw TextProblem(.badTemplate, "nothing was sent yet here", at: offset)
            case .flow, .handler, .message: names?.readsSent = true
            }
            return .sent(try self.path(rest, of: word, at: offset))
        case "client":
            guard path == ["client", "index"] else {
                throw TextProblem(
                    .unknownVariable,
                    "'\(word)' is unknown",
                    at: offset,
                    suggestion: "did you mean 'client.index'?"
                )
            }
            guard site != .fixed else { throw Self.mustBeFixed(at: offset) }
            return .clientIndex
        case "i":
            guard let index, path.count == 1 else {
                throw TextProblem(
                    .unknownVariable,
                    "'i' counts the rounds of a 'repeat', and there is none here",
                    at: offset
                )
            }
            return .variable(index, [])
        case "item":
            guard let item else {
                throw TextProblem(
                    .unknownVariable,
                    "'item' is what a 'repeat: { each: … }' has come to, and there is none here",
                    at: offset
                )
            }
            return .variable(item, Array(path.dropFirst()))
        case "$":
            return try resolve("event.\(word)", ["event"] + path, at: offset)
        case "feed":
            guard site != .fixed else { throw Self.mustBeFixed(at: offset) }
            return try feed(path, at: offset)
        case "room":
            guard site != .fixed else { throw Self.mustBeFixed(at: offset) }
            return try room(word, path, at: offset)
        default:
            return try variable(path, at: offset)
        }
    }

    /// `room.id` or `room.index`.
    private func room(_ word: String, _ path: [String], at offset: Int) throws(TextProblem) -> Expression {
        guard session.rooms != nil else {
            let help = "write rooms: { count: 100 } at the top"
            throw TextProblem(.unknownVariable, "the scenario has no 'rooms'", at: offset, suggestion: help)
        }
        switch path {
        case ["room", "id"]: return .roomName
        case ["room", "index"]: return .roomIndex
        default:
            let help = "a room has 'room.id' and 'room.index'"
            throw TextProblem(.unknownVariable, "'\(word)' is unknown", at: offset, suggestion: help)
        }
    }

    /// The same for what a step sends.
    var sending: ExpressionScope {
        var scope = self
        scope.isSent = true
        return scope
    }

    /// A stamp belongs into a message: making one counts as sending it.
    func noteStamp(at offset: Int) throws(TextProblem) {
        guard isSent else {
            let message = "a stamp belongs into what a step sends, and this is none"
            throw TextProblem(.badTemplate, message, at: offset)
        }
        names?.usesRooms = true
    }

    /// Whether a path with this first name is one of an expression, and not of the event alone.
    func startsExpression(_ name: String) -> Bool {
        ["event", "args", "sent", "item", "feed", "room"].contains(name) || names?.slots[name] != nil
    }

    /// The names of the variables, in order, to look among them for what was meant; none where a program wrote them.
    var variables: [String] {
        guard let slots = names?.slots, slots.count <= 300 else { return [] }
        return slots.keys.sorted()
    }

    /// A path that starts in the event.
    func eventPath(_ text: String) throws(TextProblem) -> Expression {
        if site == .flow { names?.readsEvent = true }
        return .event(try PathParser.parse(text))
    }

    /// `feed.NAME.COLUMN`, and below that into the value where the file is JSON.
    private func feed(_ path: [String], at offset: Int) throws(TextProblem) -> Expression {
        guard path.count >= 3 else {
            throw TextProblem(.badTemplate, "'feed' is followed by the name of a feed and of a column", at: offset)
        }
        guard !session.brokenFeeds.contains(path[1]) else { return .literal(.null) }
        let names = session.feeds.map(\.name)
        guard let number = names.firstIndex(of: path[1]) else {
            let help =
                session.nearest(to: path[1], in: names).map { "did you mean 'feed.\($0)'?" }
                ?? (names.isEmpty ? "declare it in 'feeds:'" : "the feeds are \(names.joined(separator: ", "))")
            throw TextProblem(.unknownVariable, "there is no feed '\(path[1])'", at: offset, suggestion: help)
        }
        let columns = session.feeds[number].columns
        guard let column = columns.firstIndex(of: path[2]) else {
            let help =
                session.nearest(to: path[2], in: columns).map { "did you mean '\($0)'?" }
                ?? "its columns are \(columns.prefix(10).joined(separator: ", "))"
            let message = "the feed '\(path[1])' has no column '\(path[2])'"
            throw TextProblem(.unknownVariable, message, at: offset, suggestion: help)
        }
        return .feed(number, column: column, Array(path.dropFirst(3)))
    }

    private func path(_ rest: Substring, of word: String, at offset: Int) throws(TextProblem) -> MessagePath {
        guard !rest.isEmpty else { return MessagePath(path: JSONPath([])) }
        let skipped = word.unicodeScalars.count - rest.unicodeScalars.count
        return try PathParser.parse(String(rest), at: offset + skipped)
    }

    private func variable(_ path: [String], at offset: Int) throws(TextProblem) -> Expression {
        guard site != .fixed else { throw Self.mustBeFixed(at: offset) }
        guard let names else {
            throw TextProblem(.unknownVariable, "there is no variable '\(path[0])' here", at: offset)
        }
        if path.count == 2, path[1] == "outcome", let slot = names.outcomes[path[0]] {
            return .variable(slot, [])
        }
        if let slot = names.slots[path[0]] {
            if let earlier, !earlier.contains(path[0]) {
                let message = "'\(path[0])' has no value yet; variables are set in order"
                throw TextProblem(.unknownVariable, message, at: offset)
            }
            return .variable(slot, Array(path.dropFirst()))
        }
        var known = Array(names.slots.keys) + names.outcomes.keys.map { "\($0).outcome" }
        known += ["event", "sent", "client.index", "i"] + (item == nil ? [] : ["item"])
        known += session.rooms == nil ? [] : ["room.id", "room.index"]
        let suggestion = session.nearest(to: path[0], in: known.sorted()).map { "did you mean '\($0)'?" }
        throw TextProblem(.unknownVariable, "there is no variable '\(path[0])'", at: offset, suggestion: suggestion)
    }

    static func mustBeFixed(at offset: Int) -> TextProblem {
        TextProblem(.badTemplate, "only ${env.NAME} can stand here", at: offset)
    }
}
