extension Check {
    /// Compares what was measured with what must hold.
    ///
    /// A counter that never moved is 0 and so has data; a distribution without samples and a ratio of nothing have
    /// none. A percentile of fewer samples than carry it is their maximum, which can only be too strict; the text
    /// says so.
    package func evaluate(over totals: RunTotals) -> CheckResult {
        let reading = read(totals)
        guard let value = reading.value else {
            return CheckResult(check: self, outcome: .noData, actual: nil, text: "no data")
        }
        return CheckResult(
            check: self,
            outcome: comparison.holds(value, threshold) ? .passed : .failed,
            actual: value,
            text: reading.note.map { "\(format(value)) (\($0))" } ?? format(value)
        )
    }

    /// Whether its failing would end the run now.
    ///
    /// - Parameter elapsed: since the start of the run.
    package func endsRun(over totals: RunTotals, elapsed: Duration) -> Bool {
        aborts && elapsed >= after && evaluate(over: totals).outcome == .failed
    }

    private func read(_ totals: RunTotals) -> (value: Double?, note: String?) {
        switch kind {
        case .time, .size: return readDistribution(totals)
        case .ratio: return (totals.ratio(metric, group: group, phase: phase), nil)
        case .bytes: return (totals.usage.map { Double($0.memory) }, nil)
        case .duration: return (readDuration(totals), nil)
        case .count:
            guard let count = totals.count(metric, group: group, phase: phase) else { return (nil, nil) }
            return statistic == .rate ? (rate(of: count, in: totals), nil) : (Double(count), nil)
        }
    }

    private func readDuration(_ totals: RunTotals) -> Double? {
        switch metric {
        case "generator.lag.max": totals.overall.lag.isEmpty ? nil : Double(totals.overall.lag.max)
        case "generator.stalled": Double(totals.overall.stalled) / 1e3
        default: nil
        }
    }

    private func readDistribution(_ totals: RunTotals) -> (value: Double?, note: String?) {
        guard let histogram = histogram(totals) else { return (nil, nil) }
        switch statistic {
        case .count: return (Double(histogram.count), nil)
        case .rate: return (rate(of: histogram.count, in: totals), nil)
        case nil: return (nil, nil)
        case _ where histogram.isEmpty: return (nil, nil)
        case .min: return (Double(histogram.min), nil)
        case .mean: return (histogram.mean, nil)
        case .max: return (Double(histogram.max), nil)
        case .percentile(let percentile):
            let note = histogram.carries(percentile) ? nil : "of \(histogram.count) samples only"
            return (Double(histogram.percentile(percentile)), note)
        }
    }

    private func histogram(_ totals: RunTotals) -> Histogram? {
        if let time { return totals.histogram(metric, group: group, time: time) }
        return totals.histogram(metric, group: group, phase: phase)
    }

    private func rate(of count: Int, in totals: RunTotals) -> Double? {
        let part = time.map { totals.totals(of: $0) } ?? totals.totals(phase: phase)
        guard let seconds = part?.seconds, seconds > 0 else { return nil }
        return Double(count) / seconds
    }

    private func format(_ value: Double) -> String {
        switch valueKind {
        case .time, .duration: ValueText.time(microseconds: value)
        case .ratio: ValueText.percent(value)
        case .bytes: ValueText.bytes(value)
        case .count, .size: ValueText.number(value) + (statistic == .rate ? "/s" : "")
        }
    }
}
