import Testing

@testable import Metrics

@Suite struct SteadyTimeTests {
    private func steady(
        _ phases: [(Double, Double, Double)],
        lastSecond: Int = 1000,
        warmup: Double = 0,
        grain: Int = 1
    ) -> SteadyTime {
        var run = SyntheticRun(seed: 1)
        run.load = phases.map { RunFile.Phase(name: nil, seconds: $0.0, model: "clients", from: $0.1, to: $0.2) }
        var file = run.file
        file.warmupSeconds = warmup
        return SteadyTime(of: file, lastSecond: lastSecond, grain: grain)
    }

    private func bounds(_ time: SteadyTime) -> [[Int]] { time.blocks.map { [$0.start, $0.end, $0.phase] } }

    @Test("a steady phase is cut into blocks of at least ten seconds, without its first two")
    func blocks() {
        let time = steady([(6.5, 0, 50), (34, 50, 50), (5, 50, 0)])
        #expect(bounds(time) == [[9, 19, 1], [19, 29, 1], [29, 40, 1]])
        #expect(time.seconds == 31)
        #expect(!time.isWholeRun)
    }

    @Test("a long phase is cut into twelve")
    func long() {
        let time = steady([(602, 10, 10)])
        #expect(time.blocks.count == 12)
        #expect(time.blocks.allSatisfy { $0.end - $0.start == 50 })
        #expect(time.blocks.last?.end == 602)
    }

    @Test("blocks begin and end where samples that were written together do", arguments: [60.0, 63, 65.5])
    func grain(ramp: Double) throws {
        let time = steady([(ramp, 0, 8), (662, 8, 8)], grain: 10)
        #expect(time.blocks.count == 12)
        #expect(time.blocks.first?.start == 70)
        #expect(time.blocks.allSatisfy { $0.start % 10 == 0 && $0.end % 10 == 0 && $0.end > $0.start })
        let last = try #require(time.blocks.last)
        #expect(Double(last.end) > ramp + 662 - 10)
        #expect(zip(time.blocks, time.blocks.dropFirst()).allSatisfy { $0.end == $1.start })
    }

    @Test("two steady phases of one level need to settle once, of two levels twice")
    func several() {
        #expect(bounds(steady([(12, 5, 5), (10, 5, 5)])) == [[2, 12, 0], [12, 22, 1]])
        #expect(bounds(steady([(12, 5, 5), (12, 9, 9)])) == [[2, 12, 0], [14, 24, 1]])
    }

    @Test("the warmup and what a run did not come to are left out")
    func ends() {
        #expect(bounds(steady([(60, 5, 5)], lastSecond: 33, warmup: 12.5)) == [[13, 23, 0], [23, 33, 0]])
        #expect(steady([(60, 5, 5)], lastSecond: 5).blocks.isEmpty)
    }

    @Test("a run without a steady phase is taken whole")
    func whole() {
        let time = steady([(20, 0, 50), (20, 50, 0)])
        #expect(time.isWholeRun)
        #expect(bounds(time) == [[0, 10, 0], [10, 20, 0], [20, 30, 0], [30, 40, 0]])
        #expect(steady([(20, 0, 0)]).isWholeRun)
    }

    @Test("an instant falls into the block that holds it, or into none")
    func instants() {
        let time = steady([(6.5, 0, 50), (34, 50, 50), (14, 9, 9)])
        #expect(time.block(at: 8.9) == nil)
        #expect(time.block(at: 9) == 0)
        #expect(time.block(at: 18.99) == 0)
        #expect(time.block(at: 19) == 1)
        #expect(time.block(at: 41) == nil)
        #expect(time.block(at: 43) == 3)
        #expect(time.block(at: 1e9) == nil)
    }

    @Test("numbers that no run writes do no harm")
    func hostile() {
        #expect(steady([(.infinity, 5, 5)]).blocks.count == 12)
        #expect(steady([(.nan, 5, 5)]).blocks.isEmpty)
        #expect(steady([(-1e300, 5, 5), (1e300, 7, 7)]).blocks.count <= 12)
    }
}
