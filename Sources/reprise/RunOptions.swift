import ArgumentParser
import Foundation
import LoadRunner
import Metrics
import Scenarios

/// What the commands that put load on a server have in common.
struct RunOptions: ParsableArguments {
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
        help: ArgumentHelp(
            "Shows the run on a web page meanwhile, and to Prometheus under /metrics: on a free port of this machine, or "
                + "where you say, as in 9000 or 0.0.0.0:9000. Whoever reaches it can watch.",
            valueName: "host:port"
        ),
        transform: Self.dashboardAddress
    )
    var dashboard: DashboardAddress?

    @Flag(help: "Prints the verdict alone.")
    var quiet = false

    @Flag(help: "Prints the summary as JSON to standard output.")
    var json = false

    @Flag(help: "Prints every step and message; for few clients.")
    var trace = false

    @Flag(help: "Adds the cause to error messages.")
    var verbose = false

    @OptionGroup var side: SideOptions

    enum GeneratorMode: String, ExpressibleByArgument, CaseIterable {
        case fail, warn
    }

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256.") }
    }

    private static func sourceAddresses(_ list: String) throws -> SourceAddresses {
        do {
            return try SourceAddresses(parsing: list)
        } catch {
            throw ValidationError("\(error).")
        }
    }

    /// How many event loops a scenario is run on.
    func threadCount(_ scenario: Scenario) -> Int {
        if let threads { return threads }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let isBesideServer = scenario.groups.contains {
            if case .practice = $0.target.location { true } else { false }
        }
        return max(1, isBesideServer ? cores - 1 : cores)
    }

    /// Where the results of a scenario go.
    ///
    /// - Parameter isOnlyOne: One of several has a folder of its own in the one that was named.
    func folder(for scenario: Scenario, isOnlyOne: Bool = true) -> String {
        guard let out else {
            let time = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
            let stamp = time.filter { $0.isNumber || $0 == "T" }.replacing("T", with: "-")
            return "results/\(scenario.name)-\(stamp)"
        }
        return isOnlyOne ? out : "\(out)/\(scenario.name)"
    }
}
