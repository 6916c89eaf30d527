import Metrics
import Scenarios
import Synchronization

/// Runs scenarios with a few clients that each go through their flow once, and says whether the checks fail.
struct TrialRunner: Sendable {
    let configuration: Minimizer.Configuration
    let isInterrupted: @Sendable () -> Bool

    /// How often a trial looks at its figures.
    private static let figuresEvery = Duration.milliseconds(50)

    /// Runs the scenario once.
    ///
    /// - Parameters:
    ///   - bounds: When to give up.
    ///   - isWhole: A server that turns every client away cannot be tried; of a part, this says only that the part does
    ///     not fail, for it may be the credentials that were left out.
    ///   - target: Where all connections go in place of the scenario's targets.
    /// - Throws: `RunError`, or `ScenarioError` where the text is none.
    func run(_ text: String, bounds: TrialWatch.Bounds, isWhole: Bool = false, target: ServerURL? = nil) async throws
        -> Trial
    {
        let scenario = try prepared(text, bounds, target)
        let checks = try CheckLanguage.checks(of: scenario)
        let watch = TrialWatch(checks, bounds: bounds, isInterrupted: isInterrupted)
        var run = RunConfiguration(
            threads: 1,
            seed: configuration.seed,
            readScenario: { try prepared(text, bounds, target) },
            startPractice: configuration.startPractice
        )
        run.commands = configuration.commands
        run.figuresEvery = Self.figuresEvery
        let result = try await Run(run).execute(watch)
        return trial(result, checks, watch, isWhole: isWhole)
    }

    /// The scenario as trials run it.
    private func prepared(_ text: String, _ bounds: TrialWatch.Bounds, _ target: ServerURL?) throws -> Scenario {
        var scenario = try configuration.reader.read(text: text, file: configuration.file)
        if scenario.faults.isEmpty {
            // A fault needs its time on the run's clock; otherwise clients start at once, and the run ends with them.
            let phase = Load.Phase(
                duration: .milliseconds(10),
                model: .clients(from: configuration.clients, to: configuration.clients),
                once: true
            )
            scenario.load = Load(phases: [phase])
        } else {
            scenario.load = scenario.load.scaled(peak: configuration.clients, total: nil)
        }
        scenario.warmup = .zero
        scenario.grace = max(scenario.grace, .seconds(bounds.seconds ?? 0))
        if let target {
            for place in scenario.groups.indices {
                scenario.groups[place].target.location = .server(target)
            }
        }
        return scenario
    }

    private func trial(_ result: RunResult, _ checks: [Check], _ watch: TrialWatch, isWhole: Bool) -> Trial {
        let results = checks.map { $0.evaluate(over: result.totals) }
        let errors = ErrorTotal.merged(result.totals.overall.errors).map { "\($0.kind): \($0.example)" }
        let verdict: Trial.Verdict
        if watch.decided != nil {
            verdict = .failed
        } else if isInterrupted() {
            verdict = .interrupted
        } else if !result.reachedTarget, result.totals.count("connect.failed") ?? 0 > 0 {
            verdict = .unreachable(errors.first ?? "no connection came about")
        } else if TrialWatch.isTurnedAway(result.totals), !checks.contains(where: \.seesRefusals) {
            verdict = isWhole ? .unreachable(errors.first ?? "every connection was refused") : .held
        } else {
            verdict = results.allSatisfy { $0.outcome == .failed } ? .failed : .held
        }
        return Trial(
            verdict: verdict,
            findings: results.map { Trial.Finding(check: $0.check.text, actual: $0.text) },
            seconds: max(watch.decided ?? result.seconds, 0),
            silence: watch.silence,
            messages: ["messages.sent", "messages.received"].reduce(0) { $0 + (result.totals.count($1) ?? 0) },
            errors: errors
        )
    }
}
