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

    @OptionGroup var options: ScenarioOptions

    @Option(help: ArgumentHelp("Makes all values the same as in another run with this number.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("The folder for the results (results/NAME-TIME unless said).", valueName: "dir"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "How many event loops (one per core unless said, less one if a practice server runs beside).",
            valueName: "n"
        )
    )
    var threads: Int?

    @Option(
        name: .customLong("source-ips"),
        help: ArgumentHelp(
            "Where connections come from, in turn: addresses of this machine, ranges and networks, as in "
                + "10.0.0.5,10.0.0.8-10.0.0.11,10.0.1.0/28. One address has about 28,000 ports for each server.",
            valueName: "list"
        ),
        transform: Self.sourceAddresses
    )
    var sourceAddresses: SourceAddresses?

    @Option(help: ArgumentHelp("`warn`: a generator that was the bottleneck is only a warning.", valueName: "mode"))
    var generator: GeneratorMode = .fail

    @Option(
        name: .customLong("keep-failures"),
        help: ArgumentHelp(
            "Keeps a recording of so many clients that failed, in the folder `failures` of the results: their start and "
                + "their last 16 KB, without secrets, for `reprise convert`.",
            valueName: "n"
        )
    )
    var keptFailures: Int?

    @Flag(
        name: .customLong("allow-run"),
        help: "Lets the scenario run the commands of its `faults:` on this machine, with your rights."
    )
    var allowsCommands = false

    @Flag(help: "Prints the verdict alone.")
    var quiet = false

    @Flag(help: "Prints the summary as JSON to standard output.")
    var json = false

    @Flag(help: "Prints every step and message; for few clients.")
    var trace = false

    @Flag(help: "Adds the cause to error messages.")
    var verbose = false

    enum GeneratorMode: String, ExpressibleByArgument, CaseIterable {
        case fail, warn
    }

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256.") }
        if let keptFailures, !(0...10_000).contains(keptFailures) {
            throw ValidationError("--keep-failures must be from 0 to 10000.")
        }
    }

    func run() async throws {
        DescriptorLimit.raise()
        var codes: [Metrics.ExitCode] = []
        // All are read before the first is run: a fault in the last is known at once.
        let sources = try scenarios.map { try options.read($0) }
        if !allowsCommands { try refuseCommands(of: sources) }
        for source in sources {
            let (code, wasInterrupted) = try await run(source)
            codes.append(code)
            if wasInterrupted { break }
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

    private func run(_ source: ScenarioSource) async throws -> (Metrics.ExitCode, wasInterrupted: Bool) {
        let scenario = source.scenario
        let seed = seed ?? UInt64.random(in: 1...999_999_999)
        let reader = options.reader
        let report = try RunReport(
            source: source,
            seed: seed,
            options: RunReport.Options(
                folder: folder(for: scenario),
                isQuiet: quiet,
                printsJSON: json,
                isTrace: trace,
                onlyWarns: generator == .warn,
                threads: threadCount(scenario),
                keptFailures: keptFailures ?? 0
            )
        )
        let traceLine: @Sendable (String) -> Void = { report.trace($0) }
        var configuration = RunConfiguration(
            threads: threadCount(scenario),
            seed: seed,
            trace: trace ? traceLine : nil,
            readScenario: { try reader.read(text: source.text, file: source.path) },
            startPractice: { try await PracticeProcess.start(system: $0, faults: $1, seed: seed) }
        )
        configuration.recording.failures = keptFailures ?? 0
        if allowsCommands { configuration.commands = source.commandSettings }
        if let sourceAddresses { configuration.sourceAddresses = sourceAddresses }
        let run = Run(configuration)
        // Unstructured, for it waits for signals that may never come, and is cancelled when the run is over.
        let signals = Task { await Self.obeySignals(run) }
        defer { signals.cancel() }
        do {
            let result = try await run.execute(report)
            return (try report.finish(result), result.ending == .interrupted)
        } catch let error as RunError {
            let cause = error.cause.map { verbose ? "\n  cause: \($0)" : "" } ?? ""
            Console.note("error: \(error.message)\(cause)")
            return (Self.exitCode(error.code), false)
        }
    }

    private static func exitCode(_ code: RunError.Code) -> Metrics.ExitCode {
        switch code {
        case .output, .sourceAddress: .wrongUsage
        case .tls, .command: .scenarioInvalid
        case .unknownHost, .practice: .targetNeverReached
        }
    }

    private static func sourceAddresses(_ list: String) throws -> SourceAddresses {
        do {
            return try SourceAddresses(parsing: list)
        } catch {
            throw ValidationError("\(error).")
        }
    }

    /// The first signal drains the run, the second ends the process, and what the scenario started.
    private static func obeySignals(_ run: Run) async {
        var isFirst = true
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
            if !isFirst { run.killCommands() }
            guard isFirst else { exit(withError: ArgumentParser.ExitCode(Metrics.ExitCode.interrupted.rawValue)) }
            isFirst = false
            Console.note("\nstopping: no more clients start; again to end at once")
            run.interrupt()
        }
    }

    private func threadCount(_ scenario: Scenario) -> Int {
        if let threads { return threads }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let isBesideServer = scenario.groups.contains {
            if case .practice = $0.target.location { true } else { false }
        }
        return max(1, isBesideServer ? cores - 1 : cores)
    }

    private func folder(for scenario: Scenario) -> String {
        guard let out else {
            let time = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
            let stamp = time.filter { $0.isNumber || $0 == "T" }.replacing("T", with: "-")
            return "results/\(scenario.name)-\(stamp)"
        }
        return scenarios.count == 1 ? out : "\(out)/\(scenario.name)"
    }
}
