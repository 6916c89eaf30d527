import Metrics
import NIOCore
import Scenarios

/// The faults of the run's clock, as they meet this worker's clients.
extension Worker {
    /// Whether some `stall` of the run's clock can ever hit the client; asked before it connects.
    ///
    /// A slot is selected for all of its clients, and the slot says the group.
    func mayStall(slot: Int, generation: Int, group: Int) -> Bool {
        faultSelection.mayStall(slot: slot)
    }

    /// Does the faults that are due, those of commands apart.
    func fireFaults(upTo now: NIODeadline) {
        while nextFault < faults.count, clock.start + TimeAmount(faults[nextFault].at) <= now {
            defer { nextFault += 1 }
            if case .run = faults[nextFault].action { continue }
            fire(nextFault, at: now)
        }
    }

    private func fire(_ number: Int, at now: NIODeadline) {
        let fault = faults[number]
        let room = fault.selection.room.map { rooms?.knownRoom(named: $0) }
        var count = 0
        // A cut may end a client, which empties its seat; nobody takes one meanwhile.
        for seat in seats.indices {
            guard let client = virtualClient(in: seat), client.isConnected else { continue }
            guard faultSelection.selects(slot: client.slot, fault: number) else { continue }
            if let room {
                guard let room, client.rooms?.isMember(of: room) == true else { continue }
            }
            count += 1
            client.hit(by: number, fault.action, at: now)
        }
        faultLog.fired(number, clients: count)
    }
}
