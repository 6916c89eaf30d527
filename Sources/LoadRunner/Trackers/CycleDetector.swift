/// Finds a sequence that repeats at the end of a history of plans.
///
/// For every period it counts how far back the history agrees with itself shifted by that period, so that a plan costs
/// one comparison per period and nothing is searched again.
struct CycleDetector {
    /// A repeating end of the history.
    struct Cycle: Hashable {
        /// How many plans one repeat has.
        var period: Int
        /// How many full repeats there are.
        var repeats: Int
    }

    /// Longer periods are not looked for.
    static let maximumPeriod = 256

    private var signatures: [UInt64] = []
    /// At `p - 1`: how many plans at the end equal the one `p` before them.
    private var agreement: [Int] = []

    /// Adds a plan by the hash of what makes it the same as another.
    mutating func append(_ signature: UInt64) {
        for period in 1...Self.maximumPeriod where period <= signatures.count {
            let equal = signatures[signatures.count - period] == signature
            if period > agreement.count { agreement.append(0) }
            agreement[period - 1] = equal ? agreement[period - 1] + 1 : 0
        }
        signatures.append(signature)
        if signatures.count > Self.maximumPeriod { signatures.removeFirst() }
    }

    /// The end of the history with the most full repeats; of several, the one with the shortest period.
    var longest: Cycle? {
        var best: Cycle?
        for (place, agreed) in agreement.enumerated() where agreed > place {
            let cycle = Cycle(period: place + 1, repeats: agreed / (place + 1) + 1)
            if cycle.repeats > best?.repeats ?? 1 { best = cycle }
        }
        return best
    }

    /// Forgets the history: there was progress.
    mutating func reset() {
        signatures.removeAll(keepingCapacity: true)
        agreement.removeAll(keepingCapacity: true)
    }
}
