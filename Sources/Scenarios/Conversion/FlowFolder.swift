import Wire

/// Makes loops of stretches of a flow that come several times.
///
/// Two stretches are the same when their steps are, but for think times, which become ranges, and for fixed values in
/// what is sent, which become a list that the loop goes through.
struct FlowFolder {
    private(set) var variables: [GroupDraft.Variable] = []
    private var usedNames: Set<String>

    init(usedNames: Set<String>) {
        self.usedNames = usedNames
    }

    /// The longest stretch that is looked for.
    private static let longest = 40

    mutating func fold(_ steps: [StepDraft]) -> [StepDraft] {
        var result: [StepDraft] = []
        var at = 0
        while at < steps.count {
            guard let (length, rounds) = Self.repetition(steps, at) else {
                result.append(steps[at])
                at += 1
                continue
            }
            let blocks = (0..<rounds).map { Array(steps[at + $0 * length..<at + ($0 + 1) * length]) }
            result.append(loop(blocks))
            at += length * rounds
        }
        return result
    }

    /// The stretch from here on that covers the most, and how often it comes.
    private static func repetition(_ steps: [StepDraft], _ at: Int) -> (length: Int, rounds: Int)? {
        var best: (length: Int, rounds: Int)?
        let longest = min(Self.longest, (steps.count - at) / 2)
        guard longest > 0 else { return nil }
        for length in 1...longest {
            let block = steps[at..<at + length]
            guard block.contains(where: { ["emit", "send", "http"].contains($0.kind) }),
                !block.contains(where: { ["connect", "disconnect"].contains($0.kind) })
            else { continue }
            var rounds = 1
            while at + (rounds + 1) * length <= steps.count,
                zip(block, steps[at + rounds * length..<at + (rounds + 1) * length]).allSatisfy({
                    Self.isAlike($0.step, $1.step, in: nil)
                })
            {
                rounds += 1
            }
            let isWorth = rounds > 2 || rounds == 2 && length > 3
            if isWorth, length * rounds > (best.map { $0.length * $0.rounds } ?? 0) { best = (length, rounds) }
        }
        return best
    }

    /// - Parameter key: The key of the step that the values lie below; nil for the steps themselves.
    private static func isAlike(_ one: JSONValue, _ other: JSONValue, in key: String?) -> Bool {
        if one.time != nil, other.time != nil { return true }
        switch (one, other) {
        case (.object(let first), .object(let second)):
            // Which attachment stands where is no value to vary.
            if first.first?.name == "_placeholder" { return one == other }
            return first.count == second.count
                && zip(first, second).allSatisfy {
                    $0.name == $1.name && isAlike($0.value, $1.value, in: key ?? $0.name)
                }
        case (.array(let first), .array(let second)):
            return first.count == second.count && zip(first, second).allSatisfy { isAlike($0, $1, in: key) }
        default:
            if one == other { return true }
            guard let key, ["data", "args", "json", "send"].contains(key), one.isScalar, other.isScalar else {
                return false
            }
            return !isTemplate(one) && !isTemplate(other)
        }
    }

    private static func isTemplate(_ value: JSONValue) -> Bool {
        value.textValue?.contains("${") == true
    }

    // MARK: - Making a loop

