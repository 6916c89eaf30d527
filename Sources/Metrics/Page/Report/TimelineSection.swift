/// What happened when: charts below one another on one axis of time.
struct TimelineSection {
    let figures: ReportFigures
    let axis: TimeAxis

    /// Charts of times that are open; the others are folded away.
    static let openLimit = 8

    private var timeline: StoredTimeline { figures.run.timeline }

    /// - Parameter room: for all charts; what has none is left out, and the page says so.
    func section(_ room: inout PageRoom) -> ReportSection {
        ReportSection(id: "timelines", title: "Timelines", body: timeline.seconds.isEmpty ? "" : body(&room))
    }

    private func body(_ room: inout PageRoom) -> HTMLText {
        var charts = TimelineCharts(timeline, axis: axis)
        let keys = figures.latencies.isEmpty ? unfinishedLatencies : figures.latencies
        var html = intro + phases
        html += room.take(charts.clients(groups: figures.groups)?.html ?? "")
        for key in keys.prefix(Self.openLimit) {
            html += room.take(charts.times(key, title: title(key))?.html ?? "")
        }
        html += charts.counted(count: figures).map { room.take($0.html) }.joined()
        html += charts.generator().map { room.take($0.html) }.joined()
        html += server(&charts, &room)
        html += folded(keys.dropFirst(Self.openLimit), &charts, &room)
        if room.leftOut > 0 {
            html += """
                <p class="muted">\(ReportText.plural(room.leftOut, "chart")) left out, so that this page stays below a megabyte; \
                <code>timeline.csv</code> has the values.</p>

                """
        }
        return html
    }

    /// Of a run without a summary: what the timeline itself has.
    private var unfinishedLatencies: [StoredTimeline.Key] {
        timeline.keys.filter { key in
            key.group == "all" && key.metric != "generator.lag" && !key.metric.hasSuffix(".service")
                && timeline.series[key]?.contains { $0.p50 != nil } == true
        }
    }

    private func title(_ key: StoredTimeline.Key) -> HTMLText {
        let name = HTMLText.metric(key.metric)
        return key.group == "all" ? name : "\(name) <span class=\"muted\">of \(HTMLText.name(key.group))</span>"
    }

    private var intro: HTMLText {
        let step = axis.columns.step
        let columns =
            step == 1
            ? "Each point is one second."
            : "Each point is \(step) s; extremes are kept: the line is the largest second of each point, the band reaches down "
                + "to its smallest. Folded charts have longer points."
        let faults =
            axis.faults.isEmpty ? "" : "; the red lines are faults (F1 …), with a shade until all clients are over them"
        return """
            <p class="muted">\(columns) Dotted verticals part the phases\(faults). <span class="screen">Point at a chart, or move to it with Tab and go along \
            with the arrow keys: all of them show that moment.</span></p>
            <p class="sr" role="status" aria-live="polite" id="said"></p>

            """
    }

    /// The names of phases for the script.
    private var phases: HTMLText {
        let items = axis.phases.map { "<li data-from=\"\(Int($0.from))\">\($0.name)</li>" as HTMLText }
        return "<ol id=\"phases\" hidden>\(items.joined())</ol>\n"
    }

    private func folded(
        _ keys: some Collection<StoredTimeline.Key>,
        _ charts: inout TimelineCharts,
        _ room: inout PageRoom
    ) -> HTMLText {
        let html = keys.map { key in
            room.take(charts.times(key, title: title(key), limit: TimeColumns.limit / 2)?.html ?? "")
        }.joined()
        guard !html.isEmpty else { return "" }
        return "<details><summary>Other times</summary>\n\(html)</details>\n"
    }

    /// What the server said of itself, small and beside one another; what never changed in words.
    private func server(_ charts: inout TimelineCharts, _ room: inout PageRoom) -> HTMLText {
        let keys = timeline.keys.filter { $0.group == "all" && $0.metric.hasPrefix("scrape:") }
        guard !keys.isEmpty else { return "" }
        var moving = HTMLText()
        var steady: [(name: String, value: Double)] = []
        for key in keys {
            let name = String(key.metric.dropFirst("scrape:".count))
            switch charts.scraped(key, name: name) {
            case .chart(let chart): moving += room.take(chart.html)
            case .constant(let value): steady.append((name, value))
            case .nothing: break
            }
        }
        var html: HTMLText =
            "<h3 id=\"server\">What the server said of itself</h3>\n<div class=\"smalls\">\n\(moving)</div>\n"
        if !steady.isEmpty {
            var table = HTMLTable("Server metrics that never changed", [.text("metric"), .number("value")])
            for (name, value) in steady.prefix(200) {
                table.add([HTMLText.metric(name), HTMLText(ValueText.number(value))])
            }
            html += "<details><summary>Never changed (\(steady.count))</summary>\n\(table.html)</details>\n"
        }
        return html
    }
}
