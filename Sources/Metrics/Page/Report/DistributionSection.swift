/// The shape of each time: how much of it lies below which value, up to the rarest.
struct DistributionSection {
    let figures: ReportFigures
    let log: LogTotals

    private static let openLimit = TimelineSection.openLimit

    /// - Parameter room: for all charts.
    func section(_ room: inout PageRoom) -> ReportSection {
        ReportSection(id: "distributions", title: "Distributions", body: body(&room))
    }

    private func body(_ room: inout PageRoom) -> HTMLText {
        var charts: [HTMLText] = []
        for (place, key) in figures.latencies.enumerated() {
            guard let histogram = log[key], histogram.count >= 10 else { continue }
            let service = log[StoredTimeline.Key(group: key.group, metric: key.metric + ".service")]
            let name = HTMLText.metric(key.metric)
            let chart = DistributionChart(
                id: "shape-\(place + 1)",
                title: key.group == "all"
                    ? name : "\(name) <span class=\"muted\">of \(HTMLText.name(key.group))</span>",
                scheduled: histogram,
                service: service
            )
            charts.append(room.take(chart.html))
        }
        guard !charts.isEmpty else { return "" }
        var html: HTMLText = """
            <p class="muted">Along the axis the share of samples that took at most so long, each step to the right being ten times \
            rarer. Where the line from the scheduled time lies above the one from the actual send, clients had to wait before they \
            could send: what a measurement with coordinated omission would not have shown.</p>
            \(charts.prefix(Self.openLimit).joined())
            """
        let rest = charts.dropFirst(Self.openLimit).joined()
        if !rest.isEmpty { html += "<details><summary>Other times</summary>\n\(rest)</details>\n" }
        return html
    }
}
