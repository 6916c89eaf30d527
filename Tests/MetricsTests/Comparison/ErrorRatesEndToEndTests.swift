import Testing

@testable import Metrics

/// What the comparison promises: how often it is wrong about equal runs, and what it finds.
///
/// Hundreds of runs take seconds, hence among the tests that run one by one.
@Suite struct ErrorRatesEndToEndTests {
    private func compare(
        _ first: SyntheticRun,
        _ second: SyntheticRun,
        tolerance: Double
    ) -> Comparison {
        Comparison(
            base: [first.run],
            new: [second.run],
            settings: ComparisonSettings(tolerance: tolerance, draws: 200)
        )
    }

    @Test("of 200 pairs of equal runs at most 5 % differ, though seconds resemble one another and nothing is tolerated")
    func falsePositives() {
        var wrong = 0
        for pair in 0..<200 {
            var first = SyntheticRun(seed: UInt64(pair) * 2 + 1)
            first.seconds = pair % 3 == 0 ? 58 : 38
            first.samples = 12
            first.width = 0.08
            first.hasCounters = false
            first.groups = ["all"]
            var second = first
            second.seed += 1
            let comparison = compare(first, second, tolerance: 0)
            if !comparison.worse.isEmpty || !comparison.better.isEmpty { wrong += 1 }
            #expect(comparison.judgedCount == 3)
        }
        #expect(wrong <= 10)
    }

    @Test("a server that is 10 % slower is found, and one that is 10 % faster")
    func power() {
        for pair in 0..<10 {
            var first = SyntheticRun(seed: UInt64(pair) * 2 + 1001)
            first.wander = 0.01
            first.width = 0.08
            first.groups = ["all"]
            first.hasCounters = false
            var second = first
            second.seed += 1
            second.offset = 0.0953
            #expect(compare(first, second, tolerance: 0.05).worse.contains { $0.name == "join.p50" })
            #expect(compare(second, first, tolerance: 0.05).better.contains { $0.name == "join.p50" })
        }
    }

    @Test("a difference within the tolerance is none, however certain it is")
    func tolerance() {
        var first = SyntheticRun(seed: 5)
        first.wander = 0.001
        first.width = 0.05
        first.samples = 100
        var second = first
        second.seed = 6
        second.offset = 0.03
        #expect(compare(first, second, tolerance: 0.05).worse.isEmpty)
        #expect(compare(first, second, tolerance: 0.01).worse.contains { $0.name == "join.p50" })
    }
}
