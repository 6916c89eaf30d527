import Metrics
import NIOCore
import Scenarios

/// What happens where the socket does not take what the flow sends: `outbound:` of the language.
extension VirtualClient {
    /// Whether the flow may send now; where it may not, it waits.
    ///
    /// What was written is handed to the socket only when the client's code has returned, so that nothing is dropped and
    /// nobody fails before it has waited a turn.
    func hasRoom() -> Bool {
        guard let connection, !connection.hasRoom else { return true }
        waiting = .room
        set(.step, at: .now() + TimerWheel.tick)
        return false
    }

    /// The socket may take more.
    func wakeForRoom() {
        if case .room = waiting { set(.step, at: .now()) }
    }

    /// Tries again to send.
    func retry(at now: NIODeadline) {
        if let connection, !connection.hasRoom {
            switch program.group.target.outbound.overflow {
            // The socket itself says when it takes more.
            case .wait: return
            case .drop:
                recorder.add(metrics.sendDropped, group: group)
                readyAt = now
                address += 1
            case .fail: return fail("too_large", overflowText, at: now)
            }
        }
        waiting = .nothing
        proceed(at: now)
    }

    /// A handler sent more than the socket takes.
    func overflowed(_ queued: Int, at now: NIODeadline) {
        fail("too_large", "\(overflowText); \(queued) bytes wait for it", at: now)
    }

    private var overflowText: String {
        "the server does not read what it is sent, and `outbound` lets \(program.group.target.outbound.limit) bytes wait"
    }
}
