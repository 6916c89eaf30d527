import Metrics
import Scenarios
import Wire

/// What the clients of one group do, lowered for one worker.
final class Program {
    let group: ClientGroup
    /// The group's place in the metrics.
    let number: Int
    let code: [Instruction]
    /// Where the handler of each event begins, by `EventID`; nil where it has none.
    let handlers: [Instruction.Address?]
    /// The deliveries that each event is, by `EventID`, whoever takes the message; nil where it is none.
    let deliveries: [[FanOutOperation]?]
    /// The streams of the flow, for chunks that come after their stream's end.
    let streams: [StreamOperation]
    /// Where `rejoin` begins; nil where there is none.
    let rejoin: Instruction.Address?
    /// What becomes of the step at an address when the connection falls, where it does not just wait on.
    let losses: [Instruction.Address: LossRule]
    /// What becomes of the client when the step at an address fails.
    let policies: [FailurePolicy]
    /// How many causes are kept for `since`.
    let markCount: Int
    /// The namespaces of the group's connection, the target's first; the main one alone where there are none.
    let namespaces: [SocketIONamespace]
    /// What stands before the names of events, by namespace: nothing for the target's, `/admin,` for another.
    let eventPrefixes: [[UInt8]]
    let envelope: Envelope?
    let rules: [EnvelopeRule]
    /// The event of messages that name none.
    let message: EventID?
    /// What happened to the connection, where some step is about it.
    let closed: EventID?
    let refused: EventID?
    /// The flow answers by itself where the server asks for an acknowledgement.
    let acknowledges: Bool
    /// The same for handlers, by `EventID`.
    let handlerAcknowledges: [Bool]
    /// Some step stops reading.
    let stalls: Bool
    private let awaited: AwaitedEvents

    init(
        group: ClientGroup,
        number: Int,
        events: [String],
        code: [Instruction],
        handlers: [Instruction.Address?],
        deliveries: [[FanOutOperation]?],
        streams: [StreamOperation],
        policies: [FailurePolicy],
        rejoin: Instruction.Address?,
        losses: [Instruction.Address: LossRule],
        markCount: Int,
        reservesEnds: Bool = true
    ) {
        self.group = group
        self.number = number
        self.code = code
        self.handlers = handlers
        self.deliveries = deliveries
        self.streams = streams
        self.policies = policies
        self.rejoin = rejoin
        self.losses = losses
        self.markCount = markCount
        awaited = AwaitedEvents(code, eventCount: handlers.count)
        let names = group.namespaces.isEmpty ? [group.target.namespace] : group.namespaces
        namespaces = names.map { SocketIONamespace($0) ?? .main }
        eventPrefixes = names.enumerated().map { $0.offset == 0 ? [] : Array("\($0.element),".utf8) }
        envelope = group.target.envelope
        rules = (group.target.envelope?.rules ?? []).map { EnvelopeRule($0, events: events) }
        message = events.firstIndex(of: "message")
        closed = reservesEnds ? events.firstIndex(of: "closed") : nil
        refused = reservesEnds ? events.firstIndex(of: "refused") : nil
        stalls = group.stalls
        acknowledges = (group.flow + group.rejoin).contains { $0.acknowledges }
        var handlerAcknowledges = Array(repeating: false, count: events.count)
        for handler in group.handlers {
            handlerAcknowledges[handler.event] = handler.steps.contains { $0.acknowledges }
        }
        self.handlerAcknowledges = handlerAcknowledges
    }

    /// Whether the name is that of what happens to a connection; a server's event of that name is nobody's.
    func isReserved(_ event: EventID) -> Bool {
        event == closed || event == refused
    }

    /// What to answer a heartbeat of the server's with; nil for any other message.
    func heartbeatAnswer(to event: EventID, _ view: EventView, _ values: inout ClientValues) -> Send? {
        guard let answers = group.target.heartbeat?.answers else { return nil }
        for answer in answers where answer.event == event {
            guard let condition = answer.condition else { return answer.reply }
            if condition.matches(view, &values) { return answer.reply }
        }
        return nil
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
