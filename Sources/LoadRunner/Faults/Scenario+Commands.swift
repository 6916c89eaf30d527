package import Scenarios

/// A command that a scenario wants to run.
package struct ScenarioCommand: Hashable, Sendable {
    /// As a shell takes it.
    package var line: String
    package var place: SourcePlace
}

extension Scenario {
    /// The commands of its faults, which run with `--allow-run` only.
    package var commands: [ScenarioCommand] {
        faults.compactMap { fault in
            guard case .run(let words) = fault.action else { return nil }
            return ScenarioCommand(line: Fault.commandLine(words), place: fault.place)
        }
    }
}
