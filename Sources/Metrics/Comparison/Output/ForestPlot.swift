/// Differences and their intervals beneath one another on one axis, with the tolerance as a band.
///
/// All figures are compared by ratio, or all by difference: those of failures are in percentage points, and what is
/// tolerated of each is a part of its base.
///
/// Each row is a drawing of its own whose places are parts of its width, so that it fits a phone as well as a page.
struct ForestPlot {
    private let figures: [ComparedFigure]
    private let tolerance: Double
    /// What the axis shows to either side of 0; intervals beyond are cut off.
    let reach: Double

    /// Nil where there is nothing to draw.
    init?(_ figures: [ComparedFigure], tolerance: Double) {
        guard !figures.isEmpty else { return nil }
        self.figures = figures
        self.tolerance = tolerance
        reach = Self.reach(figures, tolerance: tolerance)
    }

    /// What differs is shown whole; of what does not, a few that are lost in noise are cut off rather than make all others
    /// too small to see. A hundred per cent less is the end of it, and so it is to the other side.
    private static func reach(_ figures: [ComparedFigure], tolerance: Double) -> Double {
        func extent(_ figure: ComparedFigure) -> Double {
            figure.difference.map { max(abs($0.low), abs($0.high)) } ?? 0
        }
        let least = figures[0].statistic == .ratio ? 0.001 : 0.01
        let tolerance = figures.map { allowed($0, tolerance) }.max() ?? tolerance
        let told = figures.filter { $0.verdict.isWorse || $0.verdict.isBetter }.map(extent)
        let others = figures.map(extent).sorted()
        let most = others[others.count * 3 / 4]
        return min(max(told.max() ?? 0, most, tolerance * 2, least) * 1.1, 1)
    }

    private static func allowed(_ figure: ComparedFigure, _ tolerance: Double) -> Double {
        figure.statistic == .ratio ? tolerance * figure.base.value : tolerance
    }

    var html: HTMLText {
        """
        <div class="forest" role="table" aria-label="Differences with their intervals">
        \(axis)\(figures.map(row).joined())</div>
        """
    }

    private var axis: HTMLText {
        // Three steps to either side at the most, and one at the least.
        let step = ChartScale.niceStep(reach / 2.999)
        let unit = figures[0].statistic == .ratio ? "pp" : "%"
        let count = Int(reach / step)
        // A label at the very edge would be cut off.
        let ticks = (-count...count).filter { abs(Double($0) * step) <= reach * 0.88 }.map { number -> HTMLText in
            let value = Double(number) * step
            return """
                <text x="\(place(value))" y="15" text-anchor="middle">\(Self.tick(value)) \(unit)</text>
                """
        }
        return """
            <div class="row axis" aria-hidden="true"><div></div><div><svg>\(ticks.joined())</svg></div><div></div></div>

            """
    }

    private func row(_ figure: ComparedFigure) -> HTMLText {
        guard let difference = figure.difference else { return "" }
        let kind: HTMLText = figure.verdict.isWorse ? "bad" : figure.verdict.isBetter ? "ok" : "same"
        let text = ComparisonText(figure)
        let label = "\(figure.name): \(text.difference) (\(text.interval)), \(figure.verdict.rawValue)"
        let tolerance = Self.allowed(figure, tolerance)
        let band: HTMLText = """
            <rect class="band" x="\(place(-tolerance))" width="\(percent(width(from: -tolerance, to: tolerance)))" y="0" \
            height="26"/>
            """
        return """
            <div class="row \(kind)" role="row">
            <div class="name" role="rowheader">\(HTMLText.name(figure.name))</div>
            <div role="cell"><svg role="img" aria-label="\(label)" tabindex="0"><title>\(label)</title>\(band)\
            <line class="zero" x1="50%" x2="50%" y1="0" y2="26"/>\
            <line class="bar" x1="\(place(difference.low))" x2="\(place(difference.high))" y1="13" y2="13"/>\
            \(ends(difference))\(mark(figure, at: difference.value))</svg></div>
            <div class="says" role="cell">\(sign(figure)) \(text.difference) <span class="muted">\(text.interval)</span></div>
            </div>

            """
    }

    /// A short line across where an interval ends, an arrow where it goes on beyond the axis.
    private func ends(_ difference: Difference) -> HTMLText {
        [difference.low, difference.high].map { bound -> HTMLText in
            if abs(bound) <= reach {
                return "<line class=\"bar\" x1=\"\(place(bound))\" x2=\"\(place(bound))\" y1=\"8\" y2=\"18\"/>"
            }
            let arrow: HTMLText = bound < 0 ? "◂" : "▸"
            return "<text x=\"\(place(bound))\" y=\"18\" text-anchor=\"middle\" fill=\"currentColor\">\(arrow)</text>"
        }.joined()
    }

    private func mark(_ figure: ComparedFigure, at value: Double) -> HTMLText {
        if figure.verdict.isWorse {
            // A square on its corner: `transform` would turn it about the drawing's corner, so it is a nested drawing.
            return """
                <svg x="\(place(value))" y="13" overflow="visible"><path class="mark" d="M0-7 7 0 0 7-7 0z"/></svg>
                """
        }
        return "<circle class=\"mark\" cx=\"\(place(value))\" cy=\"13\" r=\"5\"/>"
    }

    private func sign(_ figure: ComparedFigure) -> HTMLText {
        figure.verdict.isWorse
            ? "◆ \(figure.verdict.rawValue)"
            : figure.verdict.isBetter
                ? "● \(figure.verdict.rawValue)" : figure.isDoubtful ? "○ ~" : figure.isWithinLag ? "○ ≈" : "○"
    }

    // MARK: - Places

    private func width(from low: Double, to high: Double) -> Double { part(high) - part(low) }

    private func place(_ value: Double) -> HTMLText { percent(part(value)) }

    /// Where a value lies, 0 to 1, what is beyond the axis at its end.
    private func part(_ value: Double) -> Double {
        min(max((value / reach + 1) / 2, 0), 1)
    }

    private func percent(_ part: Double) -> HTMLText { HTMLText(ValueText.fixed(part * 100, 2) + "%") }

    private static func tick(_ value: Double) -> String {
        value == 0 ? "0" : (value > 0 ? "+" : "-") + ValueText.number((abs(value) * 100_000).rounded() / 1000)
    }
}
