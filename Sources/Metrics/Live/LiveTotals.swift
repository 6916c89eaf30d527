/// Everything that a run has counted so far, in the fixed buckets that monitoring systems understand: for `/metrics`.
///
/// It is made once a second where there is a dashboard, whether it is then asked for or not: the totals that it is made of go
/// on changing. What the warmup measured is left
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
    package static func bounds(_ unit: MetricUnit) -> [Double] {
        switch unit {
        case .milliseconds:
            [
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
                60,
            ]
        case .count: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
        case .bytes: [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]
        }
    }

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
        let scale = unit == .milliseconds ? 1e6 : 1
        self.group = group
        self.metric = metric
        self.unit = unit
        count = histogram.count
        sum = histogram.mean * Double(histogram.count) / scale
        min = Double(histogram.min) / scale
        max = Double(histogram.max) / scale
        cumulative = histogram.cumulative(LiveTotals.bounds(unit).map { $0 * scale })
    }
}

extension Histogram {
    /// How many samples are at most as large as each of these bounds, which ascend.
    ///
    /// A bound falls within 0.1 % of where it says, as all values of a histogram do: a place that it lies in counts as
    /// below it.
    func cumulative(_ bounds: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: bounds.count)
        guard let touched else { return counts }
        var next = 0
        var counted = 0
        for index in touched where next < bounds.count {
            let here = Int(places[index])
            guard here > 0 else { continue }
            let value = Double(HistogramLayout.lowestEquivalent(at: index))
            while next < bounds.count, value > bounds[next].rounded() {
                counts[next] = counted
                next += 1
            }
            counted &+= here
        }
        while next < bounds.count {
            counts[next] = counted
            next += 1
        }
        return counts
    }
}
