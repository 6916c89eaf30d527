import Metrics
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The lowering of flows to programs")
struct ProgramBuilderTests {
    private let range = DelayRange(lower: .seconds(3), upper: .seconds(4))

    // MARK: Order

    @Test("A flow's steps follow one another, and then it ends")
    func sequence() {
        #expect(words([.connect, .emit, .await(0), .stream(chunk: 1, done: 2)]) == "connect emit await stream end")
    }

    @Test("A loop goes back to its first step")
    func loop() {
        #expect(words([.connect, .repeat(.count(3), [.emit, .await(0)])]) == "connect loop emit await again→2 end")
    }

    @Test("A loop of no times is left out, one of one time is not")
    func loopTimes() {
        #expect(words([.repeat(.count(0), [.emit]), .repeat(.count(1), [.await(0)])]) == "loop await again→1 end")
    }

    @Test("A condition that does not hold jumps behind its flow, or to the other one, which the first jumps over")
    func branches() {
        #expect(words([.when([.emit, .emit]), .await(0)]) == "unless→3 emit emit await end")
        #expect(words([.when([.emit], else: [.await(0), .emit])]) == "unless→3 emit jump→5 await emit end")
        #expect(words([.when([], else: [.emit])]) == "unless→2 jump→3 emit end")
    }

    @Test("A plan's reply stands before the plan, which the flow jumps to and the reply runs on into")
    func plan() {
        let plan = Step.plan(event: 0, done: 1, refuse: nil, reply: [.think, .emit])
        #expect(words([.connect, plan, .emit]) == "connect jump→5 think emit replyEnd plan→2 emit end")
    }

    @Test("Handlers stand behind the flow, each with an end of its own")
    func handlers() {
        let handlers = [HandMadeScenario.handler(5, [.emit]), HandMadeScenario.handler(2, [.count(0), .emit])]
        let program = HandMadeScenario.program([.connect], handlers: handlers)
        #expect(words(program) == "connect end emit end count emit end")
        #expect(program.handlers[5] == 2)
        #expect(program.handlers[2] == 4)
        #expect(program.handlers.compactMap { $0 }.count == 2)
    }

    // MARK: Rooms

    @Test("A step's rooms change right behind it, in their order, also inside of branches and replies")
    func rooms() {
        let join = Step.await(0).changing(.joins(.assigned), .leaves(.assigned))
        #expect(words([.connect, join, .emit]) == "connect await join leave emit end")
        #expect(words([.when([join], else: [.emit])]) == "unless→5 await join leave jump→6 emit end")
        #expect(words([.repeat(.count(2), [join])]) == "loop await join leave again→1 end")
        let reply = Step.plan(event: 0, done: 1, refuse: nil, reply: [.emit.changing(.joins(.assigned))])
        #expect(words([reply.changing(.leaves(.assigned))]) == "jump→4 emit join replyEnd plan→1 leave end")
    }

    @Test("The think time of a send stands before it, and a room's change is none")
    func roomsAndThink() {
        let flow: [Step] = [.connect, .think.changing(.joins(.assigned)), .emit.changing(.leaves(.assigned)), .emit]
        #expect(words(flow, think: range) == "connect think join emit leave pause emit end")
    }

    @Test("A handler's own deliveries are taken out of it, those of a branch stay where they are")
    func deliveries() {
        let steps: [Step] = [.count(0), .fanOut, .when([.fanOut]), .fanOut]
        let program = HandMadeScenario.program(
            [.connect],
            handlers: [HandMadeScenario.handler(5, steps), HandMadeScenario.handler(2, [.emit])]
        )
        #expect(words(program) == "connect end count unless→5 fanout end emit end")
        #expect(program.deliveries[5]?.count == 2)
        #expect(program.deliveries.compactMap { $0 }.count == 1)
    }

    // MARK: Think time

    @Test("The group's think time is before each send, but where the flow thinks there by itself")
    func think() {
        let flow: [Step] = [.connect, .emit, .await(0), .emit, .think, .emit, .emit]
        #expect(words(flow, think: range) == "connect pause emit await pause emit think emit pause emit end")
        #expect(words(flow) == "connect emit await emit think emit emit end")
    }

