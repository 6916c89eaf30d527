import ArgumentParser
import Foundation
import LoadRunner
import Metrics
import Scenarios

/// `reprise minimize`
struct MinimizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "minimize",
        abstract: "Cuts a recording down to the shortest scenario that still fails.",
        discussion: """
            Makes a scenario of a recording or a HAR file, or takes a scenario, and leaves out what it can, step by step \
            and value by value, as long as the check still fails when it is run against the target. Writes what is left, \
            of which no single step can go, as a scenario and as a recording of it. Ctrl-C keeps the smallest so far; \
            twice ends at once.

            Exit codes: 0 done, 64 wrong usage, 104 the file is invalid, 105 interrupted, 110 the target was not \
            reached, 112 the whole did not fail, so that there is nothing to cut down. See docs/minimize.md.
            """
    )

    /// The whole did not fail. Not 99, which says that a check failed: that is what is hoped for here.
    static let failureNotSeen: Int32 = 112

    @Argument(help: "The recording, HAR file or scenario.")
    var recording: String

    @Option(
        name: .customLong("check"),
        help: ArgumentHelp(
            "What has to fail, as in a scenario's checks: \"plan.runaway == 0\". Given several times, all have to.",
            valueName: "check"
        )
    )
    var checks: [String]

    @Option(
        help: ArgumentHelp(
            "Runs against this URL, or practice:SYSTEM?fault, in place of the file's.",
            valueName: "url"
        )
    )
    var target: String?

    @Option(
        name: .customLong("server-limit"),
        help: ArgumentHelp(
            "How many plans of a task the server promises at most, for plans that do not say it: one more is a runaway.",
            valueName: "n"
        )
    )
    var serverLimit: Int?

    @Option(help: ArgumentHelp("How many clients do it at once.", valueName: "n"))
    var clients = 1

    @Option(help: ArgumentHelp("A trial has failed when k of its n runs have, as in 2/3.", valueName: "k/n"))
    var trials = TrialCount(needed: 1, runs: 1)

    @Option(
        name: .customLong("max-trials"),
        help: ArgumentHelp("Stops after so many trials, with the smallest so far.", valueName: "n")
    )
    var maximumTrials: Int?

    @Option(
        help: ArgumentHelp(
            "How long one run may take, as in 20s; three times as long as the failing one took, and 2 s, unless said.",
            valueName: "time"
        )
    )
    var timeout: DurationArgument?

    @Option(help: ArgumentHelp("Makes all values the same as in another run with this number.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Writes the scenario to this file (NAME.min.yaml beside the recording unless said), and the recording "
                + "beside it, ending in .rec.jsonl.",
            valueName: "file"
        )
    )
    var output: String?

    @Flag(help: "Writes over files that are there already.")
    var force = false

    @Flag(help: "Prints no progress.")
    var quiet = false

    @Flag(
        name: .customLong("allow-run"),
        help: "Lets the scenario run the commands of its `faults:` on this machine, with your rights."
    )
    var allowsCommands = false

    func validate() throws {
        if checks.isEmpty { throw ValidationError("--check is missing: what has to fail?") }
        if !(1...10_000).contains(clients) { throw ValidationError("--clients must be from 1 to 10000.") }
        if let serverLimit, !(1...100_000).contains(serverLimit) {
            throw ValidationError("--server-limit must be from 1 to 100000.")
        }
        if let maximumTrials, maximumTrials < 1 { throw ValidationError("--max-trials must be at least 1.") }
    }

    func run() async throws {
        DescriptorLimit.raise()
        let place = MinimizeOutput(source: recording, output: output)
        try place.refuseSource()
        if !force { try place.refuseToReplace() }
        try place.refuseFolder()
        let files = MinimizeFiles(beside: place.scenario)
        // Removes nothing more where the result has been written.
        defer { files.remove() }
        let wholes = try readSource(place, files)
        let progress = MinimizeProgress(isQuiet: quiet)
        let minimizer = Minimizer(configuration(place))
        // Unstructured, for it waits for signals that may never come, and is cancelled when the search is over.
        let signals = Task {
            await Interruption.obey(
                saying: "stopping: the smallest so far is kept",
                first: { minimizer.interrupt() },
                second: {
                    minimizer.discardUnfinished()
                    files.remove()
                }
            )
        }
        defer { signals.cancel() }
        progress.start(wholes[0].tree, checks: checks)
        let result: Minimizer.Result
        do {
            result = try await minimizer.minimize(wholes) { progress.tell($0) }
        } catch {
            progress.clear()
            throw exit(for: error, wholes)
        }
        progress.clear()
        try await finish(result, minimizer, place, files)
    }

    private func configuration(_ place: MinimizeOutput) -> Minimizer.Configuration {
        let seed = seed
        var configuration = Minimizer.Configuration(
            file: place.scenario,
            reader: reader,
            seed: seed,
            startPractice: { try await PracticeProcess.start(system: $0, faults: $1, seed: seed) }
        )
        configuration.clients = clients
        configuration.needed = trials.needed
        configuration.runs = trials.runs
        configuration.maximumTrials = maximumTrials
        configuration.timeout = timeout?.duration
        if allowsCommands {
            configuration.commands = CommandSettings(
                directory: URL(filePath: recording).standardizedFileURL.deletingLastPathComponent()
                    .path(percentEncoded: false),
                environment: ProcessInfo.processInfo.environment,
                program: Program.path
            )
        }
        return configuration
    }

    private var reader: ScenarioReader {
        ScenarioReader(environment: ProcessInfo.processInfo.environment, checkSyntax: CheckLanguage.problem)
    }

    // MARK: - Before

    /// The scenario with the checks that are to fail; of a recording also with clients that never stop a task.
    ///
    /// - Throws: The exit code for an invalid file, or what is wrong with a check.
    private func readSource(_ place: MinimizeOutput, _ files: MinimizeFiles) throws -> [MinimizationWhole] {
        var tree: ScenarioTree
        let source: MinimizationSource
        do throws(ScenarioError) {
            source = try MinimizationSource.read(path: recording, target: target)
            for warning in source.warnings { Console.note("\(recording): warning: \(warning)") }
            tree = source.tree
        } catch {
            throw Self.invalid(error)
        }
        try files.write(source.files, force: force)
        do throws(ScenarioError) {
            let file = source.isConverted ? place.scenario : recording
            let scenario = try reader.read(text: source.text, file: file)
            if !allowsCommands {
                let loaded = ScenarioSource(path: recording, text: source.text, scenario: scenario)
                let refusals = loaded.commandRefusals
                if !refusals.isEmpty { throw ScenarioError(diagnostics: refusals) }
            }
        } catch {
            throw Self.invalid(error)
        }
        if !source.isConverted { try refuseMissingFiles(of: source.text, place) }
        tree.prepare(clients: clients, checks: checks)
        if let serverLimit { tree.setServerLimit(serverLimit) }
        try validateChecks(of: tree, source.isConverted ? place.scenario : recording)
        return source.isConverted ? tree.wholes : [.asItIs(tree)]
    }

    /// Shows what is wrong with the file.
    private static func invalid(_ error: ScenarioError) -> ArgumentParser.ExitCode {
        let colour = Console.usesColour(isTerminal: Console.errorIsTerminal)
        for diagnostic in error.diagnostics { Console.note(diagnostic.rendered(colour: colour)) }
        return ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
    }

    /// Finds that the files which the scenario names do not lie where the smallest is to be.
    private func refuseMissingFiles(of text: String, _ place: MinimizeOutput) throws {
        do throws(ScenarioError) {
            _ = try reader.read(text: text, file: place.scenario)
        } catch {
            let sentences = error.diagnostics.filter { $0.severity == .error }.map(\.message)
            throw MinimizeOutput.failure(
                "the scenario does not read beside '\(place.scenario)': \(sentences.joined(separator: "; ")); put its "
                    + "files there too, or leave out -o"
            )
        }
    }

    private func validateChecks(of tree: ScenarioTree, _ file: String) throws {
        do throws(ScenarioError) {
            _ = try reader.read(text: tree.text, file: file)
        } catch {
            let sentences = error.diagnostics.filter { $0.severity == .error }.map { problem in
                problem.message + (problem.suggestion.map { "; \($0)" } ?? "")
            }
            throw ValidationError("--check: \(sentences.joined(separator: "\n--check: "))")
        }
        for check in checks {
            let kinds = ["plan", "stream", "fanout"]
            guard let kind = kinds.first(where: { check.contains("\($0).") }), !tree.hasStep(kind) else { continue }
            let metric = check.split { " <>=!".contains($0) }.first ?? "it"
            if metric.contains("/") || metric.hasPrefix("\(kind).") {
                throw ValidationError(
                    "--check: nothing can be seen in `\(metric)`, since the scenario has no `\(kind)` step; "
                        + "'reprise convert' shows what became of the recording"
                )
            }
        }
    }

    // MARK: - After

    private func finish(
        _ result: Minimizer.Result,
        _ minimizer: Minimizer,
        _ place: MinimizeOutput,
        _ files: MinimizeFiles
    ) async throws {
        let description = MinimizeDescription(result: result, source: recording, checks: checks)
        var tree = result.best
        tree.describe(description.sentence, description.comments, failingAfter: result.failure.seconds)
        try place.write(tree)
        files.remove(except: tree)
        var recorded: Trial?
        var wasInterrupted = false
        switch result.ending {
        case .minimal, .trialsUsedUp:
            do {
                recorded = try await minimizer.record(
                    tree,
                    to: place.recording,
                    within: result.failure.seconds * 3 + 10
                )
            } catch Minimizer.Refusal.interrupted {
                wasInterrupted = true
            } catch {
                Console.note("warning: there is no recording of it: \(error)")
            }
        case .interrupted, .unreachable: break
        }
        Console.print(description.table(recorded: recorded))
        Console.print("\nwrote \(place.scenario)\(recorded == nil ? "" : " and \(place.recording)")")
        Console.print("run it: reprise run \(MinimizeOutput.quoted(place.scenario))")
        if wasInterrupted {
            Console.note("interrupted while it was recorded; there is no recording of it")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.interrupted.rawValue)
        }
        switch result.ending {
        case .minimal: break
        case .trialsUsedUp:
            Console.note("stopped after \(result.trials) trials, as --max-trials says: more may be left out")
        case .interrupted:
            Console.note("interrupted: more may be left out; there is no recording of it")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.interrupted.rawValue)
        case .unreachable(let reason):
            Console.note("error: the target is not reached any more (\(reason)): more may be left out")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.targetNeverReached.rawValue)
        }
    }

    /// Says why there is nothing to cut down.
    private func exit(for error: any Error, _ wholes: [MinimizationWhole]) -> any Error {
        switch error {
        case Minimizer.Refusal.notSeen(let trial, let failed, let runs):
            let seen = trial.findings.map { "`\($0.check)` was \($0.actual)" }.joined(separator: ", ")
            let count = runs == 1 ? "" : ", and failed in \(failed) of \(runs) runs, where \(trials.needed) are needed"
            Console.note("error: the whole does not fail: \(seen)\(count); nothing was written")
            for error in trial.errors.prefix(5) { Console.note("  it had an error: \(error)") }
            Console.note(
                "  if it fails only now and then, try --trials 1/10; if many at once are needed, --clients 50; "
                    + "'reprise run' of what 'reprise convert' makes shows what happens"
            )
            if serverLimit == nil, checks.contains(where: { $0.contains("runaway") }) {
                Console.note(
                    "  a task that goes on with ever new actions is a runaway only beyond what the server promises: say "
                        + "--server-limit 30"
                )
            }
            return ArgumentParser.ExitCode(Self.failureNotSeen)
        case Minimizer.Refusal.unreachable(let reason):
            Console.note("error: the target was never reached: \(reason); nothing was written")
            return ArgumentParser.ExitCode(Metrics.ExitCode.targetNeverReached.rawValue)
        case Minimizer.Refusal.interrupted:
            Console.note("interrupted before the whole had failed; nothing was written")
            return ArgumentParser.ExitCode(Metrics.ExitCode.interrupted.rawValue)
        case let error as RunError:
            Console.note("error: \(error.message)")
            return ArgumentParser.ExitCode(error.exitCode.rawValue)
        case let error as ScenarioError: return Self.invalid(error)
        default: return MinimizeOutput.failure("a trial cannot be run: \(error)")
        }
    }
}

/// `2/3`: how many runs of a trial have to fail, and how many there are.
struct TrialCount: ExpressibleByArgument, CustomStringConvertible {
    var needed: Int
    var runs: Int

    init(needed: Int, runs: Int) {
        self.needed = needed
        self.runs = runs
    }

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let needed = parts[0], let runs = parts[1], 1 <= needed, needed <= runs, runs <= 100
        else { return nil }
        self.init(needed: needed, runs: runs)
    }

    var description: String { "\(needed)/\(runs)" }
    var defaultValueDescription: String { description }
}
