/// Takes down what the clients of one worker measure.
///
/// It belongs to one event loop and is used there alone, without a lock. Recording touches flat arrays only and
/// allocates nothing once the histograms have seen the range of their values; the first error of a kind and the first
/// event of a name are remembered.
package final class Recorder {
    package let table: MetricTable
    package let worker: Int

    /// Each group twice: the second half are those of `MetricTable.afflicted`.
    private let groupCount: Int
    private let rowCount: Int
    private let counterCount: Int
    // Raw storage rather than arrays: the properties of a class are checked for exclusive access at each use.
    private let histograms: UnsafeMutablePointer<IntervalHistogram>
    private let counters: UnsafeMutablePointer<Int>
    private let operations: Int
    private let operationsFailed: Int

    private let redactor: Redactor
    private var errors = ErrorNames()
    private var unknownEvents = EventNames()
    private var lag = IntervalHistogram()
    private var stalled: Int64 = 0
    private var late = 0
    private var intervalStart: Int64

    /// - Parameters:
    ///   - table: all the metrics; what is registered later is not known here.
    ///   - worker: the place of the worker, from 0.
    ///   - start: when the first interval begins, in nanoseconds of the run's clock.
    ///   - redactor: takes secrets out of the examples of errors, before they are cut.
    package init(table: MetricTable, worker: Int, start: Int64 = 0, redactor: Redactor = Redactor()) {
        self.table = table
        self.worker = worker
        self.redactor = redactor
        groupCount = table.groups.count * 2
        rowCount = table.register.rows.count
        counterCount = table.register.counterNames.count
        histograms = .allocate(capacity: groupCount * rowCount)
        histograms.initialize(repeating: IntervalHistogram(), count: groupCount * rowCount)
        counters = .allocate(capacity: groupCount * counterCount)
        counters.initialize(repeating: 0, count: groupCount * counterCount)
        operations = table.fixed.operations.index
        operationsFailed = table.fixed.operationsFailed.index
        intervalStart = start
    }

    deinit {
        histograms.deinitialize(count: groupCount * rowCount)
        histograms.deallocate()
        counters.deinitialize(count: groupCount * counterCount)
        counters.deallocate()
    }

    // MARK: - Distributions

    /// Records a latency: from the scheduled time of its cause, and from the actual send; both in nanoseconds.
    package func record(_ metric: LatencyMetric, group: Int, scheduled: Int64, service: Int64) {
        record(row: metric.scheduled.row, group: group, value: HistogramLayout.microseconds(scheduled))
        record(row: metric.service.row, group: group, value: HistogramLayout.microseconds(service))
    }

    package func record(_ metric: TimeMetric, group: Int, nanoseconds: Int64) {
        record(row: metric.row, group: group, value: HistogramLayout.microseconds(nanoseconds))
    }

    package func record(_ metric: SizeMetric, group: Int, value: Int) {
        record(row: metric.row, group: group, value: value)
    }

    // MARK: - Counters

    package func add(_ counter: CounterMetric, group: Int, _ number: Int = 1) {
        add(index: counter.index, group: group, number)
    }

    /// What was counted since the last snapshot.
    package func count(_ counter: CounterMetric, group: Int) -> Int {
        counters[clampedGroup(group) * counterCount + counter.index]
    }

    /// Counts for one stream and over all of them.
    package func add(_ count: StreamCount, of stream: StreamMetrics, group: Int, _ number: Int = 1) {
        let all = table.fixed.streams[count.rawValue].index
        let own = table.streamCounters[stream.index][count.rawValue].index
        add(index: all, group: group, number)
        if own != all { add(index: own, group: group, number) }
    }

    /// Counts how a task ended, over all plans and for this one.
    ///
    /// `PLAN.failed` is left to `failed(_:group:)` of the plan's operation, which counts the failed step.
    package func add(_ outcome: PlanOutcome, of plan: PlanMetrics, group: Int) {
        let all = table.fixed.plans[outcome.rawValue].index
        let own = table.planCounters[plan.index][outcome.rawValue].index
        add(index: all, group: group, 1)
        if outcome != .failed, own != all { add(index: own, group: group, 1) }
    }

    // MARK: - Operations

    /// Counts an operation that did what it should, and how long it took, in nanoseconds.
    package func succeeded(_ operation: OperationMetric, group: Int, scheduled: Int64, service: Int64) {
        succeeded(operation, group: group)
        if let latency = operation.latency {
            record(latency, group: group, scheduled: scheduled, service: service)
        }
    }

    /// Counts an operation that did what it should.
    package func succeeded(_ operation: OperationMetric, group: Int) {
        add(index: operation.count.index, group: group, 1)
        add(index: operations, group: group, 1)
    }

    /// Counts an operation that did not do what it should.
    package func failed(_ operation: OperationMetric, group: Int) {
        add(index: operation.count.index, group: group, 1)
        add(index: operation.failed.index, group: group, 1)
        add(index: operations, group: group, 1)
        add(index: operationsFailed, group: group, 1)
    }

    // MARK: - Errors and events

    /// Counts an error under its kind.
    ///
    /// - Parameters:
    ///   - kind: such as `refused` or `closed.1006`; beyond 64 kinds further ones count as `other`.
    ///   - second: the second of the run.
    ///   - example: evaluated for the first of its kind and group only; cut at 300 bytes.
    package func error(_ kind: String, group: Int, at second: Int, example: @autoclosure () -> String) {
        errors.count(kind, group: clampedGroup(group), second: second) { redactor.apply(example()) }
    }

    /// Counts an event that the scenario mentions, by its place in `MetricTable.events`.
    package func received(event index: Int, group: Int) {
        guard index >= 0, index < table.eventCounters.count else { return }
        add(index: table.eventCounters[index].index, group: group, 1)
    }

    /// Counts an event that the scenario does not mention; beyond 100 names further ones count as `other`.
    package func received(unknown name: String, group: Int) {
        var name = name
        name.withUTF8 { unknownEvents.count(UnsafeRawBufferPointer($0), group: clampedGroup(group)) }
    }

    /// The same from the bytes of the name, so that no string has to be made of them.
    package func received(unknown name: UnsafeRawBufferPointer, group: Int) {
        unknownEvents.count(name, group: clampedGroup(group))
    }

    // MARK: - The generator itself

    /// Records how late the loop came to a probe.
    package func recordLag(nanoseconds: Int64) {
        lag.record(HistogramLayout.microseconds(nanoseconds))
    }

    /// Adds to the time in which the loop did not come to its probes.
    package func addStall(nanoseconds: Int64) {
        stalled &+= max(nanoseconds, 0)
    }

    /// Counts a send that left later than scheduled.
    package func addLate(_ number: Int = 1) {
        late &+= number
    }

    // MARK: - Snapshots

    /// Hands over what was measured since the last time, and begins anew.
    ///
    /// - Parameters:
    ///   - second: the second of the run that ends, or within which a phase ends.
    ///   - completesSecond: false where a phase or the warmup ends within the second.
    ///   - isLast: whether nothing more comes from this worker.
    ///   - phase: the phase that it belongs to; the number of phases means the grace.
    ///   - isWarmup: whether it belongs to the warmup.
    ///   - isFault: whether a fault was on in it.
    ///   - now: nanoseconds of the run's clock.
    ///   - activeClients: per group, how many there are now.
    package func takeSnapshot(
        second: Int,
        completesSecond: Bool = true,
        isLast: Bool = false,
        phase: Int,
        isWarmup: Bool,
        isFault: Bool = false,
        at now: Int64,
        activeClients: [Int]
    ) -> Snapshot {
        let snapshot = Snapshot(
            worker: worker,
            second: second,
            completesSecond: completesSecond,
            isLast: isLast,
            phase: phase,
            isWarmup: isWarmup,
            isFault: isFault,
            start: intervalStart,
            end: now,
            activeClients: activeClients,
            histograms: drainHistograms(),
            counters: drainCounters(),
            errors: errors.drain(),
            received: unknownEvents.drain(),
            lag: lag.drain(),
            stalled: stalled,
            late: late
        )
        stalled = 0
        late = 0
        intervalStart = now
        return snapshot
    }

    private func drainHistograms() -> [Snapshot.Entry<IntervalHistogram>] {
        var entries: [Snapshot.Entry<IntervalHistogram>] = []
        for index in 0..<(groupCount * rowCount) where histograms[index].count > 0 {
            entries.append(Snapshot.Entry(index: index, value: histograms[index].drain()))
        }
        return entries
    }

    private func drainCounters() -> [Snapshot.Entry<Int>] {
        var entries: [Snapshot.Entry<Int>] = []
        for index in 0..<(groupCount * counterCount) where counters[index] != 0 {
            entries.append(Snapshot.Entry(index: index, value: counters[index]))
            counters[index] = 0
        }
        return entries
    }

    // MARK: - Storage

    @inline(__always)
    private func record(row: Int, group: Int, value: Int) {
        precondition(group >= 0 && group < groupCount && row < rowCount, "no such group or metric")
        histograms[group &* rowCount &+ row].record(value)
    }

    @inline(__always)
    private func add(index: Int, group: Int, _ number: Int) {
        precondition(group >= 0 && group < groupCount && index < counterCount, "no such group or counter")
        counters[group &* counterCount &+ index] &+= number
    }

    private func clampedGroup(_ group: Int) -> Int {
        min(max(group, 0), groupCount - 1)
    }
}

// One event loop's property: no other may hold it.
@available(*, unavailable)
extension Recorder: Sendable {}
