import NIOCore

/// One action plan: a single action, or a sequence of steps.
struct LeFluxPlan {
    private enum Shape {
        case single(type: Int, element: Int)
        case sequence(firstElement: Int)
    }

    private let shape: Shape
    private let actionID: Int

    /// A plan of a task that gets on: no two of its plans touch the same element.
    init(seed: UInt64, number: Int) {
        var random = SplitMix64(seed, 2, UInt64(truncatingIfNeeded: number))
        actionID = Self.actionID(seed, number)
        let element = number &* 10 &+ random.below(7)
        shape =
            random.below(3) == 0
            ? .sequence(firstElement: element)
            : .single(type: random.below(Self.types.count), element: element)
    }

    /// A plan of a task that goes round: the same element and type after every `cycle` plans.
    init(seed: UInt64, number: Int, cycle: Int) {
        actionID = Self.actionID(seed, number)
        let place = (number &- 1) % max(cycle, 1)
        shape = .single(type: place % Self.types.count, element: 12 &+ 7 &* place)
    }

    var isSequence: Bool {
        if case .sequence = shape { return true }
        return false
    }

    /// Writes the members of the event's payload.
    func write(to event: inout EventWriter) {
        switch shape {
        case .single(let type, let element):
            event.beginArray("actions")
            event.beginObject()
            event.member("id", prefix: "action-", number: actionID)
            event.member("type", Self.types[type])
            event.member("elementId", element)
            event.member("description", Self.descriptions[type])
            event.endObject()
            event.endArray()
        case .sequence(let first):
            event.member("type", "execute_generic_sequence")
            event.member("isSequence", true)
            event.beginArray("actions")
            step(&event, "type", first, input: "Ahmed", "name")
            step(&event, "type", first &+ 1, input: "ahmed@example.com", "email")
            step(&event, "click", first &+ 2, input: nil, "submit")
            event.endArray()
        }
        event.member("message", "Working on it.")
        event.member("useUniversalIndexing", true)
    }

    private func step(
        _ event: inout EventWriter,
        _ action: StaticString,
        _ element: Int,
        input: StaticString?,
        _ description: StaticString
    ) {
        event.beginObject()
        event.member("action", action)
        event.member("elementId", element)
        if let input { event.member("inputData", input) }
        event.member("description", description)
        event.endObject()
    }

    /// Ids look like the seed document's, which are times; these say nothing about the time.
    private static func actionID(_ seed: UInt64, _ number: Int) -> Int {
        1_779_723_000_000 &+ Int(SplitMix64.mix(seed) % 1_000_000) &* 1_000 &+ number
    }

    private static let types: [StaticString] = ["click_element", "type_text", "select_option", "hover_element"]
    private static let descriptions: [StaticString] = ["submit", "name", "size", "menu"]
}
