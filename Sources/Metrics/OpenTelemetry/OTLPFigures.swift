import Foundation

/// What a run has measured up to a moment, as OpenTelemetry has it.
///
/// Counters and histograms are cumulative: each push holds all of those before, so that one that is lost loses nothing.
/// Groups alone, never their sum: backends add up themselves.
package struct OTLPFigures: Sendable {
    /// More points go into a request of their own.
    package static let pointLimit = 2000

    private var metrics: [OTLP.Metric] = []
    private let redactor: Redactor

    /// - Parameters:
    ///   - totals: Of the run without its warmup.
    ///   - startEpochMilliseconds: When the run began.
    ///   - epochMilliseconds: Now.
    ///   - activeClients: Per group; nil where nobody knows.
    ///   - lag: Of the generator's event loops since the last push.
    ///   - redactor: Takes secrets out of names; numbers, which are texts in this JSON, stay what they are.
    package init(
        _ totals: RunTotals,
        startEpochMilliseconds: Int64,
        epochMilliseconds: Int64,
        activeClients: [Int]?,
        lag: Histogram,
        redactor: Redactor
    ) {
        self.redactor = redactor
        let start = Self.nanoseconds(startEpochMilliseconds)
        let now = Self.nanoseconds(max(epochMilliseconds, startEpochMilliseconds))
        let rows = MeasuredRows(table: totals.table, totals: totals.overall)
        addCounters(rows.counters, totals, start, now)
        addHistograms(totals, start, now)
        if let activeClients { addClients(totals.table, activeClients, now) }
        addGenerator(totals, lag, start, now)
    }

    // MARK: - Parts

    private mutating func addCounters(_ counters: [CounterRow], _ totals: RunTotals, _ start: String, _ now: String) {
        let groups = totals.table.groups
        // Two that are one without their secrets are added up: a point's attributes are its name.
        var counts: [[OTLP.Attribute]: Int] = [:]
        var order: [[OTLP.Attribute]] = []
        for row in counters where row.group != "all" || groups == ["all"] {
            let attributes = self.attributes(row.group, row.counter)
            if counts[attributes] == nil { order.append(attributes) }
            counts[attributes, default: 0] &+= row.count
        }
        let points = order.map { attributes in
            OTLP.NumberPoint(
                attributes: attributes,
                startTimeUnixNano: start,
                timeUnixNano: now,
                asInt: String(counts[attributes] ?? 0)
            )
        }
        metrics.append(
            OTLP.Metric(
                name: "reprise.count",
                description: "What happened, by the names of counters.csv.",
                unit: "1",
                sum: OTLP.Sum(dataPoints: points)
            )
        )
    }

    private mutating func addHistograms(_ totals: RunTotals, _ start: String, _ now: String) {
        var points: [MetricUnit: [OTLP.HistogramPoint]] = [:]
        for (group, name) in totals.table.groups.enumerated() {
            for (row, metric) in totals.table.register.rows.enumerated() {
                let histogram = totals.overall.histogram(row: row, group: group)
                guard !histogram.isEmpty else { continue }
                points[metric.unit, default: []].append(
                    Self.point(histogram, attributes(name, metric.name), metric.unit, start, now)
                )
            }
        }
        let kinds: [(MetricUnit, String, String, String)] = [
            (.milliseconds, "reprise.latency", "Times, by the names of latency.csv.", "s"),
            (.count, "reprise.size", "Numbers, by the names of latency.csv.", "1"),
            (.bytes, "reprise.bytes", "Sizes, by the names of latency.csv.", "By"),
        ]
        for (unit, name, description, shownUnit) in kinds {
            guard let points = points[unit] else { continue }
            metrics.append(
                OTLP.Metric(
                    name: name,
                    description: description,
                    unit: shownUnit,
                    histogram: OTLP.Histogram(dataPoints: points)
                )
            )
        }
    }

    private static func point(
        _ histogram: Histogram,
        _ attributes: [OTLP.Attribute],
        _ unit: MetricUnit,
        _ start: String,
        _ now: String
    ) -> OTLP.HistogramPoint {
        let buckets = BucketBounds(unit)
        let scale = buckets.scale
        return OTLP.HistogramPoint(
            attributes: attributes,
            startTimeUnixNano: start,
            timeUnixNano: now,
            count: String(histogram.count),
            sum: histogram.mean * Double(histogram.count) / scale,
            bucketCounts: buckets.counts(of: histogram).map { String($0) },
            explicitBounds: buckets.bounds,
            min: Double(histogram.isEmpty ? 0 : histogram.min) / scale,
            max: Double(histogram.max) / scale
        )
    }

    private mutating func addClients(_ table: MetricTable, _ clients: [Int], _ now: String) {
        let points = zip(table.groups, clients).map { group, number in
            OTLP.NumberPoint(attributes: [self.group(group)], timeUnixNano: now, asInt: String(number))
        }
        addGauge("reprise.clients.active", "Clients that are there.", "{client}", points)
    }

    private mutating func addGenerator(_ totals: RunTotals, _ lag: Histogram, _ start: String, _ now: String) {
        if !lag.isEmpty {
            let points = [("p50", lag.percentile(50)), ("p99", lag.percentile(99)), ("max", lag.max)].map {
                name,
                value in
                OTLP.NumberPoint(
                    attributes: [OTLP.Attribute("statistic", name)],
                    timeUnixNano: now,
                    asDouble: Double(value) / 1e6
                )
            }
            let meaning = "How late the generator's event loops came since the last push."
            addGauge("reprise.generator.lag", meaning, "s", points)
        }
        let late = OTLP.NumberPoint(
            attributes: [],
            startTimeUnixNano: start,
            timeUnixNano: now,
            asInt: String(totals.overall.late)
        )
        metrics.append(
            OTLP.Metric(
                name: "reprise.generator.late",
                description: "Sends that left more than 10 ms after their scheduled time.",
                unit: "1",
                sum: OTLP.Sum(dataPoints: [late])
            )
        )
        guard let usage = totals.usage else { return }
        let cpu = OTLP.NumberPoint(attributes: [], timeUnixNano: now, asDouble: usage.cpu)
        addGauge("reprise.generator.cpu", "The part of all cores that the generator used.", "1", [cpu])
        let memory = OTLP.NumberPoint(attributes: [], timeUnixNano: now, asInt: String(usage.memory))
        addGauge("reprise.generator.memory", "The generator's largest resident set.", "By", [memory])
    }

    private mutating func addGauge(
        _ name: String,
        _ description: String,
        _ unit: String,
        _ points: [OTLP.NumberPoint]
    ) {
        metrics.append(
            OTLP.Metric(name: name, description: description, unit: unit, gauge: OTLP.Gauge(dataPoints: points))
        )
    }

    private func attributes(_ group: String, _ metric: String) -> [OTLP.Attribute] {
        [self.group(group), OTLP.Attribute("metric", redactor.apply(metric))]
    }

    private func group(_ name: String) -> OTLP.Attribute { OTLP.Attribute("group", redactor.apply(name)) }

    private static func nanoseconds(_ epochMilliseconds: Int64) -> String {
        String(max(epochMilliseconds, 0).multipliedReportingOverflow(by: 1_000_000).partialValue)
    }

    // MARK: - Requests

    /// The bodies of the requests that carry them, in JSON, without secrets.
    package func bodies(of resource: OTLPResource) throws -> [[UInt8]] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return try batches.map { metrics in
            let request = OTLP.Request(
                resourceMetrics: [
                    OTLP.ResourceMetrics(
                        resource: OTLP.Resource(attributes: resource.attributes(redactor)),
                        scopeMetrics: [
                            OTLP.ScopeMetrics(
                                scope: OTLP.Scope(name: "reprise", version: resource.version),
                                metrics: metrics
                            )
                        ]
                    )
                ]
            )
            return Array(try encoder.encode(request))
        }
    }

    /// The metrics in parts of at most `pointLimit` points each.
    private var batches: [[OTLP.Metric]] {
        var batches: [[OTLP.Metric]] = []
        var batch: [OTLP.Metric] = []
        var room = Self.pointLimit
        for metric in metrics {
            var rest = metric
            while let piece = rest.take(room) {
                room -= piece.pointCount
                batch.append(piece)
                if room == 0 {
                    batches.append(batch)
                    batch = []
                    room = Self.pointLimit
                }
            }
        }
        return batch.isEmpty ? batches : batches + [batch]
    }
}

extension OTLP.Metric {
    var pointCount: Int {
        (sum?.dataPoints.count ?? 0) + (gauge?.dataPoints.count ?? 0) + (histogram?.dataPoints.count ?? 0)
    }

    /// The same metric with its first points, which are taken out of this one; nil where none is left.
    fileprivate mutating func take(_ limit: Int) -> OTLP.Metric? {
        guard pointCount > 0 else { return nil }
        var piece = self
        piece.sum?.dataPoints = Array(sum?.dataPoints.prefix(limit) ?? [])
        piece.gauge?.dataPoints = Array(gauge?.dataPoints.prefix(limit) ?? [])
        piece.histogram?.dataPoints = Array(histogram?.dataPoints.prefix(limit) ?? [])
        sum?.dataPoints.removeFirst(piece.sum?.dataPoints.count ?? 0)
        gauge?.dataPoints.removeFirst(piece.gauge?.dataPoints.count ?? 0)
        histogram?.dataPoints.removeFirst(piece.histogram?.dataPoints.count ?? 0)
        return piece
    }
}
