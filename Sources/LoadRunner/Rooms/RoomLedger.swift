import NIOCore

/// What a room knows: who is in it, and which of them have had each message that was sent to it.
///
/// A message is owed to the members of the moment in which it is sent. The ledger keeps two bits per message and member,
/// owed and had, in one slab that is used in a circle, so that neither a send nor a delivery allocates. A message leaves
/// when all have had it, or when it is too old: what is still owed then is missing.
///
/// Its memory is bounded: where there are too many messages at once, the oldest are given up early, and what was under way
/// of them is unsettled.
///
/// The ledger is a value without a clock or a lock; `Room` has both. Sequence numbers and times come from outside, also
/// from the server, and are never trusted to be in range.
struct RoomLedger {
    typealias Seat = Int

    struct Member {
        var slot: Int
        var group: Int
        var joined: NIODeadline
        var isPresent: Bool
    }

    struct Message {
        var scheduled: NIODeadline
        var sent: NIODeadline
        /// The sender's slot; nil for messages of the server's own.
        var sender: Int?
        /// The number of the next message of the same order: of the sender, or with the same key.
        var next: Int?
        var owed = 0
        var had = 0
        var isSenderLost = false
        /// What the server calls it, hashed.
        var identity: UInt64?
    }

    /// A message that went with deliveries missing: who may still get it, late.
    struct Expired {
        var scheduled: NIODeadline
        var sent: NIODeadline
        var owed: [UInt64]
    }

    /// What to count, and when to give up.
    struct Rules: Hashable {
        /// How long a delivery may take.
        var within: TimeAmount
        var includesSender: Bool
        /// How many messages are followed at once, and how many identities of the server's own are remembered after
        /// their messages went.
        var maximumMessages = 1 << 16
        /// How many words the slab may have: 32 MB.
        var maximumWords = 1 << 22
    }

    /// A member that joined this short a time before the first delivery of a server's own message may have missed it.
    private static let settling = TimeAmount.seconds(1)
    private static let maximumExpired = 1024
    private static let minimumCapacity = 16
    /// How many later messages of the same order are looked at for one that has overtaken.
    private static let maximumOvertaking = 128

    let rules: Rules
    var members: [Member] = []
    private var freeSeats: [Seat] = []
    var presentCount = 0
    private var bits = DeliveryBits()
    /// In the same circle as the bits.
    private var messages: [Message?] = []
    /// The numbers of the messages that are kept.
    private(set) var live = 0..<0
    private var lastOfOrder: [UInt64: Int] = [:]
    private var expired: [Int: Expired] = [:]
    private var expiredOrder: [Int] = []
    private var identities: [UInt64: (number: Int, first: NIODeadline)] = [:]
    private var forgotten: [UInt64] = []

    /// How much it keeps: messages that it has room for, identities and orders.
    var kept: (messages: Int, identities: Int, orders: Int) {
        (bits.capacity, identities.count, lastOfOrder.count)
    }

    init(rules: Rules) {
        self.rules = rules
    }

    // MARK: Members

    /// A client is in the room from now on.
    mutating func join(slot: Int, group: Int, at now: NIODeadline, _ tally: inout RoomTally) -> Seat {
        let member = Member(slot: slot, group: group, joined: now, isPresent: true)
        presentCount += 1
        if let seat = freeSeats.popLast() {
            members[seat] = member
            return seat
        }
        members.append(member)
        if members.count > bits.width * 64 { widen(at: now, &tally) }
        return members.count - 1
    }

    /// A member is in it no more: what is under way to it is nobody's fault; what others had long before is.
    mutating func leave(_ seat: Seat, at now: NIODeadline, _ tally: inout RoomTally) {
        guard members.indices.contains(seat), members[seat].isPresent else { return }
        // From the newest on: a message was overtaken where the next one of its order came, or was overtaken itself.
        var overtaken = Array(repeating: false, count: live.count)
        for number in live.reversed() {
            if let next = messages[place(number)]?.next, live.contains(next) {
                overtaken[number - live.lowerBound] = bits.has(.had, next, seat) || overtaken[next - live.lowerBound]
            }
        }
        for number in live where bits.takes(.owed, number, seat) {
            settle(number, seat, isAfterward: overtaken[number - live.lowerBound], at: now, &tally)
        }
        for number in live { bits.set(.had, number, seat, false) }
        for number in expired.keys { expired[number]?.owed[seat / 64] &= ~(1 << UInt64(seat % 64)) }
        members[seat].isPresent = false
        presentCount -= 1
        freeSeats.append(seat)
        dropSettled()
    }

    /// The connection of a sender fell: what nobody had of it may never have reached the server.
    mutating func loseSender(_ slot: Int) {
        for number in live where messages[place(number)]?.sender == slot {
            messages[place(number)]?.isSenderLost = true
        }
    }

    // MARK: Messages

