import Scenarios

/// A rule for messages that do not name their event, with the event's number.
struct EnvelopeRule {
    let name: String
    /// Nil where no step or handler is about it.
    let event: EventID?
    private let has: [MessagePaths]

    init(_ rule: Envelope.Rule, events: [String]) {
        name = rule.event
        event = events.firstIndex(of: rule.event)
        has = rule.has
    }

    /// Whether the message has every place that the rule names.
    func fits(_ view: EventView) -> Bool {
        has.allSatisfy { $0.slice(in: view) != nil }
    }
}
