/// What the sections of a report read, by name: the figures of a run's end.
struct ReportFigures: Sendable {
    let run: StoredRun
    let summary: SummaryFile?
    /// In the order of the file, without `all`.
    let groups: [String]

    private let counts: [StoredTimeline.Key: SummaryFile.Counter]
    private let distributions: [StoredTimeline.Key: SummaryFile.Metric]

    init(_ run: StoredRun) {
        self.run = run
        summary = run.summary
        var groups: [String] = []
        var distributions: [StoredTimeline.Key: SummaryFile.Metric] = [:]
        for metric in run.summary?.metrics ?? [] {
            distributions[StoredTimeline.Key(group: metric.group, metric: metric.metric)] = metric
            if metric.group != "all", groups.last != metric.group, !groups.contains(metric.group) {
                groups.append(metric.group)
            }
        }
        var counts: [StoredTimeline.Key: SummaryFile.Counter] = [:]
        for counter in run.summary?.counters ?? [] {
            counts[StoredTimeline.Key(group: counter.group, metric: counter.counter)] = counter
        }
        let known = run.run.groups.filter { $0 != "all" }
        self.groups = known + groups.filter { !known.contains($0) }
        self.counts = counts
        self.distributions = distributions
    }

    /// 0 of what was never counted.
    func count(_ name: String, group: String = "all") -> Int { counter(name, group: group)?.count ?? 0 }

    func counter(_ name: String, group: String = "all") -> SummaryFile.Counter? {
        counts[StoredTimeline.Key(group: group, metric: name)]
    }

    /// Nil where it has no samples.
    func distribution(_ name: String, group: String = "all") -> SummaryFile.Metric? {
        distributions[StoredTimeline.Key(group: group, metric: name)]
    }

    func ratio(_ name: String, group: String = "all") -> Double? {
        summary?.ratios.first { $0.group == group && $0.ratio == name }?.value
    }

    /// The counters of all groups together, in the order of the file.
    var counters: [SummaryFile.Counter] { summary?.counters.filter { $0.group == "all" } ?? [] }

    /// The names before one of these ends of counters, such as the streams' before `.complete`; without `stream` itself.
    func names(before end: String, except total: String) -> [String] {
        counters.compactMap { counter in
            guard counter.counter.hasSuffix(end) else { return nil }
            let name = String(counter.counter.dropLast(end.count))
            return name == total || name.isEmpty ? nil : name
        }
    }
}

extension ReportFigures {
    /// The times that matter, the most important first: those that checks read, then the most frequent ones.
    ///
    /// The parts of a connection's start and the rows from the actual send follow from others and are not among them.
    var latencies: [StoredTimeline.Key] {
        var keys: [StoredTimeline.Key] = []
        for check in summary?.checks ?? [] {
            let group = group(of: check)
            let key = StoredTimeline.Key(group: group, metric: check.metric)
            guard distribution(check.metric, group: group)?.unit == MetricUnit.milliseconds.rawValue else { continue }
            if !keys.contains(key), check.metric != "generator.lag" { keys.append(key) }
        }
        let others = (summary?.metrics ?? []).filter { metric in
            metric.group == "all" && metric.unit == MetricUnit.milliseconds.rawValue && !Self.isPart(metric.metric)
        }
        for metric in others.sorted(by: { $0.count > $1.count }) {
            let key = StoredTimeline.Key(group: "all", metric: metric.metric)
            if !keys.contains(key), !keys.contains(where: { isSame($0, as: metric) }) { keys.append(key) }
        }
        return keys
    }

    /// Whether a time has the samples of another one, as an acknowledgement has those of the measure that is its name.
    private func isSame(_ key: StoredTimeline.Key, as metric: SummaryFile.Metric) -> Bool {
        guard let other = distribution(key.metric, group: key.group), other.count == metric.count else { return false }
        return other.mean == metric.mean && other.stddev == metric.stddev && other.max == metric.max
    }

    /// The group that a check is about.
    private func group(of check: SummaryFile.CheckLine) -> String {
        guard let slash = check.check.firstIndex(of: "/") else { return "all" }
        let name = String(check.check[..<slash]).trimmingBlanks()
        return groups.contains(name) ? name : "all"
    }

    private static func isPart(_ metric: String) -> Bool {
        metric.hasSuffix(".service") || metric == "generator.lag" || metric == "heartbeat.late"
            || ["connect.dns", "connect.tcp", "connect.tls", "connect.upgrade"].contains(metric)
    }
}

extension StringProtocol {
    fileprivate func trimmingBlanks() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
