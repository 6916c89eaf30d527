import Foundation

/// The values and differences of a comparison as people read them.
struct ComparisonText {
    let figure: ComparedFigure

    init(_ figure: ComparedFigure) { self.figure = figure }

    var base: String { text(figure.base.value) }
    var new: String { text(figure.new.value) }

    /// `+9.8 %`; of failures in percentage points, `+0.5 pp`; an en dash where there is none to tell.
    var difference: String {
        guard let value = figure.difference?.value ?? untold else { return "–" }
        return "\(Self.signed(value)) \(unit)"
    }

    /// `+9.1 … +10.4 %`; empty where there is none.
    var interval: String {
        guard let difference = figure.difference else { return "" }
        return "\(Self.signed(difference.low)) … \(Self.signed(difference.high)) \(unit)"
    }

    /// What differs where the runs are too short for an interval.
    private var untold: Double? {
        figure.statistic == .ratio ? figure.new.value - figure.base.value : figure.change
    }

    private var unit: String { figure.statistic == .ratio ? "pp" : "%" }

    private func text(_ value: Double) -> String {
        switch figure.unit {
        case .milliseconds: ValueText.time(microseconds: value)
        case .bytes: ValueText.bytes(value)
        case .count: ValueText.number((value * 10).rounded() / 10)
        case .ratio: ValueText.percent(value)
        case .perSecond: "\(ValueText.number(value >= 100 ? value.rounded() : value))/s"
        }
    }

    /// A part of a whole in percent, with its sign: `+9.8`, `-0.04`, `+1,250`.
    static func signed(_ part: Double) -> String {
        guard part.isFinite else { return part > 0 ? "+∞" : "-∞" }
        let percent = part * 100
        let magnitude = abs(percent)
        let sign = percent < 0 ? "-" : "+"
        if magnitude >= 999.5 { return sign + ValueText.grouped(Int(min(magnitude.rounded(), 1e12))) }
        if magnitude >= 99.95 { return sign + ValueText.fixed(magnitude, 0) }
        let text = ValueText.fixed(magnitude, magnitude >= 0.0995 || magnitude == 0 ? 1 : 2)
        return text.allSatisfy { "0.".contains($0) } ? "0" : sign + text
    }
}
