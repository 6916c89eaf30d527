/// latency.csv: a row per group and metric that has samples, at the end of the run.
struct LatencyFile {
    static let header = "scenario,group,metric,unit,count,min,mean,stddev,p50,p75,p90,p95,p99,p99.9,p99.99,max\r\n"

    let summary: RunSummary

    /// Times in milliseconds with three decimals; sizes whole, their mean and deviation with three decimals.
    var text: String {
        let rows = MeasuredRows(table: summary.totals.table, totals: summary.totals.overall).distributions
        var text = Self.header + rows.map { row($0) }.joined()
        if let split = FaultRows(summary.totals) {
            text += split.calm.map { row($0, prefix: "calm:") }.joined()
            text += split.fault.map { row($0, prefix: "fault:") }.joined()
        }
        return text
    }

    private func row(_ distribution: DistributionRow, prefix: String = "") -> String {
        var row = CSVRow()
        row.add(summary.scenario)
        row.add(distribution.group)
        row.add(prefix + distribution.metric)
        row.add(distribution.unit.rawValue)
        row.add(distribution.count)
        row.add(distribution.min, unit: distribution.unit)
        row.add(distribution.mean)
        row.add(distribution.standardDeviation)
        for value in distribution.values { row.add(value, unit: distribution.unit) }
        row.add(distribution.max, unit: distribution.unit)
        return row.terminated()
    }
}
