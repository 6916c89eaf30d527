import Wire

extension FlowDrafter {
    mutating func findBeats() {
        let streams = StreamFinder(turns).streams()
        var taken = Set(streams.flatMap { $0.chunks + [$0.done] })
        plans = PlanFinder(turns, taken: taken).plans()
        var starts: [Int: Beat] = [:]
        for plan in plans {
            taken.formUnion(
                plan.rounds.flatMap { [$0.plan] + $0.replies } + [plan.unanswered, plan.done].compactMap(\.self)
            )
            starts[plan.rounds[0].plan] = .plan(plan)
            let end = plan.done ?? plan.unanswered ?? plan.rounds.last?.replies.last ?? 0
            for place in plan.rounds[0].plan..<end where !taken.contains(place) {
                // What comes beside a loop belongs to no step of its own.
                if let event = turns[place].received?.event { handled.insert(event) }
            }
        }
        for stream in streams where starts[stream.chunks[0]] == nil {
            let between = stream.chunks[0]..<max(stream.done, stream.chunks[0])
            let isCrossed = between.contains { !taken.contains($0) && turns[$0].isClients }
            starts[isCrossed ? stream.done : stream.chunks[0]] = .stream(stream)
            let name = streamName(stream)
            if !group.streams.contains(name) { group.streams.append(name) }
        }
        // What is left of a stream that the recording has cut off makes no step.
        let chunks = Set(streams.map(\.form.chunk))
        for place in turns.indices where !taken.contains(place) {
            if let event = turns[place].received?.event, chunks.contains(event) { taken.insert(place) }
        }
        findHandlers(taken)
        for place in turns.indices {
            if let start = starts[place] {
                beats.append(start)
            } else if !taken.contains(place), !isLeftOut(turns[place]) {
                beats.append(.turn(place))
            }
        }
    }

    /// Events that come often without the client's doing are news: a handler counts them.
    mutating func findHandlers(_ taken: Set<Int>) {
        var counts: [String: (total: Int, run: Int, most: Int)] = [:]
        for (place, turn) in turns.enumerated() where !taken.contains(place) {
            if turn.isClients {
                for name in counts.keys { counts[name]?.run = 0 }
            } else if let event = turn.received?.event {
                var count = counts[event] ?? (0, 0, 0)
                count = (count.total + 1, count.run + 1, max(count.most, count.run + 1))
                counts[event] = count
            }
        }
        handled.formUnion(counts.filter { $0.value.total > 3 && $0.value.most > 2 }.keys)
        handled.formUnion(watched(taken))
        handled.formUnion(uncertain(taken))
        for name in handled.sorted() where name != "message" || conversation.envelope != nil {
            let counter = names.claim(ScenarioNames.metric(name), .counter)
            group.handlers.append((name, .object([.init("count", .string(counter))])))
        }
    }

    func isLeftOut(_ turn: Turn) -> Bool {
        if case .acknowledged = turn.act { return true }
        return turn.received?.event.map { handled.contains($0) } ?? false
    }

    mutating func streamName(_ stream: FoundStream) -> String { names.claim(stream.form.name, .stream) }

    mutating func planName(_ plan: FoundPlan) -> String {
        let words = ScenarioNames.snake(plan.event).split(separator: "_").filter { $0 != "action" && $0 != "plan" }
        return names.claim(words.isEmpty ? "task" : ScenarioNames.metric(words.joined(separator: "_")), .plan)
    }

    mutating func measureWaits() {
        var cause = turns.first?.time ?? 0
        for turn in turns {
            if turn.isClients { cause = turn.time }
            if let event = turn.received.map(Self.eventName) {
                waits[event] = max(waits[event] ?? 0, turn.time - cause)
            }
        }
    }

    static func eventName(_ said: Said) -> String { said.event ?? "message" }

    func within(_ event: String) -> JSONValue? {
        RoundTime.within(waits[event] ?? 0).map { .time($0) }
    }
}
