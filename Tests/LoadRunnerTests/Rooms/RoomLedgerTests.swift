import NIOCore
import Testing

@testable import LoadRunner

@Suite("What a room knows of its messages")
struct RoomLedgerTests {
    /// A ledger and what it decided, with times in milliseconds.
    private struct Room {
        var ledger: RoomLedger
        var tally = RoomTally()

        init(
            within: Int64 = 1000,
            includesSender: Bool = false,
            maximumMessages: Int = 1 << 16,
            maximumWords: Int = 1 << 22
        ) {
            var rules = RoomLedger.Rules(within: .milliseconds(within), includesSender: includesSender)
            rules.maximumMessages = maximumMessages
            rules.maximumWords = maximumWords
            ledger = RoomLedger(rules: rules)
        }

        mutating func join(_ slot: Int, group: Int = 0, at time: Int64 = 0) -> Int {
            ledger.join(slot: slot, group: group, at: instant(.milliseconds(time)), &tally)
        }

        mutating func leave(_ seat: Int, at time: Int64) {
            ledger.leave(seat, at: instant(.milliseconds(time)), &tally)
        }

        mutating func send(_ slot: Int, at time: Int64, due: Int64? = nil) -> Int {
            ledger.send(
                from: slot,
                scheduled: instant(.milliseconds(due ?? time)),
                at: instant(.milliseconds(time)),
                &tally
            )
        }

        mutating func receive(_ number: Int, from slot: Int, sent: Int64, by seat: Int, at time: Int64) -> Delivery {
            ledger.receive(
                number,
                from: slot,
                sent: instant(.milliseconds(sent)),
                by: seat,
                at: instant(.milliseconds(time))
            )
        }

        mutating func receive(id: UInt64, order: UInt64? = nil, by seat: Int, at time: Int64) -> Delivery {
            ledger.receive(identity: id, order: order, by: seat, at: instant(.milliseconds(time)), &tally)
        }

        mutating func expire(at time: Int64) {
            ledger.expire(at: instant(.milliseconds(time)), &tally)
        }

        var missing: Int { tally.missing.values.reduce(0, +) }
        var unsettled: Int { tally.unsettled.values.reduce(0, +) }
    }

    private func received(_ scheduled: Int64, _ service: Int64, isReordered: Bool = false) -> Delivery {
        .received(scheduled: scheduled * 1_000_000, service: service * 1_000_000, isReordered: isReordered)
    }

    @Test("Every other member is owed a message, and its latency runs from the due time and from the send")
    func deliveries() {
        var room = Room()
        let seats = (0..<3).map { room.join($0) }
        let number = room.send(0, at: 100, due: 90)
        #expect(room.receive(number, from: 0, sent: 100, by: seats[1], at: 105) == received(15, 5))
        #expect(room.receive(number, from: 0, sent: 100, by: seats[0], at: 106) == .ignored)
        #expect(room.receive(number, from: 0, sent: 100, by: seats[2], at: 130) == received(40, 30))
        #expect(room.ledger.live.isEmpty)
        room.expire(at: 10_000)
        #expect(room.tally == RoomTally())
    }

    @Test("Where senders get their own messages, the sender is owed it too")
    func own() {
        var room = Room(includesSender: true)
        let seat = room.join(7)
        let number = room.send(7, at: 0)
        #expect(room.receive(number, from: 7, sent: 0, by: seat, at: 3) == received(3, 3))
    }

