/// Tasks of action plans: how they ended, how many plans they took, and the cycles in which they ran away.
struct TaskSection {
    let figures: ReportFigures

    var section: ReportSection { ReportSection(id: "tasks", title: "Tasks of action plans", body: body) }

    private var body: HTMLText {
        let names = figures.names(before: ".client_limited", except: "plan").filter { name in
            PlanOutcome.allCases.contains { figures.count("\(name).\($0.name)") > 0 }
        }
        guard !names.isEmpty else { return "" }
        return outcomes(names) + plans(names) + loops
    }

    private func outcomes(_ names: [String]) -> HTMLText {
        let outcomes = PlanOutcome.allCases.filter { outcome in
            names.contains { figures.count("\($0).\(outcome.name)") > 0 }
        }
        var table = HTMLTable(
            "Tasks by outcome",
            [.text("task"), .number("tasks")] + outcomes.map { .number(HTMLText(Self.words($0.name))) }
        )
        for name in names {
            let counts = outcomes.map { figures.count("\(name).\($0.name)") }
            let cells = zip(outcomes, counts).map { outcome, count in
                Self.isHarmless(outcome) ? ReportText.count(count) : ReportText.deviation(count)
            }
            table.add([HTMLText.name(name), ReportText.count(counts.reduce(0, ReportText.sum))] + cells)
        }
        let words = outcomes.map { "<strong>\(Self.words($0.name))</strong>: \($0.meaning)" as HTMLText }
        return table.html + "<p class=\"about\">\(words.joined(separator: "; ")).</p>\n"
    }

    private func plans(_ names: [String]) -> HTMLText {
        var table = HTMLTable(
            "Plans of tasks",
            [.text("task"), .text("figure")] + ["count", "p50", "p95", "p99", "max"].map { .number($0) }
        )
        for name in names {
            let rows = [
                ("plans of a task", "plans"), ("round trip of a plan", "round_trip"), ("whole task", "duration"),
            ]
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

    private var loops: HTMLText {
        guard let loops = figures.summary?.loops, loops.total > 0 else { return "" }
        let lines = loops.first
        let withCycle = lines.filter { !$0.cycle.isEmpty }
        var html: HTMLText = "<h3>Tasks that did not complete</h3>\n"
        if let longest = loops.longest {
            html += """
                <p>\(ReportText.plural(loops.total, "task")) in all. The longest: client \(longest.client), \
                \(HTMLText.name(longest.task)), \(ReportText.plural(longest.plans, "plan")) in \
                \(ReportText.seconds(longest.seconds)), \(Self.words(longest.outcome)).</p>

                """
        }
        var table = HTMLTable(
            "Tasks that did not complete",
            [.text("task"), .text("outcome"), .number("client"), .number("plans"), .number("took")]
                + (withCycle.isEmpty ? [] : [.text("cycle"), .number("repeats")])
        )
        for line in lines {
            let cycle: [HTMLText] =
                withCycle.isEmpty
                ? []
                : [
                    "<code>\(ReportText.cut(line.cycle, 300))</code>",
                    line.repeats > 0 ? ReportText.count(line.repeats) : "",
                ]
            table.add(
                [
                    HTMLText.name(line.task), HTMLText(Self.words(line.outcome)), HTMLText(String(line.client)),
                    ReportText.count(line.plans), HTMLText(ReportText.seconds(line.seconds)),
                ] + cycle
            )
        }
        html += table.html
        if loops.total > lines.count {
            html +=
                "<p class=\"about\">The first \(lines.count) of \(ValueText.grouped(loops.total)); <code>loops.csv</code> has all.</p>\n"
        }
        return html
    }

    private static func isHarmless(_ outcome: PlanOutcome) -> Bool {
        outcome == .completed || outcome == .clientLimited || outcome == .refused
    }

    private static func words(_ outcome: String) -> String { outcome.replacing("_", with: " ") }
}
