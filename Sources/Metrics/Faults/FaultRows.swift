/// What clients that no fault has hit measured in calm time and while a fault was on, beside one another.
///
/// There are none where the run had only one of the two kinds of time.
package struct FaultRows: Sendable {
    /// The seconds of each kind.
    let calmSeconds: Double
    let faultSeconds: Double
    let calm: [DistributionRow]
    let fault: [DistributionRow]

    package init?(_ totals: RunTotals) {
        guard let split = totals.split, split.calm.seconds > 0, split.fault.seconds > 0 else { return nil }
        calmSeconds = split.calm.seconds
        faultSeconds = split.fault.seconds
        calm = Self.times(totals.table, split.calm)
        fault = Self.times(totals.table, split.fault)
    }

    private static func times(_ table: MetricTable, _ totals: Totals) -> [DistributionRow] {
        MeasuredRows(table: table, totals: totals).distributions.filter { $0.unit == .milliseconds }
    }
}
