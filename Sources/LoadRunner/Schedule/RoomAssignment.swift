import Scenarios

/// Which room each client is assigned to: a function of the seed, the slot and the generation alone.
struct RoomAssignment {
    private let rooms: Rooms
    private let seed: UInt64
    private let groups: GroupAssignment
    /// For `zipf`: the weights of the rooms up to each, as parts of their sum.
    private let cumulative: [Double]

    init(_ rooms: Rooms, groups: GroupAssignment, seed: UInt64) {
        self.rooms = rooms
        self.seed = seed
        self.groups = groups
        var sums: [Double] = []
        var sum = 0.0
        if rooms.assignment == .zipf {
            for rank in 1...max(1, rooms.count) {
                sum += 1 / Double(rank)
                sums.append(sum)
            }
        }
        cumulative = sums.map { $0 / sum }
    }

    func room(ofSlot slot: Int, generation: Int) -> Int {
        var random = ClientRandom(seed: seed, slot: slot, generation: generation, stream: 2)
        switch rooms.assignment {
        case .roundRobin:
            // By the place within the group, or two groups and two rooms would give each group a room.
            return groups.place(ofSlot: slot) % rooms.count
        case .random:
            return random.integer(from: 0, through: rooms.count - 1)
        case .zipf:
            let drawn = random.fraction()
            var (low, high) = (0, cumulative.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > drawn { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }
}
