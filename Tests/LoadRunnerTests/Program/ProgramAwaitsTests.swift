import Metrics
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Which events a program still waits for")
struct ProgramAwaitsTests {
    @Test("In an open window the steps that are left wait, those behind do not")
    func sequence() {
        let program = HandMadeScenario.program([.connect, .await(0), .await(1, 2), .await(0)])
        #expect(program.awaited(from: 0) == [0, 1, 2])
        #expect(program.awaited(fromStepFor: 0) == [0, 1, 2])
        #expect(program.awaited(afterStepFor: 0) == [0, 1, 2])
        #expect(program.awaited(fromStepFor: 1) == [0, 1, 2])
        #expect(program.awaited(afterStepFor: 1) == [0])
        #expect(program.awaited(from: program.code.count - 1) == [])
    }

    @Test("A cause behind a waiting step begins another window: what is awaited there comes only after it")
    func causes() {
        let program = HandMadeScenario.program([.emit, .await(0), .emit, .await(1), .emit, .emit, .await(2)])
        #expect(program.awaited(from: 0) == [0])
        #expect(program.awaited(fromStepFor: 0) == [0])
        #expect(program.awaited(afterStepFor: 0) == [])
        #expect(program.awaited(fromStepFor: 1) == [1])
        // The second of two causes in a row does not close the window that the first has opened.
        #expect(program.awaited(from: 4) == [2])
        #expect(program.awaited(from: 5) == [2])
    }

    @Test("Where no window is open, nothing that comes before the next cause is awaited")
    func closedWindow() {
        let program = HandMadeScenario.program([.think, .await(0), .think, .emit, .await(1)])
        #expect(program.awaited(from: 0, inOpenWindow: false) == [0])
        #expect(program.awaited(from: 0, inOpenWindow: true) == [0])
        let think = 2
        for isOpen in [true, false] {
            #expect(program.awaited(from: think, inOpenWindow: isOpen) == (isOpen ? [1] : []))
            #expect(program.awaited(from: think + 1, inOpenWindow: isOpen) == (isOpen ? [1] : []))
        }
        // Another waiting step belongs to the window that the last one has closed.
        let row = HandMadeScenario.program([.emit, .await(0), .think, .await(1)])
        #expect(row.awaited(from: 2, inOpenWindow: false) == [1])
    }

