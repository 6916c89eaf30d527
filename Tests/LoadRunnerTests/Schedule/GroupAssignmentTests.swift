import Testing

@testable import LoadRunner

@Suite("Groups of slots")
struct GroupAssignmentTests {
    @Test(
        "Any first slots hold each group's share, to within one client",
        arguments: [[1], [1, 1], [4, 1], [9, 1], [3, 2, 1], [7, 5, 3, 1], [10, 100, 1], [13, 13, 13]]
    )
    func proportions(shares: [Int]) {
        let groups = GroupAssignment(shares: shares)
        let total = shares.reduce(0, +)
        var counts = Array(repeating: 0, count: shares.count)
        for slot in 0..<(3 * total) {
            counts[groups.group(ofSlot: slot)] += 1
            for group in shares.indices {
                let fair = Double(shares[group] * (slot + 1)) / Double(total)
                #expect(abs(Double(counts[group]) - fair) <= 1, "slot \(slot) of \(shares)")
            }
        }
        #expect(counts == shares.map { $0 * 3 })
    }

    @Test("Of shares 4 and 1 every fifth slot is the second group's")
    func pattern() {
        let groups = GroupAssignment(shares: [4, 1])
        let second = (0..<20).filter { groups.group(ofSlot: $0) == 1 }
        #expect(second.count == 4)
        #expect(zip(second, second.dropFirst()).allSatisfy { $1 - $0 == 5 })
    }

    @Test("A common factor of the shares changes nothing")
    func commonFactor() {
        let small = GroupAssignment(shares: [2, 3])
        let large = GroupAssignment(shares: [2_000_000, 3_000_000])
        #expect((0..<50).map(small.group) == (0..<50).map(large.group))
    }

    @Test("A group without a share gets no slot beside one that has some")
    func noShare() {
        let groups = GroupAssignment(shares: [0, 2, 0, 1])
        #expect(Set((0..<30).map(groups.group)) == [1, 3])
    }
}
