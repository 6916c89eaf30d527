import Metrics
import NIOCore
import Scenarios

/// What is the matter with a client because of faults; it may be both.
struct Affliction: OptionSet, Hashable {
    var rawValue: UInt8

    /// Its connection was cut or lost, and has not come back.
    static let connection = Affliction(rawValue: 1)
    /// It does not read, or has not caught up since.
    static let reading = Affliction(rawValue: 2)
}

/// What is done to a client's connection on purpose: by its own steps, or by the faults of the run.
extension VirtualClient {
    /// Events can flow, and no cut is on its way to the client.
    var isConnected: Bool {
        if case .connection = waiting { return false }
        return connection?.isOpen == true && !affliction.contains(.connection)
    }

    /// Cuts the connection; the reconnect policy takes over once the client has noticed.
    func drop(_ kind: DropKind, at now: NIODeadline) {
        guard let connection else { return }
        beginAffliction(.connection, at: now)
        connection.drop(kind, at: now)
    }

    /// Stops reading, or reads slowly, for a while.
    func stall(_ stall: Stall, at now: NIODeadline) {
        guard let connection else { return }
        beginAffliction(.reading, at: now)
        connection.stall(stall, at: now)
    }

    /// A fault of the run's clock hits the client.
    func hit(by fault: Int, _ action: Fault.Action, at now: NIODeadline) {
        hits.append(fault)
        switch action {
        case .drop(let kind): drop(kind, at: now)
        case .stall(let length): stall(length, at: now)
        case .run: break
        }
        // It may be over at once: a client that does not come back is gone.
        if affliction.isEmpty { settleHits(at: now) }
    }

    /// A fault has hit the client, or its connection is lost: until it is over it, what it measures says nothing of the
    /// others.
    ///
    /// Called again for what is the matter already, it changes nothing: a cut is followed by the loss that it is.
    func beginAffliction(_ affliction: Affliction = .connection, at now: NIODeadline) {
        if case .gone = waiting { return }
        if self.affliction.isEmpty {
            group = recorder.table.afflicted(program.number)
            worker.faultActivity.begin()
        }
        self.affliction.formUnion(affliction)
    }

    /// The client has its connection back, or does not try to; has caught up, or its connection ended before.
    func endAffliction(_ affliction: Affliction = .connection, at now: NIODeadline) {
        guard !self.affliction.isDisjoint(with: affliction) else { return }
        self.affliction.subtract(affliction)
        guard self.affliction.isEmpty else { return }
        group = program.number
        worker.faultActivity.end()
        settleHits(at: now)
    }

    /// The client is gone.
    ///
    /// - Parameter isCut: The run ended before it was over what had hit it.
    func endAfflictions(isCut: Bool, at now: NIODeadline) {
        if isCut, !affliction.isEmpty { hits.removeAll() }
        endAffliction([.connection, .reading], at: now)
    }

    private func settleHits(at now: NIODeadline) {
        for fault in hits { worker.faultLog.recovered(fault, at: now) }
        hits.removeAll()
    }
}
