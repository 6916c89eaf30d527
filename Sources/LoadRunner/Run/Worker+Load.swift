import HeapModule
import Metrics
import NIOCore
import Scenarios

/// Who starts and who leaves when, and where they sit.
extension Worker {
    func follow(upTo now: NIODeadline) {
        // Times are those of the grid, rounded up, like all others; a tick that comes late must not take one that is
        // still ahead, or its client would seem to have been served before it was due.
        while let (event, offset) = upcoming, wheel.rounded(clock.start + offset) <= now {
            upcoming = schedule.next()
            let scheduled = wheel.rounded(clock.start + offset)
            switch event {
            case .phase(let phase):
                replaces = phases[phase].replaces
            case .start(let slot):
                slots[slot, default: Slot()].isWanted = true
                guard slots[slot]?.isFree == true else { continue }
                activeClients.add(1)
                begin(slot: slot, scheduled: scheduled)
            case .arrive(let slot, let limit):
                if activeClients.add(within: limit ?? .max) {
                    slots[slot] = Slot(isArrival: true)
                    begin(slot: slot, scheduled: scheduled)
                } else {
                    recorder.add(metrics.clientsNotStarted, group: groups.group(ofSlot: slot))
                }
            case .leave(let slot):
                slots[slot]?.isWanted = false
                if let seat = slots[slot]?.seat { seats[seat]?.leave(at: .now()) }
            case .end:
                drain(within: grace)
            }
        }
    }

    func restart(upTo now: NIODeadline) {
        while let restart = restarts.min, wheel.rounded(restart.time) <= now {
            restarts.removeMin()
            slots[restart.slot]?.isRestarting = false
            // In an open phase nobody is replaced; the next closed one fills the slots that stand empty.
            guard replaces, let slot = slots[restart.slot], slot.isWanted, slot.seat == nil else { continue }
            activeClients.add(1)
            begin(slot: restart.slot, scheduled: wheel.rounded(restart.time))
        }
    }

    /// A free seat, with its timers.
    private func takeSeat() -> Int {
        if let seat = freeSeats.popLast() { return seat }
        seats.append(nil)
        wheel.reserve(nodes: seats.count * ClientTimer.count)
        return seats.count - 1
    }

    /// The client of a flow in a seat; nil where somebody else sits there, or nobody.
    func virtualClient(in seat: Int) -> VirtualClient? {
        seats.indices.contains(seat) ? seats[seat] as? VirtualClient : nil
    }

    /// Gives a seat to what `make` makes for it.
    func seat<Client: SeatedClient>(_ make: (Int) -> Client) -> Client {
        let seat = takeSeat()
        let client = make(seat)
        seats[seat] = client
        return client
    }

    /// Its seat is free again.
    func unseat(_ client: any SeatedClient) {
        seats[client.seat] = nil
        freeSeats.append(client.seat)
    }

    /// Puts a client, which `activeClients` has counted, into the slot.
    private func begin(slot number: Int, scheduled: NIODeadline) {
        let seat = takeSeat()
        let generation = slots[number, default: Slot()].begin(seat: seat)
        let group = groups.group(ofSlot: number)
        let client = client(seat, group, number, generation, scheduled)
        seats[seat] = client
        active[group] += 1
        recorder.add(metrics.clientsStarted, group: group)
        client.start(at: .now())
    }

    private func client(
        _ seat: Int,
        _ group: Int,
        _ slot: Int,
        _ generation: Int,
        _ scheduled: NIODeadline
    ) -> any LoadedClient {
        if let replay {
            return ReplayClient(
                worker: self,
                replay: replay,
                seat: seat,
                slot: slot,
                generation: generation,
                scheduled: scheduled
            )
        }
        return VirtualClient(
            worker: self,
            program: programs[group],
            seat: seat,
            slot: slot,
            generation: generation,
            scheduled: scheduled
        )
    }

    /// A client's flow is over: its seat is free, and its slot gets another where the load wants one.
    func ended(_ client: any LoadedClient, as ending: Ending, failedToConnect: Bool, at now: NIODeadline) {
        let counter =
            switch ending {
            case .finished: metrics.clientsFinished
            case .failed: metrics.clientsFailed
            case .cut: metrics.clientsCut
            }
        client.endAfflictions(isCut: ending == .cut, at: now)
        recorder.add(counter, group: client.group)
        unseat(client)
        active[client.groupNumber] -= 1
        activeClients.add(-1)
        guard let delay = slots[client.slot]?.end(failedToConnect: failedToConnect) else { return }
        if replaces, slots[client.slot]?.isWanted == true {
            restarts.insert(Restart(time: now + delay, slot: client.slot))
            slots[client.slot]?.isRestarting = true
        } else if slots[client.slot]?.isArrival == true {
            slots[client.slot] = nil
        }
    }
}
