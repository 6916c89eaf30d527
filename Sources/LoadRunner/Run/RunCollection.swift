import Metrics
import NIOCore
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
    private let side: SideWork
    private var feed: FigureFeed?
    /// Seconds that wait for what servers say of themselves.
    private var held: [TimelineSecond] = []
    private(set) var scraped: ScrapedFigures?

    init(_ shared: SharedPlan, _ scenario: Scenario, workers: Int, _ side: SideWork = .nothing) {
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
        self.side = side
        if side.scraper != nil { scraped = ScrapedFigures() }
        feed = side.exporter.map { FigureFeed($0, startEpochMilliseconds: shared.clock.startEpochMilliseconds) }
    }

    /// Takes in what has come, and tells the observer of the seconds that are complete with it.
    mutating func collect(_ observer: any RunObserver) {
        var seconds: [TimelineSecond] = []
        for snapshot in outbox.takeAll() { seconds += collector.add(snapshot) }
        for news in faults.takeNews() { observer.happened(news) }
        for client in failures?.takeAll() ?? [] { observer.kept(client) }
        for warning in side.takeWarnings() { observer.warned(warning) }
        report(seconds, observer)
    }

    /// Takes in what is left at the end of the run.
    mutating func finish(_ observer: any RunObserver, busiest: Double) {
        collect(observer)
        report(collector.finish(), observer)
        collector.update(usage: usage.usage(busiest: busiest))
        release(all: true, observer)
    }

    /// Pushes what the run came to; tells the observer where that takes longer than a second.
    func push(_ observer: any RunObserver, seconds: Double) async {
        guard let feed, let exporter = side.exporter else { return }
        let totals = collector.totals
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                var feed = feed
                await feed.end(totals, seconds: seconds)
                return true
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(1))
                return false
            }
            for await isOver in group {
                if isOver { break }
                observer.waits(exporter.wait)
            }
            group.cancelAll()
        }
    }

    private mutating func report(_ seconds: [TimelineSecond], _ observer: any RunObserver) {
        let ended = loops.takeAll()
        if !ended.isEmpty {
            for loop in ended { tally.add(loop) }
            observer.loops(ended)
        }
        if !seconds.isEmpty { collector.update(usage: usage.usage(busiest: nil)) }
        held += seconds
        release(all: false, observer)
    }

    /// Tells the observer of the seconds of which all is known.
    private mutating func release(all: Bool, _ observer: any RunObserver) {
        while var second = held.first {
            if let outbox = side.scraper?.outbox {
                if all, held.count == 1 {
                    second.scraped = outbox.takeAll()
                } else if let rows = outbox.take(through: second.second, at: all ? .distantFuture : .now()) {
                    second.scraped = rows
                } else {
                    return
                }
                scraped?.add(second.scraped, isWarmup: second.isWarmup)
            }
            held.removeFirst()
            second.faults = faults.marks(inSecond: second.second)
            observer.second(second, totals: collector.totals)
            feed?.add(second, totals: collector.totals)
        }
    }
}
