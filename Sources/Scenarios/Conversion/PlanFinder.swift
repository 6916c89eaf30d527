import Wire

/// Finds action-plan loops: an event with a list of actions that comes again whenever the client has answered it.
struct PlanFinder {
    private let turns: [Turn]
    /// Turns that belong to streams.
    private let taken: Set<Int>

    init(_ turns: [Turn], taken: Set<Int>) {
        self.turns = turns
        self.taken = taken
    }

    func plans() -> [FoundPlan] {
        var names: [String] = []
        for (place, turn) in turns.enumerated() where !taken.contains(place) {
            if let said = turn.received, let event = said.event, Self.actions(of: said) != nil, !names.contains(event) {
                names.append(event)
            }
        }
        return names.flatMap { plans(of: $0) }.sorted { $0.rounds[0].plan < $1.rounds[0].plan }
    }

    private func plans(of event: String) -> [FoundPlan] {
        // Once to learn what answers there are, and once more with all of them.
        let learned = plans(of: event, known: [])
        var known: [[String?]] = []
        for names in learned.flatMap(\.rounds).map({ $0.replies.map(name) }) where !known.contains(names) {
            known.append(names)
        }
        let found = plans(of: event, known: known)
        // One plan alone is a loop where its name or its end says so.
        let isLoop = found.contains { $0.rounds.count > 1 } || event.lowercased().contains("plan")
        return isLoop && known.count <= 2 ? found : []
    }

    private func plans(of event: String, known: [[String?]]) -> [FoundPlan] {
        var found: [FoundPlan] = []
        var at = 0
        while let start = next(event, from: at) {
            guard let plan = plan(event, from: start, known) else {
                at = start + 1
                continue
            }
            found.append(plan)
            at = (plan.done ?? plan.unanswered ?? plan.rounds.last?.replies.last ?? start) + 1
        }
        return found
    }

    private func plan(_ event: String, from start: Int, _ known: [[String?]]) -> FoundPlan? {
        guard let said = turns[start].received, let actions = Self.actions(of: said) else { return nil }
        var plan = FoundPlan(event: event, actions: actions, rounds: [])
        var known = known
        var current = start
        while true {
            let replies = replies(after: current)
            let names = replies.map(name)
            let (following, end) = following(after: replies.last ?? current, event)
            let continues = following != nil
            // The last answers are those that were given before; what else the client sends is its own.
            let ends = end.flatMap { turns[$0].received?.event }.map(StreamFinder.meansEnd) ?? false
            let isKnown = known.contains(names) || known.isEmpty || (continues || ends) && known.count < 2
            guard !replies.isEmpty, isKnown else {
                plan.unanswered = current
                break
            }
            if !known.contains(names) { known.append(names) }
            plan.rounds.append(FoundPlan.Round(plan: current, replies: replies))
            guard let following else {
                plan.done = end
                break
            }
            current = following
        }
        if plan.rounds.isEmpty { return nil }
        if plan.rounds.count == 1, plan.unanswered == nil, plan.done == nil { return nil }
        return plan
    }

    /// What the client sends after a plan, up to the next event of the server's.
    private func replies(after place: Int) -> [Int] {
        var replies: [Int] = []
        for next in turns.indices.dropFirst(place + 1) where !taken.contains(next) {
            switch turns[next].act {
            case .sent: replies.append(next)
            case .received:
                if replies.isEmpty, isPlan(next, like: place) { return [] } else if !replies.isEmpty { return replies }
            case .acknowledged, .acknowledge: continue
            default: return replies
            }
            if replies.count > 8 { return [] }
        }
        return replies
    }

    /// The next plan before the client sends anything else, or else what ended the loop.
    private func following(after place: Int, _ event: String) -> (plan: Int?, end: Int?) {
        var end: Int?
        for next in turns.indices.dropFirst(place + 1) where !taken.contains(next) {
            switch turns[next].act {
            case .received(let said):
                if said.event == event { return (next, nil) }
                let means = StreamFinder.meansEnd(said.event ?? "") || Self.refuses(said.event ?? "")
                if end == nil || means && !StreamFinder.meansEnd(turns[end ?? 0].received?.event ?? "") { end = next }
            case .acknowledged, .acknowledge: continue
            default: return (nil, end)
            }
        }
        return (nil, end)
    }

    static func refuses(_ name: String) -> Bool {
        ["error", "refus", "abort", "fail", "reject"].contains { name.lowercased().contains($0) }
    }

    private func isPlan(_ place: Int, like other: Int) -> Bool {
        turns[place].received?.event == turns[other].received?.event
    }

    private func next(_ event: String, from start: Int) -> Int? {
        turns.indices.dropFirst(start).first { !taken.contains($0) && turns[$0].received?.event == event }
    }

    private func name(_ place: Int) -> String? { turns[place].sent?.event }

    /// Where an event has its list of actions.
    private static func actions(of said: Said) -> [String]? {
        guard let members = said.data.members else { return nil }
        let lists = members.filter { member in
            guard let elements = member.value.elements, !elements.isEmpty else { return false }
            return elements.allSatisfy { $0.members != nil }
        }
        let known = ["actions", "steps", "toolcalls", "commands", "calls", "operations", "tasks"]
        return lists.first { known.contains($0.name.lowercased().filter { $0 != "_" }) }.map { [$0.name] }
    }
}
