import Metrics

/// Brings what the workers leave in their outboxes to the collector and the observer.
struct RunCollection {
    /// So many tasks that did not complete are kept for the summary; the file has them all.
    static let loopLimit = 1000

    private(set) var collector: Collector
    private(set) var kept: [LoopRecord] = []
    let outbox: SnapshotOutbox
    private let loops: LoopOutbox
    private var usage: UsageProbe

    init(collector: Collector, outbox: SnapshotOutbox, loops: LoopOutbox, usage: UsageProbe) {
        self.collector = collector
        self.outbox = outbox
        self.loops = loops
        self.usage = usage
    }

    /// Takes in what has come, and tells the observer of the seconds that are complete with it.
    mutating func collect(_ observer: any RunObserver) {
        var seconds: [TimelineSecond] = []
        for snapshot in outbox.takeAll() { seconds += collector.add(snapshot) }
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
            kept += ended.prefix(max(0, Self.loopLimit - kept.count))
            observer.loops(ended)
        }
        guard !seconds.isEmpty else { return }
        collector.update(usage: usage.usage(busiest: nil))
        for second in seconds { observer.second(second, totals: collector.totals) }
    }
}
