/// What one stretch of a run measured, as rows with names: per group, and under `all` for all groups together.
///
/// The rows of `all` are there even where there is one group only, so that whoever reads the files always finds them.
package struct MeasuredRows: Sendable {
    let table: MetricTable
    let totals: Totals

    package init(table: MetricTable, totals: Totals) {
        self.table = table
        self.totals = totals
    }

    /// The groups that have rows, and their places; nil stands for all.
    package var groups: [(name: String, index: Int?)] {
        var groups: [(name: String, index: Int?)] = []
        for (index, name) in table.groups.enumerated() where name != "all" { groups.append((name, index)) }
        return groups + [("all", nil)]
    }

    /// The distributions that have samples, by group and in the order of registration.
    package var distributions: [DistributionRow] {
        groups.flatMap { distributions(of: $0.name, index: $0.index) }
    }

    private func distributions(of group: String, index: Int?) -> [DistributionRow] {
        let seconds = totals.seconds
        var rows: [DistributionRow] = []
        for (row, metric) in table.register.rows.enumerated() {
            let histogram = totals.histogram(row: row, group: index)
            guard !histogram.isEmpty else { continue }
            rows.append(
                DistributionRow(
                    group: group,
                    metric: metric.name,
                    unit: metric.unit,
                    histogram: histogram,
                    seconds: seconds
                )
            )
        }
        if index == nil, !totals.lag.isEmpty {
            rows.append(
                DistributionRow(
                    group: group,
                    metric: "generator.lag",
                    unit: .milliseconds,
                    histogram: totals.lag,
                    seconds: seconds
                )
            )
        }
        return rows
    }

    /// All counters by group: those that were registered, whether they moved or not, then events and errors that came.
    package var counters: [CounterRow] {
        groups.flatMap { counters(of: $0.name, index: $0.index) }
    }

    private func counters(of group: String, index: Int?) -> [CounterRow] {
        var rows: [CounterRow] = []
        for (counter, name) in table.register.counterNames.enumerated() {
            rows.append(flow(group, name, totals.counter(counter, group: index)))
        }
        for event in totals.unknownEventNames {
            rows.append(flow(group, "received.\(event)", totals.unknownEventCount(event, group: index)))
        }
        for kind in totals.errorKindNames {
            rows.append(flow(group, "errors.\(kind)", totals.errorCount(kind: kind, group: index)))
        }
        if index == nil { rows.append(flow(group, "generator.late", totals.late)) }
        return rows
    }

    private func flow(_ group: String, _ name: String, _ count: Int) -> CounterRow {
        let seconds = totals.seconds
        return CounterRow(group: group, counter: name, count: count, rate: seconds > 0 ? Double(count) / seconds : nil)
    }
}
