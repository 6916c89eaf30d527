/// Reads `load:`.
struct LoadReader {
    let session: ReadingSession

    func load(_ node: SourceNode) -> Load {
        guard case .list(let elements) = node.content, !elements.isEmpty else {
            let help = "write - { for: 30s, clients: 100 }"
            session.report(.wrongType, "'load' has to be a list of phases, not \(node.kind)", at: node, help: help)
            return Load(phases: [])
        }
        var phases: [Load.Phase] = []
        for (number, element) in elements.enumerated() {
            // Behind a phase that cannot be read nothing is said to be missing: it may stand there.
            let isFirst = number == 0
            if let phase = phase(element, isFirst: isFirst, after: phases.last, names: phases.compactMap(\.name)) {
                phases.append(phase)
            }
        }
        let load = Load(phases: phases)
        if load.peakClients == 0, phases.count == elements.count {
            session.report(.badValue, "this load never has a client", at: node)
        }
        return load
    }

    private func phase(
        _ node: SourceNode,
        isFirst: Bool,
        after previous: Load.Phase?,
        names: [String]
    ) -> Load.Phase? {
        guard let map = MapReader<PhaseKey>(node, "a phase", session) else { return nil }
        let name = map[.name].flatMap { phaseName($0, taken: names) }
        let duration = map.required(.for).flatMap { session.duration($0, "'for'") }
        if let duration, duration <= .zero {
            session.report(.badValue, "a phase has to last some time", at: map.place(of: .for))
        }
        let model = model(map, isFirst: isFirst, after: previous)
        let once = map.flag(.once)
        let spacing = map.word(.spacing, Load.Spacing.self)
        guard let duration, let model else { return nil }
        var phase = Load.Phase(name: name, duration: duration, model: model)
        // What holds the phase before holds all of it.
        let held = !map.has(.clients) && !map.has(.arrivals) ? previous : nil
        switch model {
        case .clients:
            phase.once = once ?? held?.once ?? false
            if map.has(.spacing) {
                session.report(.badValue, "'spacing' belongs to 'arrivals'", at: map.place(of: .spacing))
            }
        case .arrivals:
            phase.spacing = spacing ?? held?.spacing ?? .even
            if map.has(.once) {
                let help = "nobody is replaced where clients arrive"
                session.report(.badValue, "'once' belongs to 'clients'", at: map.place(of: .once), help: help)
            }
        }
        return phase
    }

    private func phaseName(_ node: SourceNode, taken: [String]) -> String? {
        guard let name = session.name(node, "'name'") else { return nil }
        if !ReadingSession.isName(name) {
            let help = "a name starts with a small letter and goes on with small letters, digits and '_'"
            session.report(.badValue, "'\(name)' cannot be the name of a phase", at: node, help: help)
        } else if taken.contains(name) {
            session.report(.nameClash, "there is a phase '\(name)' already", at: node)
        }
        return name
    }

    private func model(_ map: MapReader<PhaseKey>, isFirst: Bool, after previous: Load.Phase?) -> Load.Model? {
        let limit = map.integer(.limit)
        if map.has(.clients), map.has(.arrivals) {
            let message = "a phase has either 'clients' or 'arrivals'"
            session.report(.badValue, message, at: map.place(of: .arrivals))
            return nil
        }
        if map.has(.limit), !map.has(.arrivals) {
            session.report(.badValue, "'limit' belongs to 'arrivals'", at: map.place(of: .limit))
        }
        if map.has(.clients) {
            guard let target = map.integer(.clients) else { return nil }
            switch previous?.model {
            case nil: return .clients(from: 0, to: target)
            case .clients(_, let level): return .clients(from: level, to: target)
            // Arrivals leave no number behind that this phase could start from.
            case .arrivals: return .clients(from: target, to: target)
            }
        }
        if let node = map[.arrivals] {
            guard let scalar = node.scalar, let (from, to) = Amounts.rates(scalar.text) else {
                let help = "write 20/s, 100/m, or 20/s..100/s"
                session.report(.badValue, "'arrivals' has to be a rate or a range of rates", at: node, help: help)
                return nil
            }
            return .arrivals(from: from, to: to ?? from, limit: limit)
        }
        switch previous?.model {
        case .clients(_, let level): return .clients(from: level, to: level)
        case .arrivals(_, let rate, let limit): return .arrivals(from: rate, to: rate, limit: limit)
        case nil:
            guard isFirst, map.misspelled.isDisjoint(with: [.clients, .arrivals]) else { return nil }
            session.report(.missing, "the first phase has neither 'clients' nor 'arrivals'", at: map.node)
            return nil
        }
    }
}
