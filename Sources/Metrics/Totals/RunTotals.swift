/// Everything that a run has measured so far, without its warmup.
package struct RunTotals: Sendable {
    package let table: MetricTable
    /// The whole run after the warmup.
    package internal(set) var overall: Totals
    /// The warmup alone; only shown where nothing else explains what happened.
    package internal(set) var warmup: Totals
    /// The phases that have a name, in order.
    package internal(set) var phases: [Phase]
    /// The run after the warmup in two; nil as long as no fault was on.
    package internal(set) var split: Split?
    /// What the generator used up; nil until somebody asked the operating system.
    package var usage: GeneratorUsage?

    /// One named phase.
    package struct Phase: Sendable {
        package let name: String
        package internal(set) var totals: Totals
    }

    /// What clients that no fault has hit measured; distributions, lag and time only.
    package struct Split: Sendable {
        package internal(set) var calm: Totals
        package internal(set) var fault: Totals
    }

    init(table: MetricTable, phaseNames: [String?]) {
        self.table = table
        overall = Totals(table: table)
        warmup = Totals(table: table)
        phases = []
        for case let name? in phaseNames where !phases.contains(where: { $0.name == name }) {
            phases.append(Phase(name: name, totals: Totals(table: table)))
        }
    }

    /// The totals of a named phase, or of the run where `phase` is nil.
    package func totals(phase: String?) -> Totals? {
        guard let phase else { return overall }
        return phases.first { $0.name == phase }?.totals
    }

    /// The distributions of one kind of time; nil for a fault's where there was none.
    package func totals(of time: FaultTime) -> Totals? {
        switch time {
        case .calm: split?.calm ?? overall
        case .fault: split?.fault
        }
    }

    /// Adds what a worker measured to the run and to its kind of time.
    mutating func addToRun(_ snapshot: Snapshot) {
        if split == nil, snapshot.isFault || overall.isAfflicted(snapshot) {
            // All that came before was calm, and of clients that no fault had hit.
            split = Split(calm: overall, fault: Totals(table: table))
        }
        overall.add(snapshot)
        if snapshot.isFault { split?.fault.addUnafflicted(snapshot) } else { split?.calm.addUnafflicted(snapshot) }
    }
}
