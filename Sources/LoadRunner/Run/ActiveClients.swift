import Synchronization

/// How many clients there are over all workers, for the limit of an open phase.
///
/// Touched when a client comes and when it goes, never by a message.
final class ActiveClients: Sendable {
    private let number = Atomic(0)

    var count: Int { number.load(ordering: .relaxed) }

    func add(_ change: Int) {
        number.add(change, ordering: .relaxed)
    }
}
