import Metrics
import NIOCore
import Scenarios

/// What a worker is made from.
struct WorkerPlan: Sendable {
    let number: Int
    let workers: Int
    /// The worker's own copy of the scenario, read for it, so that no two threads count references to the same parts.
    let scenario: Scenario
    let shared: SharedPlan
}

/// What all workers of a run have in common.
struct SharedPlan: Sendable {
    let seed: UInt64
    let table: MetricTable
    let network: NetworkPlan
    let clock: RunClock
    let redactor: Redactor
    let trace: Trace?
    let failures: FailureKeeper?
    let outbox = SnapshotOutbox()
    let loops = LoopOutbox()
    let activeClients = ActiveClients()
    let rooms: RoomDirectory?
    let faultActivity = FaultActivity()
    let faultLog: FaultLog
    let stallSilence: TimeAmount
    let figuresEvery: TimeAmount?

    init(
        _ scenario: Scenario,
        _ table: MetricTable,
        _ network: NetworkPlan,
        _ clock: RunClock,
        _ configuration: RunConfiguration
    ) {
        seed = configuration.seed
        self.table = table
        stallSilence = TimeAmount(configuration.stallSilence)
        figuresEvery = configuration.figuresEvery.map { TimeAmount($0) }
        self.network = network
        self.clock = clock
        let redactor = Redactor(secrets: scenario.environment.compactMap(\.value))
        self.redactor = redactor
        faultLog = FaultLog(scenario, workers: max(1, configuration.threads), clock: clock)
        rooms = RoomDirectory(scenario, seed: configuration.seed, tag: UInt32.random(in: 0 ... .max))
        failures = FailureKeeper(configuration.keptFailures, scenario)
        trace = configuration.trace.map { Trace(clock: clock, redactor: redactor, write: $0) }
    }
}
