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

    /// How many of so many pairs of equal runs differ.
    private func wrong(of pairs: Int, _ run: (_ seed: UInt64) -> SyntheticRun) -> Int {
        (0..<pairs).filter { pair in
            var runs = [1, 2].map { run(UInt64(pair) * 2 + 5000 + UInt64($0)) }
            for place in runs.indices {
                runs[place].width = 0.08
                runs[place].hasCounters = false
                runs[place].groups = ["all"]
            }
            let comparison = compare(runs[0], runs[1], tolerance: 0)
            return !comparison.worse.isEmpty || !comparison.better.isEmpty
        }.count
    }

    private func load(_ phases: [(seconds: Double, clients: Double)]) -> [RunFile.Phase] {
        phases.map { RunFile.Phase(name: nil, seconds: $0.seconds, model: "clients", from: $0.clients, to: $0.clients) }
    }

    /// A level of each block of ten seconds, as large as 15 %.
    private func noise(_ seed: UInt64, hotFrom hot: Int) -> (Int) -> Double {
        var random = SeededGenerator(seed: seed)
        let levels = (0..<80).map { _ in
            (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
        }
        // Blocks begin two seconds after their phase.
        return { second in
            second < hot
                ? 0.15 * levels[max(second - 2, 0) / 10] : 0.15 * levels[40 + max(second - hot - 2, 0) / 10] + 1.4
        }
    }

    @Test("a high percentile that a short hot phase makes is no more often wrong, be it of one block or of three")
    func hotPhase() {
        for hot in [14.0, 32] {
            let wrong = wrong(of: 80) { seed in
                var run = SyntheticRun(seed: seed)
                run.samples = 4
                run.load = load([(122, 100), (hot, 500)])
                run.level = noise(seed, hotFrom: 122)
                return run
            }
            #expect(wrong <= 9, "\(hot) s")
        }
    }

    @Test("nor are two phases of unequal length, runs that were cut, or samples that stand together by tens")
    func shapes() {
        let unequal = wrong(of: 40) { seed in
            var run = SyntheticRun(seed: seed)
            run.samples = 4
            run.load = load([(62, 100), (seed % 2 == 0 ? 92 : 182, 500)])
            run.level = { $0 < 62 ? 0 : 0.7 }
            return run
        }
        #expect(unequal <= 5)
        let cut = wrong(of: 40) { seed in
            var run = SyntheticRun(seed: seed)
            run.samples = 4
            run.load = load([(62, 100), (92, 500)])
            run.level = { $0 < 62 ? 0 : 0.7 }
            run.end = seed % 2 == 0 ? nil : 66 + Int(seed / 2 % 90)
            return run
        }
        #expect(cut <= 5)
        let tens = wrong(of: 10) { seed in
            var run = SyntheticRun(seed: seed)
            run.samples = 3
            run.grain = 10
            run.load = load([(60, 1), (602, 100)])
            return run
        }
        #expect(tens <= 2)
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
