import Foundation

/// The vertical axis of a chart: what its ends are, and where it has marks.
struct ChartScale: Sendable {
    let isLogarithmic: Bool
    let low: Double
    let high: Double
    let ticks: [Double]

    /// So far that a range has a finite length.
    private static let limit = 1e300

    /// From 0, or from the least value where that is below 0.
    init(linearTo highest: Double, from least: Double = 0, whole: Bool = false) {
        isLogarithmic = false
        let highest = highest.isFinite ? max(-Self.limit, min(highest, Self.limit)) : 1
        let bottom = min(least.isFinite ? max(-Self.limit, least) : 0, highest)
        var step = Self.niceStep((highest - bottom) / 3)
        if whole { step = max(step, 1) }
        low = (bottom / step).rounded(.down) * step
        high = max((highest / step).rounded(.up) * step, low + step)
        let count = Int(((high - low) / step).rounded())
        let (start, width) = (low, step)
        ticks = (0...max(1, min(count, 12))).map { start + Double($0) * width }
    }

    /// Of powers of ten, for values above 0 that are far apart.
    init(logarithmicFrom least: Double, to highest: Double) {
        isLogarithmic = true
        let bottom = max(min(least, Self.limit), 1e-9)
        let highest = min(highest, Self.limit)
        let first = Int(log10(bottom).rounded(.down))
        let last = max(Int(log10(max(highest, bottom)).rounded(.up)), first + 1)
        low = pow(10, Double(first))
        high = pow(10, Double(last))
        let stride = (last - first + 4) / 5
        ticks = (first...last).filter { ($0 - first) % stride == 0 }.map { pow(10, Double($0)) }
    }

    /// The one that fits times: of powers of ten where the largest is far beyond what is usual, so that one second does
    /// not press all the others to the ground.
    init(times values: [ColumnRange]) {
        let highest = values.compactMap(\.worst?.value).max() ?? 1
        let usual = values.compactMap(\.median).filter { $0 > 0 }.min() ?? highest
        let least = values.compactMap { $0.least.map { max($0, 0.001) } }.min() ?? 0.001
        if highest > usual * 40 {
            self.init(logarithmicFrom: max(least, highest / 1e6), to: highest)
        } else {
            self.init(linearTo: highest)
        }
    }

    /// Where a value stands between the top, 0, and the bottom, 1.
    func fraction(_ value: Double) -> Double {
        let part =
            isLogarithmic
            ? log10(max(value, low) / low) / log10(high / low) : (value - low) / (high - low)
        return 1 - max(0, min(part, 1))
    }

    /// For the script: kind, low, high.
    var encoded: String {
        "\(isLogarithmic ? "log" : "lin") \(ChartUnit.encoded(low)) \(ChartUnit.encoded(high))"
    }

    /// 1, 2 or 5 times a power of ten, at least this.
    static func niceStep(_ step: Double) -> Double {
        guard step > 0, step.isFinite else { return 1 }
        let power = pow(10, log10(step).rounded(.down))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= step * 0.999 } ?? 10
        return factor * power
    }
}
