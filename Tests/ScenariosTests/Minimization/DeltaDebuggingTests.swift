import Testing

@testable import Scenarios

@Suite("Delta debugging over a list")
struct DeltaDebuggingTests {
    /// Runs a search to its end.
    ///
    /// - Returns: What is left, and how many trials it took.
    private func search(_ count: Int, _ fails: ([Int]) -> Bool) -> (kept: [Int], trials: Int) {
        var search = DeltaDebugging(count: count)
        var trials = 0
        while let candidate = search.candidate {
            trials += 1
            search.take(fails: fails(candidate))
            if trials > 100_000 { break }
        }
        return (search.kept, trials)
    }

    @Test(
        "What the failure needs is left, and nothing else",
        arguments: [[], [0], [7], [3, 4], [0, 99], [1, 2, 3, 50], Array(20..<30)]
    )
    func known(needed: [Int]) {
        let (kept, _) = search(100) { candidate in needed.allSatisfy(candidate.contains) }
        #expect(kept == needed)
    }

    @Test("Of nothing, and of one part, little is asked")
    func small() {
        #expect(search(0) { _ in true } == ([], 0))
        #expect(search(1) { _ in true } == ([], 1))
        #expect(search(1) { _ in false } == ([0], 1))
    }

    @Test("One part of 1,000 is found in a few dozen trials")
    func speed() {
        let (kept, trials) = search(1000) { $0.contains(613) }
        #expect(kept == [613])
        #expect(trials < 40)
    }

    @Test("What is left of random failures fails, and none of its parts can go", arguments: 0..<60)
    func oneMinimal(seed: UInt64) {
        var random = SplitMix(seed)
        let count = Int(random.next() % 40) + 1
        // Any of some sets of parts fails, unless a part spoils it that is there and another is not: not monotone.
        let sets = (0..<(1 + random.next() % 3)).map { _ in
            Set((0..<(1 + random.next() % 5)).map { _ in Int(random.next() % UInt64(count)) })
        }
        let spoiler = Int(random.next() % UInt64(count))
        let antidote = Int(random.next() % UInt64(count))
        func fails(_ parts: [Int]) -> Bool {
            let parts = Set(parts)
            if parts.contains(spoiler), !parts.contains(antidote) { return false }
            return sets.contains { $0.isSubset(of: parts) }
        }
        guard fails(Array(0..<count)) else { return }
        let (kept, trials) = search(count, fails)
        #expect(fails(kept))
        for part in kept { #expect(!fails(kept.filter { $0 != part })) }
        #expect(trials <= count * count + 200)
        #expect(search(count, fails).kept == kept)
    }

    @Test("A verdict that changes with every question does not keep it from ending")
    func flaky() {
        var random = SplitMix(3)
        let (kept, trials) = search(64) { candidate in candidate.contains(5) && random.next() % 3 > 0 }
        #expect(kept.contains(5))
        #expect(trials < 4000)
    }
}

/// Numbers that depend on a seed alone.
struct SplitMix {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
