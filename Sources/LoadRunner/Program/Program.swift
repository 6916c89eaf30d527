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
    /// What becomes of the client when the step at an address fails.
    let policies: [FailurePolicy]
    /// How many causes are kept for `since`.
    let markCount: Int
    private let awaited: AwaitedEvents

    init(
        group: ClientGroup,
        number: Int,
        code: [Instruction],
        handlers: [Instruction.Address?],
        streams: [StreamOperation],
        policies: [FailurePolicy],
        markCount: Int
    ) {
        self.group = group
        self.number = number
        self.code = code
        self.handlers = handlers
        self.streams = streams
        self.policies = policies
        self.markCount = markCount
        awaited = AwaitedEvents(code, eventCount: handlers.count)
    }

    /// Whether a message that comes while the flow stands here, and waits for no message, can be one that a later
    /// step waits for.
    ///
    /// - Parameter inOpenWindow: A cause has opened a window that no waiting step has closed; otherwise the next cause
    ///   opens one, and what came before it is in none.
    func awaits(_ event: EventID, from address: Instruction.Address, inOpenWindow: Bool) -> Bool {
        awaited.from(address, inOpenWindow: inOpenWindow, event)
    }

    /// The same while the step here waits and has turned the message down.
    func awaits(_ event: EventID, after address: Instruction.Address) -> Bool {
        awaited.after(address, event)
    }
}
