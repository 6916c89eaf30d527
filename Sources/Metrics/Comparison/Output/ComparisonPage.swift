/// What a comparison says, as one self-contained page.
package struct ComparisonPage: Sendable {
    let comparison: Comparison

    package init(_ comparison: Comparison) {
        self.comparison = comparison
    }

    /// The file's text.
    package var html: String {
        HTMLDocument(title: "\(scenario): comparison", style: Self.style, body: body).html
    }

    private var scenario: String { comparison.base.first?.run.scenario ?? "" }

    private var body: HTMLText {
        """
        <main class="page">
        <h1>\(HTMLText.name(scenario)): new against base</h1>
        \(sides)
        \(verdict)
        \(remarks)
        \(differences)
        \(curves)
        \(table)
        \(runs)
        \(method)
        </main>
        """
    }

    /// Which folders are the base and which are new, and what they were run against.
    private var sides: HTMLText {
        let sides = [("base", comparison.base), ("new", comparison.new)].map { name, runs -> HTMLText in
            let folders = runs.map { HTMLText.name($0.directory) }.joined(separator: ", ")
            var targets: [String] = []
            for target in runs.flatMap(\.run.targets) where !targets.contains(target) { targets.append(target) }
            let against = targets.map { HTMLText.name($0) }.joined(separator: ", ")
            return "<strong>\(name)</strong> = \(folders) <span class=\"muted\">against \(against)</span>"
        }
        return "<p>\(sides.joined(separator: "<br>"))</p>"
    }

    // MARK: - Verdict

    private var verdict: HTMLText {
        let (kind, sign): (HTMLText, HTMLText) =
            switch comparison.exitCode {
            case .passed: comparison.better.isEmpty ? ("ok", "=") : ("ok", "✓")
            case .checkFailed: ("bad", "✗")
            default: ("warn", "!")
            }
        return """
            <div class="verdict \(kind)"><span class="sign" aria-hidden="true">\(sign)</span>
            <div><strong>\(comparison.verdict)</strong>
            <p>\(comparison.blocks.base) and \(comparison.blocks.new) blocks of at least \(SteadyTime.blockLength) s of \
            steady load; intervals of \(ValueText.percent(comparison.settings.confidence)), tolerance \
            \(ValueText.percent(comparison.settings.tolerance)).</p></div></div>
            """
    }

    private var remarks: HTMLText {
        var parts = comparison.distrust.map { reason -> HTMLText in
            "<div class=\"note bad\"><p>✗ Not to be trusted, the generator was the bottleneck. \(reason)</p></div>\n"
        }
        parts += comparison.warnings.map { "<div class=\"note warn\"><p>! \($0)</p></div>\n" }
        parts += comparison.notes.map { "<div class=\"note\"><p>\(Self.withOptions($0))</p></div>\n" }
        if comparison.figures.contains(where: \.isDoubtful) {
            parts.append("<div class=\"note\"><p>~ \(comparison.doubt).</p></div>\n")
        }
        if comparison.figures.contains(where: \.isWithinLag) {
            parts.append("<div class=\"note\"><p>≈ \(comparison.lagNote).</p></div>\n")
        }
        for (names, side) in [(comparison.onlyBase, "base"), (comparison.onlyNew, "new side")] where !names.isEmpty {
            parts.append("<div class=\"note\"><p>Only the \(side) has: \(names.joined(separator: ", "))</p></div>\n")
        }
        return parts.joined()
    }

    /// A sentence whose options of the command line stand as code, which is not broken within an option.
    static func withOptions(_ sentence: String) -> HTMLText {
        guard let start = sentence.firstRange(of: "(--")?.lowerBound, let end = sentence[start...].firstIndex(of: ")")
        else {
            return HTMLText(sentence)
        }
        let words = sentence[sentence.index(after: start)..<end].split(separator: " ").map { word -> HTMLText in
            word.hasPrefix("--") ? "<span class=\"option\">\(word)</span>" : HTMLText(word)
        }
        return "\(sentence[..<start])(<code>\(words.joined(separator: " "))</code>\(sentence[end...])"
    }

    // MARK: - Charts

    private var differences: HTMLText {
        let judged = comparison.figures.filter { $0.isJudged && $0.difference != nil }
        let tolerance = comparison.settings.tolerance
        let parts = ForestPlot(judged.filter { $0.statistic == .ratio }, tolerance: tolerance).map { plot -> HTMLText in
            "<h3>Failures, in percentage points (pp)</h3>\n\(plot.html)"
        }
        let relative = ForestPlot(judged.filter { $0.statistic != .ratio }, tolerance: tolerance)?.html
        guard parts != nil || relative != nil else { return "" }
        return """
            <h2 id="differences">Differences, relative to the base</h2>
            <p class="muted">The mark is what differs, the bar its interval of \
            \(ValueText.percent(comparison.settings.confidence)); within the band lies what is tolerated. \
            ◆ slower or more failures, ● faster or fewer failures, ○ no difference beyond noise. To the right is more.</p>
            \(relative)
            \(parts)
            """
    }

    private var curves: HTMLText {
        let charts = PercentileCurves.chosen(of: comparison).compactMap { PercentileCurves($0, comparison)?.html }
        guard !charts.isEmpty else { return "" }
        return """
            <h2 id="latencies">Latencies, by percentile</h2>
            <p class="muted">All the samples of the steady blocks. Base: solid line, new: dashed line.</p>
            <div class="curves">
            \(charts.joined())
            </div>
            """
    }

    // MARK: - Tables

    private var table: HTMLText {
        var table = HTMLTable(
            "All figures",
            [
                .text("figure"), .number("base"), .number("new"), .number("differs"), .number("interval"),
                .number("p, corrected"), .number("samples"), .text("verdict"),
            ]
        )
        for figure in comparison.figures {
            let text = ComparisonText(figure)
            let p = figure.correctedPValue.map { $0 < 0.0001 ? "< 0.0001" : ValueText.fixed($0, 4) } ?? ""
            let samples = "\(ValueText.grouped(figure.base.samples)) / \(ValueText.grouped(figure.new.samples))"
            table.add([
                HTMLText.name(figure.name), HTMLText(text.base), HTMLText(text.new), HTMLText(text.difference),
                HTMLText(text.interval), HTMLText(p), HTMLText(samples), mark(figure),
            ])
        }
        var left: HTMLText = ""
        if !comparison.left.isEmpty {
            let items = comparison.left.map { line -> HTMLText in
                "<li>\(HTMLText.name(line.name)): \(line.reason)</li>\n"
            }
            left = """
                <details><summary>\(comparison.left.count) figures with too few samples</summary>
                <ul>
                \(items.joined())</ul>
                </details>
                """
        }
        return "<h2 id=\"figures\">All figures</h2>\n\(table.html)\(left)"
    }

    private func mark(_ figure: ComparedFigure) -> HTMLText {
        let reason: HTMLText = figure.reason.map { "<br><span class=\"muted\">\($0)</span>" } ?? ""
        let verdict = figure.verdict.rawValue
        if figure.verdict.isWorse { return "<span class=\"mark bad\">✗ \(verdict)</span>\(reason)" }
        if figure.verdict.isBetter { return "<span class=\"mark ok\">✓ \(verdict)</span>\(reason)" }
        if figure.isDoubtful { return "~ \(verdict)\(reason)" }
        if figure.isWithinLag { return "≈ \(verdict)\(reason)" }
        return "\(verdict)\(reason)"
    }

    private var runs: HTMLText {
        var table = HTMLTable(
            "The runs",
            [
                .text("folder"), .text("target"), .text("started"), .number("seed"), .number("steady"),
                .text("machine"),
                .text("version"), .text("how it ended"),
            ]
        )
        for (name, runs) in [("base", comparison.base), ("new", comparison.new)] {
            table.begin(HTMLText(name))
            for run in runs {
                let machine = run.run.machine
                table.add([
                    HTMLText.name(run.directory), HTMLText(run.run.targets.joined(separator: ", ")),
                    HTMLText(run.startedAt), HTMLText(String(run.run.seed)),
                    HTMLText("\(run.steady.seconds) s in \(run.steady.blocks.count) blocks"),
                    HTMLText("\(machine.host), \(machine.cores) cores, \(machine.threads) threads"),
                    HTMLText(run.run.versions["reprise"] ?? ""), HTMLText(run.summary?.verdict.text ?? "did not end"),
                ])
            }
        }
        let load = comparison.base.first.map { run in
            run.run.load.map { phase -> HTMLText in
                let unit = phase.model == "arrivals" ? "arrivals/s" : "clients"
                let name = phase.name.map { "\($0): " } ?? ""
                let level =
                    phase.from == phase.to
                    ? ValueText.number(phase.from) : "\(ValueText.number(phase.from)) to \(ValueText.number(phase.to))"
                return "<li>\(name)\(level) \(unit) for \(ValueText.number(phase.seconds)) s</li>"
            }.joined()
        }
        return """
            <h2 id="runs">What was run</h2>
            <p>Scenario \(HTMLText.name(scenario)), with this load:</p>
            <ul>\(load)</ul>
            \(table.html)
            """
    }

    private var method: HTMLText {
        """
        <h2 id="method">How it was compared</h2>
        <p>Only phases of a steady load count, without their first \(ValueText.number(SteadyTime.settling)) s. They are \
        cut into blocks of at least \(SteadyTime.blockLength) s, since seconds that follow one another resemble one \
        another. A percentile is that of all blocks together; how uncertain it is, \
        \(ValueText.grouped(comparison.settings.draws)) draws of blocks with replacement say (of whole runs, where there \
        are several), and the difference of the logarithms is held against Student’s t with as many degrees of freedom as \
        the blocks allow.</p>
        <p>The p-values of the \(comparison.judgedCount) judged figures are corrected for one another after Holm. A figure \
        differs where the corrected value is at most \(ValueText.fixed(1 - comparison.settings.confidence, 4)) and its whole \
        interval lies beyond the tolerance; a difference smaller than the generator’s own lag on both sides is not \
        believed. Failures are compared in percentage points (pp).</p>
        """
    }

    private static let style = """
        .forest{margin:1rem 0;border-top:1px solid var(--rule)}
        .forest .row{display:grid;grid-template-columns:minmax(0,14rem) minmax(0,1fr) minmax(0,17rem);gap:0 1rem;
        align-items:center;border-bottom:1px solid var(--rule);padding:.1rem 0}
        .forest .name{font-weight:500;overflow-wrap:anywhere;font-size:.92rem}
        .forest .says{font-size:.88rem;font-variant-numeric:tabular-nums}
        .forest svg{display:block;width:100%;height:26px;overflow:visible}
        .forest .axis svg{height:22px}
        .forest .axis text{font-size:12px;fill:var(--soft)}
        .forest .band{fill:var(--s4);opacity:.16}
        .forest .zero{stroke:var(--soft);stroke-width:1}
        .forest .bar{stroke:var(--ink);stroke-width:2}
        .forest .bad .bar{stroke:var(--bad)}.forest .bad .mark{fill:var(--bad);stroke:var(--bad)}
        .forest .ok .bar{stroke:var(--ok)}.forest .ok .mark{fill:var(--ok);stroke:var(--ok)}
        .forest .same .mark{fill:var(--card);stroke:var(--ink);stroke-width:2}
        .curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem 1.6rem}
        .curves figure{margin:0;max-width:640px}
        .option{white-space:nowrap}
        .curves figcaption{font-weight:620;overflow-wrap:anywhere}
        .curves svg{width:100%;height:auto;display:block}
        .curves text{font-size:13px;fill:var(--soft)}
        .curves .grid{stroke:var(--rule);stroke-width:1}
        .curves .line{fill:none;stroke-width:2.2}
        .curves .base{stroke:var(--s1)}.curves .new{stroke:var(--s2);stroke-dasharray:7 4}
        .curves .hit{fill:transparent}
        .curves text.base-name{fill:var(--s1);font-weight:600}.curves text.new-name{fill:var(--s2);font-weight:600}
        @media (max-width:640px){.forest .row{grid-template-columns:minmax(0,1fr)}.forest .row .says{order:1}
        .forest .row>div:nth-child(2){order:2}.forest .row{padding:.45rem 0}}

        """
}
