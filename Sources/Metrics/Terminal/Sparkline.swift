/// The last seconds of a number as a row of bars, one column each.
struct Sparkline: Sendable {
    private static let bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let limit = 60

    private var values: [Double] = []

    mutating func add(_ value: Double) {
        values.append(value.isFinite ? max(value, 0) : 0)
        if values.count > Self.limit { values.removeFirst(values.count - Self.limit) }
    }

    /// The last values, at most so many; the highest of them is the full bar, and 0 the lowest.
    func text(_ columns: Int) -> String {
        let shown = values.suffix(max(columns, 0))
        let highest = shown.max() ?? 0
        return shown.map { value in
            guard highest > 0 else { return Self.bars[0] }
            return Self.bars[min(Int(value / highest * 8), 7)]
        }
        .joined()
    }
}
