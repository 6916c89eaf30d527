extension ClosingTable {
    private static let percentiles: [Double] = [50, 90, 95, 99]
    private static let nameColumns = 39
    private static let valueColumns = 10

    /// The percentile table: a row per metric over all groups, and below it one per group where several have samples.
    ///
    /// Rows from the actual send (`NAME.service`) stand in latency.csv.
    var latencyLines: [String] {
        let totals = summary.totals
        let rows = MeasuredRows(table: totals.table, totals: totals.overall).distributions.filter {
            !$0.metric.hasSuffix(".service")
        }
        let seconds = ValueText.fixed(totals.overall.seconds, 1)
        let head = TerminalText.left("measured over \(seconds) s", Self.nameColumns)
        let columns = ["count", "p50", "p90", "p95", "p99", "max"]
        var lines = [title(head + columns.map { TerminalText.right($0, Self.valueColumns) }.joined())]
        for row in rows where row.group == "all" && row.metric != "generator.lag" {
            lines.append(line(row.metric, row))
            let parts = rows.filter { $0.metric == row.metric && $0.group != "all" }
            if parts.count > 1 { lines += parts.map { line("  \($0.group)", $0) } }
        }
        return lines.count > 1 ? lines : ["Nothing was measured that takes time."]
    }

    private func line(_ name: String, _ row: DistributionRow) -> String {
        let values = Self.percentiles.map { row.value(at: $0) } + [row.max]
        let cells = [ValueText.grouped(row.count)] + values.map { text($0, row.unit) }
        return TerminalText.left(name, Self.nameColumns)
            + cells.map { TerminalText.right($0, Self.valueColumns) }.joined()
    }

    func text(_ value: Double?, _ unit: MetricUnit) -> String {
        guard let value else { return "" }
        switch unit {
        case .milliseconds: return ValueText.time(microseconds: value * 1000)
        case .bytes: return ValueText.bytes(value)
        case .count: return ValueText.number(value)
        }
    }

    /// The counts that matter: operations that failed, clients, messages, and what moved of streams, plans and the
    /// user's own counters.
    var countLines: [String] {
        let table = summary.totals.table
        let rows = MeasuredRows(table: table, totals: summary.totals.overall).counters.filter { $0.group == "all" }
        var lines = [title("counts")]
        lines += pairs(
            [("clients.active (peak)", summary.totals.overall.peakClients())] + rows.filter(isBasic).map(pair)
        )
        let others = rows.filter { $0.count != 0 && !isBasic($0) && !isDetail($0) && !repeatsTotal($0) }
        lines += pairs(others.map(pair))
        if let rate = summary.totals.ratio("errors.rate") {
            let failed = ValueText.grouped(summary.totals.count("operations.failed") ?? 0)
            let all = ValueText.grouped(summary.totals.count("operations") ?? 0)
            lines.append("  errors.rate \(ValueText.percent(rate)): \(failed) of \(all) operations failed")
        }
        return lines
    }

    private func isBasic(_ row: CounterRow) -> Bool {
        (row.counter.hasPrefix("clients.") && row.count != 0) || row.counter.hasPrefix("messages.")
    }

    /// What stands elsewhere in the report or follows from it.
    private func isDetail(_ row: CounterRow) -> Bool {
        row.counter.hasPrefix("errors.") || row.counter.hasPrefix("received.") || row.counter.hasPrefix("bytes.")
            || row.counter.hasPrefix("generator.") || row.counter.hasPrefix("operations")
            || row.counter.hasSuffix(".count") || isDeviation(row)
    }

    private func isDeviation(_ row: CounterRow) -> Bool {
        guard summary.totals.table.replay != nil else { return false }
        return row.counter.hasSuffix(".failed")
            || Deviation.allCases.contains {
                row.counter.hasSuffix(".\($0.name)") || row.counter == "replay.deviations"
            }
    }

    /// A count of the only stream or plan there is, which stands there over all of them already.
    private func repeatsTotal(_ row: CounterRow) -> Bool {
        guard let dot = row.counter.lastIndex(of: ".") else { return false }
        let name = row.counter[..<dot]
        guard name != "stream", name != "plan" else { return false }
        return ["stream", "plan"].contains { summary.totals.count($0 + row.counter[dot...]) == row.count }
    }

    private func pair(_ row: CounterRow) -> (String, Int) {
        (redactor.apply(row.counter), row.count)
    }

    /// Names and counts in two columns.
    private func pairs(_ pairs: [(String, Int)]) -> [String] {
        stride(from: 0, to: pairs.count, by: 2).map { start in
            let cells = pairs[start..<min(start + 2, pairs.count)].map { name, count in
                TerminalText.left(name, 32) + TerminalText.right(ValueText.grouped(count), 13)
            }
            return "  " + cells.joined(separator: "    ")
        }
    }

    /// How many loops ended how, the first of them and the longest.
    var loopLines: [String] {
        let loops = summary.loops
        guard loops.total > 0 else { return [] }
        var lines = [title("loops that did not complete")]
        let counts = loops.counts.map { "\($0.task) \($0.outcome.name) \(ValueText.grouped($0.count))" }
        lines += TerminalText.wrapped(counts.joined(separator: " · "), indent: 0, columns: 98).map { "  " + $0 }
        if let first = loops.first.first { lines += loopText("first", first) }
        if let longest = loops.longest, longest != loops.first.first { lines += loopText("longest", longest) }
        if let runaway = loops.firstRunaway, !runaway.steps.isEmpty { lines += stepLines(runaway) }
        return lines
    }

    /// The first task that ran away, plan by plan.
    private func stepLines(_ loop: LoopLine) -> [String] {
        let task = TerminalText.cut(redactor.apply(loop.task), 24)
        var lines = ["  the first that ran away, step by step: client \(loop.client), \(task)"]
        var last = 0
        for step in loop.steps {
            if step.number > last + 1 { lines.append("    … \(ValueText.grouped(step.number - last - 1)) more") }
            last = step.number
            let place = TerminalText.right("\(step.number)", 6)
            let time = TerminalText.right(ValueText.time(microseconds: step.seconds * 1e6), 10)
            lines.append(TerminalText.cut("\(place)\(time)  \(redactor.apply(step.label))", TerminalText.width))
        }
        return lines
    }

    private func loopText(_ which: String, _ loop: LoopLine) -> [String] {
        var text =
            "\(which): client \(loop.client), \(TerminalText.cut(loop.task, 24)) \(loop.outcome.name) after"
            + " \(ValueText.grouped(loop.plans)) plan\(loop.plans == 1 ? "" : "s")"
            + " in \(ValueText.time(microseconds: loop.seconds * 1e6))"
        if !loop.cycle.isEmpty { text += ": \(loop.repeats) × \(TerminalText.cut(redactor.apply(loop.cycle), 200))" }
        return TerminalText.wrapped(text, indent: 2, columns: 98).map { "  " + $0 }
    }
}
