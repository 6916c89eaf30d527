extension StepReader {
    /// The number of an event that the server sends, or that happens to the connection.
    func receivedEvent(_ node: SourceNode, _ what: String) -> EventID? {
        guard let name = session.name(node, what) else { return nil }
        let place = session.source.place(of: node)
        guard !ReadingSession.connectionEvents.contains(name) else {
            if scope.site == .rejoin {
                let message = "'\(name)' is what 'rejoin' begins anew after, so that it waits for it in vain"
                session.report(.badValue, message, at: node)
            }
            return session.event(name, at: place)
        }
        switch dialect.messageProtocol {
        case .socketIO:
            guard let (namespace, event) = namespaced(name, at: node), !isReserved(event, at: node) else { return nil }
            return session.event(namespace == 0 ? event : name, at: place)
        case .webSocket:
            if let known = dialect.eventNames, !known.contains(name) {
                reportUnknownEvent(name, known, at: node)
                return nil
            }
            return session.event(name, at: place)
        }
    }

    /// The namespace, as a place in the group's, and the event of a name such as `/admin,news`.
    ///
    /// A name without a namespace is of the target's own.
    func namespaced(_ name: String, at node: SourceNode) -> (namespace: Int, event: String)? {
        guard name.hasPrefix("/"), let comma = name.firstIndex(of: ",") else {
            return (names.use(namespace: dialect.namespace), name)
        }
        let namespace = String(name[..<comma])
        let event = String(name[name.index(after: comma)...])
        guard !event.isEmpty, !namespace.contains("?") else {
            let help = "write /namespace,event"
            session.report(.badValue, "'\(name)' is no event of a namespace", at: node, help: help)
            return nil
        }
        return (names.use(namespace: namespace), event)
    }

    private func isReserved(_ event: String, at node: SourceNode) -> Bool {
        let help: String
        switch event {
        case "connect": help = "use the step '- connect'"
        case "disconnect": help = "the language calls it 'closed'"
        case "connect_error": help = "the language calls it 'refused'"
        case "closed", "refused": help = "it happens to the connection, so that it stands without a namespace"
        default: return false
        }
        session.report(.badValue, "'\(event)' is no event of the server", at: node, help: help)
        return true
    }

    private func reportUnknownEvent(_ name: String, _ known: [String], at node: SourceNode) {
        let nearest = session.nearest(to: name, in: known + ReadingSession.connectionEvents)
        guard known.count == 1 else {
            let help =
                nearest.map { "did you mean '\($0)'?" } ?? "its rules name \(known.dropFirst().joined(separator: ", "))"
            session.report(.badValue, "no message of this envelope is the event '\(name)'", at: node, help: help)
            return
        }
        let message =
            "every message is the event 'message' here: the target has no 'envelope' that says where a name stands"
        let help =
            nearest.map { "did you mean '\($0)'?" }
            ?? "write 'message' with where: { $: \(name) }, or add 'envelope: { event: PATH }'"
        session.report(.badValue, message, at: node, help: help)
    }
}
