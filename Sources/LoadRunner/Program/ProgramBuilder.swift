import Metrics
import NIOCore
import Scenarios
import Wire

/// Lowers a group's steps to instructions.
///
/// A plan's reply is laid out before its plan: `jump plan; reply…; replyEnd; plan:` so that the end of a reply runs on
/// into the plan again.
struct ProgramBuilder {
    private let scenario: Scenario
    private let group: ClientGroup
    private let number: Int
    private var metrics: MetricTable
    private var code: [Instruction] = []
    private var policies: [FailurePolicy] = []
    private var policy: FailurePolicy
    private var losses: [Instruction.Address: LossRule] = [:]
    /// The last cause in the list of steps that is being lowered.
    private var lastCause: Instruction.Address?
    /// The measures that some step runs `since`; the connect is the first.
    private let marks: [Since]
    private var streams: [StreamOperation] = []
    /// The group's think time, where it is due before a send: in the flow, not in handlers and replies.
    private var think: Delay?
    /// The loop around the step.
    private var loop: LoopOperation?
    /// On every way to the next step a `think` comes right before it.
    private var hasThought = false

    private init(scenario: Scenario, number: Int, metrics: MetricTable) {
        self.scenario = scenario
        self.number = number
        self.metrics = metrics
        group = scenario.groups[number]
        policy = group.onFailure
        var marks: [Since] = [.connect]
        group.forEachStep { step in
            if let since = step.action.since, !marks.contains(since) { marks.append(since) }
        }
        self.marks = marks
    }

    /// The programs of the scenario's groups, in their order.
    ///
    /// - Parameter metrics: Gets the metrics that the steps need. Every worker lowers for itself, and a metric that is
    ///   known already stays the same.
    static func programs(of scenario: Scenario, registeringIn metrics: inout MetricTable) -> [Program] {
        for counter in scenario.counters { _ = metrics.userCounter(counter) }
        return scenario.groups.indices.map { program(of: scenario, group: $0, registeringIn: &metrics) }
    }

    private static func program(
        of scenario: Scenario,
        group number: Int,
        registeringIn metrics: inout MetricTable
    ) -> Program {
        var builder = ProgramBuilder(scenario: scenario, number: number, metrics: metrics)
        builder.think = builder.group.think
        builder.lower(builder.group.flow)
        builder.append(.end)
        builder.think = nil
        var deliveries: [[FanOutOperation]?] = Array(repeating: nil, count: scenario.events.count)
        var handlers: [Instruction.Address?] = Array(repeating: nil, count: scenario.events.count)
        for handler in builder.group.handlers {
            handlers[handler.event] = builder.code.count
            // A handler's own deliveries are counted whoever takes the message; those in a branch where it runs.
            let (own, others) = handler.steps.partitioned()
            if !own.isEmpty { deliveries[handler.event] = own }
            builder.lower(others)
            builder.append(.end)
        }
        var rejoin: Instruction.Address?
        if !builder.group.rejoin.isEmpty {
            rejoin = builder.code.count
            builder.lower(builder.group.rejoin)
            builder.append(.end)
        }
        metrics = builder.metrics
        return Program(
            group: builder.group,
            number: number,
            events: scenario.events,
            code: builder.code,
            handlers: handlers,
            deliveries: deliveries,
            streams: builder.streams,
            policies: builder.policies,
            rejoin: rejoin,
            losses: builder.losses,
            markCount: builder.marks.count,
            // A replay hears of its connections otherwise, and an event of such a name is the server's.
            reservesEnds: scenario.replay == nil
        )
    }

    private mutating func append(_ instruction: Instruction) {
        code.append(instruction)
        policies.append(policy)
    }

    private mutating func lower(_ steps: [Step]) {
        let outer = lastCause
        lastCause = nil
        for step in steps { lower(step) }
        lastCause = outer
    }

    /// The step's own instruction has just been appended.
    private mutating func note(_ step: Step) {
        let address = code.count - 1
        switch step.action {
        case .connect, .emit, .send, .http: lastCause = address
        default: break
        }
        switch step.onLoss {
        case .fail: losses[address] = .fail
        case .retry: losses[address] = lastCause.map { .retry($0) }
        case .wait, nil: break
        }
    }

    private mutating func lower(_ step: Step) {
        let outer = policy
        policy = step.onFailure ?? outer
        defer {
            policy = outer
            switch step.action {
            case .think, .pace: hasThought = true
            case .when, .choose: break
            default: hasThought = false
            }
        }
        switch step.action {
        case .connect: append(.connect)
        case .disconnect: append(.disconnect)
        case .emit(let emit): lower(emit)
        case .send(let message):
            pause()
            append(.send(SendOperation(message)))
        case .acknowledge(let step): append(.acknowledge(AcknowledgeOperation(step)))
        case .http(let request): lower(request)
        case .await(let wait): lower(wait)
        case .stream(let stream): lower(stream)
        case .plan(let plan): lower(plan)
        case .think(let delay): append(.think(delay))
        case .pace(let interval):
            let operation = PaceOperation(interval)
            loop?.paces.append(operation)
            append(.pace(operation))
        case .wait(let wait): lower(wait)
        case .choose(let choices): lower(choices)
        case .repeat(let loop): lower(loop)
        case .when(let when): lower(when)
        case .set(let assignments): append(.set(SetOperation(assignments)))
        case .count(let counter):
            let name = scenario.counters[counter]
            append(.count(CountOperation(name: name, counter: metrics.userCounter(name))))
        case .fail(let text): append(.fail(FailOperation(text)))
        case .fanout(let step): append(.fanOut(FanOutOperation(step)))
        case .drop(let kind): append(.drop(kind))
        case .stall(let stall): append(.stall(stall))
        }
        note(step)
        for change in step.roomChanges { append(.room(RoomOperation(change))) }
    }

