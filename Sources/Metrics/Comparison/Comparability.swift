/// Whether runs may be compared at all, and what makes it doubtful.
package struct Comparability: Sendable {
    /// Why they may not.
    package private(set) var refusals: [String] = []
    package private(set) var warnings: [String] = []
    package private(set) var notes: [String] = []
    /// Why the figures are not to be trusted.
    package private(set) var distrust: [String] = []

    package init(base: [ComparedRun], new: [ComparedRun]) {
        let runs = base + new
        guard let first = runs.first else { return }
        for run in runs.dropFirst() { refuse(run, beside: first) }
        refuseCopies(runs)
        if refusals.isEmpty { refusePartsOfWholeRuns(runs) }
        for run in runs { judge(run) }
        warnOfDifferences(base, new)
        note(base, new)
    }

    // MARK: - Refusing

    private mutating func refuse(_ run: ComparedRun, beside first: ComparedRun) {
        let own = run.run
        let other = first.run
        if own.scenario != other.scenario {
            refusals.append(
                "\(first.directory) is a run of the scenario `\(other.scenario)`, \(run.directory) of `\(own.scenario)`: "
                    + "only runs of the same scenario can be compared"
            )
            return
        }
        if Self.steps(own) != Self.steps(other) {
            refusals.append(
                "the load differs: \(first.directory) has \(Self.text(other)), \(run.directory) has \(Self.text(own)); run "
                    + "both with the same --clients"
            )
        }
    }

    /// A folder that was copied is no second measurement.
    private mutating func refuseCopies(_ runs: [ComparedRun]) {
        var seen: [String: String] = [:]
        for run in runs {
            let file = run.run
            let identity = "\(file.startEpochMilliseconds) \(file.seed) \(file.machine.host)"
            if let other = seen[identity] {
                refusals.append(
                    "\(other) and \(run.directory) are the same run, started at \(file.startedAt) with the seed "
                        + "\(file.seed); a run is no second measurement of itself"
                )
            }
            seen[identity] = run.directory
        }
    }

    /// Ramps are no phases that could be weighed: the end of one is another load than its begin.
    private mutating func refusePartsOfWholeRuns(_ runs: [ComparedRun]) {
        guard let first = runs.first else { return }
        if let other = runs.first(where: { $0.steady.isWholeRun != first.steady.isWholeRun }) {
            refusals.append("only one of \(first.directory) and \(other.directory) has a phase of a steady load")
            return
        }
        guard first.steady.isWholeRun else { return }
        for run in runs.dropFirst() {
            let lengths = (first.steady.measured, run.steady.measured)
            guard abs(lengths.0 - lengths.1) > Double(SteadyTime.blockLength) else { continue }
            refusals.append(
                "\(first.directory) lasted \(ValueText.number(lengths.0)) s and \(run.directory) "
                    + "\(ValueText.number(lengths.1)) s, and no phase keeps its load: the ramps of two lengths cannot be "
                    + "compared"
            )
        }
    }

    /// The load without its lengths.
    private static func steps(_ run: RunFile) -> [[String]] {
        run.load.map { [$0.model, "\($0.from)", "\($0.to)", $0.limit.map(String.init) ?? ""] }
    }

    private static func text(_ run: RunFile) -> String {
        let peak = run.load.max { max($0.from, $0.to) < max($1.from, $1.to) }
        guard let peak else { return "none" }
        let unit = peak.model == "arrivals" ? "arrivals a second" : "clients"
        return "\(run.load.count) phase\(run.load.count == 1 ? "" : "s") up to "
            + "\(ValueText.number(max(peak.from, peak.to))) \(unit)"
    }

    // MARK: - One run

    private mutating func judge(_ run: ComparedRun) {
        let place = run.directory
        if run.damagedLines > 0 {
            let lines = run.damagedLines == 1 ? "a line" : "\(ValueText.grouped(run.damagedLines)) lines"
            warnings.append("\(place)/latency.hlog has \(lines) that cannot be read; the samples in them are missing")
        }
        if run.lag(at: 99) == nil {
            warnings.append(
                "\(place) does not tell its generator's own lag: a difference that is due to it would be believed"
            )
        }
        guard let summary = run.summary else {
            warnings.append("\(place) did not come to its end; what it measured until then is compared")
            if run.steady.isWholeRun { warnWholeRun(place) }
            return
        }
        switch ExitCode(rawValue: summary.verdict.exitCode) {
        case .targetNeverReached: refusals.append("\(place) never reached its target: there is nothing to compare")
        case _ where summary.rebuilt == true:
            warnings.append("\(place) was killed and its reports were rebuilt; what it measured until then is compared")
        case .interrupted: warnings.append("\(place) was interrupted; what it measured until then is compared")
        default: break
        }
        if summary.generator.bottleneck {
            distrust.append("\(place): " + (summary.generator.reasons.first ?? "the generator was the bottleneck"))
        }
        for warning in summary.generator.warnings { warnings.append("\(place): \(warning)") }
        if run.steady.isWholeRun { warnWholeRun(place) }
    }

    private mutating func warnWholeRun(_ place: String) {
        warnings.append(
            "\(place) has no phase of a steady load, so that the whole run is compared, with its ramps; a phase that "
                + "keeps its number of clients compares better"
        )
    }

    // MARK: - Beside one another

    private mutating func warnOfDifferences(_ base: [ComparedRun], _ new: [ComparedRun]) {
        func differ<Value: Hashable>(_ value: (RunFile) -> Value) -> Bool {
            Set((base + new).map { value($0.run) }).count > 1
        }
        if differ(\.text) {
            warnings.append("the scenario's text differs between the runs, though its name is the same")
        }
        if differ({ [$0.machine.host, $0.machine.system, "\($0.machine.cores)", "\($0.machine.memoryBytes)"] }) {
            warnings.append(
                "the load came from different machines (\(Self.list(base + new) { Self.machine($0.run) })): some of a "
                    + "difference may be theirs"
            )
        }
        if differ(\.machine.threads) {
            warnings.append(
                "the load came from different numbers of threads (\(Self.list(base + new) { "\($0.run.machine.threads)" }))"
            )
        }
        if differ({ $0.versions["reprise"] ?? "" }) {
            warnings.append(
                "the runs were made with different versions of Reprise "
                    + "(\(Self.list(base + new) { $0.run.versions["reprise"] ?? "unknown" }))"
            )
        }
        if differ({ $0.faults.map { "\($0.at) \($0.text)" } }) {
            warnings.append("the faults of the run's clock differ")
        }
        if differ(\.environment) { warnings.append("the scenarios read different environment variables") }
    }

    private static func machine(_ run: RunFile) -> String {
        "\(run.machine.host) with \(run.machine.cores) core\(run.machine.cores == 1 ? "" : "s")"
    }

    private static func list(_ runs: [ComparedRun], _ value: (ComparedRun) -> String) -> String {
        var seen: [String] = []
        for run in runs where !seen.contains(value(run)) { seen.append(value(run)) }
        return seen.joined(separator: ", ")
    }

    private mutating func note(_ base: [ComparedRun], _ new: [ComparedRun]) {
        if base.count == 1 || new.count == 1 {
            let side = base.count == 1 ? (new.count == 1 ? "each side has" : "the base has") : "the new side has"
            notes.append(
                "\(side) one run: how much runs of the same server differ from one another is unknown, and what looks like "
                    + "a difference may be that; three runs or more a side, in turn, tell (--base A B C --new D E F)"
            )
        } else if base.count == 2 || new.count == 2 {
            notes.append("two runs a side tell badly how much runs differ from one another; three or more tell better")
        }
        if Set((base + new).map(\.run.seed)).count > 1 {
            notes.append("the seeds differ, so that the clients did not do the very same")
        }
    }
}