    /// A client sends a message to the room.
    ///
    /// - Returns: The message's number.
    mutating func send(
        from slot: Int,
        scheduled: NIODeadline,
        at now: NIODeadline,
        _ tally: inout RoomTally
    ) -> Int {
        let message = Message(scheduled: scheduled, sent: now, sender: slot)
        let number = append(message, order: UInt64(bitPattern: Int64(slot)), at: now, &tally)
        for seat in members.indices where members[seat].isPresent {
            if rules.includesSender || members[seat].slot != slot { owe(number, seat) }
        }
        return number
    }

    /// A stamped message came to a member.
    ///
    /// - Parameters:
    ///   - number: The message's number, as its stamp says.
    ///   - sent: The time of the send, as its stamp says.
    mutating func receive(
        _ number: Int,
        from sender: Int,
        sent: NIODeadline,
        by seat: Seat,
        at now: NIODeadline
    ) -> Delivery {
        let member = members[seat]
        if !rules.includesSender, Stamp.senderNumber(ofSlot: member.slot) == sender { return .ignored }
        guard number >= 0, number < live.upperBound else { return .ignored }
        if live.contains(number) {
            // A number that another sender's message has was made up on the way.
            guard let sentBy = messages[place(number)]?.sender, Stamp.senderNumber(ofSlot: sentBy) == sender else {
                return .ignored
            }
            return receiveLive(number, by: seat, at: now)
        }
        if takeExpired(number, seat), let message = expired[number] {
            return .late(
                scheduled: max(0, (now - message.scheduled).nanoseconds),
                service: max(0, (now - message.sent).nanoseconds)
            )
        }
        return member.joined <= sent ? .duplicated : .replayed
    }

    /// A message of the server's own came to a member.
    ///
    /// - Parameters:
    ///   - identity: What tells it from others.
    ///   - order: What it shares with the messages that all are to get in one order; nil: with none.
    mutating func receive(
        identity: UInt64,
        order: UInt64?,
        by seat: Seat,
        at now: NIODeadline,
        _ tally: inout RoomTally
    ) -> Delivery {
        if let known = identities[identity] {
            if live.contains(known.number) { return receiveLive(known.number, by: seat, at: now) }
            if takeExpired(known.number, seat) {
                let service = max(0, (now - known.first).nanoseconds)
                return .late(scheduled: service, service: service)
            }
            return members[seat].joined <= known.first ? .duplicated : .replayed
        }
        var message = Message(scheduled: now, sent: now, sender: nil)
        message.identity = identity
        let number = append(message, order: order, at: now, &tally)
        identities[identity] = (number, now)
        for other in members.indices where members[other].isPresent && other != seat { owe(number, other) }
        bits.set(.had, number, seat, true)
        messages[place(number)]?.had += 1
        dropSettled()
        return .received(scheduled: nil, service: nil, isReordered: false)
    }

    /// Gives up what is too old.
    mutating func expire(at now: NIODeadline, _ tally: inout RoomTally) {
        while let number = live.first, let message = messages[place(number)], now - message.sent > rules.within {
            giveUp(number, at: now, &tally)
        }
    }
}

// MARK: - The messages that are followed

extension RoomLedger {
    private func place(_ number: Int) -> Int { bits.place(number) }

    private mutating func owe(_ number: Int, _ seat: Seat) {
        bits.set(.owed, number, seat, true)
        messages[place(number)]?.owed += 1
    }

    private mutating func append(
        _ message: Message,
        order: UInt64?,
        at now: NIODeadline,
        _ tally: inout RoomTally
    ) -> Int {
        expire(at: now, &tally)
        dropSettled()
        if live.count == bits.capacity {
            let grown = max(Self.minimumCapacity, bits.capacity * 2)
            let words = DeliveryBits.words(capacity: grown, width: bits.width)
            if bits.capacity == 0 || grown <= rules.maximumMessages && words <= rules.maximumWords {
                resize(width: bits.width, capacity: grown)
            } else if let oldest = live.first {
                giveUp(oldest, at: now, &tally)
            }
        }
        let number = live.upperBound
        live = live.lowerBound..<(number + 1)
        messages[place(number)] = message
        bits.clear(.owed, number)
        bits.clear(.had, number)
        if let order {
            if let last = lastOfOrder[order], live.contains(last) { messages[place(last)]?.next = number }
            lastOfOrder[order] = number
        }
        return number
    }

    private mutating func receiveLive(_ number: Int, by seat: Seat, at now: NIODeadline) -> Delivery {
        guard let message = messages[place(number)] else { return .ignored }
        if bits.has(.had, number, seat) { return .duplicated }
        if bits.takes(.owed, number, seat) {
            messages[place(number)]?.owed -= 1
        } else {
            return .replayed
        }
        let isReordered = wasOvertaken(number, seat)
        bits.set(.had, number, seat, true)
        messages[place(number)]?.had += 1
        dropSettled()
        return .received(
            scheduled: max(0, (now - message.scheduled).nanoseconds),
            service: max(0, (now - message.sent).nanoseconds),
            isReordered: isReordered
        )
    }

