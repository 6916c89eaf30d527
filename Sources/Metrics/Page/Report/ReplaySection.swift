/// Of a replay what the server did otherwise than in the recording.
struct ReplaySection {
    let figures: ReportFigures

    var section: ReportSection { ReportSection(id: "replay", title: "Compared with the recording", body: body) }

    private var body: HTMLText {
        guard let rows = figures.summary?.deviations, !rows.isEmpty else { return "" }
        let counts = ["expected", "came", "missing", "extra", "reordered", "slower"]
        let times = ["recorded p50", "p50", "recorded max", "max"]
        var table = HTMLTable(
            "Compared with the recording",
            [.text("event")] + (counts + times).map { .number(HTMLText($0)) }
        )
        for row in rows.prefix(300) {
            let deviations = [row.missing, row.extra, row.reordered, row.slower]
            table.add(
                [HTMLText.metric(row.event), ReportText.count(row.expected), ReportText.count(row.came)]
                    + deviations.map(ReportText.deviation)
                    + [row.recordedP50, row.p50, row.recordedMax, row.max].map { ReportText.value($0, "ms") }
            )
        }
        let all = figures.count("replay.deviations")
        let others = [("replay.unprompted", "unprompted"), ("replay.unsent", "unsent")].filter {
            figures.count($0.0) > 0
        }
        let words = others.map { "\(ValueText.grouped(figures.count($0.0))) \($0.1)" }
        let more = words.isEmpty ? "" : " (\(words.joined(separator: ", ")) of the client's own)"
        return "<p>\(ReportText.plural(all, "deviation"))\(more).</p>\n" + table.html
    }
}
