/// Reads the steps of one flow, or of one handler.
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
    /// From `measure:` of the steps before, which `since:` can name.
    var measures: [String] = []

    init(session: ReadingSession, names: GroupNames, site: ExpressionScope.Site, thinks: Bool) {
        self.session = session
        self.names = names
        self.thinks = thinks
        scope = ExpressionScope(session: session, names: names, site: site)
    }

    /// The steps of a list, lists in it spliced; one step may stand alone.
    mutating func steps(_ node: SourceNode) -> [Step] {
        guard case .list(let elements) = node.content else { return step(node).map { [$0] } ?? [] }
        return elements.flatMap { steps($0) }
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
        if Self.isCause(step.action) { hasCause = true }
        return step
    }

    private func bareStep(_ scalar: SourceScalar, _ node: SourceNode) -> Step.Action? {
        switch scalar.text {
        case "connect": return .connect
        case "disconnect": return .disconnect
        default: break
        }
        if node.isNull {
            session.report(.missing, "a step is missing here", at: node)
        } else if StepKeys.options[scalar.text] != nil {
            session.report(.missing, "'\(scalar.text)' needs a value", at: node, help: "write '\(scalar.text): …'")
        } else if StepKeys.planned[scalar.text] != nil {
            session.reportNotBuilt("'\(scalar.text)'", at: session.source.place(of: node))
        } else {
            reportUnknown(scalar.text, at: session.source.place(of: node))
        }
        return nil
    }

    private mutating func step(_ entries: [SourceEntry], _ node: SourceNode) -> Step? {
        guard let name = StepKeys.name(among: entries.map(\.key.text)),
            let entry = entries.first(where: { $0.key.text == name })
        else {
            if let first = entries.first {
                reportUnknown(first.key.text, at: session.source.place(of: first.key))
            } else {
                session.report(.missing, "a step is missing here", at: node)
            }
            return nil
        }
        guard !StepKeys.bare.contains(name) || entry.value.isNull else {
            let place = session.source.place(of: entry.key)
            session.report(.wrongType, "'\(name)' has no value", at: place, help: "write '- \(name)'")
            return nil
        }
        guard let options = StepKeys.bare.contains(name) ? [] : StepKeys.options[name] else {
            session.reportNotBuilt("'\(name)'", at: session.source.place(of: entry.key))
            return nil
        }
        for other in entries where other.key.text != name && !options.contains(other.key.text) {
            guard StepKeys.options[other.key.text] != nil else { continue }
            let place = session.source.place(of: other.key)
            let message = "'\(other.key.text)' is a step of its own, not a part of '\(name)'"
            session.report(.unknownKey, message, at: place, help: "put a dash before it: '- \(other.key.text): …'")
            return nil
        }
        // Where it has no place it is reported by name, and not offered.
        let takesPolicy = StepKeys.fallible.contains(name) || entries.contains { $0.key.text == "onFailure" }
        let keys = [name] + options + (takesPolicy ? ["onFailure"] : [])
        let planned = StepKeys.plannedOptions[name] ?? []
        guard let map = MapReader(node, "'\(name)'", keys: keys, planned: planned, session),
            let action = action(name, entry.value, map)
        else { return nil }
        let policy = map["onFailure"].flatMap { session.failurePolicy($0) }
        if map["onFailure"] != nil { checkCanFail(action, name, at: map.place(ofKey: "onFailure")) }
        return Step(action: action, place: session.source.place(of: node), onFailure: policy)
    }

    private mutating func action(_ name: String, _ value: SourceNode, _ map: MapReader) -> Step.Action? {
        switch name {
        case "connect": return .connect
        case "disconnect": return .disconnect
        case "emit": return emitStep(value, map)
        case "http": return httpStep(value, map)
        case "await": return awaitStep(value, map)
        case "stream": return streamStep(value, map)
        case "plan": return planStep(value, map)
        case "think": return session.delay(value, "'think'").map { .think($0) }
        case "pace":
            let pace = session.duration(value, "'pace'")
            return some(pace, "'pace'", at: session.source.place(of: value)).map { .pace($0) }
        case "wait": return waitStep(value, map)
        case "repeat": return repeatStep(value, map)
        case "when": return whenStep(value, map)
        case "choose": return chooseStep(value)
        case "set": return setStep(value)
        case "count": return countStep(value)
        case "fail": return session.text(value, "'fail'", scope).map { .fail($0) }
        default: return nil
        }
    }

    private func reportUnknown(_ name: String, at place: SourcePlace) {
        let nearest = Spelling.nearest(to: name, in: StepKeys.all).map { "did you mean '\($0)'?" }
        let shown = name.count > 40 ? "\(name.prefix(40))…" : name
        let help =
            nearest ?? "the steps are connect, disconnect, \(StepKeys.options.keys.sorted().joined(separator: ", "))"
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
        return session.names.counters.firstIndex(of: name).map(Step.Action.count)
    }

    /// The slot of a variable that gets its value here.
    func variable(_ key: SourceScalar) -> VariableSlot? {
        guard session.checkVariable(key) else { return nil }
        return names.declare(key.text)
    }

    /// `capture:`, a map of variables and paths.
    func captures(_ map: MapReader) -> [Capture] {
        guard let node = map["capture"] else { return [] }
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
