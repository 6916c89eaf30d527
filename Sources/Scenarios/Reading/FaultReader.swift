/// Reads `faults:`.
struct FaultReader {
    let session: ReadingSession
    /// The names of the groups, in the order of the file.
    let groups: [String]
    /// When the load ends; nil where that could not be read.
    let end: Duration?

    /// The faults, ordered by time.
    func faults(_ node: SourceNode) -> [Fault] {
        guard case .list(let elements) = node.content else {
            let help = "write - { at: 30s, drop: 80% }"
            session.report(.wrongType, "'faults' has to be a list, not \(node.kind)", at: node, help: help)
            return []
        }
        let faults = elements.compactMap { fault($0) }
        return faults.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private func fault(_ node: SourceNode) -> Fault? {
        guard let map = MapReader<FaultKey>(node, "a fault", session) else { return nil }
        let at = map.required(.at).flatMap { session.duration($0, "'at'") }
        if let at, let end, at >= end {
            let message = "the load ends after \(end.scenarioText), before this could happen"
            session.report(.badValue, message, at: map.place(of: .at))
        }
        let kinds = FaultKey.alternatives.filter { map.has($0) }
        guard let kind = kinds.first else {
            if map.misspelled.isEmpty {
                let message = "the fault does not say what happens"
                session.report(.missing, message, at: node, help: "write 'drop: 80%', 'stall: 10%' or 'run: COMMAND'")
            }
            return nil
        }
        if kinds.count > 1 {
            let message = "'\(kind.rawValue)' and '\(kinds[1].rawValue)' exclude each other"
            session.report(.badValue, message, at: map.place(of: kinds[1]), help: "write two faults")
        }
        checkKeys(map, of: kinds)
        let share = kind == .run ? 1 : map.share(kind)
        let selection = selection(map, share: share ?? 1)
        let action: Fault.Action?
        switch kind {
        case .drop: action = .drop(map.word(.how, DropKind.self) ?? .reset)
        case .stall: action = stall(map).map { .stall($0) }
        default: action = map[.run].flatMap { session.command($0, "'run'") }.map { .run($0) }
        }
        guard let at, let action else { return nil }
        return Fault(at: at, action: action, selection: selection, place: session.source.place(of: node))
    }

    /// Reports keys that mean nothing beside the kind of fault.
    private func checkKeys(_ map: MapReader<FaultKey>, of kinds: [FaultKey]) {
        for key in FaultKey.allCases where map.has(key) && !key.owners.isEmpty {
            guard !key.owners.contains(where: kinds.contains) else { continue }
            let owners = key.owners.map { "'\($0.rawValue)'" }.joined(separator: " and ")
            session.report(.badValue, "'\(key.rawValue)' belongs to \(owners)", at: map.place(of: key))
        }
    }

    private func stall(_ map: MapReader<FaultKey>) -> Stall? {
        let duration = map.required(.for).flatMap { _ in map.someTime(.for) }
        let rate = map.byteRate(.rate)
        return duration.map { Stall(duration: $0, rate: rate) }
    }

    private func selection(_ map: MapReader<FaultKey>, share: Double) -> Fault.Selection {
        let group = map[.of].flatMap { self.group($0) }
        let room = map[.room].flatMap { session.name($0, "'room'") }
        if let node = map[.room], let room { checkRoom(room, at: node) }
        return Fault.Selection(share: share, group: group, room: room)
    }

    private func group(_ node: SourceNode) -> Int? {
        guard let name = session.name(node, "'of'") else { return nil }
        if let group = groups.firstIndex(of: name) { return group }
        let help =
            session.nearest(to: name, in: groups).map { "did you mean '\($0)'?" }
            ?? "the groups are \(groups.prefix(10).joined(separator: ", "))"
        session.report(.badValue, "there is no group '\(name)'", at: node, help: help)
        return nil
    }

    /// Reports a room that no client can be in.
    private func checkRoom(_ name: String, at node: SourceNode) {
        let joined = session.joinedRooms
        guard !joined.isOpen, !joined.names.contains(name) else { return }
        let help =
            if let nearest = session.nearest(to: name, in: joined.names) {
                "did you mean '\(nearest)'?"
            } else if joined.hasAssigned {
                "the names of 'rooms:' come from the seed; give them your own: joins: \"room-${room.index}\""
            } else if joined.names.isEmpty {
                "write 'joins: \(name)' at the step after which a client is in it"
            } else {
                "the rooms are \(joined.names.prefix(10).joined(separator: ", "))"
            }
        session.report(.badValue, "no step joins the room '\(name)'", at: node, help: help)
    }
}
