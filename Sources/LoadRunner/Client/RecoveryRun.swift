import NIOCore
import Scenarios

/// A client on its way back, and the flow that waits for it.
final class RecoveryRun {
    var state: Recovery
    /// When the next attempt begins.
    var due: NIODeadline
    /// The flow, while the steps of `rejoin` run in its place.
    var flow: SuspendedFlow?
    /// The time of the task that the flow is in ran out meanwhile.
    var isTaskOverdue = false
    /// The flow begins anew at its `connect`, which is this.
    var isCause = false

    init(_ state: Recovery, at now: NIODeadline) {
        self.state = state
        due = now
    }
}

/// Where a flow stands that is set aside.
struct SuspendedFlow {
    var address: Instruction.Address
    var waiting: VirtualClient.Waiting
    var cause: VirtualClient.Cause?
    var readyAt: NIODeadline
    var isWindowOpen: Bool
    var inbox: Inbox
    var lastEvent: StoredEvent?
    /// What it sent last.
    var sent: StoredEvent?
    var random: ClientRandom
    /// When the running step's time is over; nil where it has none.
    var deadline: NIODeadline?
}
