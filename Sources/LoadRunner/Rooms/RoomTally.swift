/// Deliveries whose fate was decided without one of them arriving, by the receiver's group.
struct RoomTally: Hashable, Sendable {
    /// They did not come.
    private(set) var missing: [Int: Int] = [:]
    /// The member left, or the sender's connection fell, while they were under way: nobody can tell.
    private(set) var unsettled: [Int: Int] = [:]

    mutating func addMissing(_ group: Int) {
        missing[group, default: 0] += 1
    }

    mutating func addUnsettled(_ group: Int) {
        unsettled[group, default: 0] += 1
    }
}
