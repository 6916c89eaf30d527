import Metrics
import NIOCore
import Scenarios

/// What is done to a client's connection on purpose: by its own steps, or by the faults of the run.
extension VirtualClient {
    /// Cuts the connection; the reconnect policy takes over once the client has noticed.
    func drop(_ kind: DropKind, at now: NIODeadline) {
        connection?.drop(kind, at: now)
    }

    /// Stops reading, or reads slowly, for a while.
    func stall(_ stall: Stall, at now: NIODeadline) {
        connection?.stall(stall, at: now)
    }

    /// A fault has hit the client; until it is over it, what it measures says nothing of the others.
    ///
    /// Each call is followed by one of `endAffliction`; a client may be hit by several at once.
    func beginAffliction(at now: NIODeadline) {
    }

    func endAffliction(at now: NIODeadline) {
    }
}