    @Test("In replies and handlers there is no think time but their own")
    func thinkElsewhere() {
        let plan = Step.plan(event: 0, done: 1, refuse: nil, reply: [.emit, .emit])
        let handlers = [HandMadeScenario.handler(5, [.emit])]
        let program = HandMadeScenario.program([plan, .emit], handlers: handlers, think: range)
        #expect(words(program) == "jump→4 emit emit replyEnd plan→1 pause emit end emit end")
    }

    @Test("A send behind a branch has its think time also where the branch that thinks was not taken")
    func thinkInBranch() {
        #expect(words([.when([.emit, .think]), .emit], think: range) == "unless→4 pause emit think pause emit end")
        #expect(
            words([.when([.await(0)], else: [.think]), .emit], think: range)
                == "unless→3 await jump→4 think pause emit end"
        )
        let last = Step.when([.await(0), .when([.think])])
        #expect(words([last, .emit], think: range) == "unless→4 await unless→4 think pause emit end")
    }

    @Test("A think before a branch, or at the end of both, is the think time of the send that follows")
    func thinkAroundBranch() {
        #expect(words([.think, .when([.emit]), .emit], think: range) == "think unless→3 emit pause emit end")
        #expect(
            words([.when([.think], else: [.think]), .emit], think: range) == "unless→3 think jump→4 think emit end"
        )
    }

    @Test("A think before a loop is not that of its later rounds")
    func thinkBeforeLoop() {
        #expect(words([.think, .repeat(.count(2), [.emit])], think: range) == "think loop pause emit again→2 end")
    }

    // MARK: Metrics

    @Test("Lowering for another worker registers no other metrics")
    func metrics() {
        let plan = Step.plan(event: 0, done: 1, refuse: nil, reply: [.emit])
        let scenario = HandMadeScenario.scenario([
            HandMadeScenario.group([.connect, .stream(chunk: 2, done: 3), plan, .count(1)], name: "visitor"),
            HandMadeScenario.group([.stream(chunk: 2, done: 3), .count(0)], name: "other"),
        ])
        var table = MetricTable(groups: ["visitor", "other"])
        let first = ProgramBuilder.programs(of: scenario, registeringIn: &table)
        let again = ProgramBuilder.programs(of: scenario, registeringIn: &table)
        #expect(first.map(\.number) == [0, 1])
        #expect(first.map(\.group.name) == ["visitor", "other"])
        #expect(first[0].streams[0].metrics == again[0].streams[0].metrics)
        #expect(first[0].streams[0].metrics == again[1].streams[0].metrics)
        #expect(counters(first[0]) == [table.userCounter("second")])
        #expect(counters(first[1]) == [table.userCounter("first")])
        #expect(counters(again[0]) == counters(first[0]))
    }

    private func counters(_ program: Program) -> [CounterMetric] {
        program.code.compactMap { if case .count(let operation) = $0 { operation.counter } else { nil } }
    }

    private func words(_ flow: [Step], think: DelayRange? = nil) -> String {
        words(HandMadeScenario.program(flow, think: think))
    }

    private func words(_ program: Program) -> String {
        program.code.map(word).joined(separator: " ")
    }

    private func word(_ instruction: Instruction) -> String {
        switch instruction {
        case .connect: "connect"
        case .disconnect: "disconnect"
        case .emit: "emit"
        case .send: "send"
        case .acknowledge: "acknowledge"
        case .http: "http"
        case .await: "await"
        case .stream: "stream"
        case .plan(let operation): "plan→\(operation.reply)"
        case .replyEnd: "replyEnd"
        case .think: "think"
        case .pause: "pause"
        case .pace: "pace"
        case .wait: "wait"
        case .choose(let operation): "choose→\(operation.branches.map(String.init).joined(separator: ","))"
        case .loop: "loop"
        case .again(_, let target): "again→\(target)"
        case .unless(_, let target): "unless→\(target)"
        case .jump(let target): "jump→\(target)"
        case .set: "set"
        case .count: "count"
        case .fail: "fail"
        case .room(let operation): if case .joins = operation.change { "join" } else { "leave" }
        case .fanOut: "fanout"
        case .drop: "drop"
        case .stall: "stall"
        case .end: "end"
        }
    }
}
