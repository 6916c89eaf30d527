extension ScenarioReader {
    /// Reads a tree; what comes back means something only where the session has no errors.
    func scenario(_ root: SourceNode, _ session: ReadingSession) -> Scenario? {
        guard let map = MapReader<ScenarioKey>(root, "a scenario", session) else { return nil }
        let name = map[.name].flatMap { self.name($0, session) } ?? Self.name(ofFile: session.source.file)
        let description = map[.description].flatMap { session.text($0, "'description'", .init(session: session)) }
        let grace = map.duration(.grace) ?? .seconds(10)
        let warmup = map.duration(.warmup) ?? .zero
        session.rooms = map[.rooms].flatMap { RoomsReader(session: session).rooms($0) }
        if let node = map[.feeds] { FeedReader(session: session).read(node) }
        let groups = groups(map, session)
        if map.has(.rejoin), !groups.isEmpty, groups.allSatisfy({ $0.reconnect == .none }) {
            session.reportIdleRejoin(at: map.place(of: .rejoin))
        }
        let load = map.required(.load).map { LoadReader(session: session).load($0) }
        if let load, map.has(.warmup), warmup >= load.duration, !load.phases.isEmpty {
            let message = "the warm-up is as long as the whole load, so that nothing would be measured"
            session.report(.badValue, message, at: map.place(of: .warmup))
        }
        let faults = map[.faults].map { self.faults($0, map, load, session) } ?? []
        let names = session.declaredNames(
            groups: groups.map(\.name),
            phases: load?.phases.compactMap(\.name) ?? []
        )
        let reader = CheckReader(session: session, syntax: checkSyntax, names: names)
        let checks = map[.checks].map { reader.checks($0) } ?? []
        session.warnOfSimilarEvents()
        guard let load else { return nil }
        return Scenario(
            name: name,
            description: description.map { Self.trimmed($0.constant?.plainText ?? "") },
            load: load.scaled(peak: overrides.clients, total: overrides.duration),
            grace: grace,
            warmup: scaled(warmup, with: load),
            groups: groups,
            checks: checks,
            events: session.events,
            feeds: session.feeds,
            rooms: session.rooms,
            faults: faults,
            counters: session.names.counters,
            environment: session.usedEnvironment,
            warnings: []
        )
    }

    /// A folded or literal text ends in a line end that nobody means.
    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private func faults(
        _ node: SourceNode,
        _ map: MapReader<ScenarioKey>,
        _ load: Load?,
        _ session: ReadingSession
    ) -> [Fault] {
        var groups = ["clients"]
        if case .map(let entries)? = map[.clients]?.content { groups = entries.map(\.key.text) }
        var end: Duration?
        if let load, case .list(let phases)? = map[.load]?.content, phases.count == load.phases.count {
            end = load.duration
        }
        let faults = FaultReader(session: session, groups: groups, end: end).faults(node)
        guard let load else { return faults }
        return faults.map { fault in
            var fault = fault
            fault.at = scaled(fault.at, with: load)
            if case .stall(var stall) = fault.action {
                stall.duration = max(scaled(stall.duration, with: load), .milliseconds(1))
                fault.action = .stall(stall)
            }
            return fault
        }
    }

    /// A time on the run's clock, which keeps its part of it under `--duration`.
    private func scaled(_ time: Duration, with load: Load) -> Duration {
        guard let total = overrides.duration, load.duration > .zero else { return time }
        let nanoseconds = time.inSeconds * (total.inSeconds / load.duration.inSeconds) * 1e9
        // What makes no sense may be any number of times as long as the load.
        return .nanoseconds(Int64(min(nanoseconds, Amounts.maximumNanoseconds)))
    }

    private func groups(_ map: MapReader<ScenarioKey>, _ session: ReadingSession) -> [ClientGroup] {
        let reader = GroupReader(session: session, top: map.node, overrides: overrides)
        guard let node = map[.clients] else {
            guard map.has(.flow) else {
                let help = "describe what clients do: 'clients:' with groups, or 'flow:' for all"
                session.report(.missing, "'clients' is missing in the scenario", at: map.node, help: help)
                return []
            }
            let empty = SourceNode(line: map.node.line, column: map.node.column, content: .map([]))
            return reader.group("clients", empty, flow: map[.flow]).map { [$0] } ?? []
        }
        guard case .map(let entries) = node.content, !entries.isEmpty else {
            let help = "write the name of a group, and below it its 'flow'"
            session.report(.wrongType, "'clients' has to be a map of groups, not \(node.kind)", at: node, help: help)
            return []
        }
        let takesFlow = entries.count == 1 && entries[0].value["flow"] == nil
        if map.has(.flow), !takesFlow {
            let message = "a flow at the top belongs to a scenario with one group, which has none of its own"
            session.report(.badValue, message, at: map.place(of: .flow))
        }
        return entries.compactMap { entry in
            checkGroupName(entry.key, session)
            return reader.group(entry.key.text, entry.value, flow: takesFlow ? map[.flow] : nil)
        }
    }

    private func checkGroupName(_ key: SourceScalar, _ session: ReadingSession) {
        let place = session.source.place(of: key)
        if key.text == "all" {
            session.report(.nameClash, "'all' stands for all groups; choose another name", at: place)
        } else if !Self.isPlain(key.text) {
            let help = "a name has letters, digits, '-' and '_'"
            session.report(.badValue, "'\(key.text)' cannot be the name of a group", at: place, help: help)
        }
    }

    private func name(_ node: SourceNode, _ session: ReadingSession) -> String? {
        guard let name = session.name(node, "'name'") else { return nil }
        if !Self.isPlain(name) {
            let help = "it is part of a folder's name: letters, digits, '-' and '_'"
            session.report(.badValue, "'\(name)' cannot be the name of a scenario", at: node, help: help)
        }
        return name
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 100
            && name.unicodeScalars.allSatisfy {
                $0 == "_" || $0 == "-" || ("a"..."z").contains($0) || ("A"..."Z").contains($0)
                    || ("0"..."9").contains($0)
            }
    }

    /// The file's name without its folder and ending, for a scenario that has none.
    private static func name(ofFile file: String) -> String {
        let base = file.split(separator: "/").last ?? "scenario"
        let stem = base.split(separator: ".").first.map(String.init) ?? "scenario"
        return isPlain(stem) ? stem : "scenario"
    }
}

extension ExpressionScope {
    /// For texts that are fixed.
    fileprivate init(session: ReadingSession) {
        self.init(session: session, names: nil, site: .fixed)
    }
}
