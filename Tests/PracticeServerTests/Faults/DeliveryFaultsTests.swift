import NIOCore
import Testing

@testable import PracticeServer

@Suite struct DeliveryFaultsTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private static let members = (1...5).map { SocketID(slot: $0, ordinal: UInt32($0)) }

    /// What each member got, in order.
    private struct Room {
        var faults: DeliveryFaults
        var now = start
        var inbox: [SocketID: [Int]] = [:]
        var log: [InjectedFault] = []

        init(_ faults: [Fault]) {
            let clock = WallClock(epochMilliseconds: 0, at: start)
            self.faults = DeliveryFaults(FaultPlan(faults), clock: clock)
        }

        mutating func broadcast(_ number: Int, order: Int = 0) {
            var output = DialectOutput()
            for member in members {
                let message = ByteBuffer(integer: Int64(number))
                let delivery = DeliveryFaults.Delivery(member: member, event: 0, message: message, order: order)
                faults.deliver(delivery, at: now, output: &output)
            }
            take(output)
        }

        mutating func pass(_ time: TimeAmount) {
            now = now + time
            var output = DialectOutput()
            faults.release(at: now, output: &output)
            take(output)
        }

        private mutating func take(_ output: DialectOutput) {
            for action in output.actions {
                guard case .send(let member, _, let message, _) = action else { continue }
                inbox[member, default: []].append(Int(message.getInteger(at: 0, as: Int64.self) ?? -1))
            }
            log += output.log.faults
        }
    }

    @Test("Without faults every member gets everything in order")
    func none() {
        var room = Room([])
        for number in 0..<100 { room.broadcast(number) }
        #expect(Self.members.allSatisfy { room.inbox[$0] == Array(0..<100) })
        #expect(room.faults.counts == counts { $0.expected = 500 })
        #expect(room.log.isEmpty)
    }

    @Test("Every nth delivery is withheld", arguments: [1, 3, 7])
    func lost(period: Int) {
        var room = Room([.loseDelivery(every: period)])
        for number in 0..<100 { room.broadcast(number) }
        let received = room.inbox.values.map(\.count).reduce(0, +)
        #expect(received == 500 - 500 / period)
        #expect(
            room.faults.counts
                == counts {
                    $0.expected = 500
                    $0.withheld = 500 / period
                }
        )
        #expect(room.log.count == 500 / period)
    }

    @Test("Every nth delivery is sent twice", arguments: [1, 3, 7])
    func doubled(period: Int) {
        var room = Room([.doubleDelivery(every: period)])
        for number in 0..<100 { room.broadcast(number) }
        let received = room.inbox.values.map(\.count).reduce(0, +)
        #expect(received == 500 + 500 / period)
        #expect(room.faults.counts.doubled == 500 / period)
        #expect(Self.members.allSatisfy { Set(room.inbox[$0] ?? []) == Set(0..<100) })
    }

    @Test("A delivery changes places with the next to the same member, and with no other", arguments: [2, 3, 7])
    func swapped(period: Int) {
        var room = Room([.swapDelivery(every: period)])
        for number in 0..<101 { room.broadcast(number) }
        room.pass(DeliveryFaults.patience)
        var late = 0
        for member in Self.members {
            let received = room.inbox[member] ?? []
            #expect(received.sorted() == Array(0..<101))
            late += zip(received, received.dropFirst()).count { $0 > $1 }
            #expect(zip(received, received.dropFirst()).allSatisfy { $1 - $0 >= -1 })
        }
        #expect(late == room.faults.counts.swapped)
        #expect(late > 0)
    }

    @Test("Only a delivery of the same order overtakes")
    func orders() {
        var room = Room([.swapDelivery(every: 1)])
        room.broadcast(10, order: 1)
        room.broadcast(20, order: 2)
        room.broadcast(11, order: 1)
        room.broadcast(21, order: 2)
        #expect(Self.members.allSatisfy { room.inbox[$0] == [11, 10, 21, 20] })
        #expect(room.faults.counts.swapped == 10)
    }

    @Test("What nothing overtakes is sent by itself in the end, and does not count")
    func patience() {
        var room = Room([.swapDelivery(every: 1)])
        room.broadcast(1)
        #expect(room.inbox.isEmpty)
        room.pass(DeliveryFaults.patience - .nanoseconds(1))
        #expect(room.inbox.isEmpty)
        room.pass(.nanoseconds(1))
        #expect(Self.members.allSatisfy { room.inbox[$0] == [1] })
        #expect(room.faults.counts == counts { $0.expected = 5 })
        #expect(room.faults.nextDeadline == nil)
    }

    @Test("Nothing is sent to a member who left")
    func gone() {
        var room = Room([.swapDelivery(every: 1)])
        room.broadcast(1)
        room.faults.forget(Self.members[0])
        room.pass(DeliveryFaults.patience)
        #expect(room.inbox[Self.members[0]] == nil)
        #expect(room.inbox[Self.members[1]] == [1])
    }

    @Test("With all faults at once a delivery suffers one of them, and each keeps its count")
    func combined() {
        var room = Room([.loseDelivery(every: 5), .doubleDelivery(every: 6), .swapDelivery(every: 7)])
        for number in 0..<500 { room.broadcast(number) }
        room.pass(DeliveryFaults.patience)
        var received = 0
        var late = 0
        var doubled = 0
        var missing = 0
        for member in Self.members {
            let numbers = room.inbox[member] ?? []
            received += numbers.count
            late += zip(numbers, numbers.dropFirst()).count { $0 > $1 }
            doubled += numbers.count - Set(numbers).count
            missing += 500 - Set(numbers).count
        }
        let counts = room.faults.counts
        #expect(counts.expected == 2500)
        #expect(missing == counts.withheld)
        #expect(doubled == counts.doubled)
        #expect(late == counts.swapped)
        #expect((490...500).contains(counts.withheld))
        #expect((400...416).contains(counts.doubled))
        #expect(received == 2500 - missing + doubled)
    }

    private func counts(_ change: (inout Truth.Deliveries) -> Void) -> Truth.Deliveries {
        var counts = Truth.Deliveries()
        change(&counts)
        return counts
    }
}
