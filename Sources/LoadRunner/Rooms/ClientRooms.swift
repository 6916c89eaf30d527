import Metrics
import NIOCore
import Scenarios

/// A room as a step names it.
enum RoomPlace: Hashable {
    /// The one that the client is assigned to.
    case assigned
    case named(String)
}

/// The rooms of one client: which it is in, and what it sends to them.
final class ClientRooms: StampSource {
    private struct Membership {
        var room: Room
        var seat: RoomLedger.Seat
    }

    /// What went on in a room while the client was away.
    private struct Gap {
        var room: Room
        /// The messages that were sent meanwhile, by number; open at its end as long as the client is away.
        var begin: Int
        var end: Int?

        func contains(_ number: Int) -> Bool {
            number >= begin && end.map { number < $0 } ?? true
        }
    }

    private unowned let worker: Worker
    private let directory: RoomDirectory
    private let slot: Int
    private let group: Int
    /// The place of the room that the client is assigned to.
    private let assigned: Int?
    /// When what is sent next was due, and is sent.
    var cause: VirtualClient.Cause
    private var memberships: [Membership] = []
    /// The last gap of each room that it was in when its connection fell.
    private var gaps: [Gap] = []
    /// The rooms that it has sent to.
    private var addressed: [Room] = []

    init(worker: Worker, directory: RoomDirectory, slot: Int, group: Int, assigned: Int?, at now: NIODeadline) {
        self.worker = worker
        self.directory = directory
        self.slot = slot
        self.group = group
        self.assigned = assigned
        cause = VirtualClient.Cause(scheduled: now, actual: now)
    }

    /// The room, which is made where nobody has named it before.
    private func room(_ place: RoomPlace, at now: NIODeadline) -> Room? {
        switch place {
        case .assigned: return assigned.map { directory.assigned[$0] }
        case .named(let name):
            if let room = directory.room(named: name) { return room }
            let example = "there are \(RoomDirectory.maximumCount) rooms already, and one more was named"
            worker.recorder.error("script", group: group, at: worker.second(at: now), example: example)
            return nil
        }
    }

    /// The room, where it is there: what a server sends makes none.
    private func knownRoom(_ place: RoomPlace) -> Room? {
        switch place {
        case .assigned: assigned.map { directory.assigned[$0] }
        case .named(let name): directory.knownRoom(named: name)
        }
    }

    // MARK: Membership

    func isMember(of room: Room) -> Bool {
        memberships.contains { $0.room === room }
    }

    func join(_ place: RoomPlace, at now: NIODeadline) {
        if let room = room(place, at: now) { join(room, at: now) }
    }

    private func join(_ room: Room, at now: NIODeadline) {
        guard !memberships.contains(where: { $0.room === room }) else { return }
        let seat = worker.count(settledIn: room) { [slot, group] ledger, tally in
            ledger.join(slot: slot, group: group, at: now, &tally)
        }
        memberships.append(Membership(room: room, seat: seat))
        closeGap(of: room)
    }

    /// Counts what was sent to the room while the client was away.
    private func closeGap(of room: Room) {
        guard let place = gaps.firstIndex(where: { $0.room === room && $0.end == nil }) else { return }
        let end = room.withLedger { $0.live.upperBound }
        gaps[place].end = end
        worker.recorder.add(worker.metrics.fanOut.away, group: group, max(0, end - gaps[place].begin))
    }

    /// The server itself put the client back into the rooms that it was in when its connection fell.
    func restore(at now: NIODeadline) {
        for gap in gaps where gap.end == nil { join(gap.room, at: now) }
    }

    func leave(_ place: RoomPlace, at now: NIODeadline) {
        guard let room = knownRoom(place) else { return }
        gaps.removeAll { $0.room === room }
        guard let index = memberships.firstIndex(where: { $0.room === room }) else { return }
        leave(memberships.remove(at: index), at: now)
    }

    /// How a connection ended.
    enum End {
        case left
        /// It fell, so that what was sent last may not have arrived; anew: not before the client had recovered from an
        /// earlier loss.
        case lost(isAnew: Bool)
    }

    /// The connection has ended.
    func disconnected(_ end: End, at now: NIODeadline) {
        if case .lost(let isAnew) = end {
            // What it has not come back to by now is none of its rooms any more.
            if isAnew { gaps.removeAll { $0.end == nil } }
            openGaps()
            for room in addressed { room.withLedger { [slot] in $0.loseSender(slot) } }
        }
        addressed.removeAll(keepingCapacity: true)
        while let membership = memberships.popLast() { leave(membership, at: now) }
    }

    private func openGaps() {
        for membership in memberships {
            gaps.removeAll { $0.room === membership.room }
            let begin = membership.room.withLedger { $0.live.upperBound }
            gaps.append(Gap(room: membership.room, begin: begin))
        }
    }

    private func leave(_ membership: Membership, at now: NIODeadline) {
        worker.count(settledIn: membership.room) { $0.leave(membership.seat, at: now, &$1) }
    }

    // MARK: Messages

    func appendStamp(ofRoom name: String?, to buffer: inout ByteBuffer) {
        guard let room = room(name.map { .named($0) } ?? .assigned, at: cause.actual) else { return }
        let number = worker.count(settledIn: room) { [cause, slot] ledger, tally in
            ledger.send(from: slot, scheduled: cause.scheduled, at: cause.actual, &tally)
        }
        if !addressed.contains(where: { $0 === room }) { addressed.append(room) }
        Stamp(
            room: room.number,
            sender: Stamp.senderNumber(ofSlot: slot),
            number: number,
            microseconds: Int(worker.microseconds(at: cause.actual))
        )
        .append(tag: directory.tag, to: &buffer)
    }

    /// A message with a stamp came.
    ///
    /// - Parameter name: The room that its deliveries are of, where the scenario says so.
    func take(_ text: UnsafeRawBufferPointer, of expected: RoomPlace?, at now: NIODeadline) -> Delivery {
        guard let stamp = Stamp.find(in: text, tag: directory.tag) else { return .ignored }
        if let expected, knownRoom(expected)?.number != stamp.room { return .stray }
        let sent = worker.time(atMicroseconds: stamp.microseconds)
        guard let membership = memberships.first(where: { $0.room.number == stamp.room }) else {
            return replay(of: stamp)
        }
        let delivery = membership.room.withLedger { ledger in
            ledger.receive(stamp.number, from: stamp.sender, sent: sent, by: membership.seat, at: now)
        }
        if case .replayed = delivery { return replay(of: stamp) }
        return delivery
    }

    /// History, of the time in which the client was away or of another.
    private func replay(of stamp: Stamp) -> Delivery {
        let isOfGap = gaps.contains { $0.room.number == stamp.room && $0.contains(stamp.number) }
        return isOfGap ? .caughtUp : .replayed
    }

    /// A message of the server's own came.
    func take(identity: UInt64, order: UInt64?, of place: RoomPlace, at now: NIODeadline) -> Delivery {
        guard let room = knownRoom(place), let membership = memberships.first(where: { $0.room === room }) else {
            return .replayed
        }
        return worker.count(settledIn: room) { ledger, tally in
            ledger.receive(identity: identity, order: order, by: membership.seat, at: now, &tally)
        }
    }
}
