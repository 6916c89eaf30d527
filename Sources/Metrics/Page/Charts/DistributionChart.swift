import Foundation

/// One time on an axis of percentiles that is logarithmic in 1/(1-p), as HdrHistogram plots it.
struct DistributionChart {
    let id: String
    let title: HTMLText
    /// In microseconds.
    let scheduled: Histogram
    let service: Histogram?

    /// The points of a line: the first is p0, the last but one the largest percentile that the samples carry, the last
    /// the maximum.
    private static let points = 121

    /// How many times ten the axis goes beyond p0.
    private var decades: Double {
        let samples = max(scheduled.count, service?.count ?? 0, 10)
        return min(log10(Double(samples)), 7)
    }

    var html: HTMLText {
        let columns = TimeColumns(seconds: Self.points, limit: Self.points)
        var series = [
            Chart.Series(name: service == nil ? "" : "from schedule", range: range(scheduled, columns), style: 1)
        ]
        if let service {
            series.append(Chart.Series(name: "from send (.service)", range: range(service, columns), style: 2))
        }
        return Chart(
            id: id,
            title: title,
            unit: .milliseconds,
            scale: ChartScale(times: series.map(\.range)),
            series: series,
            background: verticals,
            labels: labels,
            axis: "data-chart=\"percentile\" data-step=\"1\" data-decades=\"\(ChartUnit.encoded(decades))\"",
            description: "distribution of \(ValueText.grouped(scheduled.count)) samples, \(words(scheduled))",
            note: HTMLText("\(ReportText.plural(scheduled.count, "sample")); \(words(scheduled)).")
        ).html
    }

    private func range(_ histogram: Histogram, _ columns: TimeColumns) -> ColumnRange {
        let percentiles = (0..<Self.points - 1).map { place in
            100 * (1 - pow(10, -decades * Double(place) / Double(Self.points - 2)))
        }
        let values = histogram.percentiles(percentiles)
        let points = zip(percentiles, values).enumerated().filter { _, point in
            Double(histogram.count) * (100 - point.0) >= 99.999
        }
        let line = points.map { (second: $0.offset, value: Double($0.element.1) / 1000) }
        return ColumnRange(line + [(second: Self.points - 1, value: Double(histogram.max) / 1000)], in: columns)
    }

    private func words(_ histogram: Histogram) -> String {
        let parts = [50.0, 99, 99.9].filter(histogram.carries).map { percentile in
            "p\(ChartUnit.encoded(percentile)) \(ValueText.time(microseconds: Double(histogram.percentile(percentile))))"
        }
        return (parts + ["max \(ValueText.time(microseconds: Double(histogram.max)))"]).joined(separator: ", ")
    }

    /// The percentiles that have a label.
    private var marks: [(label: String, decade: Double)] {
        let nines = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %", "99.99999 %"]
        let marks = nines.enumerated().map { ($0.element, Double($0.offset)) } + [("50 %", log10(2))]
        return marks.filter { $0.1 <= decades + 1e-9 }.map { (label: $0.0, decade: $0.1) }
    }

    private var verticals: HTMLText {
        marks.map { mark -> HTMLText in
            let place = Percent.text(fraction(mark.decade))
            return "<line class=\"edge\" x1=\"\(place)\" x2=\"\(place)\" y2=\"100%\"/>"
        }.joined()
    }

    private var labels: HTMLText {
        let labels = marks.map { (label: $0.label, place: fraction($0.decade)) }.filter { $0.place < 0.92 }
        return labels.map { mark -> HTMLText in
            // A narrow page has no room for these.
            let isOdd = mark.place > 0.84 || mark.label == "50 %" && decades > 2.5
            let odd: HTMLText = isOdd ? " odd" : ""
            return
                "<text class=\"tick\(odd)\" x=\"\(Percent.text(mark.place))\" y=\"100%\" dy=\"15\">\(mark.label)</text>"
        }.joined() + "<text class=\"tick last\" x=\"100%\" y=\"100%\" dy=\"15\">max</text>"
    }

    /// The middle of the column in which a percentile is drawn.
    private func fraction(_ decade: Double) -> Double {
        (decade / decades * Double(Self.points - 2) + 0.5) / Double(Self.points)
    }
}
