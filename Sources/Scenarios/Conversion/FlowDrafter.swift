import Wire

/// Drafts the flow of one client: steps for its beats, with the values where they come from.
struct FlowDrafter {
    /// What becomes one step, or a few.
    private enum Beat {
        case turn(Int)
        case stream(FoundStream)
        case plan(FoundPlan)
    }

    private let conversation: Conversation
    private let turns: [Turn]
    private var beats: [Beat] = []
    /// The steps of each beat.
    private var steps: [[StepDraft]] = []
    private var correlator: Correlator
    private var group = GroupDraft()
    private var names = MetricNames()
    private var plans: [FoundPlan] = []
    /// Events that handlers count.
    private var handled: Set<String> = []
    /// The longest time from a cause to each event, in milliseconds.
    private var waits: [String: Double] = [:]
    /// When the beat before was over.
    private var quietSince: Double
    private var connects = 0
    /// The id around the message that was sent last, where the envelope makes one.
    private var sentID: JSONValue?
    private let epoch: Double?
    private(set) var warnings: [String] = []

    init(_ conversation: Conversation, epoch: Double?) {
        self.conversation = conversation
        self.epoch = epoch
        turns = conversation.turns
        quietSince = turns.first?.time ?? 0
        correlator = Correlator(turns, epoch: epoch, usedNames: [])
    }

    mutating func draft() -> GroupDraft {
        findBeats()
        measureWaits()
        for place in beats.indices {
            steps.append([])
            draft(place)
        }
        addVariables()
        var folder = FlowFolder(usedNames: Set(correlator.slots.map(\.name)))
        let folded = folder.fold(steps.flatMap(\.self))
        group.variables += folder.variables
        group.flow = folded.filter { $0["think"]?.time.map { $0.upper > 0 } ?? true }.map(Self.withoutPauses)
        group.environment = correlator.environment.map(\.name)
        group.length = conversation.length
        return group
    }

    /// Without thinks that take no time, also in loops.
    private static func withoutPauses(_ draft: StepDraft) -> StepDraft {
        var draft = draft
        if draft.kind == "repeat", let flow = draft["flow"]?.elements {
            draft["flow"] = .array(flow.filter { $0["think"]?.time.map { $0.upper > 0 } ?? true })
        }
        return draft
    }
}

// MARK: - Beats

extension FlowDrafter {
    private mutating func findBeats() {
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
            if !group.streams.contains(stream.form.name) { group.streams.append(stream.form.name) }
        }
        // What is left of a stream that the recording has cut off makes no step.
        let chunks = Set(streams.map(\.form.chunk))
        for place in turns.indices where !taken.contains(place) {
            if let event = turns[place].received?.event, chunks.contains(event) { taken.insert(place) }
        }
        for name in group.streams + plans.map({ Self.planName($0) }) { _ = names.claim(name, .other) }
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
    private mutating func findHandlers(_ taken: Set<Int>) {
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
        for name in handled.sorted() where name != "message" || conversation.envelope != nil {
            let counter = names.claim(ScenarioNames.metric(name), .counter)
            group.handlers.append((name, .object([.init("count", .string(counter))])))
        }
    }

    private func isLeftOut(_ turn: Turn) -> Bool {
        if case .acknowledged = turn.act { return true }
        return turn.received?.event.map { handled.contains($0) } ?? false
    }

    private static func planName(_ plan: FoundPlan) -> String {
        let words = ScenarioNames.snake(plan.event).split(separator: "_").filter { $0 != "action" && $0 != "plan" }
        return words.isEmpty ? "task" : ScenarioNames.metric(words.joined(separator: "_"))
    }

    private mutating func measureWaits() {
        var cause = turns.first?.time ?? 0
        for turn in turns {
            if turn.isClients { cause = turn.time }
            if let event = turn.received.map(Self.eventName) {
                waits[event] = max(waits[event] ?? 0, turn.time - cause)
            }
        }
    }

    private static func eventName(_ said: Said) -> String { said.event ?? "message" }

    private func within(_ event: String) -> JSONValue? {
        RoundTime.within(waits[event] ?? 0).map { .time($0) }
    }
}

// MARK: - Steps

extension FlowDrafter {
    private mutating func draft(_ place: Int) {
        switch beats[place] {
        case .turn(let turn): draft(turns[turn], turn, place)
        case .stream(let stream): draft(stream, place)
        case .plan(let plan): draft(plan, place)
        }
    }

