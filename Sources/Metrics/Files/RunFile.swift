/// run.json: what is run, with what, where; written before the load starts.
package struct RunFile: Codable, Sendable {
    /// Raised when a field changes its meaning or goes away; new fields do not raise it.
    package static let schema = 1

    package var schema = Self.schema
    package var scenario: String
    package var description: String?
    package var file: String
    /// The file's text as it was read.
    package var text: String
    package var targets: [String]
    /// ISO 8601, with milliseconds.
    package var startedAt: String
    package var startEpochMilliseconds: Int64
    package var seed: UInt64
    /// The words of the command line after the program's name.
    package var options: [String]
    /// Of how many clients that fail a recording is kept.
    package var keepFailures: Int
    package var groups: [String]
    package var load: [Phase]
    package var faults: [Fault]
    /// As the scenario words them.
    package var checks: [String]
    package var graceSeconds: Double
    package var warmupSeconds: Double
    /// The names of the environment variables that the scenario reads; never their values.
    package var environment: [String]
    package var versions: [String: String]
    package var machine: Machine
    /// Whether the generator's being the bottleneck is a warning only.
    package var generatorOnlyWarns: Bool?
    /// What the checks mean, in their order; nil in files of older versions.
    package var parsedChecks: [ParsedCheck]?
    /// The names of all that is measured; nil in files of older versions.
    package var measured: Measured?
    /// Whether steps of the scenario have a pace, so that the load says how much is done; nil in files of older versions.
    package var isPaced: Bool?

    package struct Phase: Codable, Sendable {
        /// Nil where it has none; the timeline then has its number, counted from 1.
        package var name: String?
        package var seconds: Double
        /// `clients` or `arrivals`.
        package var model: String
        /// Clients, or arrivals per second, at its begin and its end.
        package var from: Double
        package var to: Double
        package var limit: Int?

        package init(name: String?, seconds: Double, model: String, from: Double, to: Double, limit: Int? = nil) {
            self.name = name
            self.seconds = seconds
            self.model = model
            self.from = from
            self.to = to
            self.limit = limit
        }
    }

    /// What is planned on the run's clock; what happened stands in summary.json.
    package struct Fault: Codable, Sendable {
        /// Seconds of the run.
        package var at: Double
        package var text: String

        package init(at: Double, text: String) {
            self.at = at
            self.text = text
        }
    }

    package struct Machine: Codable, Sendable {
        package var host: String
        package var system: String
        package var cores: Int
        package var memoryBytes: UInt64
        package var threads: Int

        package init(host: String, system: String, cores: Int, memoryBytes: UInt64, threads: Int) {
            self.host = host
            self.system = system
            self.cores = cores
            self.memoryBytes = memoryBytes
            self.threads = threads
        }
    }

    package init(
        scenario: String,
        description: String?,
        file: String,
        text: String,
        targets: [String],
        startedAt: String,
        startEpochMilliseconds: Int64,
        seed: UInt64,
        options: [String],
        keepFailures: Int,
        groups: [String],
        load: [Phase],
        faults: [Fault],
        checks: [String],
        graceSeconds: Double,
        warmupSeconds: Double,
        environment: [String],
        versions: [String: String],
        machine: Machine,
        generatorOnlyWarns: Bool? = nil,
        parsedChecks: [ParsedCheck]? = nil,
        measured: Measured? = nil,
        isPaced: Bool? = nil
    ) {
        self.scenario = scenario
        self.description = description
        self.file = file
        self.text = text
        self.targets = targets
        self.startedAt = startedAt
        self.startEpochMilliseconds = startEpochMilliseconds
        self.seed = seed
        self.options = options
        self.keepFailures = keepFailures
        self.groups = groups
        self.load = load
        self.faults = faults
        self.checks = checks
        self.graceSeconds = graceSeconds
        self.warmupSeconds = warmupSeconds
        self.environment = environment
        self.versions = versions
        self.machine = machine
        self.generatorOnlyWarns = generatorOnlyWarns
        self.parsedChecks = parsedChecks
        self.measured = measured
        self.isPaced = isPaced
    }
}
