import Wire

/// Drafts what a client answers to the plans of one event, from all answers that it gave in all loops.
struct PlanDrafter {
    private let rounds: [FoundPlan.Round]
    private let actions: [String]
    private let turns: [Turn]

    init(_ plans: [FoundPlan], _ turns: [Turn]) {
        rounds = plans.flatMap(\.rounds)
        actions = plans.first?.actions ?? []
        self.turns = turns
    }

    /// The steps of `reply:`.
    func reply(_ correlator: inout Correlator, _ files: inout BinaryFiles, beat: Int) -> [JSONValue] {
        var variants: [[String?]] = []
        for round in rounds where !variants.contains(names(round)) { variants.append(names(round)) }
        let pauses = rounds.compactMap { round in
            round.replies.first.map { RoundTime.think(turns[$0].time - turns[round.plan].time) }
        }
        var steps: [JSONValue] = []
        let most = pauses.max() ?? 0
        if most > 0 { steps.append(.object([.init("think", .time(pauses.min() ?? 0, most))])) }
        // What is there is easier to understand than what is not.
        if variants.count == 2, condition(variants[0]).map({ $0.hasPrefix("not") }) ?? true,
            condition(variants[1]) != nil
        {
            variants.swapAt(0, 1)
        }
        let first = rounds.filter { names($0) == variants[0] }
        guard variants.count == 2, let condition = condition(variants[0]) else {
            return steps + sends(first, &correlator, &files, beat)
        }
        // What both have at their end is the same step.
        let second = rounds.filter { names($0) == variants[1] }
        let ones = sends(first, &correlator, &files, beat)
        let others = sends(second, &correlator, &files, beat)
        let common = zip(ones.reversed(), others.reversed()).prefix { $0 == $1 }.count
        let (flow, otherwise) = (Array(ones.dropLast(common)), Array(others.dropLast(common)))
        // A branch has steps: where only the other has, its opposite is asked.
        var when: [JSONValue.Member] = [.init("when", .string(flow.isEmpty ? "not (\(condition))" : condition))]
        when.append(.init("flow", .array(flow.isEmpty ? otherwise : flow)))
        if !flow.isEmpty, !otherwise.isEmpty { when.append(.init("else", .array(otherwise))) }
        if !flow.isEmpty || !otherwise.isEmpty { steps.append(.object(when)) }
        return steps + ones.suffix(common)
    }

    private func names(_ round: FoundPlan.Round) -> [String?] { round.replies.map { turns[$0].sent?.event } }

    private func event(_ round: FoundPlan.Round) -> JSONValue { turns[round.plan].received?.data ?? .null }

    /// A field of the plan that is the same for all rounds of this variant, and for no other.
    private func condition(_ names: [String?]) -> String? {
        let mine = rounds.filter { self.names($0) == names }.map(event)
        let others = rounds.filter { self.names($0) != names }.map(event)
        let fields = (mine + others).flatMap { $0.members ?? [] }
            .filter { $0.value.boolValue != nil || $0.value.textValue.map { $0.utf8.count <= 40 } ?? false }
            .map(\.name)
        var seen: Set<String> = []
        // A flag says more than a text.
        let sorted = fields.filter { seen.insert($0).inserted && PathNames.canSay($0) }
            .sorted { isFlag($0) && !isFlag($1) }
        for field in sorted {
            let values = Set(mine.map { $0[field] ?? .null })
            guard values.count == 1, let value = values.first,
                !others.contains(where: { ($0[field] ?? .null) == value })
            else { continue }
            switch value {
            case .null: return "not (event.\(field) exists)"
            case .bool(let flag): return "event.\(field) == \(flag)"
            case .string(let text) where !text.contains("\"") && !text.contains("\\") && !text.contains("$"):
                return "event.\(field) == \"\(text)\""
            default: continue
            }
        }
        return nil
    }

    private func isFlag(_ field: String) -> Bool {
        rounds.contains { event($0)[field]?.boolValue != nil }
    }

