import Foundation
import LoadRunner
import Metrics
import Scenarios

extension RunFile {
    /// What is known when the load is about to start.
    init(_ source: ScenarioSource, seed: UInt64, options: RunReport.Options, checks: [Check], start: RunStart) {
        let scenario = source.scenario
        let process = ProcessInfo.processInfo
        self.init(
            scenario: scenario.name,
            description: scenario.description,
            file: source.path,
            text: source.text,
            targets: start.distinctTargets,
            startedAt: SummaryFile.timestamp(start.epochMilliseconds),
            startEpochMilliseconds: start.epochMilliseconds,
            seed: seed,
            options: SideOptions.shown(CommandLine.arguments.dropFirst()),
            keepFailures: options.keptFailures,
            groups: start.table.groups,
            load: scenario.load.phases.map(Phase.init),
            faults: scenario.plannedFaults.map { Fault(at: $0.at / .seconds(1), text: $0.text) },
            checks: scenario.checks.map(\.text),
            graceSeconds: scenario.grace / .seconds(1),
            warmupSeconds: scenario.warmup / .seconds(1),
            environment: scenario.environment.map(\.name),
            versions: ["reprise": Version.current, "swift": Version.compiler],
            machine: Machine(
                host: process.hostName,
                system: process.operatingSystemVersionString,
                cores: process.activeProcessorCount,
                memoryBytes: process.physicalMemory,
                threads: options.threads
            ),
            generatorOnlyWarns: options.onlyWarns,
            parsedChecks: checks.map(ParsedCheck.init),
            measured: Measured(start.table)
        )
    }
}

extension RunFile.Phase {
    fileprivate init(_ phase: Load.Phase) {
        let seconds = phase.duration / .seconds(1)
        switch phase.model {
        case .clients(let from, let to):
            self.init(name: phase.name, seconds: seconds, model: "clients", from: Double(from), to: Double(to))
        case .arrivals(let from, let to, let limit):
            self.init(name: phase.name, seconds: seconds, model: "arrivals", from: from, to: to, limit: limit)
        }
    }
}
