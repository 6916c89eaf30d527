import ArgumentParser
import Foundation
import LoadRunner
import Metrics
import Scenarios
import UnixSignals

/// `reprise run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs scenarios and reports what held and what broke.",
        discussion: """
            Writes a folder of CSV and JSON files for each run. Ctrl-C once stops starting clients, lets those that run \
            finish within the scenario's grace, and reports; twice ends at once.

            Exit codes: 0 passed, 64 wrong usage, 99 a check failed, 104 the scenario is invalid, 105 interrupted, \
            110 the target was never reached, 111 the generator was the bottleneck.
            """
    )

    @Argument(help: "The scenario files; several run one after the other.")
    var scenarios: [String]

    @OptionGroup var scenarioOptions: ScenarioOptions

    @OptionGroup var options: RunOptions

    @Option(
        name: .customLong("keep-failures"),
        help: ArgumentHelp(
            "Keeps a recording of so many clients that failed, in the folder `failures` of the results: their start and "
                + "their last 16 KB, without secrets, for `reprise replay` and `reprise convert`.",
            valueName: "n"
        )
    )
    var keptFailures: Int?

    @Flag(
        name: .customLong("allow-run"),
        help: "Lets the scenario run the commands of its `faults:` on this machine, with your rights."
    )
    var allowsCommands = false

    func validate() throws {
        if let keptFailures, !(0...10_000).contains(keptFailures) {
            throw ValidationError("--keep-failures must be from 0 to 10000.")
        }
    }

    func run() async throws {
        DescriptorLimit.raise()
        var codes: [Metrics.ExitCode] = []
        // All are read before the first is run: a fault in the last is known at once.
        let sources = try scenarios.map { try scenarioOptions.read($0) }
        if !allowsCommands { try refuseCommands(of: sources) }
        try await options.withDashboard { dashboard in
            for source in sources {
                let (code, wasInterrupted) = try await execution(of: source, dashboard).run()
                codes.append(code)
                if wasInterrupted { break }
            }
        }
        let code = Metrics.ExitCode.deciding(codes)
        if code != .passed { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    /// Says which commands there are and how to allow them.
    ///
    /// - Throws: The exit code for an invalid scenario, where there is one.
    private func refuseCommands(of sources: [ScenarioSource]) throws {
        let refusals = sources.flatMap(\.commandRefusals)
        guard !refusals.isEmpty else { return }
        let colour = Console.usesColour(isTerminal: Console.errorIsTerminal)
        for refusal in refusals { Console.note(refusal.rendered(colour: colour)) }
        Console.note("nothing was run")
        throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
    }

    private func execution(of source: ScenarioSource, _ dashboard: Dashboard?) -> RunExecution {
        let reader = scenarioOptions.reader
        return RunExecution(
            source: source,
            options: options,
            folder: options.folder(for: source.scenario, isOnlyOne: scenarios.count == 1),
            readScenario: { try reader.read(text: source.text, file: source.path) },
            commands: allowsCommands ? source.commandSettings : nil,
            keptFailures: keptFailures ?? 0,
            dashboard: dashboard
        )
    }
}
