import ArgumentParser
import Foundation
import LoadRunner
import Metrics
import Scenarios

/// `reprise replay`
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Plays a recording as many clients, and says in what the server did otherwise.",
        discussion: """
            Reads a recording of `reprise record`, one that a run kept of a failed client, or a HAR file. Each client plays \
            all connections of the recording: a message is sent after the same arrival as in the recording, and as long \
            after it. Where that arrival does not come, the message is sent five seconds late and counted. Ids and values \
            that the server gave are each client's own. What did not come, came besides, came in another order or took \
            longer stands in a table and in deviations.csv.

            Exit codes: 0 passed, 64 wrong usage, 99 a --check failed, 104 the recording cannot be played, \
            105 interrupted, 110 the target was never reached, 111 the generator was the bottleneck.
            """
    )

    @Argument(help: "The recording, or the HAR file.")
    var recording: String

    @Option(help: ArgumentHelp("Connects to this URL in place of the recording's.", valueName: "url"))
    var target: String?

    @Option(help: ArgumentHelp("How many clients play it.", valueName: "n"))
    var clients = 1

    @Option(help: ArgumentHelp("Divides the pauses of the client by this number; 2 is twice as fast.", valueName: "x"))
    var speed = 1.0

    @Option(
        help: ArgumentHelp(
            "Starts the clients over this time (a thousand a second unless said; 0s: all at once).",
            valueName: "time"
        )
    )
    var ramp: RampArgument?

    @Option(
        help: ArgumentHelp(
            "What comes this much later after its cause than in the recording took longer (100ms unless said).",
            valueName: "time"
        )
    )
    var tolerance: DurationArgument?

    @Option(
        name: .customLong("check"),
        help: ArgumentHelp(
            "What has to hold, such as 'replay.deviations == 0'; may be given several times.",
            valueName: "check"
        )
    )
    var checks: [String] = []

    @OptionGroup var options: RunOptions

    @Flag(help: "Leaves the secrets of a HAR file as they are; a recording's were redacted when it was made.")
    var keepSecrets = false

    func validate() throws {
        if !(1...1_000_000).contains(clients) { throw ValidationError("--clients must be from 1 to 1000000.") }
        guard speed.isFinite, speed >= 0.001, speed <= 1000 else {
            throw ValidationError("--speed must be from 0.001 to 1000.")
        }
    }

    func run() async throws {
        DescriptorLimit.raise()
        let replay = try compiled()
        let playing = Replay.Playing(
            clients: clients,
            speed: speed,
            tolerance: tolerance?.duration ?? .milliseconds(100),
            ramp: ramp?.duration ?? .milliseconds(clients > 1 ? clients : 0)
        )
        let file = URL(filePath: recording).lastPathComponent
        let texts = checks
        let environment = ProcessInfo.processInfo.environment
        let target = target
        let read: @Sendable () throws(ScenarioError) -> Scenario = { () throws(ScenarioError) in
            let reader = ScenarioReader(environment: environment, overrides: Overrides(target: target))
            return try replay.scenario(playing, checks: texts, file: file, reader: reader)
        }
        let scenario = try scenario(read, replay)
        var execution = RunExecution(
            source: ScenarioSource(path: recording, text: replay.text, scenario: scenario),
            options: options,
            folder: options.folder(for: scenario),
            readScenario: read
        )
        var code = Metrics.ExitCode.passed
        try await options.withDashboard { dashboard in
            execution.dashboard = dashboard
            code = try await execution.run().0
        }
        if code != .passed { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    /// - Throws: The exit code for what cannot be played, where it cannot.
    private func compiled() throws -> Replay {
        let source = try RecordingArgument.read(recording, keepsSecrets: keepSecrets)
        let name = URL(filePath: recording).lastPathComponent
        guard let replay = ReplayCompiler.compile(source, source: name, target: target) else {
            Console.note("\(recording): there is no connection in it; nothing was played")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
        for warning in replay.warnings { Console.note("\(recording): warning: \(warning)") }
        let environment = ProcessInfo.processInfo.environment
        let missing = replay.environment.filter { environment[$0] == nil }
        guard missing.isEmpty else {
            Console.note(
                "\(recording): secrets were redacted in it; set \(missing.joined(separator: ", ")) in the environment "
                    + "to what is to be sent in their place; nothing was played"
            )
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
        return replay
    }

    private func scenario(_ read: () throws(ScenarioError) -> Scenario, _ replay: Replay) throws -> Scenario {
        let scenario: Scenario
        do throws(ScenarioError) {
            scenario = try read()
        } catch {
            let colour = Console.usesColour(isTerminal: Console.errorIsTerminal)
            for diagnostic in error.diagnostics { Console.note(diagnostic.rendered(colour: colour)) }
            Console.note("\(recording): it cannot be played; nothing was run")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
        do {
            _ = try CheckLanguage.checks(of: scenario)
        } catch let error as CheckSyntaxError {
            let help = error.suggestion.map { " Write '\($0)'." } ?? ""
            throw ValidationError("--check: \(error.message)\(help)")
        }
        return scenario
    }
}

/// A duration that may be zero.
struct RampArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        if ["0", "0s", "0ms"].contains(argument) {
            duration = .zero
        } else if let time = DurationArgument(argument: argument) {
            duration = time.duration
        } else {
            return nil
        }
    }
}
