/// Makes the charts of one run's timeline, all on one axis.
struct TimelineCharts {
    private(set) var timeline: StoredTimeline
    let axis: TimeAxis
    /// Counts the charts, for their ids.
    private(set) var made = 0

    init(_ timeline: StoredTimeline, axis: TimeAxis) {
        self.timeline = timeline
        self.axis = axis
    }

    typealias Point = StoredTimeline.Point

    /// Gives a metric of the server's own a point for every second in which the server answered.
    mutating func fill(_ key: StoredTimeline.Key) {
        timeline.fillScraped(key)
    }

    /// A line of a chart: what it is called, and where it is read.
    struct Source {
        let name: String
        let key: StoredTimeline.Key
        let style: Int
        var isFilled = false
        /// Whether a second without a row has 0.
        var fills = true
        /// Whether of several seconds the smallest value is shown too.
        var keepsLows = true
        let value: @Sendable (Point) -> Double?

        /// A counter, per second.
        static func rate(_ name: String, _ metric: String, _ style: Int, isFilled: Bool = false) -> Source {
            Source(
                name: name,
                key: StoredTimeline.Key(group: "all", metric: metric),
                style: style,
                isFilled: isFilled,
                value: { $0.rate ?? $0.count.map(Double.init) }
            )
        }
    }

    /// A source in columns.
    private func series(_ source: Source, in columns: TimeColumns) -> Chart.Series {
        let points = (timeline.series[source.key] ?? []).compactMap { point in
            source.value(point).map { (second: point.second, value: $0) }
        }
        let range = ColumnRange(points, in: columns, fills: source.fills, keepsLows: source.keepsLows)
        return Chart.Series(name: source.name, range: range, style: source.style, isFilled: source.isFilled)
    }

    /// A time: three percentiles and the maximum of each second; nil where it was never measured, or was always 0.
    mutating func times(_ key: StoredTimeline.Key, title: HTMLText, limit: Int = TimeColumns.limit) -> Chart? {
        let axis = axis.coarser(limit)
        let sources = [
            Source(name: "p50", key: key, style: 1, fills: false, value: \.p50),
            Source(name: "p95", key: key, style: 2, fills: false, value: \.p95),
            Source(name: "p99", key: key, style: 3, fills: false, value: \.p99),
            Source(name: "max", key: key, style: 4, fills: false, keepsLows: false, value: \.max),
        ]
        let series = sources.map { self.series($0, in: axis.columns) }.filter { !$0.range.isEmpty }
        guard series.contains(where: { ($0.range.worst?.value ?? 0) > 0 }) else { return nil }
        let scale = ChartScale(times: series.map(\.range))
        return chart(title, .milliseconds, series, scale, axis, note: worst(series, .milliseconds, scale))
    }

    /// Lines of what was counted, or of the largest values of seconds; nil where none of them ever moved.
    mutating func lines(
        _ title: HTMLText,
        _ unit: ChartUnit,
        _ sources: [Source],
        limit: Int = TimeColumns.limit,
        isSmall: Bool = false,
        fromZero: Bool = true,
        named: Bool = false
    ) -> Chart? {
        let axis = axis.coarser(limit)
        let series = sources.filter { timeline.series[$0.key] != nil }
            .map { self.series($0, in: axis.columns) }.filter { !$0.range.isEmpty }
        let highest = series.compactMap(\.range.worst?.value).max() ?? 0
        let least = series.compactMap(\.range.least).min() ?? 0
        guard !series.isEmpty, highest != 0 || least != 0 else { return nil }
        let isFar = !fromZero && least > highest / 2
        let isWhole = unit == .number && fromZero
        let scale = ChartScale(linearTo: highest, from: isFar ? least : min(least, 0), whole: isWhole)
        return chart(title, unit, series, scale, axis, note: nil, isSmall: isSmall, named: named)
    }

    private mutating func chart(
        _ title: HTMLText,
        _ unit: ChartUnit,
        _ series: [Chart.Series],
        _ scale: ChartScale,
        _ axis: TimeAxis,
        note: HTMLText?,
        isSmall: Bool = false,
        named: Bool = false
    ) -> Chart {
        made += 1
        let most = series.compactMap { line in
            line.range.worst.map {
                "\(line.name) at most \(unit.text($0.value)) at \(ClockText.text(Double($0.second)))"
            }
        }
        return Chart(
            id: "chart-\(made)",
            title: title,
            unit: unit,
            scale: scale,
            series: series,
            background: axis.background(named: !isSmall),
            labels: isSmall ? axis.labels : axis.faultLabels(tells: named) + axis.labels,
            axis: "data-chart=\"time\" data-step=\"\(axis.columns.step)\"",
            description: "over \(ClockText.text(axis.columns.span)): " + most.joined(separator: ", "),
            note: note,
            isSmall: isSmall
        )
    }

    /// When it was worst, in words, since a line can be missed; and what the axis is like where it is no plain one.
    private func worst(_ series: [Chart.Series], _ unit: ChartUnit, _ scale: ChartScale) -> HTMLText {
        let parts = series.filter { $0.name == "p99" || $0.name == "max" }.compactMap { line -> String? in
            line.range.worst.map { "\(line.name) \(unit.text($0.value)) at \(ClockText.text(Double($0.second)))" }
        }
        let worst = parts.isEmpty ? "" : "Worst second: \(parts.joined(separator: ", "))."
        return HTMLText(worst + (scale.isLogarithmic ? " Logarithmic scale." : ""))
    }
}
