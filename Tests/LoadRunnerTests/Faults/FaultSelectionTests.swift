import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("Whom faults hit")
struct FaultSelectionTests {
    private static let place = SourcePlace(file: "test.yaml", line: 1, column: 1)

    private static func fault(_ share: Double, group: Int? = nil, isStall: Bool = false) -> Fault {
        Fault(
            at: .seconds(1),
            action: isStall ? .stall(Stall(duration: .seconds(1))) : .drop(.reset),
            selection: Fault.Selection(share: share, group: group, room: nil),
            place: place
        )
    }

    private static func selection(_ faults: [Fault], shares: [Int] = [1], seed: UInt64 = 7, rooms: Int? = nil)
        -> FaultSelection
    {
        var scenario = HandMadeScenario.scenario(shares.indices.map { HandMadeScenario.group([], name: "g\($0)") })
        scenario.faults = faults
        if let rooms { scenario.rooms = Rooms(count: rooms, assignment: .roundRobin) }
        return FaultSelection(scenario, groups: GroupAssignment(shares: shares), seed: seed)
    }

    @Test(
        "a share is kept to a client or two, of few clients and of many, and in every group",
        arguments: [[1], [4, 1], [3, 5, 8]],
        [0.01, 0.1, 0.25, 0.5, 0.8, 0.99]
    )
    func share(shares: [Int], share: Double) {
        for seed in UInt64(0)..<20 {
            let selection = Self.selection([Self.fault(share)], shares: shares, seed: seed)
            let groups = GroupAssignment(shares: shares)
            for count in [10, 40, 1000] {
                for group in shares.indices {
                    let slots = (0..<count).filter { groups.group(ofSlot: $0) == group }
                    let hit = slots.count { selection.selects(slot: $0, fault: 0) }
                    #expect(abs(Double(hit) - share * Double(slots.count)) <= 2, "\(hit) of \(slots.count)")
                }
            }
        }
    }

    @Test("all are all, and none is none")
    func extremes() {
        let selection = Self.selection([Self.fault(1), Self.fault(0)])
        for slot in 0..<1000 {
            #expect(selection.selects(slot: slot, fault: 0))
            #expect(!selection.selects(slot: slot, fault: 1))
        }
    }

    @Test("the clients of other groups are spared")
    func group() {
        let groups = GroupAssignment(shares: [2, 1])
        let selection = Self.selection([Self.fault(1, group: 1)], shares: [2, 1])
        for slot in 0..<30 {
            #expect(selection.selects(slot: slot, fault: 0) == (groups.group(ofSlot: slot) == 1))
        }
    }

    @Test("in each of many rooms the share is kept too", arguments: [2, 5, 8, 13, 89])
    func rooms(count: Int) {
        let selection = Self.selection([Self.fault(0.8)], rooms: count)
        for room in 0..<count {
            let members = stride(from: room, to: 20 * count, by: count)
            let hit = members.count { selection.selects(slot: $0, fault: 0) }
            #expect(abs(hit - 16) <= 2)
        }
    }

    @Test("the seed draws them, and each fault draws its own")
    func seeds() {
        func drawn(_ selection: FaultSelection, _ fault: Int) -> [Int] {
            (0..<200).filter { selection.selects(slot: $0, fault: fault) }
        }
        let selection = Self.selection([Self.fault(0.3), Self.fault(0.3)])
        #expect(drawn(selection, 0) == drawn(Self.selection([Self.fault(0.3), Self.fault(0.9)]), 0))
        #expect(drawn(selection, 0) != drawn(selection, 1))
        #expect(drawn(selection, 0) != drawn(Self.selection([Self.fault(0.3)], seed: 8), 0))
        #expect(!selection.selects(slot: 0, fault: 2))
    }

    @Test("who may be stalled is known before")
    func mayStall() {
        let faults = [Self.fault(1), Self.fault(0.2, isStall: true), Self.fault(0.3, group: 1, isStall: true)]
        let selection = Self.selection(faults, shares: [1, 1])
        for slot in 0..<200 {
            let expected = selection.selects(slot: slot, fault: 1) || selection.selects(slot: slot, fault: 2)
            #expect(selection.mayStall(slot: slot) == expected)
        }
        #expect(!Self.selection([Self.fault(1)]).mayStall(slot: 0))
    }
}
