import Foundation
import Testing

@testable import Metrics

@Suite struct ComparedPhasesTests {
    /// A calm phase, and a hot one at twice the clients whose latency is twice as high.
    private func run(_ seed: UInt64, calm: Double, hot: Double, _ change: (inout SyntheticRun) -> Void = { _ in })
        -> SyntheticRun
    {
        var run = SyntheticRun(seed: seed)
        run.directory = "run\(seed)"
        run.wander = 0.01
        run.width = 0.1
        run.load = [
            RunFile.Phase(name: "calm", seconds: calm, model: "clients", from: 100, to: 100),
            RunFile.Phase(name: "hot", seconds: hot, model: "clients", from: 500, to: 500),
        ]
        run.level = { Double($0) < calm ? 0 : log(2) }
        change(&run)
        return run
    }

    private func compare(_ base: [SyntheticRun], _ new: [SyntheticRun]) -> Comparison {
        Comparison(base: base.map(\.run), new: new.map(\.run), settings: ComparisonSettings(draws: 200))
    }

    private func figure(_ name: String, _ comparison: Comparison) throws -> ComparedFigure {
        try #require(comparison.figures.first { $0.name == name })
    }

    @Test("the same server with a hot phase of another length does not differ")
    func lengths() throws {
        let comparison = compare([run(1, calm: 62, hot: 62)], [run(2, calm: 62, hot: 182)])
        #expect(comparison.worse.isEmpty && comparison.better.isEmpty)
        #expect(comparison.notes.first?.hasPrefix("the runs have the phases for different times") == true)
        let median = try figure("join.p50", comparison)
        #expect(abs((median.change ?? 1)) < 0.05)
        #expect(compare([run(1, calm: 62, hot: 62)], [run(2, calm: 62, hot: 62)]).notes.count == 1)
    }

    @Test("a run that was killed in its hot phase is compared by as much of that as by the other's")
    func killed() throws {
        let early = compare([run(1, calm: 62, hot: 62)], [run(2, calm: 62, hot: 62) { $0.end = 75 }])
        #expect(early.worse.isEmpty && early.better.isEmpty)
        #expect(early.blocks == (6, 6))
        #expect(
            early.warnings.contains(
                "phase 2 `hot` (500 clients) is left out of all figures: run2 has 1 block of 10 s of it, and noise is told "
                    + "from 3 (32 s of the phase), or from three runs a side"
            )
        )
        let late = compare([run(1, calm: 62, hot: 62)], [run(2, calm: 62, hot: 62) { $0.end = 96 }])
        #expect(late.worse.isEmpty && late.better.isEmpty)
        #expect(late.blocks == (12, 9))
        #expect(abs(try figure("join.p50", late).change ?? 1) < 0.05)
    }

    @Test("a hot phase of one block is left out of the figures, since nobody knows how the next would differ")
    func short() throws {
        func spike(_ seed: UInt64) -> SyntheticRun {
            run(seed, calm: 122, hot: 14) { run in
                // By chance the one block of the second run is half as slow again.
                run.level = { $0 < 122 ? 0 : seed == 2 ? 1.8 : 1.4 }
            }
        }
        let comparison = compare([spike(1)], [spike(2)])
        #expect(comparison.exitCode == .passed)
        #expect(comparison.blocks == (12, 12))
        #expect(try figure("join.p99", comparison).base.value < 30_000)
        #expect(comparison.warnings.contains { $0.contains("phase 2 `hot`") })
    }

    @Test("with three runs a side a phase of one block counts, and the runs tell how it differs")
    func shortOften() throws {
        func side(_ seeds: ClosedRange<UInt64>) -> [SyntheticRun] {
            seeds.map { seed in run(seed, calm: 62, hot: 14) { $0.metrics = ["join"] } }
        }
        let comparison = compare(side(1...3), side(4...6))
        #expect(comparison.blocks == (21, 21))
        #expect(!comparison.warnings.contains { $0.contains("left out") })
        #expect(try figure("join.p99", comparison).base.value > 35_000)
        #expect(comparison.worse.isEmpty && comparison.better.isEmpty)
    }

    @Test("without a steady phase runs of two lengths are refused")
    func ramps() {
        func ramp(_ seed: UInt64, _ end: Int?) -> ComparedRun {
            run(seed, calm: 0, hot: 0) {
                $0.load = [RunFile.Phase(name: nil, seconds: 60, model: "clients", from: 0, to: 50)]
                $0.end = end
            }.run
        }
        #expect(Comparability(base: [ramp(1, nil)], new: [ramp(2, nil)]).refusals.isEmpty)
        #expect(
            Comparability(base: [ramp(1, nil)], new: [ramp(2, 33)]).refusals == [
                "run1 lasted 60 s and run2 33 s, and no phase keeps its load: the ramps of two lengths cannot be compared"
            ]
        )
    }

    @Test("a copy of a folder is refused")
    func copies() {
        let first = run(1, calm: 62, hot: 62).run
        var copy = run(1, calm: 62, hot: 62)
        copy.directory = "copy"
        #expect(Comparability(base: [first], new: [copy.run]).refusals.count == 1)
        copy.seed = 2
        #expect(Comparability(base: [first], new: [copy.run]).refusals.isEmpty)
    }
}
