/// A chart of lines with its key, as a figure of a page.
///
/// Drawn as it stands, without a script; with one a mark can be moved through its columns, and the key shows the values.
struct Chart: Sendable {
    struct Series: Sendable {
        let name: String
        /// The lines of columns, or where there is one second to each, the values.
        let range: ColumnRange
        /// 1 to 6: colour and dashes.
        let style: Int
        var isFilled = false
    }

    /// Of the page's own making, such as `chart-3`.
    let id: String
    let title: HTMLText
    let unit: ChartUnit
    let scale: ChartScale
    let series: [Series]
    /// What lies behind, the labels below, and what the script has to know of the horizontal axis.
    let background: HTMLText
    let labels: HTMLText
    let axis: HTMLText
    /// For those who hear the page.
    let description: String
    var note: HTMLText?
    var isSmall = false

    var html: HTMLText {
        let small: HTMLText = isSmall ? " small" : ""
        let values = series.map(\.range.encoded).joined(separator: ";")
        return """
            <figure class="chart\(small)" id="\(id)" \(axis) data-unit="\(unit.rawValue)" data-scale="\(scale.encoded)" \
            data-values="\(values)">
            <figcaption><span class="title">\(title)</span><span class="at" hidden></span>
            <ul class="key">\(series.map(key).joined())</ul></figcaption>
            <svg class="plot" role="img" aria-label="\(description)">
            \(background)\(grid)\(lines)\(labels)
            </svg>\(note.map { note -> HTMLText in "\n<p class=\"about\">\(note)</p>" })
            </figure>

            """
    }

    private func key(_ series: Series) -> HTMLText {
        let name: HTMLText = self.series.count > 1 || !isSmall ? HTMLText.name(series.name) : ""
        return """
            <li><svg class="swatch" aria-hidden="true"><line class="line s\(series.style)" x1="1" x2="27" y1="5" y2="5"/></svg>\
            \(name) <output></output></li>
            """
    }

    private var grid: HTMLText {
        scale.ticks.map { tick -> HTMLText in
            let place = Percent.text(scale.fraction(tick))
            return "<line class=\"grid\" x2=\"100%\" y1=\"\(place)\" y2=\"\(place)\"/>"
                + "<text class=\"level\" x=\"-8\" y=\"\(place)\" dy=\"4\">\(tick == 0 ? "0" : unit.text(tick))</text>"
        }.joined()
    }

    private static func isSolid(_ style: Int) -> Bool { style == 1 || style == 4 }

    private var lines: HTMLText {
        guard let columns = series.first?.range.columns else { return "" }
        let path = SeriesPath(columns: columns.count, scale: scale)
        var html: HTMLText =
            "<svg viewBox=\"0 0 \(path.width) \(SeriesPath.height)\" preserveAspectRatio=\"none\" width=\"100%\" height=\"100%\">"
        for series in series {
            if series.isFilled {
                html += "<path class=\"fill f\(series.style)\" d=\"\(path.area(series.range.highs))\"/>"
            }
            if series.range.hasLows {
                html += "<path class=\"fill f\(series.style)\" d=\"\(path.band(series.range))\"/>"
            }
        }
        // What has dashes comes last: where lines lie on one another both can be seen.
        for series in series.filter({ Self.isSolid($0.style) }) + series.filter({ !Self.isSolid($0.style) }) {
            let points = path.points(series.range.highs)
            if !points.isEmpty { html += "<path class=\"line s\(series.style) lone\" d=\"\(points)\"/>" }
            html += "<path class=\"line s\(series.style)\" d=\"\(path.line(series.range.highs))\"/>"
        }
        return html + "</svg>"
    }
}
