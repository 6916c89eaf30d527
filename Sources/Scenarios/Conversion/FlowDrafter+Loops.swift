import Wire

extension FlowDrafter {
    mutating func draft(_ stream: FoundStream, _ place: Int) {
        let form = stream.form
        func path(_ path: [String]) -> JSONValue { .string(path.joined(separator: ".")) }
        var members = [JSONValue.Member("stream", .string(streamName(stream))), .init("chunk", .string(form.chunk))]
        if let flag = form.flag {
            let condition = JSONValue.object([.init(flag.joined(separator: "."), .bool(true))])
            members.append(.init("done", .object([.init("event", .string(form.done)), .init("where", condition)])))
        } else {
            members.append(.init("done", .string(form.done)))
        }
        if let said = turns[stream.chunks[0]].received, form.key?.first == "$" || sentID != nil {
            let conditions = conditions(said, place).filter { $0.name.hasPrefix("$.") }
            if !conditions.isEmpty { members.append(.init("where", .object(conditions))) }
        }
        if let key = form.key { members.append(.init("key", path(key))) }
        if let index = form.index { members.append(.init("index", path(index))) }
        if let text = form.text, let final = form.final {
            members += [.init("text", path(text)), .init("final", path(final))]
        }
        let events = [form.chunk, form.done]
        let wait = events.compactMap { waits[$0] }.max() ?? 0
        members.append(.init("within", .time(RoundTime.within(wait) ?? 10_000)))
        add(place, members, [Self.reason(stream)])
        quietSince = max(quietSince, turns[stream.done].time)
        if let said = turns[stream.done].received { correlator.register(said.data, source: form.done, beat: place) }
    }

    static func reason(_ stream: FoundStream) -> String {
        let form = stream.form
        var why: [String] = []
        if let index = form.index { why.append("\(index.joined(separator: ".")) counts up") }
        if let key = form.key { why.append("\(key.joined(separator: ".")) stays the same") }
        if let flag = form.flag {
            why.append("\(flag.joined(separator: ".")) is true in the last")
        } else {
            why.append("\(form.done) ends it")
        }
        return "a stream: in \(form.chunk) \(why.joined(separator: ", "))"
    }

    /// Some of the plans of an event: the first ones, and of the others those in which something is new. All of them would be
    /// asked for each of them.
    private mutating func examples(of event: String) -> [FoundPlan] {
        if let known = planExamples[event] { return known }
        var seen: Set<String> = []
        var examples: [FoundPlan] = []
        for plan in plans where plan.event == event {
            let answers = plan.rounds.map { round in round.replies.map { turns[$0].sent?.event ?? "" } }
            let marks =
                answers.map { $0.joined(separator: ",") } + [
                    "> \(plan.done.flatMap { turns[$0].received?.event } ?? "")"
                ]
            let isNew = marks.contains { !seen.contains($0) }
            seen.formUnion(marks)
            if examples.count < 10 || isNew { examples.append(plan) }
        }
        planExamples[event] = examples
        return examples
    }

    mutating func draft(_ plan: FoundPlan, _ place: Int) {
        let name = planName(plan)
        if !group.plans.contains(name) { group.plans.append(name) }
        let start = turns[plan.rounds[0].plan].time
        let alike = examples(of: plan.event)
        let drafter = PlanDrafter(alike, turns)
        let reply = drafter.reply(&correlator, &files, beat: place)
        var members: [JSONValue.Member] = [
            .init("plan", .string(name)),
            .init("event", .string(plan.event)),
            .init("actions", .string(plan.actions.joined(separator: "."))),
            .init("reply", .array(reply)),
        ]
        let rounds = plan.rounds.count + (plan.unanswered == nil ? 0 : 1)
        var comments = [
            rounds == 1
                ? "a loop: \(plan.event) came once, and could come again after the answer to it"
                : "a loop: \(plan.event) came \(rounds) times, each after an answer to the one before"
        ]
        let ends = ([plan] + alike).compactMap { $0.done }.compactMap { turns[$0].received?.event }
        let end = plan.done.flatMap { turns[$0].received?.event }
        if let done = ends.first(where: { !PlanFinder.refuses($0) }) {
            members.append(.init("done", .string(done)))
            if let refusal = ends.first(where: PlanFinder.refuses) { members.append(.init("refuse", .string(refusal))) }
        } else {
            members.append(.init("done", .string("closed")))
            if let end { members.append(.init("refuse", .string(end))) }
            comments.append("the recording has no end of the task: write the event that says it is done for 'closed'")
        }
        if plan.unanswered != nil {
            members.append(.init("clientLimit", .integer(plan.rounds.count)))
            comments.append("the client left the last one unanswered, as one does that has a limit")
        }
        let same = drafter.same
        if !same.isEmpty { members.append(.init("same", .array(same.map { .string($0) }))) }
        let stop = plan.done ?? plan.unanswered ?? plan.rounds.last?.replies.last ?? plan.rounds[0].plan
        members.append(.init("within", .time(max(60_000, RoundTime.within((turns[stop].time - start)) ?? 0))))
        add(place, members, comments)
        quietSince = max(quietSince, turns[stop].time)
        if let said = plan.done.flatMap({ turns[$0].received }), let end {
            correlator.register(said.data, source: end, beat: place)
        }
        sentID = nil
    }
}
