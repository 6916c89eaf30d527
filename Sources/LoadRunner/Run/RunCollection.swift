import Metrics
import Scenarios

/// Brings what the workers leave in their outboxes to the collector and the observer.
struct RunCollection {
    private(set) var collector: Collector
    private(set) var tally = LoopTally()
    let outbox: SnapshotOutbox
    private let loops: LoopOutbox
    private let faults: FaultLog
    private let failures: FailureKeeper?
    private var usage: UsageProbe

    init(_ shared: SharedPlan, _ scenario: Scenario, workers: Int) {
        collector = Collector(
            table: shared.table,
            workers: workers,
            phaseNames: scenario.load.phases.map(\.name),
            startEpochMilliseconds: shared.clock.startEpochMilliseconds
        )
        outbox = shared.outbox
        loops = shared.loops
        faults = shared.faultLog
        failures = shared.failures
        usage = UsageProbe()
    }

    /// Takes in what has come, and tells the observer of the seconds that are complete with it.
    mutating func collect(_ observer: any RunObserver) {
        var seconds: [TimelineSecond] = []
        for snapshot in outbox.takeAll() { seconds += collector.add(snapshot) }
        for news in faults.takeNews() { observer.happened(news) }
        for client in failures?.takeAll() ?? [] { observer.kept(client) }
        report(seconds, observer)
    }

    /// Takes in what is left at the end of the run.
    mutating func finish(_ observer: any RunObserver, busiest: Double) {
        collect(observer)
        report(collector.finish(), observer)
        collector.update(usage: usage.usage(busiest: busiest))
    }

    private mutating func report(_ seconds: [TimelineSecond], _ observer: any RunObserver) {
        let ended = loops.takeAll()
        if !ended.isEmpty {
            for loop in ended { tally.add(loop) }
            observer.loops(ended)
        }
        guard !seconds.isEmpty else { return }
        collector.update(usage: usage.usage(busiest: nil))
        for var second in seconds {
            second.faults = faults.marks(inSecond: second.second)
            observer.second(second, totals: collector.totals)
        }
    }
}
