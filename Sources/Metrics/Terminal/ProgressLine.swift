/// The line that says, once a second, how a run is doing.
package struct ProgressLine: Sendable {
    private let table: MetricTable
    private let latency: String
    private let total: Double

    private var started = 0
    private var finished = 0
    private var failed = 0
    private var errors = 0

    /// - Parameters:
    ///   - table: the metrics of the run.
    ///   - seconds: how long the run is to be, with its grace.
    ///   - latency: the metric that matters most, such as the first that a check reads; `connect` until it has samples.
    package init(table: MetricTable, seconds: Double, latency: String?) {
        self.table = table
        self.latency = latency ?? "connect"
        total = seconds
    }

    /// The line of one second, at most 100 columns; what does not fit is left out from the end.
    package mutating func line(_ second: TimelineSecond) -> String {
        let totals = second.totals
        started += count(table.fixed.clientsStarted, totals)
        finished += count(table.fixed.clientsFinished, totals)
        failed += count(table.fixed.clientsFailed, totals)
        errors += totals.errorCount()
        let seconds = totals.seconds > 0 ? totals.seconds : 1
        let received = Double(count(table.fixed.messagesReceived, totals)) / seconds
        let sent = Double(count(table.fixed.messagesSent, totals)) / seconds
        var parts = [
            "\(Self.clock(Double(second.second + 1)))/\(Self.clock(total))",
            TerminalText.cut(second.phase, 12),
            "\(Self.short(Double(second.activeClients.reduce(0, +)))) active",
            "\(Self.short(Double(started))) started \(Self.short(Double(finished))) done \(Self.short(Double(failed))) failed",
            "in \(Self.short(received))/s out \(Self.short(sent))/s",
        ]
        if let latency = latencyText(totals) { parts.append(latency) }
        parts.append("\(Self.short(Double(errors))) errors")
        var line = parts[0]
        for part in parts.dropFirst() where line.count + 2 + part.count <= TerminalText.width {
            line += "  " + part
        }
        return line
    }

    private func latencyText(_ totals: Totals) -> String? {
        for name in [latency, "connect"] {
            guard let row = table.register.row(named: name) else { continue }
            let histogram = totals.histogram(row: row, group: nil)
            guard !histogram.isEmpty else { continue }
            let values = histogram.percentiles([50, 99])
            let p50 = ValueText.time(microseconds: Double(values[0]))
            let tail = histogram.carries(99) ? ("p99", values[1]) : ("max", histogram.max)
            return "\(TerminalText.cut(name, 18)) p50 \(p50) \(tail.0) \(ValueText.time(microseconds: Double(tail.1)))"
        }
        return nil
    }

    private func count(_ counter: CounterMetric, _ totals: Totals) -> Int {
        totals.counter(counter.index, group: nil)
    }

    /// `0:42`, `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 1e9).rounded())
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        return hours > 0 ? "\(hours):\(pad(minutes)):\(pad(whole % 60))" : "\(minutes):\(pad(whole % 60))"
    }

    /// A number in at most five columns: `950`, `12.3k`, `1.2M`.
    static func short(_ value: Double) -> String {
        switch abs(value) {
        case ..<9999.5: ValueText.fixed(value, 0)
        case ..<999_500: ValueText.fixed(value / 1e3, value < 99_950 ? 1 : 0) + "k"
        case ..<999_500_000: ValueText.fixed(value / 1e6, value < 99_950_000 ? 1 : 0) + "M"
        default: ValueText.fixed(value / 1e9, 1) + "G"
        }
    }
}
