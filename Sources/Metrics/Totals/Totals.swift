/// What all workers measured in one stretch of the run: the whole, a phase, a second.
package struct Totals: Sendable {
    private let groupCount: Int
    private let rowCount: Int
    private let counterCount: Int
    private var histograms: [Histogram]
    private var counters: [Int]
    private var errorTotals: [NameKey: ErrorTotal] = [:]
    private var errorKinds: Set<String> = []
    private var unknownEvents: [NameKey: Int] = [:]
    private var eventNames: Set<String> = []
    /// Nanoseconds measured, by worker.
    private var measured: [Int64] = []
    /// The lag of all workers' loops, in microseconds.
    package private(set) var lag = Histogram()
    /// For how long loops did not come to their probes, in nanoseconds, summed over the workers.
    package private(set) var stalled: Int64 = 0
    /// Sends that left later than scheduled.
    package private(set) var late = 0
    /// The most clients that were active at the end of a second: per group, and at last in all.
    private var peaks: [Int]

    struct NameKey: Hashable {
        var name: String
        var group: Int
    }

    init(table: MetricTable) {
        groupCount = table.groups.count
        rowCount = table.register.rows.count
        counterCount = table.register.counterNames.count
        histograms = Array(repeating: Histogram(), count: groupCount * rowCount)
        counters = Array(repeating: 0, count: groupCount * counterCount)
        peaks = Array(repeating: 0, count: groupCount + 1)
    }

    // MARK: - Adding

    /// Adds what a worker measured, that of afflicted clients to their groups.
    mutating func add(_ snapshot: Snapshot) {
        for entry in snapshot.histograms where entry.index < histograms.count * 2 {
            histograms[entry.index % histograms.count].add(entry.value)
        }
        for entry in snapshot.counters where entry.index < counters.count * 2 {
            counters[entry.index % counters.count] &+= entry.value
        }
        for error in snapshot.errors {
            add(
                ErrorTotal(
                    kind: error.kind,
                    group: error.group % groupCount,
                    count: error.count,
                    firstSecond: error.firstSecond,
                    example: error.example
                )
            )
        }
        for event in snapshot.received {
            addUnknownEvent(event.name, group: event.group % groupCount, count: event.count)
        }
        stalled &+= snapshot.stalled
        late &+= snapshot.late
        addTime(of: snapshot)
    }

    /// Takes note of how many clients were active at the end of a second, in one group or in all.
    mutating func notePeak(_ clients: Int, group: Int?) {
        peaks[group ?? groupCount] = max(peaks[group ?? groupCount], clients)
    }

    /// Adds what was measured in another stretch, under the same table; clients at once are not a sum and stay out.
    mutating func add(_ other: Totals) {
        for (index, histogram) in other.histograms.enumerated() where !histogram.isEmpty {
            histograms[index].add(histogram)
        }
        for (index, count) in other.counters.enumerated() { counters[index] &+= count }
        for error in other.errors { add(error) }
        for (key, count) in other.unknownEvents { addUnknownEvent(key.name, group: key.group, count: count) }
        lag.add(other.lag)
        stalled &+= other.stalled
        late &+= other.late
        for (worker, time) in other.measured.enumerated() { addTime(time, worker: worker) }
    }

    /// Adds the distributions of clients that are not afflicted, the loops' lag and the time; nothing else.
    mutating func addUnafflicted(_ snapshot: Snapshot) {
        for entry in snapshot.histograms where entry.index < histograms.count {
            histograms[entry.index].add(entry.value)
        }
        addTime(of: snapshot)
    }

    /// Whether something of the snapshot is an afflicted client's.
    func isAfflicted(_ snapshot: Snapshot) -> Bool {
        snapshot.histograms.contains { $0.index >= histograms.count }
    }

    private mutating func addTime(of snapshot: Snapshot) {
        lag.add(snapshot.lag)
        addTime(max(snapshot.end &- snapshot.start, 0), worker: snapshot.worker)
    }

    /// Adds time that was measured.
    mutating func addTime(_ nanoseconds: Int64, worker: Int) {
        while measured.count <= worker { measured.append(0) }
        measured[worker] &+= nanoseconds
    }

    /// Takes note of how many clients were active at the end of a second, per group.
    mutating func noteActive(_ clients: [Int]) {
        for (group, number) in clients.prefix(groupCount).enumerated() {
            peaks[group] = max(peaks[group], number)
        }
        peaks[groupCount] = max(peaks[groupCount], clients.reduce(0, +))
    }

    mutating func add(_ error: ErrorTotal) {
        var error = error
        if error.kind != "other", !errorKinds.contains(error.kind) {
            if errorKinds.count < ErrorNames.limit {
                errorKinds.insert(error.kind)
            } else {
                error.kind = "other"
            }
        }
        let key = NameKey(name: error.kind, group: error.group)
        guard var total = errorTotals[key] else {
            errorTotals[key] = error
            return
        }
        total.count &+= error.count
        if error.firstSecond < total.firstSecond {
            total.firstSecond = error.firstSecond
            total.example = error.example
        }
        errorTotals[key] = total
    }

    mutating func addUnknownEvent(_ name: String, group: Int, count: Int) {
        var name = name
        if name != "other", !eventNames.contains(name) {
            if eventNames.count < EventNames.limit {
                eventNames.insert(name)
            } else {
                name = "other"
            }
        }
        unknownEvents[NameKey(name: name, group: group), default: 0] &+= count
    }

    /// Adds samples to a row of a group.
    mutating func add(_ histogram: Histogram, row: Int, group: Int) {
        histograms[group * rowCount + row].add(histogram)
    }

    /// Adds to a counter of a group.
    mutating func add(_ count: Int, counter: Int, group: Int) {
        counters[group * counterCount + counter] &+= count
    }

    mutating func addLag(_ histogram: Histogram) {
        lag.add(histogram)
    }

    mutating func addLate(_ count: Int) {
        late &+= count
    }

    // MARK: - Reading

    /// The time that was measured, in seconds.
    package var seconds: Double {
        Double(measured.max() ?? 0) / 1e9
    }

    /// The samples of a row; of all groups together where `group` is nil.
    func histogram(row: Int, group: Int?) -> Histogram {
        if let group { return histograms[group * rowCount + row] }
        if groupCount == 1 { return histograms[row] }
        var merged = Histogram()
        for group in 0..<groupCount { merged.add(histograms[group * rowCount + row]) }
        return merged
    }

    /// A counter; of all groups together where `group` is nil.
    func counter(_ index: Int, group: Int?) -> Int {
        if let group { return counters[group * counterCount + index] }
        return (0..<groupCount).reduce(0) { $0 &+ counters[$1 * counterCount + index] }
    }

    /// The errors, by kind and then by group.
    package var errors: [ErrorTotal] {
        errorTotals.values.sorted { ($0.kind, $0.group) < ($1.kind, $1.group) }
    }

    /// How many errors there were, of one kind or of all.
    package func errorCount(kind: String? = nil, group: Int? = nil) -> Int {
        errorTotals.values.reduce(0) { sum, total in
            (kind == nil || total.kind == kind) && (group == nil || total.group == group) ? sum &+ total.count : sum
        }
    }

    /// The kinds of errors that there were, by name.
    var errorKindNames: [String] { Set(errorTotals.values.map(\.kind)).sorted() }

    /// The events that the scenario does not mention, by name.
    var unknownEventNames: [String] {
        Set(unknownEvents.keys.map(\.name)).sorted()
    }

    func unknownEventCount(_ name: String, group: Int?) -> Int {
        if let group { return unknownEvents[NameKey(name: name, group: group)] ?? 0 }
        return (0..<groupCount).reduce(0) { $0 &+ (unknownEvents[NameKey(name: name, group: $1)] ?? 0) }
    }

    /// The most clients that were active at the end of a second.
    package func peakClients(group: Int? = nil) -> Int {
        peaks[group ?? groupCount]
    }
}
