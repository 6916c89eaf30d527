extension TimelineCharts {
    /// Clients at the end of each second, and those of each group where there are a few.
    mutating func clients(groups: [String]) -> Chart? {
        var sources = [Source.level("all", group: "all", 1, isFilled: true)]
        if groups.count > 1, groups.count <= 5 {
            let styles = [2, 3, 5, 6, 4]
            sources += zip(groups, styles).map { Source.level($0, group: $0, $1) }
        }
        return lines("active clients", .number, sources, named: true)
    }

    /// What was counted, in the order in which one asks for it.
    mutating func counted(count figures: ReportFigures) -> [Chart] {
        var charts: [Chart?] = []
        charts.append(
            lines(
                "messages",
                .perSecond,
                [.rate("received", "messages.received", 1), .rate("sent", "messages.sent", 2)]
            )
        )
        charts.append(
            lines(
                "operations",
                .perSecond,
                [.rate("all", "operations", 1), .rate("failed", "operations.failed", 2)]
            )
        )
        charts.append(errors())
        charts.append(
            lines(
                "connections of clients that reconnect",
                .perSecond,
                [
                    .rate("lost", "reconnect.lost", 2), .rate("recovered", "reconnect.recovered", 1),
                    .rate("gave up", "reconnect.gave_up", 3),
                ]
            )
        )
        charts.append(
            lines(
                "streams",
                .perSecond,
                [.rate("complete", "stream.complete", 1), .rate("broken", "stream.broken", 2)]
            )
        )
        charts.append(plans(figures))
        charts.append(
            lines(
                "deliveries to rooms",
                .perSecond,
                [
                    .rate("received", "fanout.received", 1), .rate("missing", "fanout.missing", 2),
                    .rate("duplicated", "fanout.duplicated", 3), .rate("reordered", "fanout.reordered", 5),
                ]
            )
        )
        charts += backpressure()
        charts.append(
            lines(
                "bytes of messages",
                .bytesPerSecond,
                [.rate("received", "bytes.received", 1), .rate("sent", "bytes.sent", 2)]
            )
        )
        charts.append(lines("deviations from the recording", .perSecond, [.rate("deviations", "replay.deviations", 2)]))
        return charts.compactMap(\.self)
    }

    /// The most frequent kinds; the others in one line.
    private mutating func errors() -> Chart? {
        let kinds = timeline.keys.filter {
            $0.group == "all" && $0.metric.hasPrefix("errors.") && $0.metric != "errors.rate"
        }
        let counted = kinds.map { key in (key, (timeline.series[key] ?? []).reduce(0) { $0 &+ ($1.count ?? 0) }) }
        let order = counted.sorted { ($1.1, $0.0.metric) < ($0.1, $1.0.metric) }.map(\.0.metric).prefix(6)
        let sources = zip(order, [2, 3, 1, 5, 6, 4]).map { name, style in
            Source.rate(String(name.dropFirst("errors.".count)), name, style)
        }
        let rest = kinds.count - sources.count
        let title: HTMLText = rest > 0 ? "errors by kind, the six most frequent of \(kinds.count)" : "errors by kind"
        return lines(title, .perSecond, sources)
    }

    /// How fast plans go to and fro, and how tasks end.
    private mutating func plans(_ figures: ReportFigures) -> Chart? {
        let names = figures.names(before: ".client_limited", except: "plan")
        let trips = names.prefix(2).enumerated().map { place, name in
            Source(
                name: names.count > 1 ? "plans of \(name)" : "plans answered",
                key: StoredTimeline.Key(group: "all", metric: "\(name).round_trip"),
                style: place == 0 ? 1 : 5,
                value: { $0.rate }
            )
        }
        let ends: [Source] = [
            .rate("tasks completed", "plan.completed", 4), .rate("tasks run away", "plan.runaway", 2),
            .rate("tasks stalled", "plan.stalled", 3), .rate("tasks failed", "plan.failed", 6),
        ]
        return lines("action plans", .perSecond, trips + ends)
    }

    private mutating func backpressure() -> [Chart] {
        let queued = lines(
            "waiting to be sent, the most of one client",
            .bytes,
            [.most("queued", "send.queued", 1)]
        )
        let blocked = lines(
            "sockets that took nothing more",
            .perSecond,
            [
                .counted("blocked", "send.blocked", 1), .rate("messages dropped", "send.dropped", 2),
                .rate("stalled clients cut off", "stall.closed", 3),
            ]
        )
        return [queued, blocked].compactMap(\.self)
    }

    mutating func generator() -> [Chart] {
        let lag = lines(
            "generator lag",
            .milliseconds,
            [
                Source(
                    name: "p99",
                    key: StoredTimeline.Key(group: "all", metric: "generator.lag"),
                    style: 1,
                    fills: false,
                    value: \.p99
                ), .most("max", "generator.lag", 4, fills: false),
            ]
        )
        let late = lines("sends that left late", .perSecond, [.rate("late", "generator.late", 2)])
        return [lag, late].compactMap(\.self)
    }

    enum Scraped {
        case chart(Chart)
        case constant(Double)
        case nothing
    }

    /// A metric of the server's own: what a counter grew by each second, or what a gauge said.
    mutating func scraped(_ key: StoredTimeline.Key, name: String) -> Scraped {
        fill(key)
        let points = timeline.series[key] ?? []
        let isCounter = points.contains { $0.rate != nil || $0.count != nil }
        let value: @Sendable (Point) -> Double? = { point in
            isCounter ? point.rate ?? point.count.map(Double.init) : point.max
        }
        let values = points.compactMap(value)
        guard let first = values.first else { return .nothing }
        if values.allSatisfy({ $0 == first }) { return .constant(first) }
        let isBytes = name.contains("bytes") && !name.contains("bucket")
        let unit: ChartUnit =
            isCounter ? (isBytes ? .bytesPerSecond : .perSecond) : (isBytes ? .bytes : .number)
        let source = Source(name: name, key: key, style: 1, fills: false, value: value)
        let title: HTMLText = HTMLText.metric(name)
        let chart = lines(title, unit, [source], limit: 150, isSmall: true, fromZero: isCounter)
        return chart.map(Scraped.chart) ?? .nothing
    }
}

extension TimelineCharts.Source {
    /// A number that is known for every second.
    fileprivate static func level(_ name: String, group: String, _ style: Int, isFilled: Bool = false) -> Self {
        Self(
            name: name,
            key: StoredTimeline.Key(group: group, metric: "clients.active"),
            style: style,
            isFilled: isFilled,
            fills: false,
            value: { $0.count.map(Double.init) }
        )
    }

    /// The largest value of each second.
    fileprivate static func most(_ name: String, _ metric: String, _ style: Int, fills: Bool = true) -> Self {
        Self(
            name: name,
            key: StoredTimeline.Key(group: "all", metric: metric),
            style: style,
            fills: fills,
            keepsLows: false,
            value: \.max
        )
    }

    /// How many samples a distribution got.
    fileprivate static func counted(_ name: String, _ metric: String, _ style: Int) -> Self {
        Self(name: name, key: StoredTimeline.Key(group: "all", metric: metric), style: style, value: \.rate)
    }
}