    private mutating func add(_ place: Int, _ members: [JSONValue.Member], _ comments: [String] = []) {
        steps[place].append(StepDraft(members, comments: comments))
    }

    private mutating func think(_ place: Int, before time: Double) {
        add(place, [.init("think", .time(RoundTime.think(time - quietSince)))])
        quietSince = max(quietSince, time)
    }

    private mutating func draft(_ turn: Turn, _ number: Int, _ place: Int) {
        switch turn.act {
        case .connect(let opening, let auth):
            if connects > 0 { think(place, before: turn.time) } else { connect(opening, auth, place, turn.time) }
            connects += 1
            steps[place].append(StepDraft(.string("connect")))
        case .sent(let said):
            think(place, before: turn.time)
            send(said, number, place, turn.time)
        case .request(let exchange):
            think(place, before: turn.time)
            request(exchange, place, turn.time)
        case .acknowledge(let arguments):
            let filled = arguments.map {
                correlator.template($0, source: "acknowledge", beat: place, time: turn.time)
            }
            add(place, [.init("acknowledge", .null)] + Self.arguments(filled, single: nil))
        case .received(let said): receive(said, place)
        case .acknowledged: break
        case .disconnect:
            think(place, before: turn.time)
            steps[place].append(StepDraft(.string("disconnect")))
        case .closed(let code):
            add(place, [.init("await", .string("closed"))], ["the server closed the connection with the code \(code)"])
        case .refused(let status):
            let said = status.map { " with the status \($0)" } ?? ""
            add(place, [.init("await", .string("refused"))], ["the server turned the connection down\(said)"])
        }
        quietSince = max(quietSince, turn.time)
    }

    private mutating func connect(_ opening: RecordedOpening, _ auth: JSONValue?, _ place: Int, _ time: Double) {
        group.path = QueryText.path(opening.path)
        let isSocketIO = conversation.messageProtocol == .socketIO
        for parameter in QueryText.parameters(ofPath: opening.path)
        where !isSocketIO || !["EIO", "transport", "sid", "t"].contains(parameter.name) {
            let value = correlator.template(
                .string(parameter.value),
                source: "connect",
                path: [parameter.name],
                beat: place,
                time: time,
                inTarget: true
            )
            group.query.append(.init(parameter.name, value))
        }
        for header in opening.requestHeaders where RecordedHeader.isKept(header.name) {
            let value = correlator.template(
                .string(header.value),
                source: "connect",
                path: [header.name],
                beat: place,
                time: time,
                inTarget: true
            )
            group.headers.append(.init(header.name, value))
        }
        if let offered = opening.requestHeaders.first(named: "Sec-WebSocket-Protocol"), !isSocketIO {
            group.subprotocols = offered.split(separator: ",").map { String($0.drop { $0 == " " }) }
        }
        group.auth = auth.map {
            correlator.template($0, source: "connect", beat: place, time: time, inTarget: true)
        }
    }

    private mutating func send(_ said: Said, _ number: Int, _ place: Int, _ time: Double) {
        sentID = said.event == nil ? nil : envelopeID(said)
        guard let event = said.event else {
            let value = correlator.template(said.whole ?? said.data, source: "send", beat: place, time: time)
            return add(place, [.init("send", value)])
        }
        let arguments = said.arguments.enumerated().map { index, argument in
            correlator.template(
                argument,
                source: event,
                path: index == 0 ? [] : ["args", "\(index)"],
                beat: place,
                time: time
            )
        }
        var members = [JSONValue.Member("emit", .string(event))] + Self.arguments(arguments, single: "data")
        if said.asksForAcknowledgement { members.append(.init("ack", acknowledgement(number, event, place))) }
        add(place, members)
    }

    /// `ack:`; what came back is registered.
    private mutating func acknowledgement(_ number: Int, _ event: String, _ place: Int) -> JSONValue {
        for turn in turns {
            guard case .acknowledged(number, let arguments) = turn.act else { continue }
            quietSince = max(quietSince, turn.time)
            for (index, argument) in arguments.enumerated() {
                correlator.register(
                    argument,
                    source: "\(event) (ack)",
                    prefix: index == 0 ? [] : ["args", "\(index)"],
                    beat: place
                )
            }
            let wait = RoundTime.within(turn.time - turns[number].time) ?? 10_000
            return .object([.init("within", .time(wait))])
        }
        return .object([.init("within", .time(10_000))])
    }

