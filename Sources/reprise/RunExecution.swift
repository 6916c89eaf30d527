import Foundation
import LoadRunner
import Metrics
import Scenarios

/// Runs one scenario with its reports, and listens to signals meanwhile.
struct RunExecution {
    let source: ScenarioSource
    let options: RunOptions
    let folder: String
    /// Reads the scenario again, for each worker.
    let readScenario: @Sendable () throws -> Scenario
    /// What commands of `faults:` run with; nil: they must not.
    var commands: CommandSettings?
    /// Of how many clients that fail a recording is kept.
    var keptFailures = 0
    /// Where the run is shown besides; it outlives the run.
    var dashboard: Dashboard?

    func run() async throws -> (Metrics.ExitCode, wasInterrupted: Bool) {
        let seed = options.seed ?? UInt64.random(in: 1...999_999_999)
        let threads = options.threadCount(source.scenario)
        let report = try RunReport(
            source: source,
            seed: seed,
            options: RunReport.Options(
                folder: folder,
                isQuiet: options.quiet,
                printsJSON: options.json,
                isTrace: options.trace,
                onlyWarns: options.generator == .warn,
                threads: threads,
                keptFailures: keptFailures,
                dashboard: dashboard
            )
        )
        let traceLine: @Sendable (String) -> Void = { report.trace($0) }
        var configuration = RunConfiguration(
            threads: threads,
            seed: seed,
            trace: options.trace ? traceLine : nil,
            readScenario: readScenario,
            startPractice: { try await PracticeProcess.start(system: $0, faults: $1, seed: seed) }
        )
        configuration.commands = commands
        configuration.scrape = try options.side.scraping()
        configuration.export = try options.side.exporting(source.scenario, seed: seed, folder: folder)
        configuration.keptFailures = keptFailures
        if let addresses = options.sourceAddresses { configuration.sourceAddresses = addresses }
        let run = Run(configuration)
        // Unstructured, for it waits for signals that may never come, and is cancelled when the run is over.
        let signals = Task {
            await Interruption.obey(
                saying: run.isOver
                    ? "the collector is not waited for any longer" : "stopping: no more clients start",
                first: { run.interrupt() },
                second: { run.killCommands() }
            )
        }
        defer {
            Console.endView()
            signals.cancel()
        }
        do {
            let result = try await run.execute(report)
            return (try report.finish(result), result.ending == .interrupted)
        } catch let error as RunError {
            Console.endView()
            let cause = error.cause.map { options.verbose ? "\n  cause: \($0)" : "" } ?? ""
            Console.note("error: \(error.message)\(cause)")
            return (error.exitCode, false)
        }
    }
}
