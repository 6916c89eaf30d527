import Scenarios
import Testing

@Suite("Random numbers of a client")
struct ClientRandomTests {
    @Test("neighbouring seeds, slots, generations and streams share nothing")
    func mix() {
        var seen: Set<UInt64> = []
        for seed in 0..<6 {
            for slot in 0..<6 {
                for generation in 0..<6 {
                    for stream in 0..<6 {
                        var random = ClientRandom(
                            seed: UInt64(seed),
                            slot: slot,
                            generation: generation,
                            stream: UInt64(stream)
                        )
                        for _ in 0..<4 { seen.insert(random.next()) }
                    }
                }
            }
        }
        #expect(seen.count == 6 * 6 * 6 * 6 * 4)
    }

    @Test("first numbers of successive slots are evenly spread")
    func spread() {
        var buckets = Array(repeating: 0, count: 16)
        for slot in 0..<16_000 {
            var random = ClientRandom(seed: 42, slot: slot, generation: 0, stream: 0)
            buckets[random.integer(from: 0, through: 15)] += 1
        }
        // The standard deviation of each is about 31.
        #expect(buckets.allSatisfy { abs($0 - 1000) < 150 })
    }

    @Test("integers stay within their bounds, whatever they are")
    func bounds() {
        var random = ClientRandom(seed: 1, slot: 0, generation: 0, stream: 0)
        for (lower, upper) in [(0, 0), (-3, 3), (Int.min, Int.max), (Int.max - 1, Int.max), (5, 1)] {
            for _ in 0..<100 {
                let value = random.integer(from: lower, through: upper)
                #expect(value >= min(lower, upper) && value <= max(lower, upper))
            }
        }
    }

    @Test("delays stay within their range")
    func delays() {
        var random = ClientRandom(seed: 1, slot: 0, generation: 0, stream: 0)
        let range = DelayRange(lower: .seconds(1), upper: .seconds(3))
        let delays = (0..<1000).map { _ in random.delay(in: range) }
        #expect(delays.allSatisfy { $0 >= range.lower && $0 <= range.upper })
        #expect(delays.contains { $0 < .milliseconds(1100) })
        #expect(delays.contains { $0 > .milliseconds(2900) })
        #expect(random.delay(in: DelayRange(lower: .seconds(2), upper: .seconds(2))) == .seconds(2))
    }

    @Test("exponential delays have their mean, never exceed ten times it, and are the same for the same client")
    func exponentialDelays() {
        func delays(_ seed: UInt64) -> [Duration] {
            var random = ClientRandom(seed: seed, slot: 0, generation: 0, stream: 0)
            return (0..<20_000).map { _ in random.delay(.exponential(mean: .seconds(2))) }
        }
        let drawn = delays(1)
        #expect(drawn == delays(1))
        #expect(drawn != delays(2))
        #expect(drawn.allSatisfy { $0 >= .zero && $0 <= .seconds(20) })
        let mean: Double = (drawn.reduce(Duration.zero, +) / 20_000) / Duration.seconds(2)
        #expect((0.95...1.05).contains(mean))
        // A memoryless delay is longer than its mean with probability 1/e, longer than twice that with 1/e².
        let longer = drawn.filter { $0 > .seconds(2) }.count
        let twice = drawn.filter { $0 > .seconds(4) }.count
        #expect((7000...7700).contains(longer))
        #expect((2500...2900).contains(twice))
    }

    @Test("a delay from a range is drawn as the range says")
    func rangeDelays() {
        var (first, second) = (
            ClientRandom(seed: 3, slot: 0, generation: 0, stream: 0),
            ClientRandom(seed: 3, slot: 0, generation: 0, stream: 0)
        )
        let range = DelayRange(lower: .seconds(1), upper: .seconds(3))
        #expect((0..<100).allSatisfy { _ in first.delay(.range(range)) == second.delay(in: range) })
    }

    @Test("fractions are from 0 to 1, 1 excluded")
    func fractions() {
        var random = ClientRandom(seed: 1, slot: 0, generation: 0, stream: 0)
        let fractions = (0..<1000).map { _ in random.fraction() }
        #expect(fractions.allSatisfy { (0..<1).contains($0) })
        #expect(abs(fractions.reduce(0, +) / 1000 - 0.5) < 0.05)
    }
}
