extension Comparison {
    /// Whether a metric that was named on the command line was found on a side.
    package func knows(_ name: String) -> Bool {
        var settings = settings
        settings.metrics = [name]
        if figures.contains(where: { settings.names(group: $0.group, metric: $0.metric, statistic: $0.statistic) }) {
            return true
        }
        return (onlyBase + onlyNew).contains(name)
            || left.contains { $0.name == name || $0.name.hasPrefix("\(name).p") }
    }

    /// The metric whose name is the most alike.
    package func nearestMetric(to name: String) -> String? {
        let known = (base + new).flatMap { run in
            run.histograms.keys.map { $0.group == "all" ? $0.metric : "\($0.group)/\($0.metric)" }
        }
        return EditDistance.nearest(to: name, in: Set(known + MetricChoice.throughputs + ["errors.rate"]).sorted())
    }
}
