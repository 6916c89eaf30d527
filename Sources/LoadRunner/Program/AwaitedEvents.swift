import Scenarios

/// Which events the steps that can still run wait for, by address: what the inbox has to keep.
///
/// Computed once, backwards along the jumps, until nothing changes. A message belongs to a waiting step when it came in
/// that step's window: since the first cause after the waiting step before. So the way to the step must not lead over
/// a waiting step and then a cause.
struct AwaitedEvents {
    private let eventCount: Int
    /// By address and event, where a window is open: the next waiting step closes it.
    private var open: [Bool]
    /// The same where it is closed: a cause ends the search.
    private var closed: [Bool]
    /// What `closed` says of the addresses that can follow.
    private var following: [Bool]

    init(_ code: [Instruction], eventCount: Int) {
        self.eventCount = eventCount
        open = Array(repeating: false, count: code.count * eventCount)
        closed = open
        following = open
        let replies = Self.replies(in: code)
        var isStable = false
        while !isStable {
            isStable = true
            for address in code.indices.reversed() {
                for event in 0..<eventCount {
                    if update(code, address, event, isReply: replies[address]) { isStable = false }
                }
            }
        }
    }

    func from(_ address: Instruction.Address, inOpenWindow: Bool, _ event: EventID) -> Bool {
        (inOpenWindow ? open : closed)[address * eventCount + event]
    }

    func after(_ address: Instruction.Address, _ event: EventID) -> Bool {
        following[address * eventCount + event]
    }

    /// - Returns: Whether anything changed.
    private mutating func update(
        _ code: [Instruction],
        _ address: Instruction.Address,
        _ event: EventID,
        isReply: Bool
    ) -> Bool {
        let place = address * eventCount + event
        let instruction = code[address]
        let next = instruction.successors(at: address).filter { $0 < code.count }
        let waits = instruction.events.contains(event)
        let followingNow = next.contains { closed[$0 * eventCount + event] }
        let openNow = next.contains { open[$0 * eventCount + event] }
        // The sends of a task's reply open no window: the task is still the step that waits.
        let endsSearch = instruction.isCause && !isReply
        let values = (
            open: waits || (instruction.isWaiting ? followingNow : openNow),
            closed: waits || (!endsSearch && followingNow),
            following: followingNow
        )
        guard (open[place], closed[place], following[place]) != values else { return false }
        (open[place], closed[place], following[place]) = values
        return true
    }

    /// Whether each address stands in the reply of a plan.
    private static func replies(in code: [Instruction]) -> [Bool] {
        var isReply = Array(repeating: false, count: code.count)
        for (address, instruction) in code.enumerated() {
            guard case .plan(let operation) = instruction, operation.reply < address else { continue }
            for place in operation.reply..<address { isReply[place] = true }
        }
        return isReply
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

    /// It chooses among the messages of its window.
    fileprivate var isWaiting: Bool {
        switch self {
        case .await, .stream, .plan: true
        default: false
        }
    }

    /// Latencies run from it, and it may open a window.
    fileprivate var isCause: Bool {
        switch self {
        case .connect, .emit, .send, .http: true
        default: false
        }
    }

    /// Where the flow can go from here.
    fileprivate func successors(at address: Address) -> [Address] {
        switch self {
        case .end: []
        case .jump(let target): [target]
        case .again(let loop, let target):
            if case .forever = loop.step.times { [target] } else { [address + 1, target] }
        case .loop(let loop):
            if case .each = loop.step.times { [address + 1, loop.exit] } else { [address + 1] }
        case .choose(let operation): operation.branches
        case .unless(_, let target): [address + 1, target]
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