    /// The id that the envelope gives each message that is sent.
    private func envelopeID(_ said: Said) -> JSONValue? {
        let name = conversation.envelope?.send?.first { $0.value == .string("${uuid()}") }?.name
        return name.flatMap { said.whole?[$0] }
    }

    static func arguments(_ arguments: [JSONValue], single: String?) -> [JSONValue.Member] {
        if arguments.isEmpty { return [] }
        if arguments.count == 1, let single { return [.init(single, arguments[0])] }
        return [.init("args", .array(arguments))]
    }

    private mutating func request(_ exchange: RecordedExchange, _ place: Int, _ time: Double) {
        let source = "\(exchange.method) \(QueryText.path(exchange.path))"
        let path = correlator.template(.string(exchange.path), source: source, path: ["url"], beat: place, time: time)
        var members = [JSONValue.Member("http", .string("\(exchange.method) \(path.textValue ?? exchange.path)"))]
        if let body = exchange.requestJSON {
            members.append(
                .init("json", correlator.template(body, source: source, beat: place, time: time))
            )
        } else if exchange.requestBody?.text.isEmpty == false {
            warnings.append("the body of \(source) is no JSON and left out")
        }
        var headers: [JSONValue.Member] = []
        for header in exchange.requestHeaders
        where RecordedHeader.isKept(header.name) && !["origin", "cookie"].contains(header.name.lowercased()) {
            let value = correlator.template(
                .string(header.value),
                source: source,
                path: [header.name],
                beat: place,
                time: time
            )
            headers.append(.init(header.name, value))
        }
        if !headers.isEmpty { members.append(.init("headers", .object(headers))) }
        if let status = exchange.status, (100...599).contains(status) {
            members.append(.init("expect", .integer(status)))
        }
        if let wait = exchange.duration.flatMap({ RoundTime.within($0.milliseconds) }) {
            members.append(.init("within", .time(wait)))
        }
        let last = QueryText.path(exchange.path).split(separator: "/").last { !$0.contains { $0.isNumber } }
        members.append(
            .init("measure", .string(names.claim(ScenarioNames.metric(last.map(String.init) ?? "request"), .time)))
        )
        add(place, members)
        if let answer = exchange.responseJSON { correlator.register(answer, source: source, beat: place) }
        quietSince = max(quietSince, time + (exchange.duration?.milliseconds ?? 0))
        sentID = nil
    }

    private mutating func receive(_ said: Said, _ place: Int) {
        let event = Self.eventName(said)
        var members = [JSONValue.Member("await", .string(event))]
        let conditions = conditions(said, place)
        if !conditions.isEmpty { members.append(.init("where", .object(conditions))) }
        if let within = within(event) { members.append(.init("within", within)) }
        if isFirstAnswer(place) {
            let name = said.event == nil ? "answer" : event
            members.append(.init("measure", .string(names.claim(ScenarioNames.metric(name), .time))))
        }
        add(place, members)
        for (index, argument) in said.arguments.enumerated() {
            let prefix = index > 0 || argument.isScalar ? ["args", "\(index)"] : []
            correlator.register(argument, source: event, prefix: prefix, beat: place)
        }
    }

    /// Whether the client did something right before this beat.
    private func isFirstAnswer(_ place: Int) -> Bool {
        guard place > 0, case .turn(let turn) = beats[place - 1] else { return false }
        return turns[turn].isClients
    }

    /// What tells this message from others of its kind: values that were said before.
    private mutating func conditions(_ said: Said, _ place: Int) -> [JSONValue.Member] {
        var conditions: [JSONValue.Member] = []
        if let whole = said.whole, let sentID {
            for member in whole.members ?? [] where member.value == sentID {
                conditions.append(.init("$.\(member.name)", .string("${sent.$.\(Self.idName(conversation) ?? "id")}")))
            }
        }
        for leaf in said.data.leaves where leaf.path.count <= 2 && conditions.count < 2 && !leaf.path.isEmpty {
            guard leaf.path.allSatisfy({ Int($0) == nil && !$0.contains(".") }),
                Identity.isIdentifying(leaf.value, leaf.path.last ?? ""),
                let known = correlator.knows(leaf.value), known.beat < place || known.isClients,
                let template = correlator.use(leaf.value)
            else { continue }
            conditions.append(.init(leaf.path.joined(separator: "."), .string(template)))
        }
        return conditions
    }

    static func idName(_ conversation: Conversation) -> String? {
        conversation.envelope?.send?.first { $0.value == .string("${uuid()}") }?.name
    }
}

