/// Reads `checks:`.
struct CheckReader {
    let session: ReadingSession
    let syntax: ScenarioReader.CheckSyntax
    let names: DeclaredNames

    func checks(_ node: SourceNode) -> [CheckText] {
        guard case .list(let elements) = node.content else {
            let help = "write - join.p95 < 250ms"
            session.report(.wrongType, "'checks' has to be a list, not \(node.kind)", at: node, help: help)
            return []
        }
        return elements.compactMap(check)
    }

    private func check(_ node: SourceNode) -> CheckText? {
        guard case .map = node.content else {
            return text(node).map { CheckText(text: $0, isOptional: false, aborts: false, after: .zero) }
        }
        guard let map = MapReader<CheckKey>(node, "a check", session) else { return nil }
        let text = map.required(.check).flatMap(text)
        let aborts = map.flag(.abort) ?? false
        if map.has(.after), !aborts {
            session.report(.badValue, "'after' belongs to 'abort: true'", at: map.place(of: .after))
        }
        let after = map.duration(.after) ?? .zero
        let isOptional = map.flag(.optional) ?? false
        return text.map { CheckText(text: $0, isOptional: isOptional, aborts: aborts, after: after) }
    }

    private func text(_ node: SourceNode) -> String? {
        guard let scalar = node.scalar, !node.isNull else {
            session.report(.wrongType, "a check has to be a text, not \(node.kind)", at: node)
            return nil
        }
        if !session.isFull, let problem = syntax(scalar.text, names) {
            let before = scalar.text.utf8.prefix(max(0, problem.range.lowerBound))
            let offset = String(decoding: Array(before), as: UTF8.self).unicodeScalars.count
            session.report(
                TextProblem(.badCheck, problem.message, at: offset, suggestion: problem.suggestion),
                in: scalar
            )
        }
        return scalar.text
    }
}
