import Testing

@testable import Metrics

@Suite struct SideEstimateTests {
    /// Twelve calm blocks and three hot ones of one run.
    private let layout = BlockLayout(
        runs: Array(repeating: 0, count: 15),
        strata: Array(repeating: 0, count: 12) + [1, 1, 1]
    )

    @Test("the degrees of freedom are those of the phase that the figure hangs on")
    func degrees() throws {
        let calm = (0..<12).map { Double($0 % 2) * 2 - 1 }
        let hot = try #require(StratifiedVariance(of: calm.map { $0 * 1e-6 } + [-1, 0, 1], layout))
        #expect(abs(hot.degrees - 2) < 1e-6)
        #expect(abs(hot.correction - 1.5) < 1e-6)
        #expect(abs(hot.variance - 3) < 1e-6)
        let even = try #require(StratifiedVariance(of: calm + [0, 0, 0], layout))
        #expect(abs(even.degrees - 11) < 1e-9)
        #expect(abs(even.correction - 12.0 / 11) < 1e-9)
    }

    @Test("a variance that one block makes is known badly, however many blocks there are")
    func outlier() throws {
        let layout = BlockLayout(runs: Array(repeating: 0, count: 12), strata: Array(repeating: 0, count: 12))
        let lone = try #require(StratifiedVariance(of: Array(repeating: 0, count: 11) + [1], layout))
        #expect(lone.degrees > 2 && lone.degrees < 3)
        #expect(abs(lone.correction - 12.0 / 11) < 1e-9)
    }

    @Test("what nothing deviates by is known as badly as its smallest phase")
    func nothing() throws {
        let none = try #require(StratifiedVariance(of: Array(repeating: 0, count: 15), layout))
        #expect(none.variance == 0)
        #expect(none.degrees == 2)
        #expect(none.correction == 1.5)
    }

    @Test("a phase of one block makes the variance of blocks incomplete")
    func lone() throws {
        let layout = BlockLayout(runs: [0, 0, 0, 1, 1, 1], strata: [0, 0, 1, 2, 2, 3])
        let variance = try #require(StratifiedVariance(of: [-1, 1, 5, -1, 1, 9], layout))
        #expect(!variance.isComplete)
        let estimate = SideEstimate(value: 1, samples: 1, blocks: variance, runs: 0.1, layout: layout)
        #expect(estimate.variance == variance.variance)
        #expect(estimate.degrees == 1)
        #expect(StratifiedVariance(of: [1, 2], BlockLayout(runs: [0, 0], strata: [0, 1])) == nil)
    }

    @Test("a block that counts half weighs half in a sum over a sum and in a percentile")
    func weights() throws {
        let layout = BlockLayout(runs: [0, 0, 0, 0], strata: [0, 0, 1, 1], weights: [1, 1, 0.5, 0.5])
        let rate = try #require(SideEstimate.quotient([0, 0, 8, 8], [10, 10, 10, 10], layout, isRatio: false))
        #expect(abs(rate.value - 8.0 / 30) < 1e-12)
        #expect(rate.samples == 40)
        var low = Histogram()
        low.record(100, times: 100)
        var high = Histogram()
        high.record(1000, times: 100)
        let blocks = BlockedHistograms([low, low, high, high])
        #expect(try #require(blocks.percentile(60, weights: layout.weights)) < 101)
        #expect(try #require(blocks.percentile(60)) > 900)
    }

    @Test("how a block deviates from the percentile sums to nothing over all")
    func excess() throws {
        var random = SeededGenerator(seed: 5)
        let blocks = BlockedHistograms(
            (0..<4).map { _ in
                var histogram = Histogram()
                for _ in 0..<1000 { histogram.record(Int.random(in: 1000...9000, using: &random)) }
                return histogram
            }
        )
        let value = try #require(blocks.percentile(90))
        let excess = blocks.excess(upTo: value, of: 90)
        #expect(abs(excess.reduce(0, +)) < 12)
        #expect(excess.contains { abs($0) > 1 })
    }
}