// MARK: - Streams and plans

extension FlowDrafter {
    private mutating func draft(_ stream: FoundStream, _ place: Int) {
        let form = stream.form
        func path(_ path: [String]) -> JSONValue { .string(path.joined(separator: ".")) }
        var members = [JSONValue.Member("stream", .string(form.name)), .init("chunk", .string(form.chunk))]
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

    private static func reason(_ stream: FoundStream) -> String {
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

    private mutating func draft(_ plan: FoundPlan, _ place: Int) {
        let name = Self.planName(plan)
        if !group.plans.contains(name) { group.plans.append(name) }
        let start = turns[plan.rounds[0].plan].time
        let alike = plans.filter { $0.event == plan.event }
        let drafter = PlanDrafter(alike, turns)
        let reply = drafter.reply(&correlator, beat: place)
        var members: [JSONValue.Member] = [
            .init("plan", .string(name)),
            .init("event", .string(plan.event)),
            .init("actions", .string(plan.actions.joined(separator: "."))),
            .init("reply", .array(reply)),
        ]
        var comments = [
            "a loop: \(plan.event) came \(plan.rounds.count + (plan.unanswered == nil ? 0 : 1)) times, each after an answer to the one before"
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
        if !drafter.same.isEmpty { members.append(.init("same", .array(drafter.same.map { .string($0) }))) }
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

// MARK: - Variables

extension FlowDrafter {
    /// Gives the variables that are used their values: in `vars`, by `capture:`, or by a `set` before the step.
    private mutating func addVariables() {
        for slot in correlator.slots {
            let beats = correlator.beats(of: slot)
            let path = slot.key.path.joined(separator: ".")
            if let generator = slot.generator {
                let what = "first sent by the client, in \(slot.key.source): new for each"
                if beats.count <= 1 || slot.isUsedInTarget {
                    group.variables.append(.init(name: slot.name, value: .string(generator), comment: "\(what) client"))
                } else {
                    for beat in Set(beats).sorted() {
                        set(slot.name, .string(generator), before: beat, "\(what) round")
                    }
                }
                continue
            }
            if slot.isUsedInTarget { group.variables.append(.init(name: slot.name, value: .string(""), comment: nil)) }
            for beat in Set(beats).sorted() { capture(slot.name, path, slot.key.source, beat) }
        }
    }

    private mutating func set(_ name: String, _ value: JSONValue, before beat: Int, _ comment: String) {
        let step = StepDraft([.init("set", .object([.init(name, value)]))], comments: ["\(name): \(comment)"])
        // Behind the think before the send, so that one can see that they belong together.
        let place = steps[beat].firstIndex { $0.kind != "think" } ?? 0
        steps[beat].insert(step, at: place)
    }

    private mutating func capture(_ name: String, _ path: String, _ source: String, _ beat: Int) {
        let comment = "\(name): first said by the server, in \(source)"
        guard
            let place = steps[beat].lastIndex(where: { ["await", "http", "emit", "stream", "plan"].contains($0.kind) })
        else { return }
        var step = steps[beat][place]
        let member = JSONValue.Member(name, .string(path))
        switch step.kind {
        case "await", "http":
            step["capture"] = .object((step["capture"]?.members ?? []) + [member])
        case "emit":
            guard case .object(var ack)? = step["ack"] else { return }
            let captures = ack.first { $0.name == "capture" }?.value.members ?? []
            ack.removeAll { $0.name == "capture" }
            step["ack"] = .object(ack + [.init("capture", .object(captures + [member]))])
        default:
            steps[beat].append(
                StepDraft(
                    [.init("set", .object([.init(name, .string("${event.\(path)}"))]))],
                    comments: [comment]
                )
            )
            return
        }
        step.comments.append(comment)
        steps[beat][place] = step
    }
}

extension Turn {
    /// Whether the client did it, and what comes after can be its effect.
    var isClients: Bool {
        switch act {
        case .connect, .sent, .request, .disconnect: true
        default: false
        }
    }
}

extension RecordedHeader {
    /// Whether a scenario should send a header of this name: browsers and libraries add many of their own.
    static func isKept(_ name: String) -> Bool {
        let name = name.lowercased()
        if ["authorization", "cookie", "origin"].contains(name) { return true }
        return name.hasPrefix("x-") && !name.hasPrefix("x-forwarded") && name != "x-real-ip" && name != "x-request-id"
    }
}
