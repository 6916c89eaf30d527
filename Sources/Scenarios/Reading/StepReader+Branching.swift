import Wire

extension StepReader {
    mutating func repeatStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, RepeatKey.self), let value = map.required(.repeat) else { return nil }
        let index = names.loopSlot(.index, depth: loops, site: scope.site)
        let times = times(value, index: index)
        let every = map.someTime(.every)
        guard let flowNode = map.required(.flow) else { return nil }
        var item: VariableSlot?
        var list: VariableSlot?
        if Self.goesThroughList(value) {
            item = names.loopSlot(.item, depth: loops, site: scope.site)
            list = names.loopSlot(.list, depth: loops, site: scope.site)
        }
        let outer = scope
        scope.index = index
        scope.item = item ?? outer.item
        loops += 1
        let flow = block(flowNode)
        loops -= 1
        scope = outer
        guard let times else { return nil }
        let loop = Repeat(times: times, index: index, item: item, list: list, every: every, flow: flow)
        checkWaiting(of: loop, at: map.node)
        return .repeat(loop)
    }

    mutating func whenStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, WhenKey.self), let value = map.required(.when) else { return nil }
        let condition = session.condition(value, "'when'", scope)
        var branches = map.required(.flow).map { [$0] } ?? []
        let hasFlow = !branches.isEmpty
        if let node = map[.else] { branches.append(node) }
        let read = self.branches(branches)
        guard let condition, hasFlow else { return nil }
        return .when(When(condition: condition, flow: read[0], otherwise: read.count > 1 ? read[1] : []))
    }

    mutating func chooseStep(_ value: SourceNode) -> Step.Action? {
        guard case .list(let elements) = value.content else {
            let help = "write choose: [ { weight: 3, flow: … }, … ]"
            session.report(.wrongType, "'choose' has to be a list, not \(value.kind)", at: value, help: help)
            return nil
        }
        guard !elements.isEmpty else {
            session.report(.missing, "'choose' has nothing to choose from", at: value)
            return nil
        }
        var weights: [Int] = []
        var flows: [SourceNode] = []
        for element in elements {
            guard let map = MapReader<BranchKey>(element, "a branch of 'choose'", session) else { continue }
            let weight = map.integer(.weight) ?? 1
            guard let flow = map.required(.flow) else { continue }
            weights.append(weight)
            flows.append(flow)
        }
        return .choose(zip(weights, branches(flows)).map { Choice(weight: $0, flow: $1) })
    }

    /// Flows of which one runs; what one of them sends may be a cause for what comes after all of them.
    private mutating func branches(_ nodes: [SourceNode]) -> [[Step]] {
        let before = hasCause
        let earlier = measures
        var hasCauseAfter = before
        var flows: [[Step]] = []
        var declared: [String] = []
        for node in nodes {
            hasCause = before
            measures = earlier
            flows.append(block(node))
            hasCauseAfter = hasCauseAfter || hasCause
            declared += measures.dropFirst(earlier.count)
        }
        hasCause = hasCauseAfter
        measures = earlier + declared
        return flows
    }
}

extension StepReader {
    private static func goesThroughList(_ value: SourceNode) -> Bool {
        value[RoundsKey.each.rawValue] != nil
    }

    /// A number of rounds, `forever`, or a map with one of `for`, `until` and `each`.
    ///
    /// - Parameter index: Where the loop's `${i}` is, which its own `until` may read.
    private func times(_ value: SourceNode, index: VariableSlot) -> Repeat.Times? {
        guard case .map(let entries) = value.content else {
            if value.scalar?.text == "forever" { return .forever }
            if value.scalar == nil {
                let message = "'repeat' has to be a number of rounds, 'forever' or a map, not \(value.kind)"
                session.report(.wrongType, message, at: value, help: Self.loopHelp)
                return nil
            }
            return session.integer(value, "'repeat'", from: 1).map(Repeat.Times.count)
        }
        guard let map = MapReader<RoundsKey>(value, "'repeat'", session) else { return nil }
        let kinds = entries.compactMap { RoundsKey(rawValue: $0.key.text) }
        guard let kind = kinds.first, let node = map[kind] else {
            if map.misspelled.isEmpty {
                session.report(.missing, "'repeat' does not say when it ends", at: value, help: Self.loopHelp)
            }
            return nil
        }
        if kinds.count > 1 {
            let message = "'\(kind.rawValue)' and '\(kinds[1].rawValue)' exclude each other"
            session.report(.badValue, message, at: map.place(of: kinds[1]))
        }
        switch kind {
        case .for:
            return map.someTime(.for).map(Repeat.Times.duration)
        case .until:
            var inside = scope
            inside.index = index
            return session.condition(node, "'until'", inside).map(Repeat.Times.until)
        case .each:
            return session.list(node, "'each'", scope).map(Repeat.Times.each)
        }
    }

    private static let loopHelp =
        "write a number, 'forever', { for: 30s }, { until: CONDITION } or { each: PATH }"

    /// Reports a loop that keeps its client busy without a pause.
    private func checkWaiting(of loop: Repeat, at node: SourceNode) {
        guard scope.site != .handler, loop.every == nil, !session.hasErrors, !Self.waits(loop.flow, thinks: thinks)
        else { return }
        let message: String
        switch loop.times {
        case .count, .each: return
        case .forever: message = "this loop never waits and never ends"
        case .duration: message = "this loop never waits"
        case .until(let condition):
            guard !Self.canChange(condition, in: loop) else { return }
            message = "this loop never waits, and nothing in it changes what it ends by"
        }
        session.report(.badValue, message, at: node, help: "put a 'think' or an 'await' into it, or say 'every'")
    }

    /// Whether a round of a loop that does not wait can make a difference to the condition.
    private static func canChange(_ condition: Condition, in loop: Repeat) -> Bool {
        let slots = assigned(in: loop.flow).union([loop.index])
        return condition.test.contains { expression in
            switch expression {
            case .variable(let slot, _): slots.contains(slot)
            case .sent, .random, .pick, .uuid, .words: true
            default: false
            }
        }
    }

    /// The variables that are set by these steps without waiting for anything.
    private static func assigned(in steps: [Step]) -> Set<VariableSlot> {
        steps.reduce(into: []) { slots, step in
            switch step.action {
            case .set(let assignments): slots.formUnion(assignments.map(\.slot))
            case .repeat(let loop): slots.formUnion(assigned(in: loop.flow))
            case .when(let when): slots.formUnion(assigned(in: when.flow + when.otherwise))
            case .choose(let choices): for choice in choices { slots.formUnion(assigned(in: choice.flow)) }
            default: break
            }
        }
    }
}
