import Testing

@testable import Metrics

@Suite struct ResamplingTests {
    private let layout = BlockLayout(runs: [0, 0, 0, 1, 1], strata: [0, 0, 1, 2, 2])

    @Test("each stratum keeps its number of blocks in every draw")
    func strata() {
        let draws = Resampling(blocksOf: layout, draws: 200, seed: 1)
        var sums = [Double](repeating: 0, count: 5)
        for draw in 0..<200 {
            let row = Array(draws.weights[(draw * 5)..<(draw * 5 + 5)])
            #expect(row[0] + row[1] == 2)
            #expect(row[2] == 1)
            #expect(row[3] + row[4] == 2)
            for place in 0..<5 { sums[place] += row[place] }
        }
        #expect(sums.allSatisfy { abs($0 / 200 - 1) < 0.2 })
    }

    @Test("a run is drawn with all its blocks")
    func runs() {
        let draws = Resampling(runsOf: layout, draws: 200, seed: 1)
        var seen: Set<[Double]> = []
        for draw in 0..<200 { seen.insert(Array(draws.weights[(draw * 5)..<(draw * 5 + 5)])) }
        #expect(seen == [[2, 2, 2, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 2, 2]])
    }

    @Test("the same seed makes the same draws, another one others")
    func seeds() {
        let first = Resampling(blocksOf: layout, draws: 50, seed: 9).weights
        #expect(Resampling(blocksOf: layout, draws: 50, seed: 9).weights == first)
        #expect(Resampling(blocksOf: layout, draws: 50, seed: 10).weights != first)
    }

    @Test("strata and runs are counted off for the degrees of freedom")
    func degrees() {
        #expect(layout.degreesOfBlocks == 2)
        #expect(layout.degreesOfRuns == 1)
        #expect(BlockLayout(runs: [], strata: []).degreesOfBlocks == 0)
    }
}
