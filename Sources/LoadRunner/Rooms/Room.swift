import NIOCore
import Synchronization

/// A room, which clients of all workers may be in.
///
/// The ledger is behind a lock: whoever sends, receives, joins or leaves holds it for a moment, so that who is owed a
/// message is the same for all threads.
final class Room: Sendable {
    /// The room's place in the directory, which stamps carry.
    let number: Int
    private let ledger: Mutex<RoomLedger>

    init(number: Int, rules: RoomLedger.Rules) {
        self.number = number
        ledger = Mutex(RoomLedger(rules: rules))
    }

    /// Calls the closure with the room's ledger, alone.
    func withLedger<Result>(_ body: (inout sending RoomLedger) -> sending Result) -> sending Result {
        ledger.withLock(body)
    }
}
