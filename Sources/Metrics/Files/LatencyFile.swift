/// latency.csv: a row per group and metric that has samples, at the end of the run.
struct LatencyFile {
    static let header = "scenario,group,metric,unit,count,min,mean,stddev,p50,p75,p90,p95,p99,p99.9,p99.99,max\r\n"

    let summary: RunSummary

    /// Times in milliseconds with three decimals; sizes whole, their mean and deviation with three decimals.
    var text: String {
        let rows = MeasuredRows(table: summary.totals.table, totals: summary.totals.overall).distributions
        return Self.header + rows.map(row).joined()
    }

    private func row(_ distribution: DistributionRow) -> String {
        var row = CSVRow()
        row.add(summary.scenario)
        row.add(distribution.group)
        row.add(distribution.metric)
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
