import Wire

/// What is tried together in one go of delta debugging; from the coarse to the fine.
enum ReductionPass: Hashable, Sendable {
    /// No client waits by itself; first, since all later trials are the faster for it.
    case pauses
    case groups
    /// Steps at this depth.
    case steps(Int)
    /// A branch, a loop or a choice becomes the steps of its first, or of its second way.
    case unfolding(Int)
    /// Loops go around once, half as often, once less.
    case rounds(Int)
    /// Values at this depth.
    case values(Int)
    /// Words of texts.
    case words

    /// All of them for a tree, in order.
    static func all(of tree: ScenarioTree) -> [Self] {
        let parts = ScenarioParts(tree)
        let stepDepth = parts.steps.map(\.depth).max() ?? 0
        let valueDepth = parts.values.map(\.depth).max() ?? 0
        var passes: [Self] = [.pauses, .groups, .steps(0), .unfolding(0), .unfolding(1)]
        for depth in 0..<stepDepth { passes.append(.steps(depth + 1)) }
        passes += [.rounds(0), .rounds(1), .rounds(2)]
        for depth in 0...valueDepth { passes.append(.values(depth)) }
        passes.append(.words)
        return passes
    }

    /// What can be reduced independently of each other.
    func reductions(of tree: ScenarioTree) -> [Reduction] {
        let parts = ScenarioParts(tree)
        switch self {
        case .pauses: return parts.pauses.map(Self.removal)
        case .groups: return parts.groups.count > 1 ? parts.groups.map(Self.removal) : []
        case .steps(let depth): return parts.steps.filter { $0.depth == depth }.map(Self.removal)
        case .values(let depth): return parts.values.filter { $0.depth == depth }.map(Self.removal)
        case .unfolding(let way):
            return parts.steps.filter { !Self.counts($0.node) }.compactMap { part in
                Self.ways(part.node, tree).dropFirst(way).first.map { Reduction(spliced: [part.node.id: $0]) }
            }
        case .rounds(let way):
            return parts.steps.compactMap { part in
                guard let node = part.node["repeat"], case .scalar(.integer(let count)) = node.content else {
                    return nil
                }
                let fewer = [1, count / 2, count - 1][way]
                guard fewer >= 1, fewer < count else { return nil }
                return Reduction(replaced: [node.id: .integer(fewer)])
            }
        case .words:
            return parts.texts.flatMap { part -> [Reduction] in
                guard let text = part.node.text, !text.contains("${") else { return [] }
                let words = ScenarioTree.words(of: text)
                guard words.count > 1 else { return [] }
                return words.indices.map { Reduction(words: [part.node.id: [$0]]) }
            }
        }
    }

    private static func removal(_ part: ScenarioParts.Part) -> Reduction {
        Reduction(removed: [part.node.id])
    }

    /// Whether something is counted or found wrong in it: what decides when is a part of how the failure is measured.
    private static func counts(_ step: ScenarioTree.Node) -> Bool {
        var counts = false
        step.forEach { node in
            if let kind = node.members?.first?.key, ["count", "fail", "fanout"].contains(kind) { counts = true }
        }
        return counts
    }

    /// The steps that could stand in a step's place.
    private static func ways(_ step: ScenarioTree.Node, _ tree: ScenarioTree) -> [[ScenarioTree.Node]] {
        switch step.members?.first?.key {
        case "when": return [step["flow"], step["else"]].compactMap { $0?.elements }
        case "repeat": return [loopBody(step, tree)].compactMap { $0 }
        case "choose": return (step["choose"]?.elements ?? []).compactMap { $0["flow"]?.elements }
        default: return []
        }
    }

    /// What a loop does in its first round.
    private static func loopBody(_ step: ScenarioTree.Node, _ tree: ScenarioTree) -> [ScenarioTree.Node]? {
        guard let flow = step["flow"]?.elements else { return nil }
        var values: [String: JSONValue] = ["i": .integer(0)]
        if let list = step["repeat"]?["each"]?.text {
            tree.root.forEach { node in
                for member in node.members ?? [] where member.key == "vars" {
                    if let first = member.node[list]?.elements?.first { values["item"] = first.value }
                }
            }
        }
        return flow.map { $0.filling(values) }
    }
}

extension ScenarioTree.Node {
    /// With values in place of `${item}` and the like; not in loops inside, whose own they are.
    fileprivate func filling(_ values: [String: JSONValue]) -> Self {
        var node = self
        switch content {
        case .scalar(.string(let text)): node.content = .scalar(Self.filling(text, values))
        case .scalar: break
        case .list(let elements): node.content = .list(elements.map { $0.filling(values) })
        case .map(let members):
            guard members.first?.key != "repeat" else { break }
            node.content = .map(members.map { .init(key: $0.key, node: $0.node.filling(values)) })
        }
        return node
    }

    private static func filling(_ text: String, _ values: [String: JSONValue]) -> JSONValue {
        for (name, value) in values {
            if text == "${\(name)}" {
                // Lists and maps would need numbers of their own.
                if value.isScalar { return value }
            }
        }
        var text = text
        for (name, value) in values {
            if case .string(let inner) = value { text = text.replacing("${\(name)}", with: inner) }
            if case .integer(let inner) = value { text = text.replacing("${\(name)}", with: "\(inner)") }
        }
        return .string(text)
    }
}
