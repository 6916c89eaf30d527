extension TimeAxis {
    /// Phases and faults, to lie behind the lines of a chart.
    ///
    /// - Parameter named: whether phases have their names where there is room.
    func background(named: Bool) -> HTMLText {
        var html = HTMLText()
        for (place, phase) in phases.enumerated() {
            let (from, to) = (columns.fraction(phase.from), columns.fraction(phase.to))
            if place % 2 == 1 {
                html += "<rect class=\"phase\" x=\"\(percent(from))\" width=\"\(percent(to - from))\" height=\"100%\"/>"
            }
            if place > 0 { html += vertical("edge", from) }
            if named, let label = label(phase.name, room: to - from) {
                html +=
                    "<text class=\"name\(label.narrow)\" x=\"\(percent(from))\" dx=\"4\" y=\"-5\">\(label.text)</text>"
            }
        }
        for fault in faults.prefix(Self.faultLimit) {
            let from = columns.fraction(fault.begin)
            if let end = fault.end, end > fault.begin {
                let width = columns.fraction(end) - from
                html += "<rect class=\"over\" x=\"\(percent(from))\" width=\"\(percent(width))\" height=\"100%\"/>"
            }
            html += vertical("fault", from)
        }
        return html
    }

    /// The labels below a chart.
    var labels: HTMLText {
        let ticks = ticks
        return ticks.enumerated().map { place, tick -> HTMLText in
            let fraction = columns.fraction(tick)
            let side: HTMLText = fraction > 0.96 ? " last" : ""
            let odd: HTMLText = place % 2 == 1 ? " odd" : ""
            return
                "<text class=\"tick\(odd)\(side)\" x=\"\(percent(fraction))\" y=\"100%\" dy=\"15\">\(ClockText.text(tick))</text>"
        }.joined()
    }

    /// What stands at the lines of faults, to lie before the lines of a chart.
    ///
    /// - Parameter tells: whether faults have their texts where there is room.
    func faultLabels(tells: Bool) -> HTMLText {
        faults.prefix(Self.faultLimit).map { faultLabel($0, at: columns.fraction($0.begin), tells: tells) }.joined()
    }

    /// The text of a fault where the first chart has room for it, else its mark.
    private func faultLabel(_ fault: Fault, at from: Double, tells: Bool) -> HTMLText {
        let isLeft = from > 0.55
        let next = faults.first { $0.begin > fault.begin }.map { columns.fraction($0.begin) } ?? 1
        let room = isLeft ? from : next - from
        let isAlone = faults.count <= 4
        let anchor: HTMLText = isLeft ? " text-anchor=\"end\" dx=\"-4\"" : " dx=\"4\""
        guard tells, isAlone, let label = label("\(fault.mark) \(fault.text)", room: room) else {
            let side: HTMLText = from > 0.96 ? " text-anchor=\"end\" dx=\"-4\"" : " dx=\"4\""
            return "<text class=\"hit\" x=\"\(percent(from))\" y=\"12\"\(side)>\(fault.mark)</text>"
        }
        let short: HTMLText =
            label.narrow.isEmpty
            ? "" : "<text class=\"hit short\" x=\"\(percent(from))\" y=\"12\"\(anchor)>\(fault.mark)</text>"
        return
            "<text class=\"hit\(label.narrow)\" x=\"\(percent(from))\" y=\"12\"\(anchor)>\(label.text)</text>\(short)"
    }

    /// A text where there is room for it; whether a narrow page has none.
    private func label(_ text: String, room: Double) -> (text: String, narrow: HTMLText)? {
        let width = Double(text.count) * 6.4 + 8
        guard width <= room * 900 else { return nil }
        return (text, width <= room * 270 ? "" : " wide")
    }

    private func vertical(_ kind: HTMLText, _ fraction: Double) -> HTMLText {
        "<line class=\"\(kind)\" x1=\"\(percent(fraction))\" x2=\"\(percent(fraction))\" y2=\"100%\"/>"
    }

    private func percent(_ fraction: Double) -> String { Percent.text(fraction) }
}

/// A place in an SVG, as a part of its width or height: `12.5%`.
enum Percent {
    static func text(_ fraction: Double) -> String {
        ChartUnit.encoded((fraction * 10000).rounded() / 100) + "%"
    }
}
