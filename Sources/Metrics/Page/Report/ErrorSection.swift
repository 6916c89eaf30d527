/// What went wrong, by kind, with an example of each; and the failed clients of whom recordings were kept.
struct ErrorSection {
    let figures: ReportFigures

    private static let failureLimit = 50

    var section: ReportSection { ReportSection(id: "errors", title: "Errors", body: body) }

    private var body: HTMLText {
        guard let summary = figures.summary else { return "" }
        var html = table("Errors", summary.errors)
        if !summary.warmupErrors.isEmpty {
            html +=
                "<h3>In the warmup</h3>\n<p class=\"muted\">They count nowhere else.</p>\n"
                + table("Errors of the warmup", summary.warmupErrors)
        }
        return html + failures(summary.failures)
    }

    /// Of one kind, over all groups.
    private struct Kind {
        var count = 0
        var groups: [String] = []
        var firstSecond = Int.max
        var example = ""
    }

    private func table(_ label: String, _ lines: [SummaryFile.ErrorLine]) -> HTMLText {
        guard !lines.isEmpty else { return "" }
        var kinds: [String: Kind] = [:]
        for line in lines where line.group != "all" {
            var kind = kinds[line.kind] ?? Kind()
            kind.count = ReportText.sum(kind.count, line.count)
            kind.groups.append(line.group)
            if line.firstSecond < kind.firstSecond {
                kind.firstSecond = line.firstSecond
                kind.example = line.example
            }
            kinds[line.kind] = kind
        }
        var table = HTMLTable(
            label,
            [.text("kind"), .number("count"), .text("groups"), .number("first at"), .text("example")]
        )
        for (name, kind) in kinds.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
            table.add([
                HTMLText.metric(name), ReportText.count(kind.count),
                kind.groups.prefix(12).map(HTMLText.name).joined(separator: ", "),
                HTMLText(ClockText.text(Double(kind.firstSecond))), "<code>\(ReportText.cut(kind.example, 400))</code>",
            ])
        }
        return table.html
    }

    private func failures(_ failures: [SummaryFile.FailedClient]) -> HTMLText {
        guard !failures.isEmpty else { return "" }
        var table = HTMLTable(
            "Failed clients of whom a recording was kept",
            [.text("recording"), .text("group"), .text("kind"), .text("step"), .text("example")]
        )
        for failure in failures.prefix(Self.failureLimit) {
            table.add([
                "<code>\(HTMLText.metric(failure.file))</code>", HTMLText.name(failure.group), HTMLText(failure.kind),
                "<code>\(failure.step)</code>", "<code>\(ReportText.cut(failure.example, 300))</code>",
            ])
        }
        let target = ReportText.address(figures.run.run.targets.first ?? "")
        let command = ReportText.shell(["reprise", "replay", failures[0].file, "--target", target])
        let rest = failures.count - Self.failureLimit
        let more: HTMLText = rest > 0 ? "<p class=\"about\">\(rest) more in the folder.</p>\n" : ""
        return """
            <h3>Failed clients</h3>
            <p class="muted">Of \(ReportText.plural(failures.count, "client")) a recording was kept. Such a one is played again, in the \
            folder of this page, with</p>
            <pre class="wrap"><code>\(command)</code></pre>
            \(table.html)\(more)
            """
    }
}

extension ReportText {
    /// What `--target` takes, of a target as it is shown: `practice:leflux (http://127.0.0.1:43539)` without what the
    /// practice server's address was.
    static func address(_ target: String) -> String {
        String(target.prefix { $0 != " " })
    }
}
