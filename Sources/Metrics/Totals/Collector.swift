/// Adds up the snapshots of all workers: the run, its phases, its seconds.
///
/// Whoever owns it feeds it from one place at a time; nothing in it waits or locks.
package struct Collector: Sendable {
    package private(set) var totals: RunTotals

    private let workers: Int
    private let phaseNames: [String?]
    private let startEpochMilliseconds: Int64
    private var pending: [Int: Pending] = [:]
    /// The last second that each worker has completed.
    private var completed: [Int]
    private var nextSecond = 0
    private var activeByWorker: [[Int]]

    private struct Pending {
        /// By phase, in the order in which they came; never empty.
        var parts: [Part]
        /// By worker, clients per group.
        var active: [[Int]?]
        /// By worker, for how many nanoseconds a fault was on.
        var fault: [Int64]
    }

    /// What was measured of a second in one phase.
    private struct Part {
        var phase: Int
        var isWarmup: Bool
        var start: Int64
        var end: Int64
        var totals: Totals

        init(_ snapshot: Snapshot, _ table: MetricTable) {
            phase = snapshot.phase
            isWarmup = snapshot.isWarmup
            start = snapshot.start
            end = snapshot.end
            totals = Totals(table: table)
        }
    }

    /// - Parameters:
    ///   - table: the same that the recorders have.
    ///   - workers: how many there are; a second is complete when each has delivered it.
    ///   - phaseNames: one per phase of the load, nil where it has no name.
    ///   - startEpochMilliseconds: when second 0 began, in milliseconds since 1970.
    package init(table: MetricTable, workers: Int, phaseNames: [String?], startEpochMilliseconds: Int64) {
        totals = RunTotals(table: table, phaseNames: phaseNames)
        self.workers = max(workers, 1)
        self.phaseNames = phaseNames
        self.startEpochMilliseconds = startEpochMilliseconds
        completed = Array(repeating: -1, count: self.workers)
        activeByWorker = Array(repeating: [], count: self.workers)
    }

    /// Adds what a worker measured.
    ///
    /// - Returns: the seconds that are complete with it, in order; often none.
    package mutating func add(_ snapshot: Snapshot) -> [TimelineSecond] {
        guard snapshot.worker >= 0, snapshot.worker < workers else { return [] }
        merge(snapshot)
        let second = max(snapshot.second, nextSecond)
        var waiting =
            pending.removeValue(forKey: second)
            ?? Pending(
                parts: [],
                active: Array(repeating: nil, count: workers),
                fault: Array(repeating: 0, count: workers)
            )
        add(snapshot, to: &waiting.parts)
        waiting.active[snapshot.worker] = snapshot.activeClients
        if snapshot.isFault { waiting.fault[snapshot.worker] &+= max(snapshot.end &- snapshot.start, 0) }
        pending[second] = waiting
        if snapshot.isLast {
            completed[snapshot.worker] = .max
        } else if snapshot.completesSecond {
            completed[snapshot.worker] = max(completed[snapshot.worker], snapshot.second)
        }
        return emit(through: completed.min() ?? -1)
    }

    /// Hands over the seconds that not every worker has completed: at the end of a run.
    package mutating func finish() -> [TimelineSecond] {
        emit(through: pending.keys.max() ?? -1)
    }

    /// Takes note of what the generator uses, for checks on `generator.cpu` and its like.
    package mutating func update(usage: GeneratorUsage) {
        totals.usage = usage
    }

    private mutating func merge(_ snapshot: Snapshot) {
        guard !snapshot.isWarmup else {
            totals.warmup.add(snapshot)
            return
        }
        totals.addToRun(snapshot)
        if let index = phaseIndex(snapshot.phase) { totals.phases[index].totals.add(snapshot) }
    }

    private func add(_ snapshot: Snapshot, to parts: inout [Part]) {
        let known = parts.firstIndex { $0.phase == snapshot.phase && $0.isWarmup == snapshot.isWarmup }
        if known == nil { parts.append(Part(snapshot, totals.table)) }
        let index = known ?? parts.count - 1
        parts[index].totals.add(snapshot)
        parts[index].start = min(parts[index].start, snapshot.start)
        parts[index].end = max(parts[index].end, snapshot.end)
    }

    private mutating func emit(through last: Int) -> [TimelineSecond] {
        var seconds: [TimelineSecond] = []
        let last = min(last, pending.keys.max() ?? -1)
        while nextSecond <= last {
            let second = nextSecond
            nextSecond += 1
            guard let waiting = pending.removeValue(forKey: second) else { continue }
            for worker in 0..<workers {
                if let active = waiting.active[worker] { activeByWorker[worker] = active }
            }
            guard let first = waiting.parts.first else { continue }
            let active = sumOfActiveClients()
            note(active, in: first)
            seconds.append(
                TimelineSecond(
                    second: second,
                    epochMilliseconds: startEpochMilliseconds &+ Int64(second) &* 1000,
                    phase: phaseText(first),
                    isWarmup: first.isWarmup,
                    activeClients: active,
                    faultSeconds: Double(waiting.fault.max() ?? 0) / 1e9,
                    totals: waiting.parts.dropFirst().reduce(into: first.totals) { $0.add($1.totals) },
                    parts: waiting.parts.sorted { $0.start < $1.start }.map(part)
                )
            )
        }
        return seconds
    }

    private func part(_ part: Part) -> TimelineSecond.Part {
        TimelineSecond.Part(
            phase: phaseText(part),
            isWarmup: part.isWarmup,
            start: Double(part.start) / 1e9,
            length: Double(max(part.end &- part.start, 0)) / 1e9,
            totals: part.totals
        )
    }

    private mutating func note(_ active: [Int], in part: Part) {
        if part.isWarmup {
            totals.warmup.noteActive(active)
            return
        }
        totals.overall.noteActive(active)
        if let index = phaseIndex(part.phase) { totals.phases[index].totals.noteActive(active) }
    }

    private func sumOfActiveClients() -> [Int] {
        var sum = Array(repeating: 0, count: totals.table.groups.count)
        for clients in activeByWorker {
            for (group, number) in clients.prefix(sum.count).enumerated() { sum[group] &+= number }
        }
        return sum
    }

    /// The place of a phase among those that have a name.
    private func phaseIndex(_ phase: Int) -> Int? {
        guard phaseNames.indices.contains(phase), let name = phaseNames[phase] else { return nil }
        return totals.phases.firstIndex { $0.name == name }
    }

    private func phaseText(_ part: Part) -> String {
        if part.isWarmup { return "warmup" }
        guard phaseNames.indices.contains(part.phase) else { return "grace" }
        return phaseNames[part.phase] ?? String(part.phase + 1)
    }
}
