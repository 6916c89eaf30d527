/// How a run is doing, one value a second, for everybody who watches it: terminal and dashboard.
///
/// It is made once a second, and only where there is a live view or a dashboard, on the thread that collects; workers know nothing of it.
/// What is counted so far is without the warmup, as in every file of the results, unless it says otherwise.
package struct LiveFigures: Sendable {
    /// The second of the run that these are of, from 0.
    package let second: Int
    /// How much of the second was measured, in seconds: the last one of a run is often shorter.
    package let measuredSeconds: Double
    /// How long the run goes on at the end of this second, and how long it is to be without its grace; in seconds.
    package let elapsed: Double
    package let total: Double

    /// As in timeline.csv: its name, `warmup`, its number where it has no name, or `grace`.
    package let phase: String
    package let isWarmup: Bool
    package let isGrace: Bool

    /// Clients at the end of the second.
    package let groups: [Group]
    package var active: Int { groups.reduce(0) { $0 &+ $1.active } }

    /// Clients so far, with those of the warmup.
    package let started: Int
    package let finished: Int
    package let failed: Int
    /// Those of an `arrivals:` load that could not start.
    package let notStarted: Int

    /// Application messages in this second, and in all.
    package let sent: Flow
    package let received: Flow

    /// By kind, the most frequent first; without the warmup's.
    package let errors: [ErrorKind]
    /// Those of this second and those so far, the warmup's with them.
    package let errorFlow: Flow
    /// Failed operations of all so far; nil where there were none.
    package let errorRate: Double?

    /// What took time in this second, over all groups; those that matter most first, see `MainMetrics`.
    package let latencies: [Latency]

    /// How late the generator's own event loops were.
    package let lag: Lag
    /// What the end would say of the generator, if it were now.
    package let generator: GeneratorVerdict
    /// What the generator uses so far; nil where the system was not asked.
    package let usage: GeneratorUsage?

    /// The checks as they would end now, in the order of the scenario.
    package let checks: [CheckResult]

    /// The faults of the run's clock that began in this second; their texts are redacted.
    package let faults: [FaultMark]
    /// For how much of this second a fault was on, in seconds.
    package let faultSeconds: Double

    /// A group's clients.
    package struct Group: Hashable, Sendable {
        package let name: String
        package let active: Int
    }

    /// Something that is counted.
    package struct Flow: Hashable, Sendable {
        /// Per second of this second's measured time.
        package let rate: Double
        /// So far.
        package let total: Int
    }

    package struct ErrorKind: Hashable, Sendable {
        package let kind: String
        /// So far.
        package let total: Int
        /// In this second.
        package let inSecond: Int
    }

    /// A metric of times in this second, in microseconds.
    package struct Latency: Hashable, Sendable {
        package let metric: String
        package let count: Int
        /// Nil where the samples of the second do not carry them.
        package let p50: Double?
        package let p95: Double?
        package let p99: Double?
        /// Nil where there were no samples.
        package let max: Double?
        /// Whether it belongs to the few that are shown first.
        package let isMain: Bool
    }

    /// In microseconds.
    package struct Lag: Hashable, Sendable {
        /// Of this second; nil where the samples do not carry them.
        package let p50: Double?
        package let p99: Double?
        package let max: Double?
        /// Of the run so far.
        package let runP99: Double?
        /// Up to where `runP99` is harmless.
        package let allowed: Double
    }
}
