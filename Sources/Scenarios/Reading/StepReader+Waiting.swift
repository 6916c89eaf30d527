import Wire

extension StepReader {
    mutating func awaitStep(_ value: SourceNode, _ map: MapReader) -> Step.Action? {
        let match = events(value, "'await'", condition: map["where"].flatMap { session.messageCondition($0, scope) })
        let since = since(map)
        for key in ["measure", "within"] where map[key] != nil && map["since"] == nil {
            requireCause(at: map.place(ofKey: key), "'\(key)'")
        }
        let within = within(map)
        let measure = measure(map)
        let capture = captures(map)
        return match.map { .await(Await(match: $0, within: within, measure: measure, capture: capture, since: since)) }
    }

    /// `connect`, or the `measure:` of a step before.
    private func since(_ map: MapReader) -> Since? {
        guard let node = map["since"], let name = session.name(node, "'since'") else { return nil }
        if name == "connect" { return .connect }
        guard !measures.contains(name) else { return .measure(name) }
        let nearest = Spelling.nearest(to: name, in: measures + ["connect"]).map { "did you mean '\($0)'?" }
        session.report(
            .noCause,
            "no step before this has 'measure: \(name)'",
            at: node,
            help: nearest ?? "'since' is 'connect' or the 'measure' of a step that comes before"
        )
        return nil
    }

    func waitStep(_ value: SourceNode, _ map: MapReader) -> Step.Action? {
        let condition = session.condition(value, "'wait'", scope)
        if map["within"] != nil { requireCause(at: map.place(ofKey: "within"), "'within'") }
        let within = within(map)
        return condition.map { .wait(Wait(condition: $0, within: within)) }
    }

    func streamStep(_ value: SourceNode, _ map: MapReader) -> Step.Action? {
        let name = session.name(value, "a stream")
        if let name { session.claim(name, as: .stream, at: session.source.place(of: value)) }
        requireCause(at: session.source.place(of: map.node), "a stream")
        let chunk = map.required("chunk").flatMap { events($0, "'chunk'") }
        let done = map.required("done").flatMap { events($0, "'done'") }
        let condition = map["where"].flatMap { session.messageCondition($0, scope) }
        let paths = Dictionary(
            uniqueKeysWithValues: ["key", "index", "text", "final"].map { key in
                (key, map[key].flatMap { session.paths($0, "'\(key)'") })
            }
        ).compactMapValues { $0 }
        if map["final"] != nil, map["text"] == nil {
            let message = "'final' is compared with what 'text' gives, and there is no 'text'"
            session.report(.missing, message, at: map.place(ofKey: "final"))
        }
        let within = within(map)
        let stall = some(map.duration("stall"), "'stall'", at: map.place(ofKey: "stall"))
        guard let name, let chunk, let done else { return nil }
        return .stream(
            StreamStep(
                name: name,
                chunk: chunk,
                done: done,
                condition: condition,
                key: paths["key"],
                index: paths["index"],
                text: paths["text"],
                final: paths["final"],
                within: within,
                stall: stall
            )
        )
    }

    mutating func planStep(_ value: SourceNode, _ map: MapReader) -> Step.Action? {
        let name = session.name(value, "a plan")
        if let name { session.claim(name, as: .plan, at: session.source.place(of: value)) }
        requireCause(at: session.source.place(of: map.node), "a plan")
        let event = map.required("event").flatMap { events($0, "'event'") }
        let actions = map.required("actions").flatMap { session.paths($0, "'actions'") }
        let key = map["key"].flatMap { session.paths($0, "'key'") }
        let reply = map.required("reply").map { steps($0) }
        let done = map.required("done").flatMap { events($0, "'done'") }
        let refuse = map["refuse"].flatMap { events($0, "'refuse'") }
        let clientLimit = limit(map, "clientLimit", from: 1, default: nil)
        let serverLimit = limit(map, "serverLimit", from: 1, default: nil)
        let cycle = limit(map, "cycle", from: 2, default: 5)
        let same = fields(map)
        let progress = map["progress"].flatMap { session.paths($0, "'progress'") }
        let within = within(map)
        guard let name, let event, let actions, let reply, let done else { return nil }
        return .plan(
            PlanStep(
                name: name,
                event: event,
                actions: actions,
                key: key,
                reply: reply,
                done: done,
                refuse: refuse,
                clientLimit: clientLimit,
                serverLimit: serverLimit,
                same: same,
                cycle: cycle,
                progress: progress,
                within: within,
                outcome: names.declareOutcome(of: name)
            )
        )
    }

