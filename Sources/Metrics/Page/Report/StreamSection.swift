/// Streamed replies: how fast they came, and what was wrong with the broken ones.
struct StreamSection {
    let figures: ReportFigures

    var section: ReportSection { ReportSection(id: "streams", title: "Streams", body: body) }

    private var body: HTMLText {
        let names = figures.names(before: ".complete", except: "stream").filter { name in
            figures.counter("\(name).broken") != nil
                && (figures.count("\(name).complete") > 0 || figures.count("\(name).broken") > 0)
        }
        guard !names.isEmpty else { return "" }
        return speeds(names) + faults(names)
    }

    private func speeds(_ names: [String]) -> HTMLText {
        var table = HTMLTable(
            "Streams: how fast they came",
            [.text("stream"), .text("time")] + ["count", "p50", "p95", "p99", "max"].map { .number($0) }
        )
        for name in names {
            let rows = [("first chunk", "first_chunk"), ("gap between chunks", "gap"), ("whole reply", "duration")]
            for (place, (words, metric)) in rows.enumerated() {
                guard let row = figures.distribution("\(name).\(metric)") else { continue }
                table.add([
                    place == 0 ? HTMLText.name(name) : "<span class=\"sr\">\(name)</span>", HTMLText(words),
                    ReportText.count(row.count), ReportText.percentile(row, "p50"), ReportText.percentile(row, "p95"),
                    ReportText.percentile(row, "p99"), ReportText.value(row.max, row.unit),
                ])
            }
        }
        return table.isEmpty ? "" : table.html
    }

    private func faults(_ names: [String]) -> HTMLText {
        let kinds = StreamCount.allCases.filter { kind in
            ![.complete, .broken].contains(kind) && names.contains { figures.count("\($0).\(kind.name)") > 0 }
        }
        var table = HTMLTable(
            "Streams: what became of them",
            [.text("stream"), .number("complete"), .number("broken"), .text("broken of all")]
                + kinds.map { .number(HTMLText($0.name.replacing("_", with: " "))) }
        )
        for name in names {
            let (complete, broken) = (figures.count("\(name).complete"), figures.count("\(name).broken"))
            table.add(
                [
                    HTMLText.name(name), ReportText.count(complete), ReportText.deviation(broken),
                    Self.bar(broken, of: ReportText.sum(complete, broken)),
                ]
                    + kinds.map { ReportText.deviation(figures.count("\(name).\($0.name)")) }
            )
        }
        var html = table.html
        if !kinds.isEmpty {
            let words = kinds.map { "<strong>\($0.name.replacing("_", with: " "))</strong>: \($0.meaning)" as HTMLText }
            html += "<p class=\"about\">\(words.joined(separator: "; ")).</p>\n"
        }
        return html
    }

    /// A part of a whole, drawn.
    static func bar(_ part: Int, of whole: Int) -> HTMLText {
        guard whole > 0, part > 0 else { return "" }
        let share = Double(part) / Double(whole)
        return """
            <svg class="bar" role="img" aria-label="\(ValueText.percent(share))"><rect class="whole" width="100%" height="100%"/>\
            <rect class="part" width="\(Percent.text(share))" height="100%"/></svg> <span class="muted">\(ValueText.percent(share))</span>
            """
    }
}
