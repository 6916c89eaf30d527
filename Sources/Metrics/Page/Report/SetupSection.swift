/// What was run: the scenario, the target, the load, the machine.
struct SetupSection {
    let figures: ReportFigures

    private var run: RunFile { figures.run.run }

    var section: ReportSection {
        ReportSection(id: "setup", title: "What was run", body: terms + notes + LoadCurve(run).html)
    }

    private var terms: HTMLText {
        var terms: [(HTMLText, HTMLText)] = []
        terms.append(
            ("scenario", "\(HTMLText.name(run.scenario)) <span class=\"muted\">from <code>\(run.file)</code></span>")
        )
        terms.append(("target", run.targets.map { "<code>\($0)</code>" as HTMLText }.joined(separator: "<br>")))
        terms.append(("when", HTMLText(started)))
        if let summary = figures.summary {
            var parts = [ClockText.length(summary.seconds)]
            if run.warmupSeconds > 0 { parts.append("warmup \(ClockText.length(run.warmupSeconds)) not measured") }
            if run.graceSeconds > 0 { parts.append("up to \(ClockText.length(run.graceSeconds)) of grace at the end") }
            terms.append(("duration", HTMLText(parts.joined(separator: ", "))))
        }
        if !figures.groups.isEmpty {
            terms.append(("groups", figures.groups.map(HTMLText.name).joined(separator: ", ")))
        }
        terms.append(("seed", "\(HTMLText(String(run.seed)))"))
        terms.append(
            (
                "versions",
                HTMLText(run.versions.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", "))
            )
        )
        terms.append(("machine", HTMLText(machine)))
        let items = terms.filter { !$0.1.isEmpty }.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>\n" as HTMLText }
        return "<dl class=\"terms\">\n\(items.joined())</dl>\n"
    }

    private var started: String {
        let date = figures.summary?.startedAt ?? SummaryFile.timestamp(run.startEpochMilliseconds)
        return date.replacing("T", with: " ").replacing("Z", with: " UTC")
    }

    private var machine: String {
        let machine = run.machine
        return
            "\(machine.host): \(machine.system), \(ReportText.plural(machine.cores, "core")), "
            + "\(ValueText.bytes(Double(machine.memoryBytes))) of memory; \(ReportText.plural(machine.threads, "thread")) "
            + "made the load"
    }

    private var notes: HTMLText {
        (figures.summary?.notes ?? []).map {
            "<div class=\"note\"><p>\(ReportText.sentence($0))</p></div>\n" as HTMLText
        }
        .joined()
    }
}
