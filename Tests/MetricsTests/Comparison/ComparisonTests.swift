import Foundation
import Testing

@testable import Metrics

@Suite struct ComparisonTests {
    private func pair(_ change: (inout SyntheticRun) -> Void = { _ in }) -> (SyntheticRun, SyntheticRun) {
        var first = SyntheticRun(seed: 11)
        first.directory = "results/old"
        first.wander = 0.004
        first.width = 0.1
        var second = first
        second.seed = 12
        second.directory = "results/new"
        change(&second)
        return (first, second)
    }

    private func compare(
        _ runs: (SyntheticRun, SyntheticRun),
        metrics: [String] = []
    ) -> Comparison {
        Comparison(
            base: [runs.0.run],
            new: [runs.1.run],
            settings: ComparisonSettings(metrics: metrics, draws: 200)
        )
    }

    private func figure(_ name: String, _ comparison: Comparison) throws -> ComparedFigure {
        try #require(comparison.figures.first { $0.name == name })
    }

    @Test("equal runs do not differ, and the process ends with 0")
    func equal() {
        let comparison = compare(pair())
        #expect(comparison.exitCode == .passed)
        #expect(comparison.verdict == "NO DIFFERENCE beyond noise and 5 % in 5 figures")
        #expect(comparison.blocks == (5, 5))
        #expect(comparison.figures.filter(\.isJudged).allSatisfy { $0.verdict == .noDifference })
    }

    @Test("a slower server is a regression, with the right numbers")
    func slower() throws {
        let comparison = compare(pair { $0.offset = 0.0953 })
        #expect(comparison.exitCode == .checkFailed)
        #expect(comparison.verdict == "REGRESSION: 2 slower of 5 figures")
        let median = try figure("join.p50", comparison)
        #expect(median.verdict == .slower)
        #expect(abs(median.base.value / 20_000 - 1) < 0.02)
        let difference = try #require(median.difference)
        #expect(abs(difference.value - 0.1) < 0.02)
        #expect(difference.low > 0.05 && difference.low < difference.value && difference.value < difference.high)
        #expect(median.base.samples == 53 * 30)
        #expect(comparison.figures.prefix(2).allSatisfy { $0.verdict == .slower })
    }

    @Test("a faster server is none")
    func faster() {
        let comparison = compare(pair { $0.offset = -0.2 })
        #expect(comparison.exitCode == .passed)
        #expect(comparison.verdict == "BETTER: 3 faster of 5 figures")
    }

    @Test("less done in the same time is slower, where the load waits for the server")
    func throughput() throws {
        let closed = compare(pair { $0.messagesPerSecond = 80 })
        #expect(try figure("messages.received.rate", closed).verdict == .slower)
        var runs = pair { $0.messagesPerSecond = 80 }
        runs.0.text = "flow:\n  - pace: 1s\n"
        runs.1.text = runs.0.text
        let paced = try figure("messages.received.rate", compare(runs))
        #expect(paced.verdict == .notJudged)
        #expect(!paced.isJudged)
        #expect(paced.reason == "follows the load, not judged")
    }

    @Test(
        "a pace is a key, and none in a comment or in another word",
        arguments: [
            ("- pace: 2s", true), ("  - { pace: 2s }", true), ("pace: 1s", true), ("# pace: 2s", false),
            ("- namespace: /x", false), ("", false),
        ]
    )
    func paces(text: String, expected: Bool) {
        var run = SyntheticRun(seed: 1)
        run.text = text
        #expect(run.file.givesThroughput == expected)
    }

    @Test("run.json says whether there is a pace; only where it does not is the text looked at")
    func pacedFile() {
        var run = SyntheticRun(seed: 1)
        run.text = "flow:\n  - pace: 1s\n"
        run.isPaced = false
        #expect(!run.file.givesThroughput)
        run.text = ""
        run.isPaced = true
        #expect(run.file.givesThroughput)
    }