    @Test("A flow without waiting steps waits for nothing")
    func nothing() {
        #expect(HandMadeScenario.program([]).awaited(from: 0) == [])
        let program = HandMadeScenario.program([.connect, .emit, .think, .repeat(.forever, [.emit])])
        for address in program.code.indices {
            for isOpen in [true, false] { #expect(program.awaited(from: address, inOpenWindow: isOpen) == []) }
        }
    }

    @Test("A loop without a cause comes back to all its steps, not to those before it", arguments: [true, false])
    func loop(isForever: Bool) {
        let loop = Step.repeat(isForever ? .forever : .count(3), [.await(1), .await(2)])
        let program = HandMadeScenario.program([.await(0), loop] + (isForever ? [] : [.await(3)]))
        let rest: Set<Int> = isForever ? [1, 2] : [1, 2, 3]
        #expect(program.awaited(from: 0) == rest.union([0]))
        #expect(program.awaited(fromStepFor: 1) == rest)
        #expect(program.awaited(afterStepFor: 2) == rest)
        if !isForever { #expect(program.awaited(fromStepFor: 3) == [3]) }
    }

    @Test("A loop with a cause does not come back to its steps within the same window")
    func loopWithCause() {
        let loop = Step.repeat(.forever, [.emit, .await(1), .await(2)])
        let program = HandMadeScenario.program([.connect, .await(0), loop])
        #expect(program.awaited(from: 0) == [0])
        #expect(program.awaited(fromStepFor: 1) == [1, 2])
        #expect(program.awaited(afterStepFor: 1) == [2])
        #expect(program.awaited(afterStepFor: 2) == [])
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

    @Test("A cause in one branch leaves the way through the other")
    func causeInBranch() {
        let program = HandMadeScenario.program([.await(0), .when([.emit, .await(1)], else: [.think]), .await(2)])
        #expect(program.awaited(afterStepFor: 0) == [2])
        #expect(program.awaited(from: 1, inOpenWindow: true) == [1, 2])
    }

    @Test("A stream waits for its chunks and its end")
    func stream() {
        let program = HandMadeScenario.program([.stream(chunk: 4, done: 5), .await(6)])
        #expect(program.awaited(from: 0) == [4, 5, 6])
        #expect(program.awaited(from: 1) == [6])
        #expect(program.streams.map(\.number) == [0])
    }

    @Test("A plan waits for its events while it waits and while its reply runs, whatever the reply sends")
    func plan() {
        let plan = Step.plan(event: 1, done: 2, refuse: 3, reply: [.emit, .await(4), .emit])
        let program = HandMadeScenario.program([.await(0), plan, .await(5), .emit, .await(6)])
        #expect(program.awaited(from: 0) == [0, 1, 2, 3, 4, 5])
        #expect(program.awaited(afterStepFor: 0) == [1, 2, 3, 4, 5])
        // After the reply's own step another plan can come, with another reply.
        #expect(program.awaited(afterStepFor: 4) == [1, 2, 3, 4, 5])
        #expect(program.awaited(afterStepFor: 1) == [1, 2, 3, 4, 5])
        #expect(program.awaited(fromStepFor: 5) == [5])
        #expect(program.awaited(afterStepFor: 5) == [])
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
            let events = scenario.events.indices.filter { program.awaits($0, from: address, inOpenWindow: true) }
            return Set(events.map { scenario.events[$0] })
        }
        #expect(names(from: 0) == ["joined"])
        let stream = try #require(program.code.firstIndex { if case .stream = $0 { true } else { false } })
        #expect(names(from: stream) == ["chunk", "done", "left", "kicked"])
        #expect(names(from: stream + 1) == ["chunk", "done", "left", "kicked"])
        let done = try #require(scenario.events.firstIndex(of: "done"))
        let kicked = try #require(scenario.events.firstIndex(of: "kicked"))
        // The next round asks again, the step after the loop does not.
        #expect(!program.awaits(done, after: stream))
        #expect(program.awaits(kicked, after: stream))
        #expect(scenario.events.contains("notice"))
    }

    @Test("Random flows wait for what a walk through the steps as they are written finds", arguments: 1...300)
    func random(seed: Int) {
        var flow = RandomFlow(seed: seed)
        let program = HandMadeScenario.program(flow.steps)
        for isOpen in [true, false] {
            #expect(program.awaited(from: 0, inOpenWindow: isOpen) == flow.found(from: flow.begin, isOpen))
            for (event, node) in flow.waiting {
                let found = program.awaited(fromStepFor: event, inOpenWindow: isOpen)
                #expect(found == flow.found(from: node, isOpen), "at the step for event \(event), open: \(isOpen)")
            }
        }
        for (event, node) in flow.waiting {
            #expect(program.awaited(afterStepFor: event) == flow.found(after: node), "behind event \(event)")
        }
    }
}

/// A flow in which every event is awaited in one place, and a graph of its own that says where it can go.
private struct RandomFlow {
    private enum Kind {
        case cause, wait(Int), plain
    }

    private struct Node {
        var kind: Kind
        var isInReply: Bool
        var next: [Int] = []
    }

    private struct Place: Hashable {
        var node: Int
        var isOpen: Bool
    }

    private(set) var steps: [Step] = []
    private(set) var begin = 0
    /// The node of the step that waits for an event, by the event.
    private(set) var waiting: [Int: Int] = [:]
    private var nodes: [Node] = []
    private var random: ClientRandom
    private var events = 0

    init(seed: Int) {
        random = seededRandom(seed)
        let end = add(.plain, isInReply: false)
        (steps, begin) = flow(depth: 3, before: end, isInReply: false)
    }

    /// What a message that comes at a node can be taken for.
    mutating func found(from node: Int, _ isOpen: Bool) -> Set<Int> {
        var found: Set<Int> = []
        var seen: Set<Place> = []
        var left = [Place(node: node, isOpen: isOpen)]
        while let place = left.popLast() {
            guard seen.insert(place).inserted else { continue }
            var isOpen = place.isOpen
            switch nodes[place.node].kind {
            case .plain: break
            case .cause: if !isOpen, !nodes[place.node].isInReply { continue }
            case .wait(let event):
                found.insert(event)
                isOpen = false
            }
            left += nodes[place.node].next.map { Place(node: $0, isOpen: isOpen) }
        }
        return found
    }

    mutating func found(after node: Int) -> Set<Int> {
        var all: Set<Int> = []
        for next in nodes[node].next { all.formUnion(found(from: next, false)) }
        return all
    }

    private mutating func add(_ kind: Kind, isInReply: Bool, next: [Int] = []) -> Int {
        nodes.append(Node(kind: kind, isInReply: isInReply, next: next))
        return nodes.count - 1
    }

    /// Steps in front of a node, from the last to the first; and the node that they begin with.
    private mutating func flow(depth: Int, before end: Int, isInReply: Bool) -> ([Step], Int) {
        var steps: [Step] = []
        var next = end
        for _ in 0..<random.integer(from: 0, through: 4) {
            let (step, node) = step(depth: depth, before: next, isInReply: isInReply)
            steps.insert(step, at: 0)
            next = node
        }
        return (steps, next)
    }

    private mutating func step(depth: Int, before next: Int, isInReply: Bool) -> (Step, Int) {
        let canWait = events < HandMadeScenario.eventCount
        switch random.integer(from: depth > 0 ? 0 : 4, through: 9) {
        case 0:
            let times = random.integer(from: 0, through: 2)
            let again = add(.plain, isInReply: isInReply)
            // A loop of no times is never entered: nothing of it is waited for.
            let known = waiting
            let (body, node) = flow(depth: depth - 1, before: again, isInReply: isInReply)
            nodes[again].next = [node, next]
            if times == 0 { waiting = known }
            return (.repeat(.count(times), body), times == 0 ? next : node)
        case 1, 2:
            let (body, first) = flow(depth: depth - 1, before: next, isInReply: isInReply)
            let (otherwise, second) = flow(depth: depth - 1, before: next, isInReply: isInReply)
            return (.when(body, else: otherwise), add(.plain, isInReply: isInReply, next: [first, second]))
        case 3 where canWait && !isInReply:
            let (event, node) = wait(isInReply: false)
            let (reply, first) = flow(depth: depth - 1, before: node, isInReply: true)
            nodes[node].next = [first, next]
            return (.plan(event: event, done: event, refuse: nil, reply: reply), node)
        case 4...6 where canWait:
            let (event, node) = wait(isInReply: isInReply)
            nodes[node].next = [next]
            return (.await(event), node)
        case 7:
            return (.think, add(.plain, isInReply: isInReply, next: [next]))
        default:
            return (.emit, add(.cause, isInReply: isInReply, next: [next]))
        }
    }

    private mutating func wait(isInReply: Bool) -> (event: Int, node: Int) {
        defer { events += 1 }
        let node = add(.wait(events), isInReply: isInReply)
        waiting[events] = node
        return (events, node)
    }
}

extension Program {
    fileprivate func awaited(from address: Instruction.Address, inOpenWindow: Bool = true) -> Set<Int> {
        Set((0..<HandMadeScenario.eventCount).filter { awaits($0, from: address, inOpenWindow: inOpenWindow) })
    }

    fileprivate func awaited(fromStepFor event: Int, inOpenWindow: Bool = true) -> Set<Int>? {
        address(of: event).map { awaited(from: $0, inOpenWindow: inOpenWindow) }
    }

    fileprivate func awaited(afterStepFor event: Int) -> Set<Int>? {
        address(of: event).map { address in
            Set((0..<HandMadeScenario.eventCount).filter { awaits($0, after: address) })
        }
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
