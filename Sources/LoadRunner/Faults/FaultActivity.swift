import Synchronization

/// Whether a fault is on anywhere in the run: what is afflicted or running, over all workers.
///
/// Touched when a fault hits a client and when the client is over it, never by a message; read once per tick.
final class FaultActivity: Sendable {
    /// What a worker sees of it.
    struct State: Hashable {
        var isOn: Bool
        /// How often it was turned on, so that one that was on between two looks does not go unseen.
        var beginnings: Int
    }

    private let count = Atomic(0)
    private let beginnings = Atomic(0)

    var state: State {
        State(
            isOn: count.load(ordering: .acquiring) > 0,
            beginnings: beginnings.load(ordering: .acquiring)
        )
    }

    /// A client is afflicted, or a command runs; followed by one `end`.
    func begin() {
        if count.add(1, ordering: .acquiringAndReleasing).oldValue == 0 {
            beginnings.add(1, ordering: .releasing)
        }
    }

    func end() {
        count.subtract(1, ordering: .acquiringAndReleasing)
    }
}
