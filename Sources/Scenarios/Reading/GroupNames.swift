/// The variables of one group while it is read.
final class GroupNames {
    /// Variables by name: from `vars:`, `set:` and `capture:`.
    private(set) var slots: [String: VariableSlot] = [:]
    /// `NAME.outcome` of plans, by the plan's name.
    private(set) var outcomes: [String: VariableSlot] = [:]
    private(set) var slotCount = 0
    private var loops: [VariableSlot] = []
    var readsEvent = false
    var readsSent = false

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

    /// Where a loop inside so many other loops counts its rounds.
    func loopSlot(depth: Int) -> VariableSlot {
        while loops.count <= depth { loops.append(add()) }
        return loops[depth]
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