    @Test("a count more or less is no difference, however evenly the blocks count")
    func fewMessages() throws {
        var runs = pair()
        runs.0.counts = { [("messages.received", $0 % 10 == 9 ? 2 : 1)] }
        runs.1.counts = { _ in [("messages.received", 1)] }
        let rate = try figure("messages.received.rate", compare(runs))
        #expect(rate.verdict == .noDifference)
        let difference = try #require(rate.difference)
        #expect(difference.pValue > 0.3)
        #expect(difference.low < -0.3 && difference.high > 0.1)
        runs.0.counts = { _ in [("messages.received", 100)] }
        runs.1.counts = { _ in [("messages.received", 80)] }
        #expect(try figure("messages.received.rate", compare(runs)).verdict == .slower)
    }

    @Test("counts that no run writes do no harm", arguments: [Int.max, Int.min, -1])
    func hostile(count: Int) throws {
        var runs = pair()
        runs.0.counts = { _ in [("operations", count), ("operations.failed", count), ("messages.received", count)] }
        _ = try ComparisonFile(compare(runs)).text()
        runs.1.counts = runs.0.counts
        _ = try ComparisonFile(compare(runs)).text()
        runs.1.counts = { _ in [("operations", 10), ("operations.failed", 12)] }
        _ = ComparisonPage(compare(runs)).html
    }

    @Test("of a run without a summary the lag in the log holds back what may be due to it")
    func lag() throws {
        let believed = compare(pair { $0.offset = 0.0953 })
        #expect(try figure("join.p50", believed).verdict == .slower)
        let late = compare(
            pair {
                $0.offset = 0.0953
                $0.lag = 2500
            }
        )
        let median = try figure("join.p50", late)
        #expect(median.isWithinLag)
        #expect(median.verdict == .noDifference)
    }

    @Test("of a run longer than ten minutes no sample of the blocks is lost")
    func grain() throws {
        var runs = pair()
        for path in [\(SyntheticRun, SyntheticRun).0, \.1] {
            runs[keyPath: path].samples = 3
            runs[keyPath: path].hasCounters = true
            runs[keyPath: path].grain = 10
            runs[keyPath: path].load = [
                RunFile.Phase(name: nil, seconds: 60, model: "clients", from: 0, to: 50),
                RunFile.Phase(name: nil, seconds: 662, model: "clients", from: 50, to: 50),
            ]
        }
        let comparison = compare(runs)
        let seconds = comparison.base[0].steady.seconds
        #expect(seconds == 650)
        #expect(try figure("join.p50", comparison).base.samples == seconds * 3)
    }

    @Test("failures that came are more failures, in the rate of all and in that of the operation")
    func failures() throws {
        let comparison = compare(pair { $0.failuresPerSecond = 1 })
        let rate = try figure("errors.rate", comparison)
        #expect(rate.verdict == .moreFailures)
        #expect(rate.base.value == 0)
        #expect(abs(rate.new.value - 1.0 / 30) < 1e-9)
        #expect(try figure("join.failed.rate", comparison).verdict == .moreFailures)
        #expect(comparison.verdict == "REGRESSION: 2 more failures of 7 figures")
        var turned = pair { $0.failuresPerSecond = 1 }
        turned = (turned.1, turned.0)
        #expect(try figure("errors.rate", compare(turned)).verdict == .fewerFailures)
    }

    @Test("groups are shown, and judged where a check reads them")
    func groups() throws {
        var runs = pair { $0.offset = 0.2 }
        for path in [\(SyntheticRun, SyntheticRun).0, \.1] {
            runs[keyPath: path].groups = ["visitor", "dashboard"]
            runs[keyPath: path].checks = ["visitor/join.p95 < 50ms", "steady:join.p50 < 20ms"]
        }
        let comparison = compare(runs)
        #expect(try figure("join.p50", comparison).isChecked)
        #expect(try figure("visitor/join.p95", comparison).verdict == .slower)
        let other = try figure("dashboard/join.p95", comparison)
        #expect(other.verdict == .notJudged)
        #expect(other.difference != nil)
        #expect(try figure("join.p50", comparison).base.samples == 2 * 53 * 30)
    }

