/// The figures of a run in the text formats that Prometheus reads: its own 0.0.4, and OpenMetrics 1.0.
///
/// Names of metrics, events and checks are values of labels, so that no two can become one name and no name can be illegal.
/// https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/open_metrics_spec/
package struct PrometheusText {
    package enum Format: Hashable, Sendable {
        case prometheus
        case openMetrics

        package var contentType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    private let format: Format
    private var text = ""

    /// What is known of a run; nothing but the build where none has begun.
    ///
    /// - Parameter isOver: The run has ended, and these are its last figures.
    package static func text(
        _ plan: LivePlan?,
        _ figures: LiveFigures?,
        _ totals: LiveTotals?,
        isOver: Bool,
        format: Format
    ) -> String {
        var writer = PrometheusText(format: format)
        if let plan { writer.add(plan, figures, isOver: isOver) }
        if let figures { writer.add(figures) }
        if let totals { writer.add(totals) }
        return format == .openMetrics ? writer.text + "# EOF\n" : writer.text
    }

    private init(format: Format) {
        self.format = format
    }

    // MARK: - Families

    private mutating func add(_ plan: LivePlan, _ figures: LiveFigures?, isOver: Bool) {
        begin("reprise_run_info", .gauge, "What is run; always 1.")
        sample(
            "reprise_run_info",
            [
                ("scenario", plan.scenario), ("target", plan.target), ("seed", "\(plan.seed)"),
                ("version", plan.version),
            ],
            "1"
        )
        gauge("reprise_run_start_timestamp_seconds", "When the load began.", Double(plan.startEpochMilliseconds) / 1000)
        gauge("reprise_run_planned_seconds", "How long the load is to go on, without its grace.", plan.seconds)
        gauge("reprise_run_over", "1 when the run has ended.", isOver ? 1 : 0)
        guard let figures else { return }
        gauge("reprise_run_elapsed_seconds", "Up to when these figures go.", figures.elapsed)
        begin("reprise_run_phase", .gauge, "1 for the phase of the load that goes on.")
        var names: [String] = []
        for name in plan.phases.map(\.name) + ["warmup", "grace"] where !names.contains(name) { names.append(name) }
        for name in names {
            sample("reprise_run_phase", [("phase", name)], name == figures.phase && !isOver ? "1" : "0")
        }
    }

    private mutating func add(_ figures: LiveFigures) {
        begin("reprise_clients_active", .gauge, "Clients that run, at the end of the last second.")
        for group in figures.groups {
            sample("reprise_clients_active", [("group", group.name)], "\(group.active)")
        }
        begin(
            "reprise_generator_lag_seconds",
            .gauge,
            "How late the generator's own event loops were in the last second."
        )
        // No `quantile`: that label is for summaries alone, says promtool.
        for (statistic, value) in [("p50", figures.lag.p50), ("p99", figures.lag.p99), ("max", figures.lag.max)] {
            if let value { sample("reprise_generator_lag_seconds", [("statistic", statistic)], number(value / 1e6)) }
        }
        gauge(
            "reprise_generator_bottleneck",
            "1 where the generator would be the bottleneck if the run ended now.",
            figures.generator.isBottleneck ? 1 : 0
        )
        if let usage = figures.usage {
            gauge("reprise_generator_cpu_ratio", "The part of all cores that the generator used so far.", usage.cpu)
            gauge("reprise_generator_memory_bytes", "Its largest resident set.", Double(usage.memory))
        }
        begin("reprise_check", .gauge, "1 for a check that holds so far, 0 for one that fails; none without data.")
        var texts: Set<String> = []
        for result in figures.checks where result.outcome != .noData {
            guard texts.insert(result.check.text).inserted else { continue }
            sample("reprise_check", [("check", result.check.text)], result.outcome == .passed ? "1" : "0")
        }
    }

    private mutating func add(_ totals: LiveTotals) {
        begin("reprise_count", .counter, "What was counted since the warmup, as in counters.csv.")
        for counter in totals.counters {
            let labels = [("name", counter.name), ("group", totals.groups[counter.group])]
            sample("reprise_count_total", labels, "\(counter.count)")
        }
        let kinds: [(MetricUnit, String, String, String)] = [
            (.milliseconds, "reprise_latency_seconds", "metric", "What took time, as in latency.csv."),
            (.bytes, "reprise_size_bytes", "metric", "Sizes in bytes, as in latency.csv."),
            (.count, "reprise_size", "metric", "Sizes in plain numbers, as in latency.csv."),
        ]
        for (unit, name, label, help) in kinds {
            let distributions = totals.distributions.filter { $0.unit == unit }
            guard !distributions.isEmpty else { continue }
            begin(name, .histogram, help)
            let bounds = LiveTotals.bounds(unit).map { format == .openMetrics ? canonical($0) : number($0) }
            for distribution in distributions {
                let labels = Self.labels([(label, distribution.metric), ("group", totals.groups[distribution.group])])
                for (bound, count) in zip(bounds, distribution.cumulative) {
                    text += "\(name)_bucket{\(labels),le=\"\(bound)\"} \(count)\n"
                }
                text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(distribution.count)\n"
                text += "\(name)_sum{\(labels)} \(number(distribution.sum))\n"
                text += "\(name)_count{\(labels)} \(distribution.count)\n"
            }
        }
    }

    // MARK: - Lines

    private enum Kind: String {
        case counter, gauge, histogram
    }

    /// - Parameter name: of a counter, without `_total`.
    private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        let family = kind == .counter && format == .prometheus ? "\(name)_total" : name
        text += "# HELP \(family) \(help)\n# TYPE \(family) \(kind.rawValue)\n"
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        begin(name, .gauge, help)
        sample(name, [], number(value))
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(Self.labels(labels))} \(value)\n"
    }

    private static func labels(_ labels: [(String, String)]) -> String {
        labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
    }

    /// A label's value: backslash, quote and line end are escaped, nothing else needs to be.
    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// OpenMetrics writes the bounds of buckets with their decimals.
    private func canonical(_ value: Double) -> String { "\(value)" }
}
