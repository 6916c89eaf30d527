import Scenarios

/// Which clients a fault of the run's clock hits: a function of the seed, the fault and the slot alone.
///
/// No worker has to know another's clients, and neither threads nor timing change who is hit. The slots of a group are not
/// drawn one by one but spread evenly (the fractional parts of multiples of an irrational number), so that 80 % of
/// ten clients are eight, give or take one. Rooms that are assigned in turn are counted out room by room, for the same
/// in each of them.
struct FaultSelection {
    private struct Rule {
        var group: Int?
        /// Slots whose number is below it are hit; nil: all are.
        var threshold: UInt64?
        var offset: UInt64
        var isStall: Bool
    }

    private let rules: [Rule]
    private let groups: GroupAssignment
    private let roomCount: Int

    init(_ scenario: Scenario, groups: GroupAssignment, seed: UInt64) {
        self.groups = groups
        let rooms = scenario.rooms.flatMap { $0.assignment == .roundRobin ? $0.count : nil }
        roomCount = max(1, rooms ?? 1)
        rules = scenario.faults.enumerated().map { number, fault in
            var random = ClientRandom(seed: seed, slot: number, generation: 0, stream: 3)
            let share = fault.selection.share
            let isStall = if case .stall = fault.action { true } else { false }
            return Rule(
                group: fault.selection.group,
                threshold: share >= 1 ? nil : UInt64(max(0, share) * 0x1p64),
                offset: random.next(),
                isStall: isStall
            )
        }
    }

    /// Whether the fault hits the clients of this slot; a fault's room apart, which nobody is in for good.
    func selects(slot: Int, fault: Int) -> Bool {
        guard rules.indices.contains(fault) else { return false }
        let rule = rules[fault]
        let group = groups.group(ofSlot: slot)
        if let wanted = rule.group, wanted != group { return false }
        guard let threshold = rule.threshold else { return true }
        let (turn, room) = groups.place(ofSlot: slot).quotientAndRemainder(dividingBy: roomCount)
        var number = rule.offset &+ UInt64(truncatingIfNeeded: turn) &* Self.goldenRatio
        number &+= UInt64(truncatingIfNeeded: room) &* Self.rootOfTwo
        number &+= UInt64(truncatingIfNeeded: group) &* Self.rootOfThree
        return number < threshold
    }

    /// Whether some `stall` of the run's clock can ever hit a client of this slot.
    func mayStall(slot: Int) -> Bool {
        rules.indices.contains { rules[$0].isStall && selects(slot: slot, fault: $0) }
    }

    // Fractional parts as parts of 2^64.
    private static let goldenRatio: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let rootOfTwo: UInt64 = 0x6A09_E667_F3BC_C908
    private static let rootOfThree: UInt64 = 0xBB67_AE85_84CA_A73B
}
