/// Which metrics take part in a comparison by themselves.
///
/// Few are better than many: each costs the others certainty. So what is a part of another figure (`join.service`,
/// `connect.tcp`), or says more of the client than of the server (`heartbeat.…`, `send.…`, `generator.…`), is compared only
/// where it is named.
enum MetricChoice {
    static func isPart(_ metric: String) -> Bool {
        metric.hasSuffix(".service")
            || hasPrefix(metric, "connect.", "heartbeat.", "send.", "generator.", "calm:", "fault:")
    }

    /// The unit of a distribution, from the summaries or, where a run has none, from its name.
    static func unit(_ metric: String, in runs: [ComparedRun]) -> ComparedFigure.Unit {
        for run in runs {
            guard let row = run.summary?.metrics.first(where: { $0.metric == metric }) else { continue }
            return ComparedFigure.Unit(rawValue: row.unit) ?? .count
        }
        if metric == "stall.backlog" || metric == "send.queued" { return .bytes }
        return metric.hasSuffix(".chunks") || metric.hasSuffix(".plans") || metric == "reconnect.attempts"
            ? .count : .milliseconds
    }

    /// Pairs of counters that are failures and what they are failures of, by the ratio's name.
    static func ratios(_ counters: Set<StoredTimeline.Key>, group: String) -> [(
        name: String, failed: String, all: String
    )] {
        let names = counters.filter { $0.group == group }.map(\.metric).sorted()
        var ratios = [("errors.rate", "operations.failed", "operations")]
        for name in names {
            for (suffix, ratio) in [
                ("failed", "failed.rate"), ("broken", "broken"), ("runaway", "runaway"), ("stalled", "stalled"),
            ] {
                guard name.hasSuffix(".\(suffix)") else { continue }
                let operation = name.dropLast(suffix.count + 1)
                guard !["operations", "stream", "plan", "clients"].contains(String(operation)) else { continue }
                ratios.append(("\(operation).\(ratio)", name, "\(operation).count"))
            }
        }
        return ratios.map { (name: $0.0, failed: $0.1, all: $0.2) }
    }

    static let throughputs = ["messages.received", "operations"]

    /// Whether checks of the scenario read a metric of a group.
    static func isRead(_ metric: String, group: String, by checks: [String]) -> Bool {
        checks.contains { check in
            var name = check.prefix { !" <>=!".contains($0) }
            var checkedGroup: Substring = "all"
            if let slash = name.firstIndex(of: "/") {
                checkedGroup = name[..<slash]
                name = name[name.index(after: slash)...]
            }
            if let colon = name.lastIndex(of: ":") { name = name[name.index(after: colon)...] }
            return checkedGroup == group && (name == metric || name.hasPrefix("\(metric)."))
        }
    }

    private static func hasPrefix(_ metric: String, _ prefixes: String...) -> Bool {
        prefixes.contains { metric.hasPrefix($0) }
    }
}
