package import Scenarios

/// A command that a scenario wants to run.
package struct ScenarioCommand: Hashable, Sendable {
    /// As a shell takes it.
    package var line: String
    package var place: SourcePlace
}

extension Scenario {
    /// What is to happen on the run's clock, in words.
    package var plannedFaults: [(at: Duration, text: String)] {
        let groups = groups.map(\.name)
        return faults.map { ($0.at, $0.text(groups: groups)) }
    }

    /// The commands of its faults, which run with `--allow-run` only.
    package var commands: [ScenarioCommand] {
        faults.compactMap { fault in
            guard case .run(let words) = fault.action else { return nil }
            return ScenarioCommand(line: Fault.commandLine(words), place: fault.place)
        }
    }
}
