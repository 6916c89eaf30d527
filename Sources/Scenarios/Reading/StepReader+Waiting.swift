import Wire

extension StepReader {
    mutating func awaitStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, AwaitKey.self), let value = map.required(.await) else { return nil }
        let match = events(value, "'await'", condition: map[.where].flatMap { session.messageCondition($0, scope) })
        let since = map[.since].flatMap { self.since($0) }
        for key in [AwaitKey.measure, .within] where map.has(key) && !map.has(.since) {
            requireCause(at: map.place(of: key), "'\(key.rawValue)'")
        }
        let within = map.someTime(.within) ?? Self.patience
        let measure = map[.measure].flatMap { self.measure($0) }
        let capture = captures(map[.capture])
        return match.map { .await(Await(match: $0, within: within, measure: measure, capture: capture, since: since)) }
    }

    /// `connect`, or the `measure:` of a step before.
    private func since(_ node: SourceNode) -> Since? {
        guard let name = session.name(node, "'since'") else { return nil }
        guard scope.site != .rejoin else {
            let message = "'since' belongs to the flow; times of 'rejoin' run from what it sent last, or from its begin"
            session.report(.badValue, message, at: node, help: "leave it out")
            return nil
        }
        if name == "connect" { return .connect }
        guard !measures.contains(name) else { return .measure(name) }
        let nearest = session.nearest(to: name, in: measures + ["connect"]).map { "did you mean '\($0)'?" }
        session.report(
            .noCause,
            "no step before this has 'measure: \(name)'",
            at: node,
            help: nearest ?? "'since' is 'connect' or the 'measure' of a step that comes before"
        )
        return nil
    }

    func waitStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, WaitKey.self), let value = map.required(.wait) else { return nil }
        let condition = session.condition(value, "'wait'", scope)
        let since = map[.since].flatMap { self.since($0) }
        if map.has(.within), !map.has(.since) { requireCause(at: map.place(of: .within), "'within'") }
        let within = map.someTime(.within) ?? Self.patience
        return condition.map { .wait(Wait(condition: $0, within: within, since: since)) }
    }

    func streamStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, StreamKey.self), let value = map.required(.stream) else { return nil }
        let name = session.name(value, "a stream")
        if let name { session.claim(name, as: .stream, at: session.source.place(of: value)) }
        let since = map[.since].flatMap { self.since($0) }
        if !map.has(.since) { requireCause(at: session.source.place(of: map.node), "a stream") }
        let chunk = map.required(.chunk).flatMap { events($0, "'chunk'") }
        let done = map.required(.done).flatMap { events($0, "'done'") }
        let condition = map[.where].flatMap { session.messageCondition($0, scope) }
        if map.has(.final), !map.has(.text) {
            let message = "'final' is compared with what 'text' gives, and there is no 'text'"
            session.report(.missing, message, at: map.place(of: .final))
        }
        let (key, index) = (paths(map, .key), paths(map, .index))
        let (text, final) = (paths(map, .text), paths(map, .final))
        let within = map.someTime(.within) ?? Self.patience
        let stall = map.someTime(.stall)
        guard let name, let chunk, let done else { return nil }
        return .stream(
            StreamStep(
                name: name,
                chunk: chunk,
                done: done,
                condition: condition,
                key: key,
                index: index,
                text: text,
                final: final,
                within: within,
                stall: stall,
                since: since
            )
        )
    }

    mutating func planStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, PlanKey.self), let value = map.required(.plan) else { return nil }
        let name = session.name(value, "a plan")
        if let name { session.claim(name, as: .plan, at: session.source.place(of: value)) }
        let since = map[.since].flatMap { self.since($0) }
        if !map.has(.since) { requireCause(at: session.source.place(of: map.node), "a plan") }
        let event = map.required(.event).flatMap { events($0, "'event'") }
        let actions = map.required(.actions).flatMap { session.paths($0, "'actions'") }
        let key = paths(map, .key)
        let reply = map.required(.reply).map { self.reply($0) }
        let done = map.required(.done).flatMap { events($0, "'done'") }
        let refuse = map[.refuse].flatMap { events($0, "'refuse'") }
        let clientLimit = limit(map, .clientLimit, from: 1, default: nil)
        let serverLimit = limit(map, .serverLimit, from: 1, default: nil)
        let cycle = limit(map, .cycle, from: 2, default: 5)
        let same = fields(map)
        let progress = paths(map, .progress)
        let within = map.someTime(.within) ?? Self.patience
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
                outcome: names.declareOutcome(of: name),
                since: since
            )
        )
    }

    private mutating func reply(_ node: SourceNode) -> [Step] {
        let wasReply = isReply
        isReply = true
        defer { isReply = wasReply }
        return block(node)
    }

    /// How long a step waits where nothing is said.
    static let patience = Duration.seconds(10)

    private func paths<Key: MapShape>(_ map: MapReader<Key>, _ key: Key) -> MessagePaths? {
        map[key].flatMap { session.paths($0, "'\(key.rawValue)'") }
    }

    /// A number, or `none`.
    private func limit(
        _ map: MapReader<PlanKey>,
        _ key: PlanKey,
        from minimum: Int,
        default unsaid: Int?
    ) -> Int? {
        guard let node = map[key] else { return unsaid }
        if node.scalar?.text == "none" { return nil }
        return session.integer(node, "'\(key.rawValue)'", from: minimum)
    }

    private func fields(_ map: MapReader<PlanKey>) -> [String] {
        guard let node = map[.same] else { return [] }
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
            guard let map = MapReader<EventKey>(node, "an event", session), let name = map.required(.event)
            else { return nil }
            nameNode = name
            if let own = map[.where].flatMap({ session.messageCondition($0, scope) }) {
                condition = common.map { own.and($0) } ?? own
            }
        }
        guard let event = receivedEvent(nameNode, what) else { return nil }
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