    private func sends(
        _ rounds: [FoundPlan.Round],
        _ correlator: inout Correlator,
        _ files: inout BinaryFiles,
        _ beat: Int
    ) -> [JSONValue] {
        guard let first = rounds.first else { return [] }
        return first.replies.indices.map { place in
            let sent = rounds.compactMap { turns[$0.replies[place]].sent }
            let name = sent[0].event
            let arguments = sent[0].arguments.indices.map { index in
                merged(
                    sent.map { $0.arguments.indices.contains(index) ? $0.arguments[index] : nil },
                    rounds.map(event),
                    Correlator.Key(source: name ?? "send", path: index == 0 ? [] : ["args", "\(index)"]),
                    turns[first.replies[place]].time,
                    &correlator,
                    beat
                )
            }
            let names = sent[0].binary.map { JSONValue.string(files.name(of: $0)) }
            let binary: [JSONValue.Member] = names.isEmpty ? [] : [.init("binary", .array(names))]
            guard let name else { return .object([.init("send", arguments.first ?? .null)] + binary) }
            return .object([.init("emit", .string(name))] + FlowDrafter.arguments(arguments, single: "data") + binary)
        }
    }

    /// One template for the values of all rounds.
    private func merged(
        _ values: [JSONValue?],
        _ events: [JSONValue],
        _ key: Correlator.Key,
        _ time: Double,
        _ correlator: inout Correlator,
        _ beat: Int
    ) -> JSONValue {
        guard let first = values[0] else { return .null }
        let name = key.path.last { Int($0) == nil } ?? ""
        if case .object(let members) = first {
            return .object(
                members.unique.map { member in
                    var below = key
                    below.path.append(member.name)
                    return .init(
                        correlator.sayable(member.name),
                        merged(values.map { $0?[member.name] }, events, below, time, &correlator, beat)
                    )
                }
            )
        }
        let varies = values.contains { $0 != first }
        if varies || Identity.isIdentifying(first, name), !isKnown(first, correlator),
            let path = path(of: values, in: events)
        {
            return .string("${event.\(path)}")
        }
        if case .array(let elements) = first {
            return .array(
                elements.indices.map { place in
                    var below = key
                    below.path.append("\(place)")
                    return merged(values.map { $0?[place] }, events, below, time, &correlator, beat)
                }
            )
        }
        let template = correlator.template(first, source: key.source, path: key.path, beat: beat, time: time)
        let texts = values.compactMap { $0?.textValue }
        guard varies, template == first, texts.count == values.count else { return template }
        return pick(texts).map(JSONValue.string) ?? template
    }

    /// Whether it was said before the loop began.
    private func isKnown(_ value: JSONValue, _ correlator: Correlator) -> Bool { correlator.knows(value) != nil }

    /// The place in the plan that has the value in each round.
    private func path(of values: [JSONValue?], in events: [JSONValue]) -> String? {
        guard let first = values[0], let event = events.first else { return nil }
        let paths = event.leaves.filter { $0.value == first }.map(\.path)
        return paths.first { path in
            PathNames.canSay(path)
                && zip(values, events).allSatisfy { $0 == nil || $1.value(at: path) == $0 }
        }?.joined(separator: ".")
    }

    /// One of the texts that were seen.
    private func pick(_ texts: [String]) -> String? {
        var different: [String] = []
        for text in texts where !different.contains(text) { different.append(text) }
        guard different.count <= 8,
            different.allSatisfy({ !$0.contains("\"") && !$0.contains("\\") && !$0.contains("${") })
        else { return nil }
        return "${pick(\(different.map { "\"\($0)\"" }.joined(separator: ", ")))}"
    }

    /// The fields by which two actions are the same: what names an action is new each time.
    var same: [String] {
        let actions = rounds.flatMap { event($0).value(at: self.actions)?.elements ?? [] }
        var fields: [String] = []
        var looked: Set<String> = []
        for member in actions.flatMap({ $0.members ?? [] })
        where member.value.isScalar && PathNames.canSay(member.name) && looked.insert(member.name).inserted {
            let isText = ["description", "message", "text", "label"].contains(member.name.lowercased())
            if !isText, !isUnique(member.name, actions) { fields.append(member.name) }
        }
        return Array(fields.prefix(5))
    }

    private func isUnique(_ field: String, _ actions: [JSONValue]) -> Bool {
        let values = actions.compactMap { $0[field] }
        guard values.contains(where: { $0.textValue != nil && Identity.isIdentifying($0, field) }) else { return false }
        return Set(values).count == values.count
    }
}
