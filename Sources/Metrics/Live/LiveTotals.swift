/// Everything that a run has counted so far, in the fixed buckets that monitoring systems understand: for `/metrics` and
/// OpenTelemetry.
///
/// It is made once a second where somebody wants it, however often it is then asked for. What the warmup measured is left
/// out, as in every file of the results, so that the last one says what summary.json says.
package struct LiveTotals: Sendable {
    /// The scenario's groups; there is no `all` here, since whoever reads it adds up by himself.
    package let groups: [String]
    /// All counters, by group: those that the run may have from its start, whether they moved or not.
    package let counters: [Counter]
    /// The distributions that have samples so far.
    package let distributions: [Distribution]

    package struct Counter: Hashable, Sendable {
        /// The place in `groups`.
        package let group: Int
        /// As in counters.csv.
        package let name: String
        package let count: Int
    }

    package struct Distribution: Hashable, Sendable {
        package let group: Int
        /// As in latency.csv.
        package let metric: String
        package let unit: MetricUnit
        package let count: Int
        /// In seconds where the unit is a time, else plain.
        package let sum: Double
        package let min: Double
        package let max: Double
        /// How many samples are at most as large as each of `LiveTotals.bounds(unit)`: cumulative, never falling.
        package let cumulative: [Int]
    }

    /// The upper bounds of the buckets, ascending: seconds for times, else plain numbers. Above the last there is one more,
    /// without a bound, whose cumulative count is the count of all.
    package static func bounds(_ unit: MetricUnit) -> [Double] { BucketBounds(unit).bounds }

    package init(_ totals: RunTotals, redactor: Redactor) {
        let table = totals.table
        let overall = totals.overall
        groups = table.groups
        var counters: [Counter] = []
        var distributions: [Distribution] = []
        for group in table.groups.indices {
            counters += Self.counters(of: group, totals, redactor)
            for (row, metric) in table.register.rows.enumerated() {
                let histogram = overall.histogram(row: row, group: group)
                guard !histogram.isEmpty else { continue }
                distributions.append(Distribution(group, metric.name, metric.unit, histogram))
            }
        }
        self.counters = counters
        self.distributions = distributions
    }

    /// The counters of a group, each name once: two that are one when their secrets are taken out are added up.
    private static func counters(of group: Int, _ totals: RunTotals, _ redactor: Redactor) -> [Counter] {
        let overall = totals.overall
        var names: [String] = []
        var counts: [String: Int] = [:]
        func add(_ name: String, _ count: Int) {
            let name = redactor.apply(name)
            if counts[name] == nil { names.append(name) }
            counts[name, default: 0] &+= count
        }
        for (index, name) in totals.table.register.counterNames.enumerated() {
            add(name, overall.counter(index, group: group))
        }
        for event in overall.unknownEventNames {
            add("received.\(event)", overall.unknownEventCount(event, group: group))
        }
        for kind in overall.errorKindNames { add("errors.\(kind)", overall.errorCount(kind: kind, group: group)) }
        return names.map { Counter(group: group, name: $0, count: counts[$0] ?? 0) }
    }
}

extension LiveTotals.Distribution {
    init(_ group: Int, _ metric: String, _ unit: MetricUnit, _ histogram: Histogram) {
        let buckets = BucketBounds(unit)
        let scale = buckets.scale
        self.group = group
        self.metric = metric
        self.unit = unit
        count = histogram.count
        sum = histogram.mean * Double(histogram.count) / scale
        min = Double(histogram.min) / scale
        max = Double(histogram.max) / scale
        cumulative = buckets.cumulative(of: histogram)
    }
}
