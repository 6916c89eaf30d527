/// What is known of a run before its load starts, for whoever watches it.
package struct LivePlan: Hashable, Sendable {
    /// One phase of the load.
    package struct Phase: Hashable, Sendable {
        /// Its name, or its number counted from 1.
        package var name: String
        package var seconds: Double

        package init(name: String, seconds: Double) {
            self.name = name
            self.seconds = seconds
        }
    }

    /// A fault that is planned on the run's clock.
    package struct Fault: Hashable, Sendable {
        /// Seconds of the run.
        package var at: Double
        package var text: String

        package init(at: Double, text: String) {
            self.at = at
            self.text = text
        }
    }

    package var scenario: String
    /// Where the clients go, without what is secret in it.
    package var target: String
    package var seed: UInt64
    /// That of Reprise.
    package var version: String
    package var startEpochMilliseconds: Int64
    package var phases: [Phase]
    package var warmupSeconds: Double
    /// How long the run is to be, without its grace: at least the phases.
    package var seconds: Double
    package var faults: [Fault]
    package var checks: [Check]
    /// Whether a generator that was the bottleneck is only a warning.
    package var generatorOnlyWarns: Bool

    package init(
        scenario: String,
        target: String,
        seed: UInt64,
        version: String,
        startEpochMilliseconds: Int64,
        phases: [Phase],
        warmupSeconds: Double = 0,
        seconds: Double,
        faults: [Fault] = [],
        checks: [Check] = [],
        generatorOnlyWarns: Bool = false
    ) {
        self.scenario = scenario
        self.target = target
        self.seed = seed
        self.version = version
        self.startEpochMilliseconds = startEpochMilliseconds
        self.phases = phases
        self.warmupSeconds = warmupSeconds
        self.seconds = seconds
        self.faults = faults
        self.checks = checks
        self.generatorOnlyWarns = generatorOnlyWarns
    }

    /// Reads it from what is written to run.json.
    ///
    /// - Parameters:
    ///   - run: its texts are redacted here.
    ///   - seconds: how long the run is to be, where that is more than its phases say: of a replay.
    package init(
        _ run: RunFile,
        checks: [Check],
        seconds: Double,
        generatorOnlyWarns: Bool,
        redactor: Redactor
    ) {
        let phases = run.load.enumerated().map { number, phase in
            Phase(name: phase.name ?? String(number + 1), seconds: phase.seconds)
        }
        self.init(
            scenario: run.scenario,
            target: redactor.apply(run.targets.joined(separator: ", ")),
            seed: run.seed,
            version: run.versions["reprise"] ?? "",
            startEpochMilliseconds: run.startEpochMilliseconds,
            phases: phases,
            warmupSeconds: run.warmupSeconds,
            seconds: max(seconds, phases.reduce(0) { $0 + $1.seconds }),
            faults: run.faults.map { Fault(at: $0.at, text: redactor.apply($0.text)) },
            checks: checks,
            generatorOnlyWarns: generatorOnlyWarns
        )
    }
}
