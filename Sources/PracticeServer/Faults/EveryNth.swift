/// Picks every n-th of what passes, counted over the whole server.
///
/// A pick that falls on something unfit waits for the next that is fit, and the ones after it keep their places, so
/// that over time exactly one in n is picked.
struct EveryNth: Sendable {
    private let period: Int
    private var passed = 0

    /// Picks nothing where the period is nil.
    init(_ period: Int?) {
        self.period = period ?? 0
    }

    mutating func pick(fit: Bool = true) -> Bool {
        guard period > 0 else { return false }
        passed &+= 1
        guard fit, passed >= period else { return false }
        passed &-= period
        return true
    }
}
