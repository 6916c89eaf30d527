import Metrics
import Scenarios

/// What the clients of one group do, lowered for one worker.
final class Program {
    let group: ClientGroup
    /// The group's place in the metrics.
    let number: Int
    let code: [Instruction]
    /// Where the handler of each event begins, by `EventID`; nil where it has none.
    let handlers: [Instruction.Address?]
    /// The streams of the flow, for chunks that come after their stream's end.
    let streams: [StreamOperation]
    /// By address and event: whether a step that can still run waits for the event.
    private let awaited: [Bool]
    private let eventCount: Int

    init(
        group: ClientGroup,
        number: Int,
        code: [Instruction],
        handlers: [Instruction.Address?],
        streams: [StreamOperation]
    ) {
        self.group = group
        self.number = number
        self.code = code
        self.handlers = handlers
        self.streams = streams
        eventCount = handlers.count
        awaited = Self.awaited(code, eventCount: handlers.count)
    }

    /// Whether a step at this address or one that can follow it waits for the event.
    func awaits(_ event: EventID, from address: Instruction.Address) -> Bool {
        awaited[address * eventCount + event]
    }

    /// Flows the events that steps wait for backwards along the jumps until nothing changes.
    private static func awaited(_ code: [Instruction], eventCount: Int) -> [Bool] {
        var result = Array(repeating: false, count: code.count * eventCount)
        var isStable = false
        while !isStable {
            isStable = true
            for address in code.indices.reversed() {
                for event in 0..<eventCount where !result[address * eventCount + event] {
                    let waits = code[address].events.contains(event)
                    let follows = code[address].successors(at: address).contains {
                        $0 < code.count && result[$0 * eventCount + event]
                    }
                    if waits || follows {
                        result[address * eventCount + event] = true
                        isStable = false
                    }
                }
            }
        }
        return result
    }
}

extension Instruction {
    /// The events that this instruction itself waits for.
    fileprivate var events: [EventID] {
        switch self {
        case .await(let operation): operation.match.events
        case .stream(let operation): operation.step.chunk.events + operation.step.done.events
        case .plan(let operation):
            operation.step.event.events + operation.step.done.events + (operation.step.refuse?.events ?? [])
        default: []
        }
    }

    /// Where the flow can go from here.
    fileprivate func successors(at address: Address) -> [Address] {
        switch self {
        case .end: []
        case .jump(let target): [target]
        case .again(let loop, let target):
            if case .forever = loop.times { [target] } else { [address + 1, target] }
        case .unless(_, let target): [address + 1, target]
        // The reply's end leads back to its plan, whose own events are known there; what follows the plan
        // follows the plan's address. The reply stands before its plan, so this is a plain next.
        case .plan(let operation): [address + 1, operation.reply]
        default: [address + 1]
        }
    }
}

extension EventMatch {
    /// The events that any of the patterns is about.
    var events: [EventID] {
        patterns.map(\.event)
    }
}
