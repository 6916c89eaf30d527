import Synchronization

/// How many clients there are over all workers, for the limit of an open phase.
///
/// Touched when a client comes and when it goes, never by a message.
final class ActiveClients: Sendable {
    private let number = Atomic(0)

    func add(_ change: Int) {
        number.add(change, ordering: .relaxed)
    }

    /// Counts one more client unless that would be more than the limit; workers that do so at once do not pass it.
    ///
    /// - Returns: Whether there was room.
    func add(within limit: Int) -> Bool {
        var count = number.load(ordering: .relaxed)
        while count < limit {
            let (isExchanged, original) = number.compareExchange(
                expected: count,
                desired: count + 1,
                ordering: .relaxed
            )
            if isExchanged { return true }
            count = original
        }
        return false
    }
}
