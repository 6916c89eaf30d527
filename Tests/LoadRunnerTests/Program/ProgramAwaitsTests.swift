import Metrics
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Which events a program still waits for")
struct ProgramAwaitsTests {
    @Test("In a plain flow the steps that are left wait, those behind do not")
    func sequence() {
        let program = HandMadeScenario.program([.connect, .await(0), .emit, .await(1, 2), .await(0)])
        #expect(program.awaited(from: 0) == [0, 1, 2])
        #expect(program.awaited(fromStepFor: 0) == [0, 1, 2])
        #expect(program.awaited(afterStepFor: 0) == [0, 1, 2])
        #expect(program.awaited(fromStepFor: 1) == [0, 1, 2])
        #expect(program.awaited(afterStepFor: 1) == [0])
        #expect(program.awaited(from: program.code.count - 1) == [])
    }

    @Test("A flow without waiting steps waits for nothing")
    func nothing() {
        #expect(HandMadeScenario.program([]).awaited(from: 0) == [])
        let program = HandMadeScenario.program([.connect, .emit, .think, .repeat(.forever, [.emit])])
        for address in program.code.indices { #expect(program.awaited(from: address) == []) }
    }

    @Test("A loop comes back to all its steps, and what is before it does not come again", arguments: [true, false])
    func loop(isForever: Bool) {
        let loop = Step.repeat(isForever ? .forever : .count(3), [.await(1), .emit, .await(2)])
        let program = HandMadeScenario.program([.await(0), loop] + (isForever ? [] : [.await(3)]))
        let rest: Set<Int> = isForever ? [1, 2] : [1, 2, 3]
        #expect(program.awaited(from: 0) == rest.union([0]))
        #expect(program.awaited(fromStepFor: 1) == rest)
        #expect(program.awaited(afterStepFor: 2) == rest)
        if !isForever { #expect(program.awaited(fromStepFor: 3) == [3]) }
    }

    @Test("A loop of no times is not there")
    func noTimes() {
        let program = HandMadeScenario.program([.await(0), .repeat(.count(0), [.await(1)]), .await(2)])
        #expect(program.awaited(from: 0) == [0, 2])
    }

    @Test("A branch that was taken does not lead into the other one")
    func branches() {
        let program = HandMadeScenario.program([.await(0), .when([.await(1)], else: [.await(2)]), .await(3)])
        #expect(program.awaited(afterStepFor: 0) == [1, 2, 3])
        #expect(program.awaited(fromStepFor: 1) == [1, 3])
        #expect(program.awaited(fromStepFor: 2) == [2, 3])
        #expect(program.awaited(afterStepFor: 1) == [3])
        #expect(program.awaited(afterStepFor: 2) == [3])
    }

    @Test("A stream waits for its chunks and its end")
    func stream() {
        let program = HandMadeScenario.program([.stream(chunk: 4, done: 5), .await(6)])
        #expect(program.awaited(from: 0) == [4, 5, 6])
        #expect(program.awaited(from: 1) == [6])
        #expect(program.streams.map(\.number) == [0])
    }

    @Test("A plan waits for its events while it waits and while its reply runs")
    func plan() {
        let plan = Step.plan(event: 1, done: 2, refuse: 3, reply: [.emit, .await(4), .emit])
        let program = HandMadeScenario.program([.await(0), plan, .await(5)])
        #expect(program.awaited(from: 0) == [0, 1, 2, 3, 4, 5])
        #expect(program.awaited(afterStepFor: 0) == [1, 2, 3, 4, 5])
        // After the reply's own step another plan can come, with another reply.
        #expect(program.awaited(afterStepFor: 4) == [1, 2, 3, 4, 5])
        #expect(program.awaited(fromStepFor: 5) == [5])
    }

    @Test("A handler's event is not kept for the flow unless the flow waits for it too")
    func handlers() {
        let handlers = [HandMadeScenario.handler(7, [.emit]), HandMadeScenario.handler(0, [.count(0)])]
        let program = HandMadeScenario.program([.await(0)], handlers: handlers)
        #expect(program.awaited(from: 0) == [0])
        for event in [7, 0] {
            let address = program.handlers[event]
            #expect(address.map { program.awaited(from: $0) } == [])
        }
        #expect(program.handlers.compactMap { $0 }.count == 2)
    }

    @Test("A scenario read from its text waits for the events that its steps name")
    func fromText() throws {
        let text = """
            name: reader
            target: { url: "http://127.0.0.1:3002", protocol: socket.io }
            load: [ { for: 1s, clients: 1 } ]
            on: { notice: { count: notices } }
            flow:
              - connect
              - await: joined
              - repeat: 2
                flow:
                  - emit: ask
                  - stream: answer
                    chunk: chunk
                    done: done
              - await: [left, kicked]
            """
        let scenario = try ScenarioReader(environment: [:]).read(text: text, file: "reader.yaml")
        var table = MetricTable(groups: scenario.groups.map(\.name), events: scenario.events)
        let program = try #require(ProgramBuilder.programs(of: scenario, registeringIn: &table).first)
        func names(from address: Instruction.Address) -> Set<String> {
            Set(scenario.events.indices.filter { program.awaits($0, from: address) }.map { scenario.events[$0] })
        }
        #expect(names(from: 0) == ["joined", "chunk", "done", "left", "kicked"])
        let stream = try #require(program.code.firstIndex { if case .stream = $0 { true } else { false } })
        #expect(names(from: stream + 1) == ["chunk", "done", "left", "kicked"])
        #expect(scenario.events.contains("notice"))
    }

    @Test("Random flows wait for what can follow in the steps as they are written", arguments: 1...200)
    func random(seed: Int) {
        var flow = RandomFlow(seed: seed)
        let steps = flow.make()
        let program = HandMadeScenario.program(steps)
        #expect(program.awaited(from: 0) == flow.begin)
        for (event, expected) in flow.reachable {
            #expect(program.awaited(fromStepFor: event) == expected, "at the step for event \(event)")
        }
    }
}

/// A flow in which every event is awaited in one place, and what can follow each.
private struct RandomFlow {
    indirect enum Form {
        case await(Int)
        case emit
        case loop(Int, [Form])
        case when([Form], [Form])
        case plan(Int, [Form])
    }

    /// What can come from the step that waits for an event on, by that event.
    private(set) var reachable: [Int: Set<Int>] = [:]
    /// What can come from the begin of the flow on.
    private(set) var begin: Set<Int> = []
    private var random: ClientRandom
    private var events = 0

    init(seed: Int) {
        random = seededRandom(seed)
    }

    mutating func make() -> [Step] {
        let forms = forms(depth: 3)
        begin = follow(forms, then: [])
        return forms.map(Self.step)
    }

    private mutating func forms(depth: Int) -> [Form] {
        (0..<random.integer(from: 0, through: 4)).map { _ in form(depth: depth) }
    }

    private mutating func form(depth: Int) -> Form {
        switch random.integer(from: depth > 0 ? 0 : 4, through: 7) {
        case 0: .loop(random.integer(from: 0, through: 2), forms(depth: depth - 1))
        case 1, 2: .when(forms(depth: depth - 1), forms(depth: depth - 1))
        case 3 where events < HandMadeScenario.eventCount: .plan(nextEvent(), forms(depth: depth - 1))
        case 4...6 where events < HandMadeScenario.eventCount: .await(nextEvent())
        default: .emit
        }
    }

    private mutating func nextEvent() -> Int {
        events += 1
        return events - 1
    }

    /// What the forms wait for in all, and then.
    private mutating func follow(_ forms: [Form], then rest: Set<Int>) -> Set<Int> {
        var following = rest
        for form in forms.reversed() {
            switch form {
            case .emit, .loop(0, _):
                break
            case .await(let event):
                following.insert(event)
                reachable[event] = following
            case .loop(_, let body):
                following = follow(body, then: following.union(Self.events(body)))
            case .when(let flow, let otherwise):
                following = follow(flow, then: following).union(follow(otherwise, then: following))
            case .plan(let event, let reply):
                let again = following.union(Self.events(reply)).union([event])
                following = follow(reply, then: again)
                reachable[event] = following
            }
        }
        return following
    }

    private static func events(_ forms: [Form]) -> Set<Int> {
        var all: Set<Int> = []
        for form in forms {
            switch form {
            case .emit, .loop(0, _): break
            case .await(let event): all.insert(event)
            case .loop(_, let body): all.formUnion(events(body))
            case .when(let flow, let otherwise): all.formUnion(events(flow).union(events(otherwise)))
            case .plan(let event, let reply): all.formUnion(events(reply).union([event]))
            }
        }
        return all
    }

    private static func step(_ form: Form) -> Step {
        switch form {
        case .emit: .emit
        case .await(let event): .await(event)
        case .loop(let times, let body): .repeat(.count(times), body.map(step))
        case .when(let flow, let otherwise): .when(flow.map(step), else: otherwise.map(step))
        case .plan(let event, let reply): .plan(event: event, done: event, refuse: nil, reply: reply.map(step))
        }
    }
}

extension Program {
    fileprivate func awaited(from address: Instruction.Address) -> Set<Int> {
        Set((0..<HandMadeScenario.eventCount).filter { awaits($0, from: address) })
    }

    fileprivate func awaited(fromStepFor event: Int) -> Set<Int>? {
        address(of: event).map { awaited(from: $0) }
    }

    fileprivate func awaited(afterStepFor event: Int) -> Set<Int>? {
        address(of: event).map { awaited(from: $0 + 1) }
    }

    /// The first step that waits for the event.
    private func address(of event: Int) -> Instruction.Address? {
        code.firstIndex {
            switch $0 {
            case .await(let operation): operation.match.events.contains(event)
            case .plan(let operation): operation.step.event.events.contains(event)
            default: false
            }
        }
    }
}
