import Wire

/// Reads `envelope:`.
struct EnvelopeReader {
    let session: ReadingSession
    let scope: ExpressionScope

    /// - Returns: The envelope, and what its `send:` makes of an event.
    func read(_ node: SourceNode) -> (Envelope, EnvelopeFraming?)? {
        guard let map = MapReader<EnvelopeKey>(node, "the envelope", session) else { return nil }
        if case .map(let entries) = node.content, entries.isEmpty {
            let help = "write envelope: { send: { type: \"${emit}\", data: \"${data}\" }, event: type, data: data }"
            session.report(.missing, "the envelope says nothing", at: node, help: help)
        }
        let framing = map[.send].map { EnvelopeFraming(session: session, scope: scope, send: $0) }
        // Read once for its faults, whether something is sent or not.
        _ = framing?.message(EnvelopeFraming.Content(event: "event"))
        let envelope = Envelope(
            event: map[.event].flatMap { paths($0, "'event'") },
            rules: map[.rules].map { rules($0) } ?? [],
            data: map[.data].flatMap { paths($0, "'data'") }
        )
        return (envelope, framing)
    }

    private func rules(_ node: SourceNode) -> [Envelope.Rule] {
        guard case .list(let elements) = node.content, !elements.isEmpty else {
            let help = "write rules: [ { has: [run_id, output], is: streaming_output } ]"
            session.report(.wrongType, "'rules' has to be a list of rules, not \(node.kind)", at: node, help: help)
            return []
        }
        return elements.compactMap { element in
            guard let map = MapReader<EnvelopeRuleKey>(element, "a rule", session) else { return nil }
            let has = map.required(.has).map { places($0) }
            guard let nameNode = map.required(.is), let name = session.name(nameNode, "'is'") else { return nil }
            guard !ReadingSession.connectionEvents.contains(name) else {
                let message = "'\(name)' is what happened to the connection, never a message"
                session.report(.badValue, message, at: nameNode)
                return nil
            }
            return has.map { Envelope.Rule(has: $0, event: name) }
        }
    }

    /// All of these have to be there; a list in the list is a choice.
    private func places(_ node: SourceNode) -> [MessagePaths] {
        guard case .list(let elements) = node.content else { return paths(node, "'has'").map { [$0] } ?? [] }
        if elements.isEmpty { session.report(.missing, "'has' is an empty list", at: node) }
        return elements.compactMap { paths($0, "'has'") }
    }

    /// Paths that start at the root of the whole message.
    private func paths(_ node: SourceNode, _ what: String) -> MessagePaths? {
        guard var paths = session.paths(node, what) else { return nil }
        for (index, path) in paths.alternatives.enumerated() {
            switch path.root {
            case .message:
                break
            case .argument(0):
                paths.alternatives[index].root = .message
            case .argument:
                session.report(.badPath, "\(what) is a place in the whole message, which has no arguments", at: node)
            }
        }
        return paths
    }
}
