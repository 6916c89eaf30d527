/// Reads the steps of one flow, of one handler, or of `rejoin:`.
struct StepReader {
    let session: ReadingSession
    let names: GroupNames
    /// What the names in templates mean here.
    var scope: ExpressionScope
    /// Sends of this group think before they send, so that they wait.
    let thinks: Bool
    /// How many `repeat:` are around this.
    var loops = 0
    /// Something was sent or opened before, which a latency can run from.
    var hasCause = false
    /// How many causes were read.
    private var causes = 0
    /// How many there were up to the last one in the list of steps that is being read; 0 where it has none.
    private var ownCauses = 0
    /// The steps are the reply of a plan.
    var isReply = false
    /// The group reconnects when its connection falls.
    let reconnects: Bool
    /// From `measure:` of the steps before, which `since:` can name.
    var measures: [String] = []
    /// How messages are framed.
    let dialect: Dialect

    init(
        session: ReadingSession,
        names: GroupNames,
        site: ExpressionScope.Site,
        thinks: Bool,
        dialect: Dialect,
        reconnects: Bool = true
    ) {
        self.session = session
        self.names = names
        self.thinks = thinks
        self.dialect = dialect
        self.reconnects = reconnects
        scope = ExpressionScope(session: session, names: names, site: site)
    }

    /// The steps of a list, lists in it spliced; one step may stand alone.
    mutating func steps(_ node: SourceNode) -> [Step] {
        guard case .list(let elements) = node.content else { return step(node).map { [$0] } ?? [] }
        return elements.flatMap { steps($0) }
    }

    /// The steps of a branch, a round or a reply, which a step outside cannot go back into.
    mutating func block(_ node: SourceNode) -> [Step] {
        let outer = ownCauses
        ownCauses = 0
        defer { ownCauses = outer }
        return steps(node)
    }

    private mutating func step(_ node: SourceNode) -> Step? {
        let step: Step?
        switch node.content {
        case .scalar(let scalar):
            step = bareStep(scalar, node).map { Step(action: $0, place: session.source.place(of: node)) }
        case .map(let entries): step = self.step(entries, node)
        case .list: step = nil
        }
        guard let step else { return nil }
        if scope.site == .handler { checkHandlerStep(step) }
        if scope.site == .rejoin { checkRejoinStep(step) }
        if Self.isCause(step.action) {
            hasCause = true
            causes += 1
            ownCauses = causes
        }
        return step
    }

    private func bareStep(_ scalar: SourceScalar, _ node: SourceNode) -> Step.Action? {
        guard let kind = StepKind(rawValue: scalar.text) else {
            if node.isNull {
                session.report(.missing, "a step is missing here", at: node)
            } else {
                reportUnknown(scalar.text, at: session.source.place(of: node))
            }
            return nil
        }
        switch kind {
        case .connect: return .connect
        case .disconnect: return .disconnect
        case .acknowledge: return acknowledgeStep(arguments: [], attachments: [], at: session.source.place(of: node))
        default:
            let help = "write '\(kind.rawValue): …'"
            session.report(.missing, "'\(kind.rawValue)' needs a value", at: node, help: help)
            return nil
        }
    }

    private mutating func step(_ entries: [SourceEntry], _ node: SourceNode) -> Step? {
        guard let name = StepKind.name(among: entries.map(\.key.text)), let kind = StepKind(rawValue: name),
            let entry = entries.first(where: { $0.key.text == name })
        else {
            if let first = entries.first {
                reportUnknown(first.key.text, at: session.source.place(of: first.key))
            } else {
                session.report(.missing, "a step is missing here", at: node)
            }
            return nil
        }
        let place = session.source.place(of: entry.key)
        if kind == .connect || kind == .disconnect, !entry.value.isNull {
            session.report(.wrongType, "'\(name)' has no value", at: place, help: "write '- \(name)'")
            return nil
        }
        let options = kind.shape.names
        for other in entries where !options.contains(other.key.text) {
            guard StepKind(rawValue: other.key.text) != nil else { continue }
            let place = session.source.place(of: other.key)
            let message = "'\(other.key.text)' is a step of its own, not a part of '\(name)'"
            session.report(.unknownKey, message, at: place, help: "put a dash before it: '- \(other.key.text): …'")
            return nil
        }
        let canRetry = ownCauses > 0 && ownCauses == causes
        guard let action = action(kind, node) else { return nil }
        var step = Step(action: action, place: session.source.place(of: node))
        if let policy = entries.first(where: { $0.key.text == Self.policy }) {
            step.onFailure = session.word(policy.value, "'\(Self.policy)'")
            checkCanFail(action, name, at: session.source.place(of: policy.key))
        }
        if let policy = entries.first(where: { $0.key.text == Self.loss }), options.contains(Self.loss) {
            step.onLoss = lossPolicy(policy, of: action, canRetry: canRetry)
        }
        step.roomChanges = roomChanges(entries)
        return step
    }

