/// How the run went: the verdict, what stands in the way of trusting it, the key figures, the checks.
struct VerdictSection {
    let figures: ReportFigures

    var html: HTMLText {
        guard let summary = figures.summary else {
            return Self.banner("warn", "…", "not finished", "The run has not come to its end, or was killed.")
        }
        return verdict(summary) + warnings(summary) + facts(summary)
    }

    private static func banner(_ kind: HTMLText, _ sign: HTMLText, _ word: HTMLText, _ text: HTMLText) -> HTMLText {
        """
        <div class="verdict \(kind)"><span class="sign" aria-hidden="true">\(sign)</span>
        <div><strong>\(word)</strong><p>\(text)</p></div></div>

        """
    }

    private func verdict(_ summary: SummaryFile) -> HTMLText {
        let verdict = summary.verdict
        let code = ExitCode(rawValue: verdict.exitCode)
        let exit = "exit code \(verdict.exitCode)" + (code.map { ": \($0.meaning)" } ?? "")
        let text = Self.sentence(verdict.text)
        if verdict.passed { return Self.banner("ok", "✓", "Passed", "\(text) <span class=\"muted\">(\(exit))</span>") }
        let (kind, sign, word): (HTMLText, HTMLText, HTMLText) =
            switch code {
            case .interrupted: ("warn", "◼", "Interrupted")
            case .generatorWasBottleneck: ("bad", "!", "Not to be trusted")
            default: ("bad", "✗", "Failed")
            }
        return Self.banner(kind, sign, word, "\(text) <span class=\"muted\">(\(exit))</span>")
    }

    /// The verdict without the word that stands above it.
    private static func sentence(_ text: String) -> String {
        var text = text
        for word in ["PASSED: ", "FAILED: "] where text.hasPrefix(word) { text = String(text.dropFirst(word.count)) }
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    private func warnings(_ summary: SummaryFile) -> HTMLText {
        var html = HTMLText()
        let generator = summary.generator
        if summary.rebuilt == true {
            html += """
                <div class="note warn"><p><strong>! Rebuilt from what the run had written when it was ended.</strong> What happened \
                after the last second written is lost; the notes below say what else is not known.</p></div>

                """
        }
        if generator.bottleneck {
            html += """
                <div class="note bad"><p><strong>✗ The generator was the bottleneck: no figure of this page can be trusted.</strong> \
                What is measured here is the machine that made the load, not the target.</p>
                \(generator.reasons.map { "<p>\(ReportText.sentence($0))</p>" as HTMLText }.joined())</div>

                """
        }
        html += generator.warnings.map {
            "<div class=\"note warn\"><p>! The generator: \(ReportText.sentence($0))</p></div>\n" as HTMLText
        }.joined()
        return html
    }

    private func facts(_ summary: SummaryFile) -> HTMLText {
        var facts: [(HTMLText, HTMLText, HTMLText)] = []
        facts.append(("clients at the most", ReportText.count(figures.count("clients.active")), ""))
        let (sent, received) = (figures.counter("messages.sent"), figures.counter("messages.received"))
        facts.append(
            ("messages received", Self.rate(received), HTMLText("\(ValueText.grouped(received?.count ?? 0)) in all"))
        )
        facts.append(("messages sent", Self.rate(sent), HTMLText("\(ValueText.grouped(sent?.count ?? 0)) in all")))
        let (failed, all) = (figures.count("operations.failed"), figures.count("operations"))
        let rate = figures.ratio("errors.rate").map(ValueText.percent) ?? "–"
        facts.append(
            ("operations failed", HTMLText(rate), HTMLText("\(ValueText.grouped(failed)) of \(ValueText.grouped(all))"))
        )
        if let lag = summary.generator.lagP99 {
            let most = summary.generator.lagMax.map { "max \(ReportText.text($0, "ms"))" } ?? ""
            facts.append(("generator lag, p99", HTMLText(ReportText.text(lag, "ms")), HTMLText(most)))
        }
        facts.append(
            (
                "measured over", HTMLText(ClockText.length(summary.measuredSeconds)),
                HTMLText("of \(ClockText.length(summary.seconds))")
            )
        )
        let items = facts.map { name, value, more -> HTMLText in
            "<div><dt>\(name)</dt><dd>\(value)<small>\(more)</small></dd></div>\n"
        }
        return "<dl class=\"facts\">\n\(items.joined())</dl>\n"
    }

    private static func rate(_ counter: SummaryFile.Counter?) -> HTMLText {
        HTMLText(ValueText.number((counter?.rate ?? 0).shortened) + "/s")
    }
}

extension Double {
    /// With one place after the point; from a hundred on without.
    fileprivate var shortened: Double {
        magnitude >= 100 ? rounded() : (self * 10).rounded() / 10
    }
}
