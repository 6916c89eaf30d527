/// A run at its end: everything that its reports say.
package struct RunSummary: Sendable {
    package var scenario: String
    /// The target as it may be shown: without what is secret in it.
    package var target: String
    /// When second 0 began, in milliseconds since 1970.
    package var startEpochMilliseconds: Int64
    /// From the start to the end, with warmup and grace.
    package var seconds: Double
    package var totals: RunTotals
    package var checks: [CheckResult]
    package var loops: LoopTally
    package var health: GeneratorHealth
    package var generator: GeneratorVerdict
    /// Whether it was stopped by a signal.
    package var wasInterrupted: Bool
    /// Whether it was made from the files of a run that did not come to its end.
    package var wasRebuilt: Bool
    /// Whether that was so because its summary was damaged: whether it came to its end is not known then.
    package var summaryWasLost: Bool
    /// Whether a failing check ended it, as it asks to; it has failed then even if its value recovered.
    package var wasEndedByCheck: Bool
    /// Whether no client ever had an open connection.
    package var targetWasNeverReached: Bool
    /// The faults of the run's clock, in the order in which they began.
    package var faults: [FaultMark]
    /// The failed clients of whom a recording was kept.
    package var failures: [FailureLine]
    /// What servers said of themselves; nil where none was asked.
    package var scraped: ScrapedFigures?
    /// Sentences for whoever reads the figures: coordinated omission, a check that ended the run, events that never
    /// came.
    package var notes: [String]

    /// - Parameters:
    ///   - checks: evaluated over `totals`, in the order of the scenario.
    ///   - generatorOnlyWarns: `--generator warn`.
    package init(
        scenario: String,
        target: String,
        startEpochMilliseconds: Int64,
        seconds: Double,
        totals: RunTotals,
        checks: [Check],
        loops: LoopTally = LoopTally(),
        generatorOnlyWarns: Bool = false,
        wasInterrupted: Bool = false,
        wasRebuilt: Bool = false,
        summaryWasLost: Bool = false,
        wasEndedByCheck: Bool = false,
        targetWasNeverReached: Bool = false,
        faults: [FaultMark] = [],
        failures: [FailureLine] = [],
        scraped: ScrapedFigures? = nil,
        notes: [String] = []
    ) {
        self.scenario = scenario
        self.target = target
        self.startEpochMilliseconds = startEpochMilliseconds
        self.seconds = seconds
        self.totals = totals
        self.checks = checks.map { $0.evaluate(over: totals) }
        self.loops = loops
        health = GeneratorHealth(totals: totals)
        generator = health.verdict(smallestP99: CheckResult.smallestP99(of: self.checks), onlyWarns: generatorOnlyWarns)
        self.wasInterrupted = wasInterrupted
        self.wasRebuilt = wasRebuilt
        self.summaryWasLost = summaryWasLost
        self.wasEndedByCheck = wasEndedByCheck
        self.targetWasNeverReached = targetWasNeverReached
        self.faults = faults
        self.failures = failures
        self.scraped = scraped
        self.notes = notes
    }

    /// What has to be said of every run with a closed load.
    package static let closedLoadNote =
        "clients of a closed load wait for the server before they send again, so that a slow server is asked less often; its "
        + "latencies are not free of coordinated omission (an `arrivals:` load is)"

    package var exitCode: ExitCode {
        var codes: [ExitCode] = []
        if targetWasNeverReached { codes.append(.targetNeverReached) }
        if wasInterrupted || wasRebuilt { codes.append(.interrupted) }
        if generator.isBottleneck { codes.append(.generatorWasBottleneck) }
        if wasEndedByCheck || checks.contains(where: \.isFailure) { codes.append(.checkFailed) }
        return ExitCode.deciding(codes)
    }

    /// One sentence.
    ///
    /// Where the generator was the bottleneck it says so whatever else decides the exit code, since no figure can be
    /// trusted then.
    package var verdict: String {
        let failed = checks.filter(\.isFailure).count
        let ofChecks = "\(failed) of \(checks.count) check\(checks.count == 1 ? "" : "s") failed"
        var parts: [String] = []
        if targetWasNeverReached { parts.append("the target was never reached") }
        if wasInterrupted { parts.append("the run was interrupted") }
        if wasRebuilt {
            parts.append(summaryWasLost ? "the run's summary was damaged" : "the run ended before its time")
        }
        if generator.isBottleneck {
            parts.append("the generator was the bottleneck, the figures are not to be trusted")
        }
        if wasEndedByCheck { parts.append("a check ended the run") }
        if failed > 0 { parts.append(ofChecks) }
        guard parts.isEmpty else { return "FAILED: " + parts.joined(separator: "; ") }
        switch checks.count {
        case 0 where totals.table.replay != nil: return "PASSED: there were no checks; \(deviationText)"
        case 0: return "PASSED: there were no checks"
        case 1: return "PASSED: the check holds"
        default: return "PASSED: all \(checks.count) checks hold"
        }
    }

    /// Of a replay: `no deviations`, `1 deviation`, `1,234 deviations`.
    var deviationText: String {
        let count = totals.count("replay.deviations") ?? 0
        return count == 0 ? "no deviations" : "\(ValueText.grouped(count)) deviation\(count == 1 ? "" : "s")"
    }
}