    @Test("only the metrics that are named are compared")
    func named() {
        #expect(compare(pair(), metrics: ["join.p95"]).figures.map(\.name) == ["join.p95"])
        #expect(compare(pair(), metrics: ["join"]).figures.map(\.name) == ["join.p50", "join.p95", "join.p99"])
        #expect(
            compare(pair(), metrics: ["visitor/join.p50", "operations"]).figures.map(\.name).sorted()
                == ["operations.rate", "visitor/join.p50"]
        )
        let unknown = compare(pair(), metrics: ["jion"])
        #expect(!unknown.knows("jion"))
        #expect(unknown.nearestMetric(to: "jion") == "join")
        #expect(unknown.knows("join") == false)
        #expect(compare(pair(), metrics: ["join"]).knows("join"))
    }

    @Test("what is a part of another figure is compared only where it is named")
    func parts() {
        var runs = pair()
        runs.0.metrics = ["join", "join.service", "connect.tcp"]
        runs.1.metrics = runs.0.metrics
        #expect(Set(compare(runs).figures.filter { $0.statistic == .p50 }.map(\.metric)) == ["join"])
        #expect(compare(runs, metrics: ["join.service.p50"]).figures.map(\.name) == ["join.service.p50"])
    }

    @Test("metrics that one side alone has are said, and not compared")
    func missing() {
        let comparison = compare(pair { $0.metrics = ["join", "answer.gap"] })
        #expect(comparison.onlyNew == ["answer.gap"])
        #expect(comparison.onlyBase.isEmpty)
        #expect(!comparison.figures.contains { $0.metric == "answer.gap" })
    }

    @Test("a percentile that a block's samples do not carry is left out")
    func samples() {
        var runs = pair()
        runs.0.samples = 5
        let comparison = compare(runs)
        #expect(comparison.left.map(\.name) == ["join.p99"])
        #expect(comparison.left.first?.reason == "the base has 53 samples a block, and 100 are needed")
    }

    @Test("two blocks are too few for a verdict, but not for the numbers")
    func tooShort() throws {
        var runs = pair { $0.offset = 0.5 }
        runs.0.seconds = 32
        runs.1.seconds = 32
        let comparison = compare(runs)
        #expect(comparison.blocks == (2, 2))
        #expect(comparison.exitCode == .scenarioInvalid)
        #expect(
            comparison.verdict
                == "TOO SHORT to tell noise from a difference: the base has 2 blocks of 10 s, the new has "
                + "2 blocks of 10 s; run a steady phase of at least 32 s, or three runs a side"
        )
        let median = try figure("join.p50", comparison)
        #expect(median.verdict == .tooShort)
        #expect(median.difference == nil)
        #expect(median.new.value > median.base.value)
    }

    @Test("where there is no block at all, three runs are not said to help")
    func noBlocks() {
        let comparison = compare(
            pair {
                $0.seconds = 12
            }
        )
        #expect(comparison.blocks.new == 0)
        #expect(comparison.verdict.hasSuffix("run a steady phase of at least 32 s"))
    }

    @Test("three short runs a side are enough, and runs that differ hide what one run would call a difference")
    func severalRuns() throws {
        func side(_ offsets: [Double], _ seed: UInt64, seconds: Int) -> [ComparedRun] {
            offsets.enumerated().map { place, offset in
                var run = SyntheticRun(seed: seed + UInt64(place))
                run.wander = 0.002
                run.seconds = seconds
                run.offset = offset
                return run.run
            }
        }
        let settings = ComparisonSettings(draws: 200)
        let alike = Comparison(
            base: side([0, 0.002, -0.002], 1, seconds: 18),
            new: side([0.2, 0.202, 0.198], 9, seconds: 18),
            settings: settings
        )
        #expect(alike.blocks == (3, 3))
        #expect(try figure("join.p50", alike).verdict == .slower)
        #expect(!alike.hasLoneRun)
        let apart = Comparison(
            base: side([0, 0.3, -0.25], 1, seconds: 58),
            new: side([0.12, 0.4, -0.1], 9, seconds: 58),
            settings: settings
        )
        #expect(try figure("join.p50", apart).verdict == .noDifference)
    }

    @Test("the same runs make the same comparison")
    func repeatable() throws {
        let first = try ComparisonFile(compare(pair { $0.offset = 0.05 })).text()
        #expect(try ComparisonFile(compare(pair { $0.offset = 0.05 })).text() == first)
    }
}
