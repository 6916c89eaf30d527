import Foundation
import LoadRunner
import Scenarios

/// run.json: what was run, with what, where.
struct RunDescription: Encodable {
    let schema = 1
    let scenario: String
    let description: String?
    let file: String
    /// The file's text as it was read.
    let text: String
    let targets: [String]
    let startedAt: String
    let seed: UInt64
    let options: [String]
    /// Of how many clients that fail a recording is kept.
    let keepFailures: Int
    let load: [Phase]
    let faults: [Fault]
    let graceSeconds: Double
    let warmupSeconds: Double
    let environment: [String]
    let versions: [String: String]
    let machine: Machine

    struct Phase: Encodable {
        let name: String?
        let seconds: Double
        let model: String
        let from: Double
        let to: Double
        let limit: Int?
    }

    /// What is planned on the run's clock; what happened stands in summary.json.
    struct Fault: Encodable {
        let at: Double
        let text: String
    }

    struct Machine: Encodable {
        let host: String
        let system: String
        let cores: Int
        let memoryBytes: UInt64
        let threads: Int
    }

    init(_ source: ScenarioSource, seed: UInt64, threads: Int, keepFailures: Int, start: RunStart) {
        let scenario = source.scenario
        self.scenario = scenario.name
        description = scenario.description
        file = source.path
        text = source.text
        var targets: [String] = []
        for target in start.targets where !targets.contains(target) { targets.append(target) }
        self.targets = targets
        startedAt = Date(timeIntervalSince1970: Double(start.epochMilliseconds) / 1000)
            .formatted(.iso8601.time(includingFractionalSeconds: true))
        self.seed = seed
        self.keepFailures = keepFailures
        options = Array(CommandLine.arguments.dropFirst())
        load = scenario.load.phases.map(Phase.init)
        faults = scenario.plannedFaults.map { Fault(at: $0.at / .seconds(1), text: $0.text) }
        graceSeconds = scenario.grace / .seconds(1)
        warmupSeconds = scenario.warmup / .seconds(1)
        environment = scenario.environment.map(\.name)
        versions = ["reprise": Version.current, "swift": Version.compiler]
        let process = ProcessInfo.processInfo
        machine = Machine(
            host: process.hostName,
            system: process.operatingSystemVersionString,
            cores: process.activeProcessorCount,
            memoryBytes: process.physicalMemory,
            threads: threads
        )
    }
}

extension RunDescription.Phase {
    init(_ phase: Load.Phase) {
        name = phase.name
        seconds = phase.duration / .seconds(1)
        switch phase.model {
        case .clients(let from, let to):
            (model, self.from, self.to, limit) = ("clients", Double(from), Double(to), nil)
        case .arrivals(let from, let to, let limit):
            (model, self.from, self.to, self.limit) = ("arrivals", from, to, limit)
        }
    }
}
