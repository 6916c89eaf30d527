/// Everything that a run has measured so far, without its warmup.
package struct RunTotals: Sendable {
    package let table: MetricTable
    /// The whole run after the warmup.
    package internal(set) var overall: Totals
    /// The warmup alone; only shown where nothing else explains what happened.
    package internal(set) var warmup: Totals
    /// The phases that have a name, in order.
    package internal(set) var phases: [Phase]
    /// What the generator used up; nil until somebody asked the operating system.
    package var usage: GeneratorUsage?

    /// One named phase.
    package struct Phase: Sendable {
        package let name: String
        package internal(set) var totals: Totals
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
}