    /// Whether the member has had a later message of the same order.
    private func wasOvertaken(_ number: Int, _ seat: Seat) -> Bool {
        var next = messages[place(number)]?.next
        for _ in 0..<Self.maximumOvertaking {
            guard let later = next, live.contains(later) else { return false }
            if bits.has(.had, later, seat) { return true }
            next = messages[place(later)]?.next
        }
        return false
    }

    /// The members who have had a later message of the same order, as a bitmap.
    private func whoHadLater(_ number: Int) -> [UInt64] {
        var words = Array(repeating: 0 as UInt64, count: bits.width)
        var next = messages[place(number)]?.next
        for _ in 0..<Self.maximumOvertaking {
            guard let later = next, live.contains(later) else { break }
            for (place, word) in bits.words(.had, later).enumerated() { words[place] |= word }
            next = messages[place(later)]?.next
        }
        return words
    }

    /// One delivery that will not be waited for any longer; its owed bit is cleared already.
    private mutating func settle(
        _ number: Int,
        _ seat: Seat,
        isAfterward: Bool,
        at now: NIODeadline,
        _ tally: inout RoomTally
    ) {
        guard let message = messages[place(number)] else { return }
        messages[place(number)]?.owed -= 1
        let mayBeLost = message.isSenderLost && message.had == 0
        let isTooNew = message.sender == nil && members[seat].joined > message.sent - Self.settling
        if !mayBeLost, !isTooNew, isAfterward || now - message.sent > rules.within {
            tally.addMissing(members[seat].group)
        } else {
            tally.addUnsettled(members[seat].group)
        }
    }

    /// Settles what is owed of the oldest message, and drops it.
    private mutating func giveUp(_ number: Int, at now: NIODeadline, _ tally: inout RoomTally) {
        if let message = messages[place(number)], message.owed > 0 {
            let isTooOld = now - message.sent > rules.within
            let owed = Array(bits.words(.owed, number))
            let overtaken = isTooOld ? [] : whoHadLater(number)
            bits.clear(.owed, number)
            for (place, word) in owed.enumerated() {
                var rest = word
                while rest != 0 {
                    let bit = rest & ~(rest - 1)
                    let isAfterward = isTooOld || overtaken[place] & bit != 0
                    settle(number, place * 64 + bit.trailingZeroBitCount, isAfterward: isAfterward, at: now, &tally)
                    rest &= ~bit
                }
            }
            remember(number, Expired(scheduled: message.scheduled, sent: message.sent, owed: owed))
        }
        drop(number)
        dropSettled()
    }

    /// Drops messages from the oldest on, as long as nobody is owed them.
    private mutating func dropSettled() {
        while let number = live.first, messages[place(number)]?.owed == 0 { drop(number) }
    }

    private mutating func drop(_ number: Int) {
        if let identity = messages[place(number)]?.identity {
            forgotten.append(identity)
            if forgotten.count > 2 * rules.maximumMessages {
                for identity in forgotten.prefix(rules.maximumMessages) { identities[identity] = nil }
                forgotten.removeFirst(rules.maximumMessages)
            }
        }
        messages[place(number)] = nil
        live = (number + 1)..<live.upperBound
        if lastOfOrder.count > 2 * rules.maximumMessages {
            lastOfOrder = lastOfOrder.filter { live.contains($0.value) }
        }
    }

    private mutating func remember(_ number: Int, _ message: Expired) {
        expired[number] = message
        expiredOrder.append(number)
        if expiredOrder.count > Self.maximumExpired { expired[expiredOrder.removeFirst()] = nil }
    }

    /// Whether the member was still owed a message that was given up.
    private mutating func takeExpired(_ number: Int, _ seat: Seat) -> Bool {
        let mask: UInt64 = 1 << UInt64(seat % 64)
        guard let words = expired[number]?.owed, words.indices.contains(seat / 64), words[seat / 64] & mask != 0 else {
            return false
        }
        expired[number]?.owed[seat / 64] &= ~mask
        return true
    }

    /// Makes room for more members; where that is too much for so many messages, the oldest are given up.
    private mutating func widen(at now: NIODeadline, _ tally: inout RoomTally) {
        let width = bits.width * 2
        var capacity = bits.capacity
        while capacity > Self.minimumCapacity,
            DeliveryBits.words(capacity: capacity, width: width) > rules.maximumWords
        {
            capacity /= 2
        }
        while live.count > capacity, let oldest = live.first { giveUp(oldest, at: now, &tally) }
        resize(width: width, capacity: capacity)
    }

    private mutating func resize(width: Int, capacity: Int) {
        var moved: [Message?] = Array(repeating: nil, count: capacity)
        for number in live { moved[number & (capacity - 1)] = messages[place(number)] }
        messages = moved
        bits.resize(width: width, capacity: capacity, keeping: live)
        for number in expired.keys {
            let missing = width - (expired[number]?.owed.count ?? width)
            if missing > 0 { expired[number]?.owed.append(contentsOf: repeatElement(0, count: missing)) }
        }
    }
}
