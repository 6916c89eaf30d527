import Foundation
import LoadRunner
import Scenarios

extension ScenarioSource {
    /// What to say of each command that the scenario wants to run, where that was not allowed.
    var commandRefusals: [Diagnostic] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return scenario.commands.map { command in
            let line = command.place.line - 1
            return Diagnostic(
                code: .badValue,
                message: "the scenario runs `\(command.line)` on this machine, which has to be allowed",
                place: command.place,
                suggestion: "read what it does, then add --allow-run",
                sourceLine: lines.indices.contains(line) ? String(lines[line]) : ""
            )
        }
    }

    /// What its commands run with: in its folder, with this process's environment.
    var commandSettings: CommandSettings {
        CommandSettings(
            directory: URL(filePath: path).standardizedFileURL.deletingLastPathComponent().path(percentEncoded: false),
            environment: ProcessInfo.processInfo.environment,
            program: Program.path
        )
    }
}