    /// The think time before a send, unless the scenario thinks there by itself.
    private mutating func pause() {
        guard let think, !hasThought else { return }
        append(.pause(think))
    }

    private mutating func lower(_ emit: Emit) {
        pause()
        let shown = group.name(of: emit)
        var name = ByteBuffer()
        JSONWriter.writeString(emit.event, to: &name)
        let acknowledgement = emit.acknowledgement.map { acknowledgement in
            let base = "ack.\(shown)"
            let primary = acknowledgement.measure ?? base
            return WaitOperation(
                subject: "acknowledgement of \(shown)",
                within: acknowledgement.within,
                operation: metrics.operation(primary, latency: true),
                general: acknowledgement.measure == nil ? nil : metrics.operation(base, latency: true),
                capture: acknowledgement.capture,
                mark: mark(acknowledgement.measure)
            )
        }
        append(
            .emit(
                EmitOperation(
                    emit,
                    shownAs: shown,
                    name: Array(name.readableBytesView),
                    acknowledgement: acknowledgement
                )
            )
        )
    }

    private mutating func lower(_ request: HTTPRequest) {
        pause()
        let wait = WaitOperation(
            subject: "response to \(request.method)",
            within: request.within,
            operation: metrics.operation(request.measure ?? "http", latency: true),
            general: request.measure == nil ? nil : metrics.operation("http", latency: true),
            capture: request.capture,
            mark: mark(request.measure)
        )
        append(.http(HTTPOperation(request: request, wait: wait)))
    }

    private mutating func lower(_ step: Await) {
        let wait = WaitOperation(
            subject: names(step.match),
            within: step.within,
            operation: step.measure.map { metrics.operation($0, latency: true) },
            capture: step.capture,
            mark: mark(step.measure),
            since: mark(step.since)
        )
        append(.await(AwaitOperation(match: step.match, wait: wait)))
    }

    private mutating func lower(_ stream: StreamStep) {
        let measured = metrics.stream(stream.name)
        let wait = WaitOperation(
            subject: "the end of stream \(stream.name)",
            within: stream.within,
            operation: measured.operation,
            capture: [],
            since: mark(stream.since)
        )
        let operation = StreamOperation(step: stream, wait: wait, metrics: measured, number: streams.count)
        streams.append(operation)
        append(.stream(operation))
    }

    private mutating func lower(_ plan: PlanStep) {
        let entry = code.count
        append(.end)
        let (outer, outerPolicy) = (think, policy)
        think = nil
        policy = .leave
        lower(plan.reply)
        (think, policy) = (outer, outerPolicy)
        append(.replyEnd)
        code[entry] = .jump(code.count)
        let operation = PlanOperation(
            step: plan,
            metrics: metrics.plan(plan.name),
            reply: entry + 1,
            since: mark(plan.since)
        )
        append(.plan(operation))
    }

    private mutating func lower(_ loop: Repeat) {
        if case .count(0) = loop.times { return }
        let operation = LoopOperation(loop)
        append(.loop(operation))
        let begin = code.count
        // The loop's end leads here too.
        hasThought = false
        let outer = self.loop
        self.loop = operation
        lower(loop.flow)
        self.loop = outer
        append(.again(operation, begin))
        operation.exit = code.count
    }

    private mutating func lower(_ wait: Wait) {
        let operation = WaitOperation(
            subject: "what `wait` waits for",
            within: wait.within,
            operation: nil,
            capture: [],
            since: mark(wait.since)
        )
        append(.wait(ConditionWaitOperation(wait.condition, wait: operation)))
    }

    private mutating func lower(_ choices: [Choice]) {
        let operation = ChooseOperation(weights: choices.map(\.weight))
        append(.choose(operation))
        let hadThought = hasThought
        var haveThought = true
        var exits: [Instruction.Address] = []
        for choice in choices {
            operation.branches.append(code.count)
            hasThought = hadThought
            lower(choice.flow)
            haveThought = haveThought && hasThought
            exits.append(code.count)
            append(.end)
        }
        for exit in exits { code[exit] = .jump(code.count) }
        hasThought = haveThought
    }

    /// Where the cause of a measure is kept; nil where no step runs since it.
    private func mark(_ measure: String?) -> Int? {
        measure.flatMap { marks.firstIndex(of: .measure($0)) }
    }

    /// Which kept cause a step runs since.
    private func mark(_ since: Since?) -> Int? {
        since.flatMap { marks.firstIndex(of: $0) }
    }

    private mutating func lower(_ when: When) {
        let branch = code.count
        append(.end)
        let hadThought = hasThought
        lower(when.flow)
        let hasThoughtInFlow = hasThought
        hasThought = hadThought
        if when.otherwise.isEmpty {
            code[branch] = .unless(ConditionOperation(when.condition), code.count)
        } else {
            let exit = code.count
            append(.end)
            code[branch] = .unless(ConditionOperation(when.condition), code.count)
            lower(when.otherwise)
            code[exit] = .jump(code.count)
        }
        hasThought = hasThought && hasThoughtInFlow
    }

    private func names(_ match: EventMatch) -> String {
        match.events.map { scenario.events[$0] }.joined(separator: " or ")
    }
}

extension [Step] {
    /// The deliveries among the steps, and the steps that are none.
    fileprivate func partitioned() -> (deliveries: [FanOutOperation], others: [Step]) {
        var deliveries: [FanOutOperation] = []
        var others: [Step] = []
        for step in self {
            if case .fanout(let fanOut) = step.action {
                deliveries.append(FanOutOperation(fanOut))
            } else {
                others.append(step)
            }
        }
        return (deliveries, others)
    }
}
