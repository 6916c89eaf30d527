import Testing

@testable import Metrics

@Suite struct BlockedHistogramsTests {
    private func histograms(_ count: Int) -> [Histogram] {
        var random = SeededGenerator(seed: 7)
        return (0..<count).map { _ in
            var histogram = Histogram()
            for _ in 0..<500 { histogram.record(random.value(upTo: 20)) }
            return histogram
        }
    }

    @Test("the percentile of all blocks is that of the pooled histogram, to a place", arguments: [1.0, 50, 95, 99])
    func pooled(percentile: Double) throws {
        let blocks = histograms(5)
        var pooled = Histogram()
        for block in blocks { pooled.add(block) }
        let value = try #require(BlockedHistograms(blocks).percentile(percentile))
        let exact = pooled.percentile(percentile)
        #expect(abs(value - Double(exact)) <= BlockedHistograms.resolution(at: Double(exact)) + 1)
    }

    @Test("a draw's percentile is that of the blocks drawn, as often as they were")
    func drawn() throws {
        let blocks = histograms(4)
        let layout = BlockLayout(runs: [0, 0, 0, 0], strata: [0, 0, 0, 0])
        let draws = Resampling(blocksOf: layout, draws: 25, seed: 3)
        let values = try #require(BlockedHistograms(blocks).percentiles(90, draws))
        #expect(values.count == 25)
        for (draw, value) in values.enumerated() {
            var pooled = Histogram()
            for block in 0..<4 { for _ in 0..<Int(draws.weights[draw * 4 + block]) { pooled.add(blocks[block]) } }
            let exact = Double(pooled.percentile(90))
            #expect(abs(value - exact) <= BlockedHistograms.resolution(at: exact) + 1)
        }
        #expect(Set(values).count > 10)
    }

    @Test("blocks without samples have no percentile")
    func empty() {
        #expect(BlockedHistograms([Histogram(), Histogram()]).percentile(50) == nil)
        #expect(BlockedHistograms([]).percentile(50) == nil)
    }

    @Test("counts that no run has do no harm")
    func hostile() {
        var histogram = Histogram()
        histogram.record(100, times: .max)
        histogram.record(200, times: .max)
        let blocks = BlockedHistograms([histogram, histogram, histogram])
        #expect(blocks.total <= WholeNumber.most)
        _ = blocks.percentile(99)
        var many = Histogram()
        many.record(100, times: 1 << 61)
        #expect(BlockedHistograms(Array(repeating: many, count: 8)).total == WholeNumber.most)
    }

    @Test("a place of one unit lies half a unit to either side of it")
    func units() throws {
        var histogram = Histogram()
        histogram.record(100, times: 10)
        let middle = try #require(BlockedHistograms([histogram]).percentile(50))
        #expect(middle == 100)
    }
}
