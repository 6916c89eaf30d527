import Testing

@testable import Metrics

@Suite("Run summary")
struct RunSummaryTests {
    private func check(_ text: String) throws -> Check {
        try Check.parse(text, names: CheckNames(measures: ["join"]))
    }

    @Test("verdict and exit code follow from checks, health and how the run ended")
    func verdicts() throws {
        let good = SampleRun(checks: [try check("join.p90 < 1s")])
        #expect(good.summary.exitCode == .passed)
        #expect(good.summary.verdict == "PASSED: the check holds")
        #expect(SampleRun().summary.verdict == "PASSED: there were no checks")

        let bad = SampleRun(checks: [try check("join.p90 < 1s"), try check("join.p90 < 1ms")])
        #expect(bad.summary.exitCode == .checkFailed)
        #expect(bad.summary.verdict == "FAILED: 1 of 2 checks failed")

        let interrupted = SampleRun(checks: [try check("join.p90 < 1ms")], interrupted: true)
        #expect(interrupted.summary.exitCode == .interrupted)
        #expect(interrupted.summary.verdict == "FAILED: the run was interrupted; 1 of 1 check failed")

        var lost = bad.summary
        lost.targetWasNeverReached = true
        lost.generator = GeneratorVerdict(isBottleneck: true, reasons: ["x"], warnings: [])
        #expect(lost.exitCode == .targetNeverReached)
        #expect(lost.verdict.contains("the generator was the bottleneck"))
        lost.targetWasNeverReached = false
        #expect(lost.exitCode == .generatorWasBottleneck)
    }

    @Test("the tally of loops counts all, keeps the first and the longest")
    func loops() {
        var tally = LoopTally()
        for number in 0..<100 {
            tally.add(
                LoopLine(
                    client: number,
                    task: "t",
                    plans: number % 60,
                    outcome: number % 3 == 0 ? .runaway : .stalled,
                    seconds: 1
                )
            )
        }
        #expect(tally.total == 100)
        #expect(tally.first.count == LoopTally.limit)
        #expect(tally.first.first?.client == 0)
        #expect(tally.longest?.client == 59)
        #expect(tally.counts.first { $0.outcome == .runaway }?.count == 34)
    }
}
