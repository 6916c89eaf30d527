import Foundation

/// The latencies of base and new by percentile, one above the other.
///
/// The axis gives as much room to each next nine: 90, 99, 99.9 stand equally far apart. A side's curve ends where its
/// samples carry no further percentile.
struct PercentileCurves {
    private let metric: String
    private let base: [(place: Double, value: Double)]
    private let new: [(place: Double, value: Double)]
    /// Microseconds.
    private let highest: Double

    private static let width = 480.0
    private static let height = 250.0
    private static let left = 62.0
    private static let right = 16.0
    private static let top = 14.0
    private static let bottom = 30.0
    /// The most charts of a page.
    private static let most = 8

    /// The metrics that are worth a chart: what differs, what checks read, then what is left.
    static func chosen(of comparison: Comparison) -> [String] {
        var chosen: [String] = []
        for figure in comparison.figures where figure.unit == .milliseconds && figure.group == "all" && figure.isJudged
        {
            if !chosen.contains(figure.metric) { chosen.append(figure.metric) }
        }
        return Array(chosen.prefix(most))
    }

    init?(_ metric: String, _ comparison: Comparison) {
        self.metric = metric
        base = Self.points(metric, comparison.sides.base)
        new = Self.points(metric, comparison.sides.new)
        guard let highest = (base + new).map(\.value).max(), highest > 0, !base.isEmpty, !new.isEmpty else {
            return nil
        }
        self.highest = highest
    }

    /// The blocks count as they do in the figures.
    private static func points(_ metric: String, _ side: ComparedSide) -> [(place: Double, value: Double)] {
        let blocks = BlockedHistograms(side.histograms(StoredTimeline.Key(group: "all", metric: metric)))
        return stride(from: 0.0, through: 4, by: 0.05).compactMap { place in
            let percentile = 100 * (1 - pow(10, -place))
            // As `Histogram.carries`: one sample beyond it at the least.
            guard Double(blocks.total) * (100 - percentile) >= 99.999 else { return nil }
            return blocks.percentile(percentile, weights: side.layout.weights).map { (place, $0) }
        }
    }

    var html: HTMLText {
        let last = (base + new).map(\.place).max() ?? 1
        let reach = max(last, 1)
        return """
            <figure><figcaption>\(HTMLText.name(metric))</figcaption>
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(label)">
            \(grid(reach))
            \(line(base, "base", reach))
            \(line(new, "new", reach))
            \(hits(reach))
            <text class="base-name" x="\(Int(Self.left) + 8)" y="\(Int(Self.top) + 12)">— base</text>
            <text class="new-name" x="\(Int(Self.left) + 72)" y="\(Int(Self.top) + 12)">- - new</text>
            </svg></figure>

            """
    }

    private var label: String {
        func text(_ points: [(place: Double, value: Double)]) -> String {
            [("p50", 0.3), ("p90", 1.0), ("p99", 2.0)].compactMap { name, place in
                points.first { abs($0.place - place) < 0.01 }.map {
                    "\(name) \(ValueText.time(microseconds: $0.value))"
                }
            }.joined(separator: ", ")
        }
        return "\(metric) by percentile. Base: \(text(base)). New: \(text(new))."
    }

    private func grid(_ reach: Double) -> HTMLText {
        let step = ChartScale.niceStep(highest / 5)
        let levels = stride(from: 0, through: highest * 1.02, by: step).map { value -> HTMLText in
            let y = HTMLText(number(self.y(value)))
            return """
                <line class="grid" x1="\(Int(Self.left))" x2="\(Int(Self.width - Self.right))" y1="\(y)" y2="\(y)"/>\
                <text x="\(Int(Self.left) - 6)" y="\(number(self.y(value) + 4))" text-anchor="end">\
                \(value == 0 ? "0" : ValueText.time(microseconds: value))</text>
                """
        }
        let names: [(String, Double)] = [("0", 0), ("50", log10(2)), ("90", 1), ("99", 2), ("99.9", 3), ("99.99", 4)]
        let ticks = names.filter { $0.1 <= reach + 1e-9 }.map { name, place -> HTMLText in
            let x = HTMLText(number(self.x(place, reach)))
            return """
                <line class="grid" x1="\(x)" x2="\(x)" y1="\(Int(Self.top))" y2="\(Int(Self.height - Self.bottom))"/>\
                <text x="\(x)" y="\(Int(Self.height) - 10)" text-anchor="middle">\(name)\(name == "50" ? " %" : "")</text>
                """
        }
        return levels.joined() + ticks.joined()
    }

    private func line(_ points: [(place: Double, value: Double)], _ kind: HTMLText, _ reach: Double) -> HTMLText {
        let text = points.map { "\(number(x($0.place, reach))),\(number(y($0.value)))" }.joined(separator: " ")
        return "<polyline class=\"line \(kind)\" points=\"\(text)\"/>"
    }

    /// Strips that say both values where the pointer is.
    private func hits(_ reach: Double) -> HTMLText {
        let span = 0.05 / reach * (Self.width - Self.left - Self.right)
        let places = base.count > new.count ? base : new
        return places.indices.map { index -> HTMLText in
            let place = places[index].place
            let percentile = ValueText.fixed(100 * (1 - pow(10, -place)), place < 2 ? 1 : 3)
            let values = [("base", base), ("new", new)].compactMap { name, points in
                index < points.count ? "\(name) \(ValueText.time(microseconds: points[index].value))" : nil
            }
            return """
                <rect class="hit" x="\(number(x(place, reach) - span / 2))" y="\(Int(Self.top))" width="\(number(span))" \
                height="\(Int(Self.height - Self.top - Self.bottom))"><title>p\(percentile): \
                \(values.joined(separator: ", "))</title></rect>
                """
        }.joined()
    }

    private func x(_ place: Double, _ reach: Double) -> Double {
        Self.left + place / reach * (Self.width - Self.left - Self.right)
    }

    private func y(_ value: Double) -> Double {
        Self.height - Self.bottom - value / (highest * 1.05) * (Self.height - Self.top - Self.bottom)
    }

    private func number(_ value: Double) -> String { ValueText.fixed(value, 1) }
}
