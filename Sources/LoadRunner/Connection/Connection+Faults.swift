import NIOCore
import Scenarios

/// What is done to a connection on purpose.
extension Connection {
    func drop(_ kind: DropKind, at now: NIODeadline) {
    }

    func stall(_ stall: Stall, at now: NIODeadline) {
    }
}
