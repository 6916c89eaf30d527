/// The lines of one second of the live view, for one width.
struct LiveFrame {
    private let figures: LiveFigures
    private let plan: LivePlan
    private let bar: PhaseBar
    private let received: Sparkline
    private let sent: Sparkline
    private let metrics: [LiveFigures.Latency]
    private let columns: Int

    /// A line and how soon it is left out: those with the highest number first.
    private struct Entry {
        var line: LiveLine
        var priority: Int
    }

    init(
        _ figures: LiveFigures,
        _ plan: LivePlan,
        _ bar: PhaseBar,
        received: Sparkline,
        sent: Sparkline,
        metrics: [LiveFigures.Latency],
        columns: Int
    ) {
        self.figures = figures
        self.plan = plan
        self.bar = bar
        self.received = received
        self.sent = sent
        self.metrics = metrics
        self.columns = columns
    }

    func lines(height: Int) -> [LiveLine] {
        var entries = [Entry(line: clock, priority: 0)]
        if columns < Self.wide { entries.append(Entry(line: bar.bar(elapsed: elapsed, columns: columns), priority: 3)) }
        if let names { entries.append(Entry(line: names, priority: 20)) }
        entries.append(Entry(line: clients, priority: 1))
        entries.append(Entry(line: rates, priority: 4))
        if !metrics.isEmpty {
            entries.append(Entry(line: head, priority: 5))
            for (place, metric) in metrics.enumerated() {
                entries.append(
                    Entry(line: latency(metric), priority: place == 0 ? 6 : place < 3 ? 8 + place : 20 + place)
                )
            }
        }
        entries.append(Entry(line: errors, priority: 2))
        entries.append(Entry(line: lag, priority: isBottleneck ? 1 : 12))
        entries += checks
        var kept = Set(
            entries.indices.sorted { (entries[$0].priority, $0) < (entries[$1].priority, $1) }.prefix(height)
        )
        // A heading without a row under it is of no use.
        if let head = entries.firstIndex(where: { $0.priority == 5 }), kept.contains(head), !kept.contains(head + 1) {
            kept.remove(head)
        }
        return entries.indices.filter(kept.contains).map { entries[$0].line }
    }

    // MARK: - How far it is

    /// From here on the bar stands behind the clock.
    private static let wide = 72

    private var elapsed: Double { figures.elapsed }

    private var clock: LiveLine {
        var line = LiveLine()
        line.add("\(ProgressLine.clock(elapsed))/\(ProgressLine.clock(plan.seconds))", .bold)
        let share = plan.seconds > 0 ? Int(min(max(elapsed / plan.seconds, 0), 1) * 100) : 100
        let percent = " \(share) %"
        if columns >= Self.wide {
            line.add(" ")
            let room = columns - line.columns - DisplayWidth.right(percent, 6).count
            for piece in bar.bar(elapsed: elapsed, columns: room).pieces { line.add(piece.text, piece.colour) }
            line.add(DisplayWidth.right(percent, 6))
            return line
        }
        line.add(DisplayWidth.right(percent, 6))
        line.add("  \(phaseText)", .bold)
        return line
    }

    private var phaseText: String {
        if figures.isWarmup { return "warmup" }
        if figures.isGrace { return "grace: waiting for the last" }
        return figures.phase
    }

    /// Below the bar; what no phase says stands there instead of their names.
    private var names: LiveLine? {
        if columns < Self.wide { return bar.names(elapsed: elapsed, columns: columns) }
        let margin = "\(ProgressLine.clock(elapsed))/\(ProgressLine.clock(plan.seconds)) ".count
        var line = LiveLine(String(repeating: " ", count: margin))
        if figures.isGrace || figures.isWarmup {
            line.add(phaseText, .bold)
            return line
        }
        guard let names = bar.names(elapsed: elapsed, columns: columns - margin - 6) else { return nil }
        for piece in names.pieces { line.add(piece.text, piece.colour) }
        return line
    }

    // MARK: - Clients and messages

    private var clients: LiveLine {
        var line = LiveLine()
        line.add(label("clients"), .dim)
        line.add("\(short(figures.active)) active", .bold)
        line.add(" +\(short(figures.started)) −\(short(figures.finished)) ")
        line.add("✗\(short(figures.failed))", figures.failed > 0 ? .red : nil)
        if figures.notStarted > 0 { line.add("  \(short(figures.notStarted)) not started", .yellow) }
        if figures.faultSeconds > 0 { line.add("  ▼ fault", .yellow) }
        let groups = figures.groups
        if groups.count > 1, columns >= 56 {
            line.add("  " + groups.map { "\($0.name) \(short($0.active))" }.joined(separator: " · "), .dim)
        }
        return line
    }

    private var rates: LiveLine {
        let names = label("msg/s")
        let room = (columns - DisplayWidth.of(names) - 2 * 9 - 2) / 2
        let spark = min(max(room, 0), 30)
        var line = LiveLine()
        line.add(names, .dim)
        line.add("in \(DisplayWidth.left(ProgressLine.short(figures.received.rate), 5)) ")
        line.add(received.text(spark), .green)
        line.add("  out \(DisplayWidth.left(ProgressLine.short(figures.sent.rate), 5)) ")
        line.add(sent.text(spark), .green)
        return line
    }