    @Test("What does not come in time is missing for each who was owed it, by their groups")
    func missing() {
        var room = Room()
        let seats = [room.join(0), room.join(1, group: 1), room.join(2, group: 2), room.join(3, group: 2)]
        let number = room.send(0, at: 0)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[1], at: 1) == received(1, 1))
        room.expire(at: 1000)
        #expect(room.missing == 0)
        room.expire(at: 1001)
        #expect(room.tally.missing == [2: 2])
        #expect(room.unsettled == 0)
    }

    @Test("What comes after that is late, once")
    func late() {
        var room = Room()
        let seats = [room.join(0), room.join(1), room.join(2)]
        let number = room.send(0, at: 0)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[2], at: 1) == received(1, 1))
        room.expire(at: 2000)
        let late = Delivery.late(scheduled: 3_000_000_000, service: 3_000_000_000)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[1], at: 3000) == late)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[1], at: 3001) == .duplicated)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[2], at: 3002) == .duplicated)
        #expect(room.missing == 1)
    }

    @Test("A delivery that comes again is a duplicate, also long after all have had the message")
    func duplicates() {
        var room = Room()
        let seats = [room.join(0), room.join(1), room.join(2)]
        let number = room.send(0, at: 0)
        _ = room.receive(number, from: 0, sent: 0, by: seats[1], at: 1)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[1], at: 2) == .duplicated)
        _ = room.receive(number, from: 0, sent: 0, by: seats[2], at: 3)
        #expect(room.ledger.live.isEmpty)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[2], at: 4) == .duplicated)
    }

    @Test("A message overtaken by a later one of its sender is reordered; those of others do not count")
    func order() {
        var room = Room()
        let seats = [room.join(0), room.join(1), room.join(2)]
        let first = room.send(0, at: 0)
        let other = room.send(1, at: 1)
        let second = room.send(0, at: 2)
        let third = room.send(0, at: 3)
        #expect(room.receive(third, from: 0, sent: 3, by: seats[2], at: 10) == received(7, 7))
        #expect(room.receive(other, from: 1, sent: 1, by: seats[2], at: 11) == received(10, 10))
        #expect(room.receive(first, from: 0, sent: 0, by: seats[2], at: 12) == received(12, 12, isReordered: true))
        #expect(room.receive(second, from: 0, sent: 2, by: seats[2], at: 13) == received(11, 11, isReordered: true))
        #expect(room.receive(first, from: 0, sent: 0, by: seats[1], at: 14) == received(14, 14))
        #expect(room.receive(second, from: 0, sent: 2, by: seats[1], at: 15) == received(13, 13))
    }

    @Test("Who joined after the send is owed nothing, and what it gets of before is replayed")
    func replayed() {
        var room = Room()
        let old = room.join(0)
        _ = room.join(1)
        let number = room.send(1, at: 10)
        let new = room.join(2, at: 20)
        #expect(room.receive(number, from: 1, sent: 10, by: new, at: 21) == .replayed)
        #expect(room.receive(number, from: 1, sent: 10, by: old, at: 22) == received(12, 12))
        #expect(room.ledger.live.isEmpty)
        #expect(room.receive(number, from: 1, sent: 10, by: new, at: 23) == .replayed)
    }

    @Test("What is under way to a member that leaves is unsettled; what was overtaken or is too old is missing")
    func leaving() {
        var room = Room()
        _ = room.join(0)
        let seat = room.join(1)
        let lost = room.send(0, at: 0)
        let had = room.send(0, at: 10)
        _ = room.send(0, at: 20)
        _ = lost
        #expect(room.receive(had, from: 0, sent: 10, by: seat, at: 30) == received(20, 20))
        room.leave(seat, at: 40)
        #expect((room.missing, room.unsettled) == (1, 1))
        #expect(room.ledger.live.isEmpty)
        room.expire(at: 10_000)
        #expect((room.missing, room.unsettled) == (1, 1))
    }

    @Test("A seat that is taken again knows nothing of the member before")
    func seatsAgain() {
        var room = Room()
        _ = room.join(0)
        let keeper = room.join(1)
        let seat = room.join(2)
        let number = room.send(0, at: 0)
        _ = room.receive(number, from: 0, sent: 0, by: seat, at: 1)
        room.leave(seat, at: 2)
        let again = room.join(3, at: 3)
        #expect(again == seat)
        #expect(room.receive(number, from: 0, sent: 0, by: again, at: 4) == .replayed)
        #expect(room.receive(number, from: 0, sent: 0, by: keeper, at: 5) == received(5, 5))
        room.leave(again, at: 6)
        #expect(room.tally == RoomTally())
    }

    @Test("What a sender sent whose connection fell, and nobody had, may never have left; what one had is missing")
    func lostSender() {
        var room = Room()
        _ = room.join(0)
        let seats = [room.join(1), room.join(2)]
        let had = room.send(0, at: 0)
        _ = room.send(0, at: 1)
        _ = room.receive(had, from: 0, sent: 0, by: seats[0], at: 2)
        room.ledger.loseSender(0)
        room.expire(at: 5000)
        #expect((room.missing, room.unsettled) == (1, 2))
    }

    @Test("A message of the server's own that one member got is owed to all, from then on")
    func serversOwn() {
        var room = Room()
        let seats = [room.join(0), room.join(1), room.join(2)]
        let first = Delivery.received(scheduled: nil, service: nil, isReordered: false)
        #expect(room.receive(id: 77, by: seats[0], at: 5000) == first)
        #expect(room.receive(id: 77, by: seats[0], at: 5001) == .duplicated)
        #expect(room.receive(id: 77, by: seats[1], at: 5004) == received(4, 4))
        room.expire(at: 7000)
        #expect((room.missing, room.unsettled) == (1, 0))
        #expect(room.receive(id: 77, by: seats[1], at: 7001) == .duplicated)
    }

    @Test("A member that had just joined may have missed the send; one that joins later is owed nothing")
    func serversOwnAndNewMembers() {
        var room = Room()
        let old = room.join(0)
        let new = room.join(1, at: 4500)
        _ = room.receive(id: 1, by: old, at: 5000)
        _ = room.receive(id: 2, by: old, at: 5001)
        let later = room.join(2, at: 5002)
        #expect(room.receive(id: 2, by: new, at: 5003) == received(2, 2))
        #expect(room.receive(id: 2, by: later, at: 5004) == .replayed)
        room.expire(at: 9000)
        #expect((room.missing, room.unsettled) == (0, 1))
        #expect(room.receive(id: 2, by: later, at: 9001) == .replayed)
        #expect(room.receive(id: 2, by: new, at: 9002) == .duplicated)
    }

    @Test("Messages with one key come to all in the order in which the first member had them")
    func serversOrder() {
        var room = Room()
        let seats = [room.join(0), room.join(1)]
        for id in 1...3 { _ = room.receive(id: UInt64(id), order: 9, by: seats[0], at: 5000 + Int64(id)) }
        _ = room.receive(id: 4, order: 8, by: seats[0], at: 5004)
        #expect(room.receive(id: 4, order: 8, by: seats[1], at: 5010) == received(6, 6))
        #expect(room.receive(id: 2, order: 9, by: seats[1], at: 5010) == received(8, 8))
        #expect(room.receive(id: 1, order: 9, by: seats[1], at: 5010) == received(9, 9, isReordered: true))
        #expect(room.receive(id: 3, order: 9, by: seats[1], at: 5010) == received(7, 7))
    }

    @Test("Many members and many messages at once grow the ledger and lose nothing")
    func grows() {
        var room = Room()
        let seats = (0..<300).map { room.join($0) }
        let numbers = (0..<100).map { room.send(0, at: Int64($0)) }
        let more = (300..<700).map { room.join($0, at: 100) }
        for number in numbers.reversed() {
            for seat in seats.dropFirst() {
                let delivery = room.receive(number, from: 0, sent: Int64(number), by: seat, at: 200)
                let latency = 200 - Int64(number)
                #expect(delivery == received(latency, latency, isReordered: number != numbers.last))
            }
            #expect(room.receive(number, from: 0, sent: Int64(number), by: more[0], at: 200) == .replayed)
        }
        #expect(room.ledger.live.isEmpty)
        #expect(room.tally == RoomTally())
    }

    @Test("Numbers and times that no message has come to nothing")
    func hostile() {
        var room = Room()
        let seat = room.join(0)
        for number in [-1, 0, 5, Int.max, Int.min] {
            #expect(room.receive(number, from: 3, sent: 0, by: seat, at: 1) == .ignored)
        }
    }

    @Test("A number that another sender's message has comes to nothing")
    func otherSender() {
        var room = Room()
        let seats = (0..<3).map { room.join($0) }
        let number = room.send(0, at: 0)
        #expect(room.receive(number, from: 1, sent: 0, by: seats[2], at: 1) == .ignored)
        #expect(room.receive(number, from: 0, sent: 0, by: seats[2], at: 1) == received(1, 1))
        let own = room.receive(id: 5, by: seats[0], at: 2)
        #expect(own == .received(scheduled: nil, service: nil, isReordered: false))
        #expect(room.receive(number + 1, from: 0, sent: 2, by: seats[2], at: 3) == .ignored)
    }

    @Test("Hundreds of thousands of messages of the server's own, and as many orders, are not kept", arguments: [1, 2])
    func manyIdentities(members: Int) {
        var room = Room(within: 1_000_000, maximumMessages: 4096)
        let seats = (0..<members).map { room.join($0) }
        for id in 0..<200_000 {
            _ = room.receive(id: UInt64(id), order: UInt64(id), by: seats[0], at: 5000)
        }
        let kept = room.ledger.kept
        #expect(kept.messages <= 4096)
        #expect(kept.identities <= 3 * 4096 + 1)
        #expect(kept.orders <= 2 * 4096 + 1)
        #expect(room.missing == 0)
        #expect(room.unsettled == (members - 1) * (200_000 - 4096))
        #expect(room.receive(id: 199_999, by: seats[0], at: 5001) == .duplicated)
    }

    @Test("Messages that are given up early are unsettled; what comes of them then is late")
    func tooMany() {
        var room = Room(maximumMessages: 16)
        let seats = [room.join(0), room.join(1)]
        let numbers = (0..<20).map { room.send(0, at: Int64($0)) }
        #expect(room.unsettled == 4)
        let late = Delivery.late(scheduled: 50_000_000, service: 50_000_000)
        #expect(room.receive(numbers[0], from: 0, sent: 0, by: seats[1], at: 50) == late)
        #expect(room.receive(numbers[4], from: 0, sent: 4, by: seats[1], at: 50) == received(46, 46))
        room.expire(at: 10_000)
        #expect((room.missing, room.unsettled) == (15, 4))
    }

    @Test("A room that fills while it follows many messages gives up the oldest, and keeps its bounds")
    func fills() {
        var room = Room(within: 1_000_000, maximumWords: 1 << 15)
        let seats = (0..<64).map { room.join($0) }
        // Sixteen senders, each message owed to all but its sender.
        let numbers = (0..<2048).map { room.send($0 % 16, at: Int64($0)) }
        #expect(room.ledger.kept.messages == 2048)
        for slot in 64..<1024 { _ = room.join(slot, at: 70_000) }
        // 16 words of members, for two bitmaps of each message.
        #expect(room.ledger.kept.messages == 1024)
        #expect(room.ledger.live.count == 1024)
        #expect(room.unsettled == 63 * 1024)
        #expect(room.receive(numbers[2047], from: 15, sent: 2047, by: seats[9], at: 70_001) == received(67_954, 67_954))
        #expect(
            room.receive(numbers[1023], from: 15, sent: 1023, by: seats[9], at: 70_002)
                == .late(scheduled: 68_979_000_000, service: 68_979_000_000)
        )
    }

    @Test("Of a room in which a sender outran its members by thousands, each delivery is still counted")
    func farBehind() {
        var room = Room(within: 1_000_000)
        let seats = [room.join(0), room.join(1), room.join(2)]
        let numbers = (0..<5000).map { room.send(0, at: Int64($0)) }
        for number in numbers {
            let delivery = room.receive(number, from: 0, sent: Int64(number), by: seats[1], at: 9000)
            #expect(delivery == received(9000 - Int64(number), 9000 - Int64(number)))
        }
        room.leave(seats[2], at: 9001)
        #expect((room.missing, room.unsettled) == (0, 5000))
        #expect(room.ledger.live.isEmpty)
    }

    @Test("A random course of joins, leaves, losses, doubles and swaps adds up", arguments: [1, 2, 3, 4, 5])
    func addsUp(seed: UInt64) {
        var random = Seeded(state: seed)
        var room = Room(within: 50)
        var present: [Int: Int] = [:]
        var owed: [Int: Set<Int>] = [:]
        var expected = (received: 0, duplicated: 0, lost: 0)
        var counted = (received: 0, duplicated: 0)
        var time: Int64 = 0
        for step in 0..<3000 {
            time += Int64(random.next() % 3)
            switch random.next() % 10 {
            case 0 where present.count < 90:
                present[step] = room.join(step, at: time)
            case 1 where present.count > 3:
                // What is under way to who leaves is nobody's fault, so it leaves with nothing under way.
                guard let slot = present.keys.sorted().randomElement(using: &random), let seat = present[slot] else {
                    continue
                }
                guard owed.values.allSatisfy({ !$0.contains(slot) }) else { continue }
                room.leave(seat, at: time)
                present[slot] = nil
            case 2...5:
                guard let sender = present.keys.sorted().randomElement(using: &random) else { continue }
                let number = room.send(sender, at: time)
                let sent = time
                for (slot, seat) in present.sorted(by: { $0.key < $1.key }) where slot != sender {
                    if random.next() % 7 == 0 {
                        expected.lost += 1
                        owed[number, default: []].insert(slot)
                        continue
                    }
                    expected.received += 1
                    if case .received = room.receive(number, from: sender, sent: sent, by: seat, at: time + 1) {
                        counted.received += 1
                    }
                    guard random.next() % 5 == 0 else { continue }
                    expected.duplicated += 1
                    if room.receive(number, from: sender, sent: sent, by: seat, at: time + 2) == .duplicated {
                        counted.duplicated += 1
                    }
                }
            default:
                room.expire(at: time)
            }
        }
        room.expire(at: time + 1000)
        #expect(counted.received == expected.received)
        #expect(counted.duplicated == expected.duplicated)
        #expect(room.missing == expected.lost)
        #expect(room.unsettled == 0)
    }
}

private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
