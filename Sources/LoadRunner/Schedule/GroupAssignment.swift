import Scenarios

/// Which group a slot belongs to: the shares spread evenly over the slots, the same for every run.
struct GroupAssignment: Sendable {
    /// The group of each slot modulo the sum of the shares.
    private let pattern: [Int]

    /// Smooth weighted round robin: of shares 4 and 1, every fifth slot is the second group's.
    init(shares: [Int]) {
        let divisor = shares.reduce(0, Self.greatestCommonDivisor)
        let weights = shares.map { divisor > 0 ? $0 / divisor : 1 }
        let total = weights.reduce(0, +)
        var credit = Array(repeating: 0, count: weights.count)
        pattern = (0..<max(total, 1)).map { _ in
            var best = 0
            for group in weights.indices {
                credit[group] += weights[group]
                if credit[group] > credit[best] { best = group }
            }
            credit[best] -= total
            return best
        }
    }

    func group(ofSlot slot: Int) -> Int {
        pattern[slot % pattern.count]
    }

    /// The slot's place among those of its group.
    func place(ofSlot slot: Int) -> Int {
        let (rounds, place) = slot.quotientAndRemainder(dividingBy: pattern.count)
        let group = pattern[place]
        let before = pattern[..<place].count { $0 == group }
        return rounds * pattern.count { $0 == group } + before
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
