import ArgumentParser
import Foundation
import LoadRunner
import Metrics
import Scenarios

/// A scenario and the text that it was read from, once: a change of the file in between would mix two of them.
struct ScenarioSource: Sendable {
    let path: String
    let text: String
    let scenario: Scenario
}

/// What the commands that read a scenario have in common.
struct ScenarioOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Connects to this URL in place of the scenario's.", valueName: "url"))
    var target: String?

    @Option(help: ArgumentHelp("The most clients at once; every phase is scaled to it.", valueName: "n"))
    var clients: Int?

    @Option(
        help: ArgumentHelp("The length of the whole load, such as 30s; phases keep their share.", valueName: "time")
    )
    var duration: DurationArgument?

    func validate() throws {
        if let clients, !(1...1_000_000).contains(clients) {
            throw ValidationError("--clients must be from 1 to 1000000.")
        }
    }

    var reader: ScenarioReader {
        ScenarioReader(
            environment: ProcessInfo.processInfo.environment,
            overrides: Overrides(target: target, clients: clients, duration: duration?.duration),
            checkSyntax: CheckLanguage.problem
        )
    }

    /// Reads a scenario and shows what there is to say about it.
    ///
    /// - Throws: The exit code for an invalid scenario.
    func read(_ path: String) throws -> ScenarioSource {
        let colour = Console.usesColour(isTerminal: Console.errorIsTerminal)
        do throws(ScenarioError) {
            let text = try ScenarioReader.text(ofFile: path)
            let scenario = try reader.read(text: text, file: path)
            for warning in scenario.warnings { Console.note(warning.rendered(colour: colour)) }
            return ScenarioSource(path: path, text: text, scenario: scenario)
        } catch {
            for diagnostic in error.diagnostics { Console.note(diagnostic.rendered(colour: colour)) }
            let count = error.diagnostics.count { $0.severity == .error }
            Console.note("\(path): \(count) error\(count == 1 ? "" : "s"); nothing was run")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
    }
}
