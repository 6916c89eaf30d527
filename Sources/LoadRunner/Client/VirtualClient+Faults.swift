import Metrics
import NIOCore
import Scenarios

/// What is done to a client's connection on purpose: by its own steps, or by the faults of the run.
extension VirtualClient {
    /// Events can flow, and no cut is on its way to the client.
    var isConnected: Bool {
        if case .connection = waiting { return false }
        return connection?.isOpen == true && !isCut && recovery == nil
    }

    /// Cuts the connection; the reconnect policy takes over once the client has noticed.
    func drop(_ kind: DropKind, at now: NIODeadline) {
        guard let connection else { return }
        if !isCut {
            isCut = true
            beginAffliction(at: now)
        }
        connection.drop(kind, at: now)
    }

    var mayStall: Bool {
        program.stalls || worker.mayStall(slot: slot, generation: generation, group: program.number)
    }

    /// The connection is being cut.
    func wasCut(at now: NIODeadline) {
        cutAt = now
        rooms?.disconnected(.lost(isAnew: recovery == nil), at: now)
        cancel(.upgrade)
    }

    /// The client knows of its cut, or has left.
    func noticedCut(at now: NIODeadline) {
        guard isCut else { return }
        isCut = false
        endAffliction(at: now)
    }

    /// Stops reading, or reads slowly, for a while.
    func stall(_ stall: Stall, at now: NIODeadline) {
        connection?.stall(stall, at: now)
    }

    /// A fault of the run's clock hits the client.
    func hit(by fault: Int, _ action: Fault.Action, at now: NIODeadline) {
        switch action {
        case .drop(let kind): drop(kind, at: now)
        case .stall(let length): stall(length, at: now)
        case .run: break
        }
        // Behind it: a stall that takes the place of another ends that one.
        hits.append(fault)
        // It may be over at once: a client that does not come back is gone.
        if afflictions == 0 { settleHits(at: now) }
    }

    // MARK: Affliction

    /// A fault has hit the client; until it is over it, what it measures says nothing of the others.
    ///
    /// Each call is followed by one of `endAffliction`, or by the client's end; a client may be hit by several at once.
    func beginAffliction(at now: NIODeadline) {
        if case .gone = waiting { return }
        afflictions += 1
        guard afflictions == 1 else { return }
        wellSince = nil
        group = recorder.table.afflicted(program.number)
        worker.faultActivity.begin()
    }

    func endAffliction(at now: NIODeadline) {
        guard afflictions > 0 else { return }
        afflictions -= 1
        guard afflictions == 0 else { return }
        wellSince = now
        if cause == nil { becomeWell(by: now) }
        worker.faultActivity.end()
        // Whether one that is about to be gone has recovered is said by how it ends.
        if case .gone = waiting { return }
        settleHits(at: now)
    }

    /// A send of the flow was due at this time: if that was after the fault, so is what it causes, and is measured like
    /// other clients' from here on.
    func becomeWell(by scheduled: NIODeadline) {
        guard let wellSince, scheduled >= wellSince, afflictions == 0, task == nil else { return }
        self.wellSince = nil
        group = program.number
    }

    /// The client is gone.
    ///
    /// - Parameter isCut: The run ended before it was over what had hit it.
    func endAfflictions(isCut: Bool, at now: NIODeadline) {
        if afflictions > 0 {
            afflictions = 1
            endAffliction(at: now)
        }
        if isCut { hits.removeAll() } else { settleHits(at: now) }
    }

    private func settleHits(at now: NIODeadline) {
        for fault in hits { worker.faultLog.recovered(fault, at: now) }
        hits.removeAll()
    }
}
