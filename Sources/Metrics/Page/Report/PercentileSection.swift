/// The distributions in numbers: times and sizes apart, all groups together first.
struct PercentileSection {
    let figures: ReportFigures

    /// Beyond this many rows of single groups the page would be too long for anybody; latency.csv has them all.
    static let rowLimit = 500

    private static let percentiles = ["p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99"]

    var section: ReportSection { ReportSection(id: "percentiles", title: "Latencies and sizes", body: body) }

    private var body: HTMLText {
        let all = rows("all")
        guard !all.isEmpty else { return "" }
        var html: HTMLText = """
            <p class="muted">From the scheduled time of each cause, so that waiting for a slow server counts. A percentile is blank \
            where the samples do not carry it: fewer than 1/(1−p).</p>

            """
        html += tables(all, of: figures.groups.count > 1 ? "all groups" : "")
        guard figures.groups.count > 1 else { return html + CountsSection(figures: figures).html }
        var left = Self.rowLimit
        for group in figures.groups {
            let rows = rows(group)
            guard !rows.isEmpty else { continue }
            guard rows.count <= left else {
                html += "<p class=\"muted\">Group \(HTMLText.name(group)): in <code>latency.csv</code>.</p>\n"
                continue
            }
            left -= rows.count
            html += "<details><summary>Group \(HTMLText.name(group))</summary>\n\(tables(rows, of: group))</details>\n"
        }
        return html + CountsSection(figures: figures).html
    }

    private func rows(_ group: String) -> [SummaryFile.Metric] {
        (figures.summary?.metrics ?? []).filter { $0.group == group && $0.metric != "generator.lag" }
    }

    private func tables(_ rows: [SummaryFile.Metric], of group: String) -> HTMLText {
        let times = rows.filter { $0.unit == MetricUnit.milliseconds.rawValue }
        let services = times.filter { $0.metric.hasSuffix(".service") }
        let main = times.filter { !$0.metric.hasSuffix(".service") }
        let sizes = rows.filter { $0.unit != MetricUnit.milliseconds.rawValue }
        let label = group.isEmpty ? "" : " (\(group))"
        var html = table("Times and sizes\(label)", [("times", main), ("sizes", sizes)])
        if !services.isEmpty {
            html += """
                <details><summary>From the actual send (<code>.service</code>), without what was late before it</summary>
                \(table("Service times\(label)", [("times", services)]))</details>

                """
        }
        return html
    }

    private func table(_ label: String, _ parts: [(title: HTMLText, rows: [SummaryFile.Metric])]) -> HTMLText {
        let columns = ["count", "min", "mean"] + Self.percentiles + ["max"]
        var table = HTMLTable(label, [.text("metric")] + columns.map { .number(HTMLText($0)) })
        let parts = parts.filter { !$0.rows.isEmpty }
        for part in parts {
            if parts.count > 1 { table.begin(part.title) }
            for row in part.rows {
                let values = [row.min, row.mean] + Self.percentiles.map { row.percentiles[$0] } + [row.max]
                table.add(
                    [HTMLText.metric(row.metric), ReportText.count(row.count)]
                        + values.map { ReportText.value($0, row.unit) }
                )
            }
        }
        return table.isEmpty ? "" : table.html
    }
}