    /// The key of `onFailure`, which every step that can fail has.
    private static let policy = "onFailure"

    private static let loss = "onLoss"

    /// The map of a step. Where `onFailure` has no place it is reported by name, and not offered.
    func map<Key: MapShape>(_ node: SourceNode, _ type: Key.Type = Key.self) -> MapReader<Key>? {
        MapReader(node, "'\(Key.names[0])'", session, ignoring: [Self.policy])
    }

    private mutating func action(_ kind: StepKind, _ node: SourceNode) -> Step.Action? {
        switch kind {
        case .connect: map(node, ConnectKey.self).map { _ in Step.Action.connect }
        case .disconnect: map(node, DisconnectKey.self).map { _ in Step.Action.disconnect }
        case .emit: emitStep(node)
        case .send: sendStep(node)
        case .acknowledge: acknowledgeStep(node)
        case .http: httpStep(node)
        case .await: awaitStep(node)
        case .stream: streamStep(node)
        case .plan: planStep(node)
        case .think: value(of: ThinkKey.think, node).flatMap { session.delay($0, "'think'") }.map { .think($0) }
        case .pace: map(node, PaceKey.self)?.someTime(.pace).map { .pace($0) }
        case .wait: waitStep(node)
        case .repeat: repeatStep(node)
        case .when: whenStep(node)
        case .choose: value(of: ChooseKey.choose, node).flatMap { chooseStep($0) }
        case .set: value(of: SetKey.set, node).flatMap { setStep($0) }
        case .count: value(of: CountKey.count, node).flatMap { countStep($0) }
        case .fanout: fanOutStep(node)
        case .drop: dropStep(node)
        case .stall: stallStep(node)
        case .fail: value(of: FailKey.fail, node).flatMap { session.text($0, "'fail'", scope) }.map { .fail($0) }
        }
    }

    /// The value of a step without options.
    func value<Key: MapShape>(of key: Key, _ node: SourceNode) -> SourceNode? {
        map(node, Key.self)?.required(key)
    }

    private func reportUnknown(_ name: String, at place: SourcePlace) {
        let nearest = session.nearest(to: name, in: StepKind.names).map {
            "did you mean '\($0)'?"
        }
        let shown = name.count > 40 ? "\(name.prefix(40))…" : name
        let help = nearest ?? "the steps are \(StepKind.names.joined(separator: ", "))"
        session.report(.unknownKey, "there is no step '\(shown)'", at: place, help: help)
    }
}

extension StepReader {
    private func setStep(_ value: SourceNode) -> Step.Action? {
        guard case .map(let entries) = value.content, !entries.isEmpty else {
            session.report(.wrongType, "'set' has to be a map of variables and values, not \(value.kind)", at: value)
            return nil
        }
        return .set(
            entries.compactMap { entry in
                guard let slot = variable(entry.key) else { return nil }
                return Assignment(slot: slot, name: entry.key.text, value: session.value(entry.value, scope))
            }
        )
    }

    private func countStep(_ value: SourceNode) -> Step.Action? {
        guard let name = session.name(value, "'count'") else { return nil }
        session.claim(name, as: .counter, at: session.source.place(of: value))
        return session.counterIDs[name].map(Step.Action.count)
    }

    /// The slot of a variable that gets its value here.
    func variable(_ key: SourceScalar) -> VariableSlot? {
        guard session.checkVariable(key) else { return nil }
        return names.declare(key.text)
    }

    /// `capture:`, a map of variables and paths.
    func captures(_ node: SourceNode?) -> [Capture] {
        guard let node else { return [] }
        guard case .map(let entries) = node.content else {
            let help = "write capture: { name: path.in.the.message }"
            session.report(.wrongType, "'capture' has to be a map, not \(node.kind)", at: node, help: help)
            return []
        }
        return entries.compactMap { entry in
            guard let slot = variable(entry.key),
                let path = session.paths(entry.value, "'\(entry.key.text)'")
            else { return nil }
            return Capture(slot: slot, name: entry.key.text, path: path)
        }
    }
}
