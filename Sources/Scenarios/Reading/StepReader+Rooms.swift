extension StepReader {
    /// `joins:` and `leaves:`, which every step that ends with something certain has.
    func roomChanges(_ entries: [SourceEntry]) -> [RoomChange] {
        entries.compactMap { entry in
            switch entry.key.text {
            case "joins": joinedRoom(entry.value).map { .joins($0) }
            case "leaves": roomName(entry.value, "'leaves'").map { .leaves($0) }
            default: nil
            }
        }
    }

    private func joinedRoom(_ node: SourceNode) -> RoomName? {
        let room = roomName(node, "'joins'")
        if let room { session.joinedRooms.note(room) }
        return room
    }

    func fanOutStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, FanOutKey.self), let value = map.required(.fanout) else { return nil }
        if scope.site != .handler {
            let message = "'fanout' takes deliveries whenever they come, which is what handlers are for"
            let help = "write on: { EVENT: { fanout: … } }"
            session.report(.badValue, message, at: map.place(of: .fanout), help: help)
        }
        let room = map[.room].flatMap { roomName($0, "'room'") }
        let includesSender = map.flag(.self) ?? false
        let within = map.someTime(.within) ?? Self.patience
        names.usesRooms = true
        guard case .map = value.content else {
            return session.paths(value, "'fanout'").map { paths in
                .fanout(
                    FanOut(identity: .stamp(paths), room: room, includesSender: includesSender, within: within)
                )
            }
        }
        guard let identity = MapReader<FanOutIdentityKey>(value, "'fanout'", session) else { return nil }
        if map.has(.self) {
            let message = "'self' is about messages that clients send, and these are the server's own"
            session.report(.badValue, message, at: map.place(of: .self))
        }
        let id = identity.required(.id).flatMap { session.paths($0, "'id'") }
        let order = identity[.order].flatMap { session.paths($0, "'order'") }
        guard let room = room ?? identity[.room].flatMap({ roomName($0, "'room'") }) else {
            let message = "whose deliveries these are is missing"
            session.report(.missing, message, at: value, help: "add 'room: ROOM', the room that the step 'joins'")
            return nil
        }
        return id.map {
            .fanout(
                FanOut(identity: .id($0, order: order), room: room, includesSender: true, within: within)
            )
        }
    }

    /// ROOM: a text with templates.
    private func roomName(_ node: SourceNode, _ what: String) -> RoomName? {
        names.usesRooms = true
        guard let template = session.text(node, what, scope) else { return nil }
        if case .expression(.roomName) = template.form { return .assigned }
        return .template(template)
    }
}
