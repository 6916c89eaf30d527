/// The variables of one group while it is read.
final class GroupNames {
    /// Variables by name: from `vars:`, `set:` and `capture:`.
    private(set) var slots: [String: VariableSlot] = [:]
    /// `NAME.outcome` of plans, by the plan's name.
    private(set) var outcomes: [String: VariableSlot] = [:]
    private(set) var slotCount = 0
    private var loops: [LoopPlace: VariableSlot] = [:]
    /// The namespaces that the group uses, the target's first.
    private(set) var namespaces: [String] = []
    private var namespacePlaces: [String: Int] = [:]
    var readsEvent = false
    var readsSent = false
    /// Something of the group knows rooms.
    var usesRooms = false

    /// The slot of a variable, which is declared by that.
    @discardableResult
    func declare(_ name: String) -> VariableSlot {
        if let slot = slots[name] { return slot }
        let slot = add()
        slots[name] = slot
        return slot
    }

    @discardableResult
    func declareOutcome(of plan: String) -> VariableSlot {
        if let slot = outcomes[plan] { return slot }
        let slot = add()
        outcomes[plan] = slot
        return slot
    }

    /// What a loop keeps.
    enum LoopValue: Hashable {
        /// `${i}`
        case index
        /// `${item}`
        case item
        /// The list that `${item}` goes through.
        case list
    }

    private struct LoopPlace: Hashable {
        var value: LoopValue
        var depth: Int
        var site: ExpressionScope.Site
    }

    /// Where a loop inside so many other loops keeps its place.
    ///
    /// A handler runs in the middle of the flow, and `rejoin` too, so their loops have slots of their own.
    func loopSlot(_ value: LoopValue, depth: Int, site: ExpressionScope.Site) -> VariableSlot {
        let place = LoopPlace(value: value, depth: depth, site: site)
        if let slot = loops[place] { return slot }
        let slot = add()
        loops[place] = slot
        return slot
    }

    /// The place of a namespace among those that the group uses.
    @discardableResult
    func use(namespace: String) -> Int {
        if let place = namespacePlaces[namespace] { return place }
        namespacePlaces[namespace] = namespaces.count
        namespaces.append(namespace)
        return namespaces.count - 1
    }

    private func add() -> VariableSlot {
        defer { slotCount += 1 }
        return slotCount
    }

    /// Names that mean something else in expressions.
    static let reserved: Set<String> = [
        "event", "args", "sent", "env", "client", "feed", "room", "i", "item", "true", "false", "null", "and", "or",
        "not",
        "exists",
    ]
}
