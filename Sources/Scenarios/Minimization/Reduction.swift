import Wire

/// Something that a scenario can do without, or in a simpler way.
struct Reduction: Sendable {
    /// Values that go, with their keys.
    var removed: Set<Int> = []
    /// Elements of lists that make room for others.
    var spliced: [Int: [ScenarioTree.Node]] = [:]
    /// Values that become others.
    var replaced: [Int: JSONValue] = [:]
    /// Words of texts that go, by their places.
    var words: [Int: Set<Int>] = [:]

    mutating func formUnion(_ other: Self) {
        removed.formUnion(other.removed)
        spliced.merge(other.spliced) { first, _ in first }
        replaced.merge(other.replaced) { first, _ in first }
        words.merge(other.words) { $0.union($1) }
    }
}

extension ScenarioTree {
    /// The tree after all of these, and without what would be left dangling.
    func applying(_ reductions: [Reduction]) -> ScenarioTree {
        var all = Reduction()
        for reduction in reductions { all.formUnion(reduction) }
        var result = self
        result.root = cut(root, all)
        // What goes may itself have been the last use of something, or its definition.
        while let dangling = result.dangling(of: self) { result.root = cut(result.root, dangling) }
        return result
    }

    /// Keys that mean nothing without members.
    private static let emptied: Set<String> = [
        "capture", "where", "query", "headers", "auth", "vars", "on", "set", "tcp",
    ]

    private func cut(_ node: Node, _ reduction: Reduction) -> Node {
        var node = node
        switch node.content {
        case .scalar(let value):
            if let new = reduction.replaced[node.id] {
                node.content = .scalar(new)
            } else if let gone = reduction.words[node.id], case .string(let text) = value {
                let left = Self.words(of: text).enumerated().filter { !gone.contains($0.offset) }.map(\.element)
                node.content = .scalar(.string(left.joined(separator: " ")))
            }
        case .list(let elements):
            node.content = .list(elements.flatMap { cutElement($0, reduction) })
        case .map(let members):
            node.content = .map(
                members.compactMap { member in
                    guard !reduction.removed.contains(member.node.id) else { return nil }
                    let cut = self.cut(member.node, reduction)
                    let isEmptied = cut.isEmptyCollection && !member.node.isEmptyCollection
                    if isEmptied, Self.emptied.contains(member.key) || member.key == "args" || member.key == "else" {
                        return nil
                    }
                    return Member(key: member.key, node: cut)
                }
            )
        }
        return node
    }

    /// What is left of an element: nothing, itself, or those that stand in its place.
    private func cutElement(_ element: Node, _ reduction: Reduction) -> [Node] {
        if reduction.removed.contains(element.id) { return [] }
        guard let others = reduction.spliced[element.id] else { return [cut(element, reduction)] }
        return others.flatMap { cutElement($0, reduction) }
    }

    static func words(of text: String) -> [String] {
        text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    }

    // MARK: - What dangles

    /// Values that read a variable, or run from a measure, that the tree before had and this one has not.
    private func dangling(of before: ScenarioTree) -> Reduction? {
        let (had, have) = (before.definitions, definitions)
        let variables = had.variables.subtracting(have.variables)
        let measures = had.measures.subtracting(have.measures)
        guard !variables.isEmpty || !measures.isEmpty else { return nil }
        var removed: Set<Int> = []
        for part in ScenarioParts(self).values {
            if let text = part.node.text, Self.reads(text, anyOf: variables) { removed.insert(part.node.id) }
            if part.key == "since", let text = part.node.text, measures.contains(text) { removed.insert(part.node.id) }
        }
        return removed.isEmpty ? nil : Reduction(removed: removed)
    }

    /// The names of variables, and those by which `since:` can mean a step.
    private var definitions: (variables: Set<String>, measures: Set<String>) {
        var variables: Set<String> = []
        var measures: Set<String> = []
        root.forEach { node in
            for member in node.members ?? [] {
                switch member.key {
                case "vars", "capture", "set": variables.formUnion((member.node.members ?? []).map(\.key))
                case "measure": member.node.text.map { _ = measures.insert($0) }
                default: break
                }
            }
        }
        return (variables, measures)
    }

    /// Whether a template in the text names one of the variables.
    static func reads(_ text: String, anyOf names: Set<String>) -> Bool {
        guard !names.isEmpty else { return false }
        var rest = text[...]
        while let open = rest.firstRange(of: "${") {
            rest = rest[open.upperBound...]
            let end = rest.firstIndex(of: "}") ?? rest.endIndex
            let words = rest[..<end].split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
            for word in words where names.contains(String(word.prefix { $0 != "." })) { return true }
            rest = rest[end...]
        }
        return false
    }
}

extension ScenarioTree.Node {
    var isEmptyCollection: Bool { elements?.isEmpty ?? members?.isEmpty ?? false }
}