    private mutating func loop(_ blocks: [[StepDraft]]) -> StepDraft {
        var columns: [(field: String, values: [JSONValue])] = []
        let placeholder = "\u{0}"
        let flow = blocks[0].indices.map { place in
            Self.merged(blocks.map { $0[place].step }, field: "") { field, values in
                if let column = columns.firstIndex(where: { $0.values == values }) { return "\(placeholder)\(column)" }
                columns.append((field, values))
                return "\(placeholder)\(columns.count - 1)"
            }
        }
        let comments = ["came \(blocks.count) times"]
        // What a step was made of is said of the first round.
        func commented(_ steps: [JSONValue]) -> [JSONValue] {
            zip(steps, blocks[0]).map { step, draft in
                guard !draft.comments.isEmpty, case .object(let members) = step else { return step }
                return .object(members + [.init("$comment", .array(draft.comments.map { .string($0) }))])
            }
        }
        guard !columns.isEmpty else {
            return StepDraft(
                [.init("repeat", .integer(blocks.count)), .init("flow", .array(commented(flow)))],
                comments: comments
            )
        }
        var names: [String] = []
        for column in columns {
            let base = ScenarioNames.variable(column.field)
            names.append(names.contains(base) ? "\(base)\(names.count + 1)" : base)
        }
        let turns = Self.turns(of: blocks.count)
        let isCount = columns.map { column in
            turns.outer == 1 && column.values == (0..<blocks.count).map { .integer($0) }
        }
        let listed = columns.indices.filter { !isCount[$0] }
        let texts = columns.indices.map { column in
            isCount[column] ? "${i}" : listed.count == 1 ? "${item}" : "${item.\(names[column])}"
        }
        let filled = flow.map { Self.fill($0, placeholder, texts) }
        guard !listed.isEmpty else {
            return StepDraft(
                [.init("repeat", .integer(blocks.count)), .init("flow", .array(commented(filled)))],
                comments: comments
            )
        }
        let list = listName(listed.count == 1 ? names[listed[0]] : "round")
        let rows = (0..<turns.rows).map { row in
            listed.count == 1
                ? columns[listed[0]].values[row]
                : .object(listed.map { .init(names[$0], columns[$0].values[row]) })
        }
        let most = "what the loop over it sends, a round each"
        let some = "what the first of \(blocks.count) rounds sent, in turn for all"
        variables.append(
            GroupDraft.Variable(name: list, value: .array(rows), comment: turns.outer == 1 ? most : some)
        )
        let loop: [JSONValue.Member] = [
            .init("repeat", .object([.init("each", .string(list))])), .init("flow", .array(commented(filled))),
        ]
        if turns.outer == 1 { return StepDraft(loop, comments: comments) }
        return StepDraft(
            [.init("repeat", .integer(turns.outer)), .init("flow", .array([.object(loop)]))],
            comments: ["\(comments[0]), each time with values of its own"]
        )
    }

    /// How many rows a list has for so many rounds, and how often a loop goes through it: nobody edits a long list.
    private static func turns(of rounds: Int) -> (rows: Int, outer: Int) {
        guard rounds > 50 else { return (rounds, 1) }
        let rows = (10...20).first { rounds % $0 == 0 } ?? (5...9).last { rounds % $0 == 0 } ?? 10
        return (rows, rounds / rows)
    }

    private mutating func listName(_ field: String) -> String {
        let base = field.hasSuffix("s") ? "\(field)List" : "\(field)s"
        var name = base
        var number = 2
        while !usedNames.insert(name).inserted {
            name = "\(base)\(number)"
            number += 1
        }
        return name
    }

    /// One value for those of all rounds.
    private static func merged(
        _ values: [JSONValue],
        field: String,
        differing: (String, [JSONValue]) -> String
    ) -> JSONValue {
        let times = values.compactMap(\.time)
        if times.count == values.count {
            if field == "think" {
                return .time(times.map(\.lower).min() ?? 0, times.map(\.upper).max() ?? 0)
            }
            return .time(times.map(\.upper).max() ?? 0)
        }
        switch values[0] {
        case .object(let members):
            return .object(
                members.enumerated().map { place, member in
                    .init(
                        member.name,
                        merged(values.compactMap { $0.members?[place].value }, field: member.name, differing: differing)
                    )
                }
            )
        case .array(let elements):
            return .array(
                elements.indices.map { place in
                    merged(values.compactMap { $0[place] }, field: field, differing: differing)
                }
            )
        default:
            return values.allSatisfy { $0 == values[0] } ? values[0] : .string(differing(field, values))
        }
    }

    private static func fill(_ value: JSONValue, _ placeholder: String, _ texts: [String]) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.map { .init($0.name, fill($0.value, placeholder, texts)) })
        case .array(let elements):
            .array(elements.map { fill($0, placeholder, texts) })
        case .string(let text) where text.hasPrefix(placeholder):
            Int(text.dropFirst(placeholder.count)).map { .string(texts[$0]) } ?? value
        default: value
        }
    }
}
