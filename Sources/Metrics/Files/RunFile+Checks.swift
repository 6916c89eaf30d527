extension RunFile {
    /// What a check means, so that it can be evaluated again without the scenario.
    package struct ParsedCheck: Codable, Sendable {
        /// As the scenario words it.
        package var text: String
        /// Nil for all groups together.
        package var group: String?
        /// Nil for the whole run.
        package var phase: String?
        /// `calm` or `fault`; nil for both.
        package var time: String?
        package var metric: String
        /// `time`, `size`, `count`, `ratio`, `bytes` or `duration`.
        package var kind: String
        /// `count`, `rate`, `min`, `mean`, `max`, `p99`; nil where the metric is one number.
        package var statistic: String?
        package var comparison: String
        /// Microseconds for times, 0 to 1 for ratios, bytes, or a plain number.
        package var threshold: Double
        package var optional: Bool
        /// Whether its failing ends the run.
        package var aborts: Bool
        /// Since when it does, in seconds of the run.
        package var afterSeconds: Double
    }
}

extension RunFile.ParsedCheck {
    package init(_ check: Check) {
        text = check.text
        group = check.group
        phase = check.phase
        time = check.time?.rawValue
        metric = check.metric
        kind = check.kind.rawValue
        statistic = check.statistic?.name
        comparison = check.comparison.rawValue
        threshold = check.threshold
        optional = check.isOptional
        aborts = check.aborts
        afterSeconds = check.after / .seconds(1)
    }

    /// The check; nil where a word of it is none that this version knows.
    var check: Check? {
        let time = time.map(FaultTime.init(rawValue:))
        let statistic = statistic.map(Check.Statistic.init)
        guard let kind = MetricKind(rawValue: kind), let comparison = Check.Comparison(rawValue: comparison),
            time != .some(nil), statistic != .some(nil)
        else { return nil }
        return Check(
            text: text,
            group: group,
            phase: phase,
            time: time ?? nil,
            metric: metric,
            kind: kind,
            statistic: statistic ?? nil,
            comparison: comparison,
            threshold: threshold,
            isOptional: optional,
            aborts: aborts,
            after: .seconds(max(0, min(afterSeconds, 1e9)))
        )
    }
}

extension Check.Statistic {
    /// The word that stands for it in a check.
    var name: String {
        switch self {
        case .count: "count"
        case .rate: "rate"
        case .min: "min"
        case .mean: "mean"
        case .max: "max"
        case .percentile(let percentile): SummaryFile.Metric.name(ofPercentile: percentile)
        }
    }
}
