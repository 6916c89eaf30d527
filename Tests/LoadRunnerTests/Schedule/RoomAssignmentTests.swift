import Scenarios
import Testing

@testable import LoadRunner

@Suite("Which room each client gets")
struct RoomAssignmentTests {
    private func assignment(
        _ assignment: Rooms.Assignment,
        count: Int,
        shares: [Int] = [1],
        seed: UInt64 = 7
    ) -> RoomAssignment {
        RoomAssignment(
            Rooms(count: count, assignment: assignment),
            groups: GroupAssignment(shares: shares),
            seed: seed
        )
    }

    /// How many of the first slots have each room.
    private func counts(_ assignment: RoomAssignment, slots: Int, rooms: Int) -> [Int] {
        var counts = Array(repeating: 0, count: rooms)
        for slot in 0..<slots { counts[assignment.room(ofSlot: slot, generation: 0)] += 1 }
        return counts
    }

    @Test("Round-robin goes one after the other, and is the same for those who come after")
    func roundRobin() {
        let assignment = assignment(.roundRobin, count: 3)
        #expect((0..<7).map { assignment.room(ofSlot: $0, generation: 0) } == [0, 1, 2, 0, 1, 2, 0])
        #expect((0..<7).map { assignment.room(ofSlot: $0, generation: 5) } == [0, 1, 2, 0, 1, 2, 0])
    }

    @Test(
        "Round-robin spreads each group evenly, whatever the shares",
        arguments: [[1, 1], [4, 1], [3, 2, 1], [1, 2, 2]],
        [1, 2, 3, 5]
    )
    func roundRobinOfGroups(shares: [Int], rooms: Int) {
        let groups = GroupAssignment(shares: shares)
        let assignment = assignment(.roundRobin, count: rooms, shares: shares)
        let slots = shares.reduce(0, +) * rooms * 4
        for group in shares.indices {
            let own = (0..<slots).filter { groups.group(ofSlot: $0) == group }
            let found = own.map { assignment.room(ofSlot: $0, generation: 0) }
            #expect(found == own.indices.map { $0 % rooms }, "group \(group)")
        }
    }

    @Test("Random gives each room its share, another one to each generation")
    func random() {
        let assignment = assignment(.random, count: 10)
        for count in counts(assignment, slots: 20_000, rooms: 10) {
            // Six standard deviations of 2000.
            #expect(abs(count - 2000) < 255)
        }
        let first = (0..<100).map { assignment.room(ofSlot: $0, generation: 0) }
        let second = (0..<100).map { assignment.room(ofSlot: $0, generation: 1) }
        #expect(first != second)
    }

    @Test("Zipf gives the n-th room 1/n as many as the first")
    func zipf() {
        let counts = counts(assignment(.zipf, count: 8), slots: 50_000, rooms: 8)
        let sum = (1...8).reduce(0.0) { $0 + 1 / Double($1) }
        for (rank, count) in counts.enumerated() {
            let fair = 50_000 / Double(rank + 1) / sum
            #expect(abs(Double(count) - fair) < 6 * fair.squareRoot(), "room \(rank)")
        }
    }

    @Test("One room is everybody's", arguments: Rooms.Assignment.allCases)
    func single(kind: Rooms.Assignment) {
        #expect(counts(assignment(kind, count: 1), slots: 100, rooms: 1) == [100])
    }

    @Test("The seed decides, and nothing else", arguments: [Rooms.Assignment.random, .zipf])
    func deterministic(kind: Rooms.Assignment) {
        let rooms = (0..<200).map { assignment(kind, count: 50).room(ofSlot: $0, generation: 3) }
        #expect(rooms == (0..<200).map { assignment(kind, count: 50).room(ofSlot: $0, generation: 3) })
        #expect(rooms != (0..<200).map { assignment(kind, count: 50, seed: 8).room(ofSlot: $0, generation: 3) })
    }
}
