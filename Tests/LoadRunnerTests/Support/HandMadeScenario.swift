import Metrics
import NIOCore
import Wire

@testable import LoadRunner
@testable import Scenarios

/// Scenarios put together from steps, for tests that are about programs and not about the language.
enum HandMadeScenario {
    static let eventCount = 40

    /// The program of a scenario with one group.
    static func program(
        _ flow: [Step],
        handlers: [Handler] = [],
        think: DelayRange? = nil
    ) -> Program {
        var table = MetricTable(groups: ["visitor"])
        return ProgramBuilder.programs(
            of: scenario([group(flow, handlers: handlers, think: think)]),
            registeringIn: &table
        )[0]
    }

    static func scenario(_ groups: [ClientGroup]) -> Scenario {
        Scenario(
            name: "test",
            description: nil,
            load: Load(phases: [Load.Phase(duration: .seconds(1), model: .clients(from: 0, to: 1))]),
            grace: .zero,
            warmup: .zero,
            groups: groups,
            checks: [],
            events: (0..<eventCount).map { "event_\($0)" },
            counters: ["first", "second"],
            environment: [],
            warnings: []
        )
    }

    static func group(
        _ flow: [Step],
        name: String = "visitor",
        handlers: [Handler] = [],
        think: DelayRange? = nil
    ) -> ClientGroup {
        ClientGroup(
            name: name,
            share: 1,
            target: Target(
                location: .practice(system: "none", faults: []),
                shownURL: "practice:none",
                messageProtocol: .socketIO,
                path: "/socket.io/",
                namespace: "/",
                query: [],
                headers: [],
                auth: nil,
                timeout: .seconds(1)
            ),
            variables: [],
            slotCount: 4,
            think: think.map { .range($0) },
            onFailure: .leave,
            handlers: handlers,
            flow: flow,
            readsEvent: false,
            readsSent: false
        )
    }

    /// Which one does not matter: programs are lowered the same for all.
    static var condition: Condition { Condition(test: .isTrue(.literal(.bool(true)))) }

    static var noPaths: MessagePaths { MessagePaths([]) }

    static func handler(_ event: EventID, _ steps: [Step]) -> Handler {
        Handler(event: event, steps: steps)
    }

    static func match(_ events: [EventID]) -> EventMatch {
        EventMatch(patterns: events.map { EventMatch.Pattern(event: $0, condition: nil) })
    }
}

// MARK: - Steps

extension Step {
    private static func step(_ action: Action) -> Step {
        Step(action: action, place: SourcePlace(file: "test.yaml", line: 1, column: 1))
    }

    static var connect: Step { step(.connect) }
    static var emit: Step { step(.emit(Emit(event: "say", arguments: [], acknowledgement: nil))) }
    static var think: Step { step(.think(.range(DelayRange(lower: .seconds(1), upper: .seconds(2))))) }

    static var fanOut: Step {
        let fanOut = FanOut(
            identity: .stamp(HandMadeScenario.noPaths),
            room: nil,
            includesSender: false,
            within: .seconds(1)
        )
        return step(.fanout(fanOut))
    }

    /// The same, with changes of rooms behind it.
    func changing(_ changes: RoomChange...) -> Step {
        var step = self
        step.roomChanges = changes
        return step
    }

    static func count(_ counter: Int) -> Step { step(.count(counter)) }

    static func await(_ events: EventID...) -> Step {
        let match = HandMadeScenario.match(events)
        return step(.await(Await(match: match, within: .seconds(1), measure: nil, capture: [])))
    }

    static func stream(chunk: EventID, done: EventID) -> Step {
        step(
            .stream(
                StreamStep(
                    name: "answer",
                    chunk: HandMadeScenario.match([chunk]),
                    done: HandMadeScenario.match([done]),
                    condition: nil,
                    key: nil,
                    index: nil,
                    text: nil,
                    final: nil,
                    within: .seconds(1),
                    stall: nil
                )
            )
        )
    }

    static func plan(event: EventID, done: EventID, refuse: EventID?, reply: [Step]) -> Step {
        step(
            .plan(
                PlanStep(
                    name: "task",
                    event: HandMadeScenario.match([event]),
                    actions: HandMadeScenario.noPaths,
                    key: nil,
                    reply: reply,
                    done: HandMadeScenario.match([done]),
                    refuse: refuse.map { HandMadeScenario.match([$0]) },
                    clientLimit: nil,
                    serverLimit: nil,
                    same: [],
                    cycle: nil,
                    progress: nil,
                    within: .seconds(1),
                    outcome: 0
                )
            )
        )
    }

    static func `repeat`(_ times: Repeat.Times, _ flow: [Step]) -> Step {
        step(.repeat(Repeat(times: times, index: 1, flow: flow)))
    }

    static func when(_ flow: [Step], else otherwise: [Step] = []) -> Step {
        step(.when(When(condition: HandMadeScenario.condition, flow: flow, otherwise: otherwise)))
    }
}
