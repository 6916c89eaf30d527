/// What was done to the run on purpose, how its clients came back, and what the others noticed.
extension ClosingTable {
    /// How many faults and metrics are shown; summary.json and latency.csv have all.
    private static let faultLimit = 12
    private static let metricLimit = 6

    var faultLines: [String] {
        var lines = markLines + reconnectLines + stallLines
        if !lines.isEmpty { lines.insert(title("faults"), at: 0) }
        let split = splitLines
        guard !split.isEmpty else { return lines }
        return lines + (lines.isEmpty ? [] : [""]) + split
    }

    // MARK: - What happened

    private var markLines: [String] {
        var lines = summary.faults.prefix(Self.faultLimit).flatMap(markLines)
        let rest = summary.faults.count - Self.faultLimit
        if rest > 0 { lines.append("  … \(rest) more in summary.json") }
        return lines
    }

    private func markLines(_ mark: FaultMark) -> [String] {
        let time = TerminalText.right("\(ValueText.fixed(mark.begin, 1)) s", 9)
        let text = redactor.apply(mark.text)
        let head = "  \(time)  "
        let lines = TerminalText.wrapped("\(text) · \(outcome(of: mark))", indent: 2, columns: 100 - head.count)
        let margin = String(repeating: " ", count: head.count)
        var result = lines.enumerated().map { ($0.offset == 0 ? head : margin) + $0.element }
        if let command = mark.command, !command.isSuccess, let last = command.lastLine {
            result.append(TerminalText.cut("\(margin)  it said: \(redactor.apply(last))", TerminalText.width))
        }
        return result
    }

    private func outcome(of mark: FaultMark) -> String {
        let duration = mark.end.map { ValueText.time(microseconds: max(0, $0 - mark.begin) * 1e6) }
        if let command = mark.command {
            let after = if case .notStarted = command.exit { "" } else { duration.map { " after \($0)" } ?? "" }
            let rest = command.leftProcesses ? "; what it left running was ended with the run" : ""
            return redactor.apply(command.text) + after + rest
        }
        var text = "\(ValueText.grouped(mark.clients)) client\(mark.clients == 1 ? "" : "s")"
        guard mark.clients > 0 else { return text }
        if mark.unrecovered < mark.clients, let duration { text += ", the last was over it after \(duration)" }
        if mark.unrecovered > 0 { text += ", \(ValueText.grouped(mark.unrecovered)) not before the run ended" }
        return text
    }

    // MARK: - How clients came back

    private var reconnectLines: [String] {
        let lost = count("reconnect.lost")
        guard lost > 0 else { return [] }
        var text =
            "connections: \(ValueText.grouped(lost)) lost, \(ValueText.grouped(count("reconnect.recovered"))) recovered, "
            + "\(ValueText.grouped(count("reconnect.gave_up"))) gave up"
        let restored = count("reconnect.restored")
        if restored > 0 { text += ", \(ValueText.grouped(restored)) restored by Socket.IO" }
        let parts = ["detect", "reopen", "recover", "attempts"].compactMap { name in
            figures(name, of: "reconnect.\(name)")
        }
        return TerminalText.wrapped(text, indent: 2, columns: 98).map { "  " + $0 } + parts.map { "    " + $0 }
    }

    private var stallLines: [String] {
        let parts = ["cut_off", "drain", "backlog"].compactMap {
            figures($0.replacing("_", with: " "), of: "stall.\($0)")
        }
        let (closed, silent) = (count("stall.closed"), count("stall.silent"))
        guard !parts.isEmpty || closed > 0 || silent > 0 else { return [] }
        let text =
            "slow readers: \(ValueText.grouped(closed)) cut off by the server, \(ValueText.grouped(silent)) left silent"
        return ["  " + text] + parts.map { "    " + $0 }
    }

    private func figures(_ name: String, of metric: String) -> String? {
        guard let row = row(metric) else { return nil }
        let values = [("p50", row.value(at: 50)), ("p99", row.value(at: 99)), ("max", row.max)]
        let texts = values.compactMap { label, value in value.map { "\(label) \(text($0, row.unit))" } }
        return TerminalText.left(name, 10) + texts.joined(separator: " · ")
    }

    private func row(_ metric: String) -> DistributionRow? {
        MeasuredRows(table: summary.totals.table, totals: summary.totals.overall).distributions.first {
            $0.metric == metric && $0.group == "all"
        }
    }

    private func count(_ name: String) -> Int { summary.totals.count(name) ?? 0 }

    // MARK: - What the others noticed

    /// The p95 of calm time beside that of the time with a fault on, for the metrics that checks read; for the most
    /// frequent ones where none does.
    private var splitLines: [String] {
        guard let rows = FaultRows(summary.totals) else { return [] }
        let calm = rows.calm.filter { $0.group == "all" }
        let fault = rows.fault.filter { $0.group == "all" }
        let pairs = metrics(in: calm + fault).map { name in
            (name, calm.first { $0.metric == name }, fault.first { $0.metric == name })
        }
        guard !pairs.isEmpty else { return [] }
        let head = TerminalText.left("clients that no fault hit", 36)
        let columns = ["calm", "p95", "max", "fault", "p95", "max"]
        let lines = pairs.map { name, calm, fault in
            TerminalText.left("  \(name)", 36) + cells(calm) + cells(fault)
        }
        let calmTime = "calm for \(ValueText.time(microseconds: rows.calmSeconds * 1e6))"
        let faultTime = "a fault was on for \(ValueText.time(microseconds: rows.faultSeconds * 1e6))"
        return [title(head + columns.map { TerminalText.right($0, 10) }.joined())] + lines
            + ["  \(calmTime), \(faultTime)"]
    }

    private func cells(_ row: DistributionRow?) -> String {
        guard let row else { return TerminalText.right("0", 10) + String(repeating: " ", count: 20) }
        let values = [ValueText.grouped(row.count), text(row.value(at: 95), row.unit), text(row.max, row.unit)]
        return values.map { TerminalText.right($0, 10) }.joined()
    }

    private func metrics(in rows: [DistributionRow]) -> [String] {
        var names: [String] = []
        for check in summary.checks.map(\.check) where check.kind == .time && !names.contains(check.metric) {
            if rows.contains(where: { $0.metric == check.metric }) { names.append(check.metric) }
        }
        if names.isEmpty {
            let latencies = rows.filter { row in rows.contains { $0.metric == "\(row.metric).service" } }
            for row in latencies.sorted(by: { $0.count > $1.count }) where !names.contains(row.metric) {
                names.append(row.metric)
            }
        }
        return Array(names.prefix(Self.metricLimit))
    }
}
