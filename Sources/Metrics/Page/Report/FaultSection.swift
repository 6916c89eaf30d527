/// What was done to the run on purpose, and what those felt whom it did not hit.
struct FaultSection {
    let figures: ReportFigures

    /// Outputs of commands and rows beyond these are in summary.json.
    private static let rowLimit = 200
    private static let outputLimit = 12

    var section: ReportSection { ReportSection(id: "faults", title: "Faults", body: marks + split) }

    private var marks: HTMLText {
        let faults = figures.summary?.faults ?? []
        guard !faults.isEmpty else { return "" }
        var table = HTMLTable(
            "Faults",
            [
                .text("fault"), .number("at"), .text("what"), .number("clients hit"), .number("over after"),
                .text("what became of it"),
            ]
        )
        for (place, fault) in faults.prefix(Self.rowLimit).enumerated() {
            let over = fault.end.map { ReportText.seconds($0 - fault.begin) } ?? ""
            table.add([
                HTMLText("F\(place + 1)"), HTMLText(ReportText.seconds(fault.begin)),
                "\(HTMLText.name(fault.text)) <span class=\"muted\">(\(fault.place))</span>",
                fault.command == nil ? ReportText.count(fault.clients) : "", HTMLText(over), outcome(fault),
            ])
        }
        var html = table.html
        let outputs = faults.enumerated().filter { !($0.element.command?.output.isEmpty ?? true) }
        for (place, fault) in outputs.prefix(Self.outputLimit) {
            html += "<details><summary>What the command of F\(place + 1) said</summary>\n\(output(fault))</details>\n"
        }
        return html
    }

    private func outcome(_ fault: SummaryFile.FaultLine) -> HTMLText {
        if let command = fault.command {
            if let failure = command.failure { return "<span class=\"mark bad\">✗ did not start</span>: \(failure)" }
            var words: HTMLText = ""
            if let code = command.exitCode {
                words = code == 0 ? "exit code 0" : "<span class=\"mark bad\">✗ exit code \(code)</span>"
            } else if let signal = command.signal {
                words = "<span class=\"mark bad\">✗ ended by signal \(signal)</span>"
            } else if command.endedWithRun {
                words = "ended with the run"
            }
            return command.leftProcesses ? words + "; what it left running was ended with the run" : words
        }
        guard fault.unrecovered > 0 else { return fault.clients > 0 ? "all were over it" : "" }
        return
            "<span class=\"mark warn\">! \(ReportText.plural(fault.unrecovered, "client"))</span> not over it when the run ended"
    }

    private func output(_ fault: SummaryFile.FaultLine) -> HTMLText {
        guard let command = fault.command else { return "" }
        var text = command.output
        if command.outputOmitted > 0 {
            text += "\n… \(ValueText.grouped(command.outputOmitted)) bytes …\n" + command.outputEnd
        }
        return "<pre class=\"wrap\">\(text)</pre>\n"
    }

    // MARK: - Calm and fault

    private var split: HTMLText {
        guard let split = figures.summary?.faultTime else { return "" }
        let (calm, fault) = (Self.rows(split.calm), Self.rows(split.fault))
        let names = Self.names(split)
        guard !names.isEmpty else { return "" }
        var table = HTMLTable(
            "Clients that no fault hit, in calm time and while a fault was on",
            [.text("time")] + ["count", "p50", "p95", "max"].map { .number("calm: \(HTMLText($0))") }
                + ["count", "p50", "p95", "max"].map { .number("fault: \(HTMLText($0))") }
        )
        for name in names { table.add([HTMLText.metric(name)] + cells(calm[name]) + cells(fault[name])) }
        return """
            <h3>What the others noticed</h3>
            <p class="muted">Of clients that no fault had hit: calm for \(ReportText.seconds(split.calm.seconds)), a fault was on for \
            \(ReportText.seconds(split.fault.seconds)).</p>
            \(table.html)
            """
    }

    private static func rows(_ part: SummaryFile.FaultSplit.Part) -> [String: SummaryFile.Metric] {
        var rows: [String: SummaryFile.Metric] = [:]
        for row in part.metrics where row.group == "all" { rows[row.metric] = row }
        return rows
    }

    private static func names(_ split: SummaryFile.FaultSplit) -> [String] {
        var names: [String] = []
        for row in split.calm.metrics + split.fault.metrics where row.group == "all" {
            if !row.metric.hasSuffix(".service"), row.metric != "generator.lag", !names.contains(row.metric) {
                names.append(row.metric)
            }
        }
        return names
    }

    private func cells(_ row: SummaryFile.Metric?) -> [HTMLText] {
        guard let row else { return ["<span class=\"muted\">0</span>", "", "", ""] }
        return [
            ReportText.count(row.count), ReportText.percentile(row, "p50"), ReportText.percentile(row, "p95"),
            ReportText.value(row.max, row.unit),
        ]
    }
}
