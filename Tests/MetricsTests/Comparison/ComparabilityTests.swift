import Testing

@testable import Metrics

@Suite struct ComparabilityTests {
    private func judge(_ change: (inout SyntheticRun) -> Void) -> Comparability {
        var first = SyntheticRun(seed: 1)
        first.seconds = 20
        first.directory = "old"
        var second = first
        second.directory = "new"
        second.seed = 2
        change(&second)
        return Comparability(base: [first.run], new: [second.run])
    }

    @Test("runs of two scenarios are refused")
    func scenarios() {
        #expect(
            judge { $0.scenario = "other" }.refusals == [
                "old is a run of the scenario `synthetic`, new of `other`: only runs of the same scenario can be compared"
            ]
        )
    }

    @Test("runs of two loads are refused, runs of two lengths are not")
    func loads() {
        let more = judge {
            $0.load = [
                RunFile.Phase(name: nil, seconds: 5, model: "clients", from: 0, to: 80),
                RunFile.Phase(name: "steady", seconds: 15, model: "clients", from: 80, to: 80),
            ]
        }
        #expect(
            more.refusals == [
                "the load differs: old has 2 phases up to 50 clients, new has 2 phases up to 80 clients; run both with the "
                    + "same --clients"
            ]
        )
        #expect(judge { $0.seconds = 30 }.refusals.isEmpty)
    }

    @Test("another machine, another text and a run without an end are warnings")
    func warnings() {
        #expect(
            judge { $0.host = "there" }.warnings.contains {
                $0.contains("different machines (here with 2 cores, there")
            }
        )
        #expect(judge { $0.text = "name: synthetic\n# new\n" }.warnings.contains { $0.contains("text differs") })
        #expect(
            judge { _ in }.warnings
                == ["old", "new"].map { "\($0) did not come to its end; what it measured until then is compared" }
        )
    }

    @Test("the generator's lag is told from the log where a run has no summary, and is missed where neither has it")
    func lag() {
        #expect(!judge { _ in }.warnings.contains { $0.contains("lag") })
        #expect(
            judge { $0.lag = nil }.warnings.contains(
                "new does not tell its generator's own lag: a difference that is due to it would be believed"
            )
        )
    }

    @Test("one run a side is said to be one")
    func notes() {
        #expect(judge { _ in }.notes.first?.hasPrefix("each side has one run: how much runs") == true)
        let runs = (1...4).map { number in
            var run = SyntheticRun(seed: UInt64(number))
            run.seconds = 20
            return run.run
        }
        let two = Comparability(base: Array(runs[..<2]), new: Array(runs[2...]))
        #expect(two.notes.first?.hasPrefix("two runs a side") == true)
        #expect(
            Comparability(base: [runs[0]], new: Array(runs[1...])).notes.first?.hasPrefix("the base has one run")
                == true
        )
    }

    @Test("a run without a steady phase is a warning")
    func whole() {
        var run = SyntheticRun(seed: 1)
        run.load = [RunFile.Phase(name: nil, seconds: 60, model: "clients", from: 0, to: 50)]
        let comparability = Comparability(base: [run.run], new: [])
        #expect(comparability.warnings.contains { $0.contains("no phase of a steady load") })
    }
}
