/// What a comparison says, on a terminal of 100 columns.
package struct ComparisonTable: Sendable {
    let comparison: Comparison
    let usesColours: Bool

    private static let nameColumns = 27
    private static let valueColumns = 9
    private static let intervalColumns = 17

    package init(_ comparison: Comparison, usesColours: Bool) {
        self.comparison = comparison
        self.usesColours = usesColours
    }

    package var text: String {
        var parts = [sideLines]
        let judged = comparison.figures.filter { $0.isJudged || $0.verdict == .tooShort && $0.group == "all" }
        if !judged.isEmpty { parts.append(head("figure") + judged.map(line)) }
        let others = comparison.figures.filter { !$0.isJudged && $0.verdict != .tooShort && $0.group == "all" }
        if !others.isEmpty { parts.append(head("shown, not judged") + others.map(lineWithReason)) }
        parts.append(remarks)
        parts.append([verdictLine])
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// The last line alone.
    package var verdictLine: String {
        let colour: TerminalText.Colour =
            comparison.exitCode == .passed ? .green : comparison.exitCode == .checkFailed ? .red : .yellow
        let scenario = comparison.base.first?.run.scenario ?? ""
        return TerminalText.wrapped("\(scenario): \(comparison.verdict)", indent: 2)
            .map { TerminalText.coloured($0, colour, if: usesColours) }.joined(separator: "\n")
    }

    // MARK: - Before

    private var sideLines: [String] {
        side("base", comparison.base) + side("new", comparison.new)
            + TerminalText.wrapped(
                "\(comparison.blocks.base) and \(comparison.blocks.new) blocks of at least \(SteadyTime.blockLength) s of "
                    + "steady load; intervals of \(ValueText.percent(comparison.settings.confidence)), tolerance "
                    + "\(ValueText.percent(comparison.settings.tolerance))",
                indent: 0
            )
    }

    private func side(_ name: String, _ runs: [ComparedRun]) -> [String] {
        runs.map { run in
            let text = "\(run.directory)  \(run.run.targets.joined(separator: ", "))"
            return TerminalText.cut("\(TerminalText.left(name, 6))\(text)", TerminalText.width)
        }
    }

    // MARK: - Figures

    private func head(_ title: String) -> [String] {
        let columns = ["base", "new", "differs"].map { TerminalText.right($0, Self.valueColumns) }.joined()
        let text =
            TerminalText.left(title, Self.nameColumns) + columns
            + TerminalText.right("interval", Self.intervalColumns)
        return [TerminalText.coloured(text, .bold, if: usesColours)]
    }

    private func line(_ figure: ComparedFigure) -> String {
        let text = ComparisonText(figure)
        let cells =
            TerminalText.left(figure.name, Self.nameColumns)
            + [text.base, text.new, text.difference].map { TerminalText.right($0, Self.valueColumns) }.joined()
            + TerminalText.right(text.interval, Self.intervalColumns)
        return cells + verdict(figure)
    }

    private func lineWithReason(_ figure: ComparedFigure) -> String {
        line(figure) + (figure.reason.map { TerminalText.cut("   \($0)", 29) } ?? "")
    }

    private func verdict(_ figure: ComparedFigure) -> String {
        if figure.verdict == .notJudged || figure.verdict == .tooShort { return "" }
        let (mark, colour): (String, TerminalText.Colour?) =
            switch figure.verdict {
            case .notJudged, .tooShort: ("", nil)
            case .noDifference: (figure.isDoubtful ? "~" : figure.isWithinLag ? "≈" : " ", nil)
            case .slower, .moreFailures: ("✗", .red)
            case .faster, .fewerFailures: ("✓", .green)
            }
        let text = "\(mark) \(figure.verdict.rawValue)"
        return " " + (colour.map { TerminalText.coloured(text, $0, if: usesColours) } ?? text)
    }

    // MARK: - Behind

    private var remarks: [String] {
        var lines = comparison.distrust.flatMap {
            sentence("✗ the generator was the bottleneck, its figures are not to be trusted: \($0)", .red)
        }
        if comparison.figures.contains(where: \.isDoubtful) {
            lines += sentence("~ \(comparison.doubt)", nil)
        }
        if comparison.figures.contains(where: \.isWithinLag) {
            lines += sentence("≈ \(comparison.lagNote)", nil)
        }
        lines += comparison.warnings.flatMap { sentence("! \($0)", .yellow) }
        lines += comparison.notes.flatMap { sentence("note: \($0)", nil) }
        for (names, side) in [(comparison.onlyBase, "the base"), (comparison.onlyNew, "the new")] where !names.isEmpty {
            lines += sentence("only \(side) has: \(names.joined(separator: ", "))", nil)
        }
        if !comparison.left.isEmpty {
            let names = comparison.left.map(\.name).joined(separator: ", ")
            lines += sentence("too few samples in a block, not compared: \(names)", nil)
        }
        return lines
    }

    private func sentence(_ text: String, _ colour: TerminalText.Colour?) -> [String] {
        TerminalText.wrapped(text, indent: 2).map { line in
            colour.map { TerminalText.coloured(line, $0, if: usesColours) } ?? line
        }
    }
}