    // MARK: - Latencies

    private static let cells = ["p50", "p95", "p99", "max"]
    private var cellColumns: Int { columns >= 56 ? 9 : 7 }
    private var hasCounts: Bool { columns >= 72 }
    private var nameColumns: Int {
        min(max(columns - Self.cells.count * cellColumns - (hasCounts ? cellColumns : 0), 8), 40)
    }

    private var head: LiveLine {
        let cells = (hasCounts ? ["count/s"] : []) + Self.cells
        return LiveLine(
            DisplayWidth.left("this second", nameColumns)
                + cells.map { DisplayWidth.right($0, cellColumns) }.joined(),
            .dim
        )
    }

    private func latency(_ latency: LiveFigures.Latency) -> LiveLine {
        var line = LiveLine()
        line.add(DisplayWidth.left(DisplayWidth.cutName(latency.metric, nameColumns - 1), nameColumns))
        let seconds = figures.measuredSeconds > 0 ? figures.measuredSeconds : 1
        if hasCounts { line.add(DisplayWidth.right(ProgressLine.short(Double(latency.count) / seconds), cellColumns)) }
        for value in [latency.p50, latency.p95, latency.p99, latency.max] {
            let text = value.map { ValueText.time(microseconds: $0).replacing(" ", with: "") } ?? "–"
            line.add(DisplayWidth.right(text, cellColumns))
        }
        return line
    }

    // MARK: - What goes wrong

    private var errors: LiveLine {
        var line = LiveLine()
        line.add(label("errors"), .dim)
        let total = figures.errorFlow.total
        guard total > 0 else {
            line.add("none")
            return line
        }
        line.add(short(total), .red)
        if let rate = figures.errorRate, columns >= 56 { line.add(" (\(ValueText.percent(rate)) of operations)") }
        let kinds = figures.errors.prefix(3).map { "\($0.kind) \(short($0.total))" }
        if kinds.isEmpty {
            line.add(" in the warmup")
        } else {
            let rest = figures.errors.count - kinds.count
            line.add(": " + kinds.joined(separator: " · ") + (rest > 0 ? " · \(rest) more" : ""))
        }
        return line
    }

    private var isBottleneck: Bool { figures.generator.isBottleneck }

    private var lag: LiveLine {
        let lag = figures.lag
        var line = LiveLine()
        if isBottleneck {
            let isLate = lag.runP99.map { $0 > lag.allowed } ?? false
            let reason =
                isLate
                ? "lag p99 \(time(lag.runP99 ?? 0)) of \(time(lag.allowed)): exit 111"
                : "exit 111: \(figures.generator.reasons.first ?? "")"
            line.add("! " + (columns >= 56 ? "generator: " : "") + reason, .red)
            return line
        }
        line.add(label("generator"), .dim)
        if let p99 = lag.runP99 {
            let now = lag.max.map { ", now \(time($0))" } ?? ""
            line.add("lag p99 \(time(p99)) of \(time(lag.allowed))\(now)", p99 > lag.allowed ? .yellow : nil)
        } else {
            line.add(lag.max.map { "lag now \(time($0)) of \(time(lag.allowed))" } ?? "–")
        }
        if let usage = figures.usage, columns >= 56 {
            line.add(", \(ValueText.percent(usage.cpu)) of \(usage.cores) core\(usage.cores == 1 ? "" : "s")")
        }
        return line
    }

    /// Those that fail now, at most two lines; one that says how many hold where none fails.
    private var checks: [Entry] {
        guard !figures.checks.isEmpty else { return [] }
        let failing = figures.checks.filter { $0.outcome == .failed && !$0.mayStillPass }
        guard let first = failing.first else {
            let passing = figures.checks.filter { $0.outcome == .passed }.count
            let ahead = figures.checks.filter(\.mayStillPass).count
            let waiting = figures.checks.count - passing - ahead
            var line = LiveLine()
            line.add(label("checks"), .dim)
            line.add("✓ \(passing) hold\(passing == 1 ? "s" : "")", .green)
            if ahead > 0 { line.add(", \(ahead) not yet") }
            if waiting > 0 { line.add(", \(waiting) without data") }
            return [Entry(line: line, priority: 11)]
        }
        var lines = [Entry(line: failed(first, of: failing.count), priority: 1)]
        if failing.count > 1 { lines.append(Entry(line: failed(failing[1], of: nil), priority: 9)) }
        return lines
    }

    private func failed(_ result: CheckResult, of count: Int?) -> LiveLine {
        var line = LiveLine()
        line.add(label(count == nil ? "" : "checks"), .dim)
        let more = count.map { $0 > 1 ? " (\($0) of \(figures.checks.count) fail)" : "" } ?? ""
        line.add("✗ \(result.check.text): \(result.text)\(more)", .red)
        return line
    }

    // MARK: - Texts

    private func label(_ text: String) -> String {
        DisplayWidth.left(text, columns >= 56 ? 11 : text.isEmpty ? 8 : min(DisplayWidth.of(text), 9) + 1)
    }

    private func short(_ value: Int) -> String { ProgressLine.short(Double(value)) }

    private func time(_ microseconds: Double) -> String {
        ValueText.time(microseconds: microseconds).replacing(" ", with: "")
    }
}
