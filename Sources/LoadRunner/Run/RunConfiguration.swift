package import NIOCore
package import Scenarios

/// What a run is made from.
package struct RunConfiguration: Sendable {
    /// Reads the scenario; called once more for each worker, so that no two of them share the parts of one.
    package var readScenario: @Sendable () throws -> Scenario
    /// How many event loops.
    package var threads: Int
    package var seed: UInt64
    /// Starts the practice server that a scenario's target asks for.
    package var startPractice: @Sendable (_ system: String, _ faults: [String]) async throws -> StartedTarget
    /// Takes the lines of a trace; nil: none is made.
    package var trace: (@Sendable (String) -> Void)?
    /// Where connections come from.
    package var sourceAddresses = SourceAddresses.automatic
    /// From a host and a port to its addresses; nil: the system knows.
    package var lookup: (@Sendable (_ host: String, _ port: Int) throws -> [SocketAddress])?
    /// How long a client that has caught up after a stall may hear nothing, while others do, before it counts as silent.
    package var stallSilence = Duration.seconds(10)
    /// Of how many clients that fail a recording is kept.
    package var keptFailures = 0
    /// What commands of `faults:` run with; nil: they must not.
    package var commands: CommandSettings?
    /// Where figures are pushed; nil: nowhere.
    package var export: ExportSettings?
    /// Which servers are asked for their own metrics; nil: none.
    package var scrape: ScrapeSettings?
    /// How often figures are brought together, where an observer wants to end the run as soon as it knows enough; nil:
    /// with every second.
    package var figuresEvery: Duration?

    package init(
        threads: Int,
        seed: UInt64,
        trace: (@Sendable (String) -> Void)? = nil,
        readScenario: @escaping @Sendable () throws -> Scenario,
        startPractice: @escaping @Sendable (_ system: String, _ faults: [String]) async throws -> StartedTarget
    ) {
        self.threads = threads
        self.seed = seed
        self.trace = trace
        self.readScenario = readScenario
        self.startPractice = startPractice
    }
}

/// What the commands of a scenario run with.
package struct CommandSettings: Sendable {
    /// The scenario's folder, as an absolute path: they run in it, and their relative paths begin there.
    package var directory: String
    /// The person's environment.
    package var environment: [String: String]
    /// The path of `reprise`.
    package var program: String

    package init(directory: String, environment: [String: String], program: String) {
        self.directory = directory
        self.environment = environment
        self.program = program
    }
}

/// A server that was started for the run, and is stopped after it.
package struct StartedTarget: Sendable {
    package var url: ServerURL
    /// The server's process, where it is one of its own.
    package var processID: Int32?
    package var stop: @Sendable () async -> Void

    package init(url: ServerURL, processID: Int32? = nil, stop: @escaping @Sendable () async -> Void) {
        self.url = url
        self.processID = processID
        self.stop = stop
    }
}

/// A run that could not begin, in a sentence that says what to do.
package struct RunError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Hashable, Sendable {
        /// The target's name leads to no address.
        case unknownHost
        /// The practice server did not start.
        case practice
        /// A certificate or a key that `tls:` names cannot be used.
        case tls
        /// An address of `--source-ips` is not this machine's.
        case sourceAddress
        /// A scenario wants to run a command, and nobody has allowed it.
        case command
        /// The results cannot be written.
        case output
    }

    package var code: Code
    /// What happened and what to do about it.
    package var message: String
    /// What the system said.
    package var cause: String?
    package var description: String { message }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause.map { String(describing: $0) }
    }
}
