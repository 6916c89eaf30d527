/// latency.csv: a row per group and metric that has samples, at the end of the run.
struct LatencyFile {
    static let header = "scenario,group,metric,unit,count,min,mean,stddev,p50,p75,p90,p95,p99,p99.9,p99.99,max\r\n"

    let summary: SummaryFile

    /// Times in milliseconds with three decimals; sizes whole, their mean and deviation with three decimals.
    var text: String {
        var text = Self.header + summary.metrics.map { row($0) }.joined()
        if let split = summary.faultTime {
            text += split.calm.metrics.map { row($0, prefix: "calm:") }.joined()
            text += split.fault.metrics.map { row($0, prefix: "fault:") }.joined()
        }
        return text
    }

    private func row(_ metric: SummaryFile.Metric, prefix: String = "") -> String {
        let unit = MetricUnit(rawValue: metric.unit) ?? .count
        var row = CSVRow()
        row.add(summary.scenario)
        row.add(metric.group)
        row.add(prefix + metric.metric)
        row.add(metric.unit)
        row.add(metric.count)
        row.add(metric.min, unit: unit)
        row.add(metric.mean)
        row.add(metric.stddev)
        for percentile in DistributionRow.percentiles {
            row.add(metric.percentiles[SummaryFile.Metric.name(ofPercentile: percentile)], unit: unit)
        }
        row.add(metric.max, unit: unit)
        return row.terminated()
    }
}
