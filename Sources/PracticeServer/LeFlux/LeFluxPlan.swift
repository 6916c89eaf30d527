import NIOCore

/// One action plan: a single action, or a sequence of steps.
struct LeFluxPlan {
    private enum Shape {
        case single(type: Int, element: Int)
        case sequence(firstElement: Int, isNamedSteps: Bool)
        case navigation
        case scroll
    }

    private let shape: Shape
    private let actionID: Int

    /// A plan of a task that gets on: no two of its plans touch the same element.
    ///
    /// - Parameter namesSteps: Whether the list of every other sequence is called `steps`.
    init(seed: UInt64, number: Int, namesSteps: Bool) {
        var random = SplitMix64(seed, 2, UInt64(truncatingIfNeeded: number))
        actionID = Self.actionID(seed, number)
        let element = number &* 10 &+ random.below(7)
        shape =
            random.below(3) == 0
            ? .sequence(firstElement: element, isNamedSteps: namesSteps && random.below(2) == 0)
            : .single(type: random.below(Self.types.count), element: element)
    }

    /// A plan of a task that goes round: the same element and type after every `cycle` plans.
    init(seed: UInt64, number: Int, cycle: Int) {
        actionID = Self.actionID(seed, number)
        let place = (number &- 1) % max(cycle, 1)
        shape = .single(type: place % Self.types.count, element: 12 &+ 7 &* place)
    }

    /// A plan of a task that gets nowhere: one move again and again, which the seed chooses.
    init(loopOf seed: UInt64, number: Int) {
        actionID = Self.actionID(seed, number)
        shape =
            switch SplitMix64.mix(seed) % 3 {
            case 0: .single(type: 0, element: 19)
            case 1: .navigation
            default: .scroll
            }
    }

    /// What of it can go round.
    var move: LeFluxLoopGuard.Move? {
        switch shape {
        case .single(let type, let element): type == 0 ? .click(element: element) : nil
        case .sequence: nil
        case .navigation: .navigation
        case .scroll: .scroll
        }
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
        case .navigation:
            writeAction(to: &event, "navigate", "url", "/products", "open the products")
        case .scroll:
            writeAction(to: &event, "scroll", "direction", "down", "look further down")
        case .sequence(let first, let isNamedSteps):
            event.member("type", "execute_generic_sequence")
            event.member("isSequence", true)
            event.beginArray(isNamedSteps ? "steps" : "actions")
            step(&event, "type", first, input: "Ahmed", "name")
            step(&event, "type", first &+ 1, input: "ahmed@example.com", "email")
            step(&event, "click", first &+ 2, input: nil, "submit")
            event.endArray()
        }
        event.member("message", "Working on it.")
        event.member("useUniversalIndexing", true)
    }

    /// A single action that touches no element.
    private func writeAction(
        to event: inout EventWriter,
        _ type: StaticString,
        _ name: StaticString,
        _ value: StaticString,
        _ description: StaticString
    ) {
        event.beginArray("actions")
        event.beginObject()
        event.member("id", prefix: "action-", number: actionID)
        event.member("type", type)
        event.member(name, value)
        event.member("description", description)
        event.endObject()
        event.endArray()
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
