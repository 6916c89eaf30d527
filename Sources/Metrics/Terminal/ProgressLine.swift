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

    /// The line of one second, at most 100 columns: elapsed and total, phase, clients that are active and how many
    /// started (+), finished (−) and failed (✗) so far, messages per second, errors so far, latency in this second.
    ///
    /// Where it would be too long the latency says its tail only, then the phase goes, then the latency.
    package mutating func line(_ second: TimelineSecond) -> String {
        let totals = second.totals
        started += count(table.fixed.clientsStarted, totals)
        finished += count(table.fixed.clientsFinished, totals)
        failed += count(table.fixed.clientsFailed, totals)
        errors += totals.errorCount()
        let seconds = totals.seconds > 0 ? totals.seconds : 1
        let received = Double(count(table.fixed.messagesReceived, totals)) / seconds
        let sent = Double(count(table.fixed.messagesSent, totals)) / seconds
        let active = second.activeClients.reduce(0, &+)
        let clock = "\(Self.clock(Double(second.second + 1)))/\(Self.clock(total))"
        let phase = TerminalText.cut(second.phase, 12)
        let rest = [
            "\(short(active)) active +\(short(started)) −\(short(finished)) ✗\(short(failed))",
            "in \(Self.short(received)) out \(Self.short(sent))/s",
            "\(short(errors)) error\(errors == 1 ? "" : "s")",
        ]
        let latency = latencyText(totals)
        let variants = [
            [clock, phase] + rest + latency.full, [clock, phase] + rest + latency.tail, [clock] + rest + latency.tail,
            [clock, phase] + rest, [clock] + rest,
        ]
        let lines = variants.map { $0.joined(separator: "  ") }
        return lines.first { $0.count <= TerminalText.width } ?? TerminalText.cut(lines[4], TerminalText.width)
    }

    /// The latency with its median and tail, and with its tail only; empty where there is none.
    private func latencyText(_ totals: Totals) -> (full: [String], tail: [String]) {
        for name in [latency, "connect"] {
            guard let row = table.register.row(named: name) else { continue }
            let histogram = totals.histogram(row: row, group: nil)
            guard !histogram.isEmpty else { continue }
            let values = histogram.percentiles([50, 99]).map { time($0) }
            let tail = histogram.carries(99) ? "p99 \(values[1])" : "max \(time(histogram.max))"
            let name = TerminalText.cut(name, 24)
            return (["\(name) p50 \(values[0]) \(tail)"], ["\(name) \(tail)"])
        }
        return ([], [])
    }

    private func time(_ microseconds: Int) -> String {
        ValueText.time(microseconds: Double(microseconds)).filter { $0 != " " }
    }

    private func short(_ value: Int) -> String { Self.short(Double(value)) }

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

    /// A number in at most four columns, as long as it is below a trillion: `950`, `1.2k`, `45k`, `1.2M`.
    static func short(_ value: Double) -> String {
        switch abs(value) {
        case ..<999.5: ValueText.fixed(value, 0)
        case ..<999_500: ValueText.fixed(value / 1e3, value < 9_950 ? 1 : 0) + "k"
        case ..<999_500_000: ValueText.fixed(value / 1e6, value < 9_950_000 ? 1 : 0) + "M"
        default: ValueText.fixed(value / 1e9, value < 9_950_000_000 ? 1 : 0) + "G"
        }
    }
}
