/// What a run says on the terminal when it is over, in lines of at most 100 columns.
///
/// Paths alone may be longer: one that is cut could not be copied.
package struct ClosingTable {
    let summary: RunSummary
    let redactor: Redactor
    let usesColours: Bool
    /// The files that were written, and what could not be.
    let paths: [String]
    let problems: [String]

    package init(
        _ summary: RunSummary,
        redactor: Redactor,
        usesColours: Bool,
        paths: [String] = [],
        problems: [String] = []
    ) {
        self.summary = summary
        self.redactor = redactor
        self.usesColours = usesColours
        self.paths = paths
        self.problems = problems
    }

    package var lines: [String] {
        let sections = [
            latencyLines, countLines, deviationLines, faultLines, errorLines, loopLines, checkLines, generatorLines,
            noteLines, failureLines, fileLines, verdictLines,
        ]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    package var text: String {
        lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Sections

    private var verdictLines: [String] {
        let passed = summary.exitCode == .passed
        return TerminalText.wrapped("\(summary.scenario): \(summary.verdict)", indent: 2).map {
            TerminalText.coloured($0, passed ? .green : .red, if: usesColours)
        }
    }

    private var errorLines: [String] {
        let errors = ErrorTotal.merged(summary.totals.overall.errors)
        guard !errors.isEmpty else {
            let early = summary.totals.warmup.errorCount()
            guard early > 0 else { return [] }
            return ["\(ValueText.grouped(early)) errors in the warmup, which count nowhere else:"]
                + ErrorTotal.merged(summary.totals.warmup.errors).map(errorLine)
        }
        return [title("errors")] + errors.map(errorLine)
    }

    private func errorLine(_ error: ErrorTotal) -> String {
        let start =
            "  " + TerminalText.left(error.kind, 22) + " " + TerminalText.right(ValueText.grouped(error.count), 10)
        guard !error.example.isEmpty else { return start }
        return TerminalText.cut(start + "  " + redactor.apply(error.example), TerminalText.width)
    }

    private var checkLines: [String] {
        guard !summary.checks.isEmpty else { return [] }
        return [title("checks")] + summary.checks.map(checkLine)
    }

    private func checkLine(_ result: CheckResult) -> String {
        let mark: String
        let colour: TerminalText.Colour
        switch (result.outcome, result.isFailure) {
        case (.passed, _): (mark, colour) = ("✓", .green)
        case (.noData, false): (mark, colour) = ("–", .yellow)
        default: (mark, colour) = ("✗", .red)
        }
        let line = "\(mark) " + TerminalText.left(result.check.text, 58) + " " + TerminalText.cut(result.text, 36)
        return "  " + TerminalText.coloured(line, colour, if: usesColours)
    }

    private var generatorLines: [String] {
        let health = summary.health
        var parts: [String] = []
        if !health.lag.isEmpty {
            let p99 = ValueText.time(microseconds: Double(health.lag.percentile(99)))
            parts.append("lag p99 \(p99), max \(ValueText.time(microseconds: Double(health.lag.max)))")
        }
        if health.stalled > 0 { parts.append("stalled \(ValueText.time(microseconds: Double(health.stalled) / 1e3))") }
        if health.lateSends > 0 { parts.append("\(ValueText.grouped(health.lateSends)) late sends") }
        if let usage = health.usage {
            parts.append("\(ValueText.percent(usage.cpu)) of \(usage.cores) core\(usage.cores == 1 ? "" : "s")")
            parts.append(ValueText.bytes(Double(usage.memory)))
            parts.append("\(ValueText.grouped(usage.descriptors)) descriptors")
        }
        let generator = summary.generator
        var lines =
            parts.isEmpty ? [] : TerminalText.wrapped("generator  " + parts.joined(separator: " · "), indent: 11)
        for reason in generator.reasons {
            lines += sentence("✗ The generator was the bottleneck. \(redactor.apply(reason))", .red)
        }
        for warning in generator.warnings { lines += sentence("! \(redactor.apply(warning))", .yellow) }
        return lines
    }

    private var noteLines: [String] {
        summary.notes.flatMap { sentence("note: \(redactor.apply($0))", .yellow) }
            + problems.flatMap { sentence("! \($0)", .red) }
    }

    private var fileLines: [String] {
        paths.isEmpty ? [] : [title("files")] + paths.map { "  \($0)" }
    }

    private func sentence(_ text: String, _ colour: TerminalText.Colour) -> [String] {
        TerminalText.wrapped(text, indent: 2).map { TerminalText.coloured($0, colour, if: usesColours) }
    }

    func title(_ text: String) -> String {
        TerminalText.coloured(text, .bold, if: usesColours)
    }
}
