/// What had to hold, and whether it did.
struct ChecksSection {
    let figures: ReportFigures

    var section: ReportSection { ReportSection(id: "checks", title: "Checks", body: body) }

    private var body: HTMLText {
        guard let summary = figures.summary, !summary.checks.isEmpty else { return "" }
        var table = HTMLTable(
            "Checks",
            [.text("check"), .text("outcome"), .number("measured"), .number("threshold")],
            // Leaves the threshold out on a phone: it stands in the check.
            style: "checks"
        )
        for check in summary.checks {
            let optional: HTMLText = check.optional ? " <span class=\"muted\">(optional)</span>" : ""
            table.add([
                "<code>\(check.check)</code>\(optional)", outcome(check), HTMLText(check.text),
                HTMLText(Self.threshold(check)),
            ])
        }
        return table.html
    }

    private func outcome(_ check: SummaryFile.CheckLine) -> HTMLText {
        switch check.outcome {
        case "passed": "<span class=\"mark ok\">✓ passed</span>"
        case "no data" where check.optional: "<span class=\"mark warn\">– no data</span>"
        case "no data": "<span class=\"mark bad\">✗ no data</span>"
        default: "<span class=\"mark bad\">✗ \(check.outcome)</span>"
        }
    }

    private static func threshold(_ check: SummaryFile.CheckLine) -> String {
        let comparison = Check.Comparison.allCases.filter { check.check.contains(" \($0.rawValue) ") }.first
        let value =
            switch check.unit {
            case "ms": ValueText.time(microseconds: check.threshold * 1000)
            case "ratio": ValueText.percent(check.threshold)
            case "bytes": ValueText.bytes(check.threshold)
            case "per second": ValueText.number(check.threshold) + "/s"
            default: ValueText.number(check.threshold)
            }
        return (comparison.map { "\($0.rawValue) " } ?? "") + value
    }
}
