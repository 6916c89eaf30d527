import Metrics
import NIOCore

extension Worker {
    /// Since the start of the run, rounded up: what is stamped was not sent before a join of the same moment.
    func microseconds(at time: NIODeadline) -> Int64 {
        (max(0, (time - clock.start).nanoseconds) + 999) / 1000
    }

    func time(atMicroseconds microseconds: Int) -> NIODeadline {
        clock.start + .microseconds(Int64(microseconds))
    }

    /// Calls the closure with the room's ledger and counts the deliveries whose fate it decided.
    func count<Result: Sendable>(
        settledIn room: Room,
        _ body: (inout RoomLedger, inout RoomTally) -> Result
    ) -> Result {
        let (result, tally) = room.withLedger { ledger in
            var tally = RoomTally()
            return (body(&ledger, &tally), tally)
        }
        for (group, number) in tally.missing {
            recorder.add(metrics.fanOut.expected, group: group, number)
            recorder.add(metrics.fanOut.missing, group: group, number)
        }
        for (group, number) in tally.unsettled { recorder.add(metrics.fanOut.unsettled, group: group, number) }
        return result
    }

    /// Gives up deliveries that are too old, in this worker's share of the rooms.
    func settleRooms(at now: NIODeadline) {
        guard let rooms else { return }
        for room in rooms.rooms(from: number, every: workerCount) {
            count(settledIn: room) { $0.expire(at: now, &$1) }
        }
    }
}
