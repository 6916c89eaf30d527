/// Messages to rooms: what members were owed, and what came.
struct RoomSection {
    let figures: ReportFigures

    var section: ReportSection { ReportSection(id: "rooms", title: "Rooms", body: body) }

    private static let counts = [
        "expected", "received", "missing", "late", "duplicated", "reordered", "replayed", "stray", "away", "caught_up",
        "unsettled",
    ]

    private var body: HTMLText {
        let counts = Self.counts.filter {
            figures.count("fanout.\($0)") > 0 || ["expected", "received", "missing"].contains($0)
        }
        guard figures.count("fanout.expected") > 0 || figures.count("fanout.received") > 0 else { return "" }
        let groups = figures.groups.filter { figures.count("fanout.expected", group: $0) > 0 }
        var table = HTMLTable(
            "Deliveries to members of rooms",
            [.text("receivers")] + counts.map { .number(HTMLText($0.replacing("_", with: " "))) }
        )
        for group in ["all"] + (groups.count > 1 ? groups : []) {
            let cells = counts.map { name -> HTMLText in
                let count = figures.count("fanout.\(name)", group: group)
                return name == "expected" || name == "received" ? ReportText.count(count) : ReportText.deviation(count)
            }
            table.add([HTMLText.name(group)] + cells)
        }
        let words = counts.compactMap { name in
            Catalogue.counts.first { $0.name == "fanout.\(name)" }.map { entry -> HTMLText in
                "<strong>\(name.replacing("_", with: " "))</strong>: \(entry.meaning)"
            }
        }
        var html = table.html + "<p class=\"about\">\(words.joined(separator: "; ")).</p>\n"
        html +=
            TimesTable(
                "Time to each receiver",
                figures,
                [("to each receiver", "fanout"), ("from the actual send", "fanout.service")]
            ).html
        return html
    }
}

/// A few times and sizes, each in a row.
struct TimesTable {
    let html: HTMLText

    init(_ label: String, _ figures: ReportFigures, _ rows: [(String, String)]) {
        var table = HTMLTable(
            label,
            [.text("metric")] + ["count", "min", "p50", "p95", "p99", "max"].map { .number($0) }
        )
        for (words, metric) in rows {
            guard let row = figures.distribution(metric) else { continue }
            table.add([
                HTMLText(words), ReportText.count(row.count), ReportText.value(row.min, row.unit),
                ReportText.percentile(row, "p50"), ReportText.percentile(row, "p95"), ReportText.percentile(row, "p99"),
                ReportText.value(row.max, row.unit),
            ])
        }
        html = table.isEmpty ? "" : table.html
    }
}
