@testable import Metrics

extension SampleRun {
    /// What stands in run.json of it.
    func file(_ checks: [Check] = []) -> RunFile {
        RunFile(
            scenario: summary.scenario,
            description: nil,
            file: "sample.yaml",
            text: "name: sample",
            targets: [summary.target],
            startedAt: "2023-11-14T22:13:20.000Z",
            startEpochMilliseconds: summary.startEpochMilliseconds,
            seed: 42,
            options: ["run", "sample.yaml"],
            keepFailures: 0,
            groups: table.groups,
            load: [
                RunFile.Phase(name: "steady", seconds: 2, model: "clients", from: 0, to: 3),
                RunFile.Phase(name: nil, seconds: 10, model: "clients", from: 3, to: 3),
            ],
            faults: [],
            checks: checks.map(\.text),
            graceSeconds: 1,
            warmupSeconds: 0,
            environment: [],
            versions: ["reprise": "0.1.0"],
            machine: RunFile.Machine(host: "box", system: "Linux", cores: 2, memoryBytes: 1, threads: 1),
            parsedChecks: checks.map(RunFile.ParsedCheck.init),
            measured: RunFile.Measured(table)
        )
    }
}
