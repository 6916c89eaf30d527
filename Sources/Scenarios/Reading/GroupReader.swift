/// Reads one group of clients, with what stands at the top of the file for all of them.
struct GroupReader {
    let session: ReadingSession
    let top: SourceNode
    let overrides: Overrides

    /// - Parameter flow: The flow at the top of the file, for a group that has none of its own.
    func group(_ name: String, _ node: SourceNode, flow topFlow: SourceNode?) -> ClientGroup? {
        guard let map = MapReader<GroupKey>(node, "the group '\(name)'", session) else { return nil }
        let names = GroupNames()
        let variables = SourceNode.merged("vars", top: top, group: node)
        let handlers = SourceNode.merged("on", top: top, group: node)
        let flow = map[.flow] ?? topFlow
        let rejoin = map[.rejoin] ?? top[GroupKey.rejoin.rawValue]
        declare(variables: variables, steps: [handlers, flow, rejoin].compactMap { $0 }, in: names)

        let assignments = variables.map { self.variables($0, names) } ?? []
        let share = map.integer(.share) ?? 1
        let think = SourceNode.merged("think", top: top, group: node).flatMap { session.delay($0, "'think'") }
        let onFailure = SourceNode.merged("onFailure", top: top, group: node).flatMap {
            session.word($0, "'onFailure'", FailurePolicy.self)
        }
        let (target, dialect) = TargetReader(session: session, names: names, override: overrides.target)
            .target(mergedTarget(node), owner: top["target"] ?? top)
        if dialect.messageProtocol == .socketIO { names.use(namespace: dialect.namespace) }

        let reconnect = self.reconnect(node, dialect)
        let reconnects = reconnect != Reconnect.none

        let read = handlers.map { self.handlers($0, names, dialect) } ?? []
        let restoring = rejoin.map { self.rejoin($0, names, dialect) } ?? []
        if !reconnects, map.has(.rejoin) { session.reportIdleRejoin(at: map.place(of: .rejoin)) }
        var reader = StepReader(
            session: session,
            names: names,
            site: .flow,
            thinks: think != nil,
            dialect: dialect,
            reconnects: reconnects
        )
        let steps = flow.map { reader.steps($0) } ?? []
        if flow == nil {
            session.report(.missing, "'flow' is missing in the group '\(name)'", at: node)
        } else if steps.isEmpty, !session.hasErrors, let flow {
            session.report(.missing, "the flow has no steps", at: flow)
        }
        guard let target else { return nil }
        return ClientGroup(
            name: name,
            share: share,
            target: target,
            variables: assignments,
            slotCount: names.slotCount,
            think: think,
            onFailure: onFailure ?? .leave,
            handlers: read,
            flow: steps,
            readsEvent: names.readsEvent,
            readsSent: names.readsSent,
            reconnect: reconnect,
            rejoin: reconnects ? restoring : [],
            usesRooms: names.usesRooms,
            namespaces: names.namespaces
        )
    }

    /// The target of the file and of the group as one.
    ///
    /// A group that speaks another protocol leaves out what the file says for its own.
    private func mergedTarget(_ group: SourceNode) -> SourceNode? {
        guard var below = top["target"], let above = group["target"] else { return group["target"] ?? top["target"] }
        let key = TargetKey.protocol.rawValue
        if let own = above[key]?.scalar?.text, own != below[key]?.scalar?.text ?? "socket.io",
            case .map(let entries) = below.content
        {
            let others = Target.MessageProtocol.allCases.filter { $0.rawValue != own }
            let foreign = Set(others.flatMap(TargetReader.keys(onlyFor:)).map(\.rawValue))
            below.content = .map(entries.filter { !foreign.contains($0.key.text) })
        }
        return below.merging(above, depth: 1)
    }

    private func variables(_ node: SourceNode, _ names: GroupNames) -> [Assignment] {
        guard case .map(let entries) = node.content else {
            session.report(.wrongType, "'vars' has to be a map, not \(node.kind)", at: node)
            return []
        }
        var scope = ExpressionScope(session: session, names: names, site: .variables, earlier: [])
        return entries.compactMap { entry in
            guard session.checkVariable(entry.key) else { return nil }
            let value = session.value(entry.value, scope)
            scope.earlier?.insert(entry.key.text)
            return Assignment(slot: names.declare(entry.key.text), name: entry.key.text, value: value)
        }
    }

    private func handlers(_ node: SourceNode, _ names: GroupNames, _ dialect: Dialect) -> [Handler] {
        guard case .map(let entries) = node.content else {
            let help = "write on: { EVENT: [ steps ] }"
            session.report(.wrongType, "'on' has to be a map of events, not \(node.kind)", at: node, help: help)
            return []
        }
        return entries.compactMap { entry in
            let key = SourceNode(line: entry.key.line, column: entry.key.column, content: .scalar(entry.key))
            var reader = StepReader(session: session, names: names, site: .handler, thinks: false, dialect: dialect)
            let steps = reader.steps(entry.value)
            guard let event = reader.receivedEvent(key, "an event") else { return nil }
            return Handler(event: event, steps: steps)
        }
    }

    private func reconnect(_ group: SourceNode, _ dialect: Dialect) -> Reconnect {
        guard let node = SourceNode.merged("reconnect", top: top, group: group) else {
            return Reconnect(unsaidFor: dialect.messageProtocol)
        }
        // Where it cannot be read, what relies on it is not at fault too.
        return ReconnectReader(session: session).reconnect(node) ?? .policy(.socketIO)
    }

    /// The steps after a reconnect. They do not think before they send: clients that come back do so at once.
    private func rejoin(_ node: SourceNode, _ names: GroupNames, _ dialect: Dialect) -> [Step] {
        var reader = StepReader(session: session, names: names, site: .rejoin, thinks: false, dialect: dialect)
        // What it sends is no cause of the flow's; its own times run from there, and before that from the reconnect.
        reader.hasCause = true
        return reader.steps(node)
    }

    /// Gives every variable of the group its slot, so that a handler may read what the flow sets further down.
    private func declare(variables: SourceNode?, steps: [SourceNode], in names: GroupNames) {
        if case .map(let entries)? = variables?.content { entries.forEach { names.declare($0.key.text) } }
        steps.forEach { declareVariables(in: $0, names) }
    }

    private func declareVariables(in node: SourceNode, _ names: GroupNames) {
        switch node.content {
        case .scalar:
            break
        case .list(let elements):
            elements.forEach { declareVariables(in: $0, names) }
        case .map(let entries):
            for entry in entries {
                switch (entry.key.text, entry.value.content) {
                case ("capture", .map(let variables)), ("set", .map(let variables)):
                    variables.forEach { names.declare($0.key.text) }
                case ("plan", .scalar(let name)):
                    names.declareOutcome(of: name.text)
                case ("data", _), ("args", _), ("json", _), ("headers", _), ("where", _), ("send", _),
                    ("acknowledge", _):
                    break
                default:
                    declareVariables(in: entry.value, names)
                }
            }
        }
    }
}

extension ReadingSession {
    /// Reports steps after a reconnect where there is none.
    func reportIdleRejoin(at place: SourcePlace) {
        let help = "say how: 'reconnect: socket.io', or by numbers such as { delay: 1s }"
        report(.badValue, "nothing reconnects here, so that 'rejoin' never begins", at: place, help: help)
    }
}
