package import Scenarios
import Synchronization

/// Finds the smallest part of a scenario that still fails, by running it against its target.
package final class Minimizer: Sendable {
    package struct Configuration: Sendable {
        /// What the scenario's files are beside, and what its errors name.
        package var file: String
        package var reader: ScenarioReader
        package var seed: UInt64
        package var startPractice: @Sendable (_ system: String, _ faults: [String]) async throws -> StartedTarget
        /// What commands of `faults:` run with; nil: they must not.
        package var commands: CommandSettings?
        package var clients = 1
        /// A trial has failed when so many of its runs have.
        package var needed = 1
        package var runs = 1
        package var maximumTrials: Int?
        /// How long a run of a trial may take; nil: by how long the whole took to fail.
        package var timeout: Duration?

        package init(
            file: String,
            reader: ScenarioReader,
            seed: UInt64,
            startPractice: @escaping @Sendable (_ system: String, _ faults: [String]) async throws -> StartedTarget
        ) {
            self.file = file
            self.reader = reader
            self.seed = seed
            self.startPractice = startPractice
        }
    }

    /// What goes on.
    package enum News: Sendable {
        /// A whole does not fail; another one is tried.
        case wholeHeld(Trial, MinimizationWhole, next: MinimizationWhole)
        /// The whole fails.
        case begun(ScenarioSize, Trial)
        /// A trial is over.
        case tried(number: Int, Trial, size: ScenarioSize, isSmaller: Bool)
    }

    package struct Result: Sendable {
        package enum Ending: Hashable, Sendable {
            /// No single step, and no single value, can go.
            case minimal
            case interrupted
            /// There were as many trials as were allowed.
            case trialsUsedUp
            /// The target is not reached any more; the sentence says why.
            case unreachable(String)
        }

        /// What was cut down.
        package var source: ScenarioTree
        package var best: ScenarioTree
        package var ending: Ending
        /// How many trials there were, the whole's first one included.
        package var trials: Int
        /// Of these, the runs.
        package var runs: Int
        /// The trial of the whole.
        package var whole: Trial
        /// The trial of the best.
        package var failure: Trial
    }

    /// Why there is nothing to cut down.
    package enum Refusal: Error, Sendable {
        /// The whole does not fail, in so many of the runs.
        case notSeen(Trial, failed: Int, runs: Int)
        case unreachable(String)
        case interrupted
    }

    let configuration: Configuration
    private let interruption = Atomic(false)
    /// The path of a recording that is not whole yet.
    let unfinished = Mutex<String?>(nil)

    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// Ends the trial that goes on, and the search with it.
    package func interrupt() {
        interruption.store(true, ordering: .relaxed)
    }

    var isInterrupted: Bool { interruption.load(ordering: .relaxed) }

    /// Cuts the scenario down.
    ///
    /// - Parameter wholes: What may fail, at least one; the first that does is cut down.
    /// - Throws: `Refusal`; `RunError` or `ScenarioError` where a whole cannot be run.
    package func minimize(_ wholes: [MinimizationWhole], tell: (News) -> Void) async throws -> Result {
        var runs = 0
        let (tree, whole) = try await firstFailure(of: wholes, &runs, tell)
        tell(.begun(ScenarioSize(tree), whole))
        let (reader, file) = (configuration.reader, configuration.file)
        var search = Minimization(tree) { text in (try? reader.read(text: text, file: file)) != nil }
        var result = Result(
            source: tree,
            best: tree,
            ending: .minimal,
            trials: 1,
            runs: runs,
            whole: whole,
            failure: whole
        )
        while let candidate = search.next() {
            if isInterrupted { result.ending = .interrupted }
            if result.trials >= configuration.maximumTrials ?? .max { result.ending = .trialsUsedUp }
            guard result.ending == .minimal else { break }
            let trial = try await judge(candidate.text, bounds(after: result.failure), &runs).trial
            if trial.verdict == .interrupted {
                result.ending = .interrupted
                break
            }
            result.trials += 1
            if case .unreachable(let reason) = trial.verdict {
                result.ending = .unreachable(reason)
                break
            }
            search.take(fails: trial.verdict == .failed)
            if trial.verdict == .failed { result.failure = trial }
            tell(
                .tried(
                    number: result.trials,
                    trial,
                    size: ScenarioSize(search.best),
                    isSmaller: trial.verdict == .failed
                )
            )
        }
        result.best = search.best
        result.runs = runs
        return result
    }

    private func firstFailure(
        of wholes: [MinimizationWhole],
        _ runs: inout Int,
        _ tell: (News) -> Void
    ) async throws -> (ScenarioTree, Trial) {
        for (place, whole) in wholes.enumerated() {
            let tree = whole.tree
            let before = runs
            let (trial, failed) = try await judge(tree.text, try firstBounds(tree), isWhole: true, &runs)
            switch trial.verdict {
            case .failed: return (tree, trial)
            case .held where place < wholes.count - 1: tell(.wholeHeld(trial, whole, next: wholes[place + 1]))
            case .held: throw Refusal.notSeen(trial, failed: failed, runs: runs - before)
            case .unreachable(let reason): throw Refusal.unreachable(reason)
            case .interrupted: throw Refusal.interrupted
            }
        }
        throw Refusal.interrupted
    }

    /// Runs a scenario until it has failed, or held, often enough.
    ///
    /// - Returns: Of the runs that decided, the longest.
    private func judge(
        _ text: String,
        _ bounds: TrialWatch.Bounds,
        isWhole: Bool = false,
        _ runs: inout Int
    ) async throws -> (trial: Trial, failed: Int) {
        let runner = TrialRunner(configuration: configuration, isInterrupted: { [self] in isInterrupted })
        var failed = 0
        var longest: Trial?
        for run in 0..<configuration.runs {
            let trial = try await runner.run(text, bounds: bounds, isWhole: isWhole)
            runs += 1
            switch trial.verdict {
            case .failed:
                failed += 1
                var worst = longest?.verdict == .failed ? longest ?? trial : trial
                worst.seconds = max(worst.seconds, trial.seconds)
                worst.silence = max(worst.silence, trial.silence)
                longest = worst
                if failed == configuration.needed { return (worst, failed) }
            case .held: longest = longest ?? trial
            case .unreachable, .interrupted: return (trial, failed)
            }
            let left = configuration.runs - run - 1
            if failed + left < configuration.needed {
                var held = trial
                held.verdict = .held
                return (held, failed)
            }
        }
        // Not reached: one of the two numbers has decided by then.
        return (longest ?? Trial(verdict: .held, findings: [], seconds: 0, silence: 0, messages: 0), failed)
    }

    /// The whole may take as long as it says itself.
    private func firstBounds(_ tree: ScenarioTree) throws -> TrialWatch.Bounds {
        if let timeout = configuration.timeout { return .init(seconds: timeout / .seconds(1)) }
        let scenario = try configuration.reader.read(text: tree.text, file: configuration.file)
        return .init(seconds: max(30, (scenario.load.duration + scenario.grace) / .seconds(1)))
    }

    /// What does not fail is to be given up soon: after the time in which what failed had done so, with room to spare.
    private func bounds(after failure: Trial) -> TrialWatch.Bounds {
        let seconds = configuration.timeout.map { $0 / .seconds(1) } ?? failure.seconds * 3 + 2
        return .init(seconds: seconds, silence: failure.silence * 3 + 0.5)
    }
}
