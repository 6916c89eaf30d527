/// The shape of each time: how much of it lies below which value, up to the rarest.
struct DistributionSection {
    let figures: ReportFigures
    let log: HistogramLog

    private static let openLimit = TimelineSection.openLimit

    /// - Parameter room: for all charts.
    func section(_ room: inout PageRoom) -> ReportSection {
        ReportSection(id: "distributions", title: "Distributions", body: body(&room))
    }

    private func body(_ room: inout PageRoom) -> HTMLText {
        let totals = LogTotals(log, from: figures.run.run.warmupSeconds)
        var charts: [HTMLText] = []
        for (place, key) in figures.latencies.enumerated() {
            guard let histogram = totals[key], histogram.count >= 10 else { continue }
            let service = totals[StoredTimeline.Key(group: key.group, metric: key.metric + ".service")]
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

/// The samples of a whole run, from the intervals of its log.
struct LogTotals {
    private var totals: [StoredTimeline.Key: Histogram] = [:]

    /// - Parameter warmup: seconds of the run that no figure counts.
    init(_ log: HistogramLog, from warmup: Double) {
        for interval in log.intervals where interval.start >= warmup - 0.001 {
            for group in [interval.group, "all"] {
                totals[StoredTimeline.Key(group: group, metric: interval.metric), default: Histogram()]
                    .add(interval.histogram)
            }
        }
    }

    subscript(key: StoredTimeline.Key) -> Histogram? { totals[key] }
}