    /// A number, or `none`.
    private func limit(_ map: MapReader, _ key: String, from minimum: Int, default unsaid: Int?) -> Int? {
        guard let node = map[key] else { return unsaid }
        if node.scalar?.text == "none" { return nil }
        return session.integer(node, "'\(key)'", from: minimum)
    }

    private func fields(_ map: MapReader) -> [String] {
        guard let node = map["same"] else { return [] }
        if case .list(let elements) = node.content { return elements.compactMap { session.name($0, "a field") } }
        return session.name(node, "'same'").map { [$0] } ?? []
    }

    /// EVENT: a name, `{ event: NAME, where: … }`, or a list of these.
    ///
    /// - Parameter condition: What all of them have to be like besides.
    func events(_ node: SourceNode, _ what: String, condition: MessageCondition? = nil) -> EventMatch? {
        var nodes = [node]
        if case .list(let elements) = node.content {
            nodes = elements
            if elements.isEmpty { session.report(.missing, "\(what) is an empty list", at: node) }
        }
        let patterns = nodes.compactMap { pattern($0, what, condition) }
        return patterns.isEmpty ? nil : EventMatch(patterns: patterns)
    }

    private func pattern(_ node: SourceNode, _ what: String, _ common: MessageCondition?) -> EventMatch.Pattern? {
        var nameNode = node
        var condition = common
        if case .map = node.content {
            guard let map = MapReader(node, "an event", keys: ["event", "where"], session),
                let name = map.required("event")
            else { return nil }
            nameNode = name
            if let own = map["where"].flatMap({ session.messageCondition($0, scope) }) {
                condition = common.map { own.and($0) } ?? own
            }
        }
        guard let event = session.receivedEvent(nameNode, what) else { return nil }
        return EventMatch.Pattern(event: event, condition: condition)
    }

    private func requireCause(at place: SourcePlace, _ what: String) {
        guard !hasCause, scope.site == .flow else { return }
        session.report(
            .noCause,
            "\(what) runs from what the flow did before, and nothing was sent or opened before this",
            at: place,
            help: "put '- connect' or an 'emit' before it"
        )
    }
}

extension ReadingSession {
    /// The number of an event that the server sends.
    func receivedEvent(_ node: SourceNode, _ what: String) -> EventID? {
        guard let name = name(node, what) else { return nil }
        let place = source.place(of: node)
        switch name {
        case "closed", "refused":
            reportNotBuilt("the event '\(name)'", at: place)
        case "connect":
            report(.badValue, "'connect' is no event of the server", at: place, help: "use the step '- connect'")
        case "disconnect":
            report(
                .badValue,
                "'disconnect' is no event of the server",
                at: place,
                help: "the language calls it 'closed'"
            )
        case "connect_error":
            report(
                .badValue,
                "'connect_error' is no event of the server",
                at: place,
                help: "the language calls it 'refused'"
            )
        default:
            return event(name, at: place)
        }
        return nil
    }

    /// Reports a name that no variable can have.
    func checkVariable(_ key: SourceScalar) -> Bool {
        let place = source.place(of: key)
        let scalars = key.text.unicodeScalars
        let isName = scalars.allSatisfy {
            $0 == "_" || ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        }
        guard let first = scalars.first, isName, !("0"..."9").contains(first) else {
            let help = "a name has letters, digits and '_', and does not start with a digit"
            report(.badValue, "'\(key.text)' cannot be the name of a variable", at: place, help: help)
            return false
        }
        guard !GroupNames.reserved.contains(key.text) else {
            report(.nameClash, "'\(key.text)' means something else in templates; choose another name", at: place)
            return false
        }
        return true
    }
}
