/// A series in columns: of every column the smallest and the largest value of its seconds, so that no extreme is lost.
struct ColumnRange: Sendable {
    /// Nil where no second of the column has a value.
    private(set) var lows: [Double?]
    private(set) var highs: [Double?]
    let columns: TimeColumns
    /// Whether the smallest values are others than the largest, and to be shown.
    let hasLows: Bool
    /// The largest value and its second.
    private(set) var worst: (second: Int, value: Double)?
    private(set) var least: Double?

    /// - Parameters:
    ///   - points: the values of seconds; those outside the run's are left out.
    ///   - fills: whether a second without a value has 0, as it is with what is counted.
    ///   - keepsLows: false where the smallest value of several seconds says nothing, as that of maxima.
    init(
        _ points: some Sequence<(second: Int, value: Double)>,
        in columns: TimeColumns,
        fills: Bool = false,
        keepsLows: Bool = true
    ) {
        hasLows = keepsLows && columns.step > 1
        self.columns = columns
        lows = Array(repeating: nil, count: columns.count)
        highs = lows
        var seen = fills ? [Int](repeating: 0, count: columns.count) : []
        for (second, value) in points where second >= 0 && second < columns.seconds && value.isFinite {
            let column = second / columns.step
            include(value, at: column)
            if value > worst?.value ?? -.infinity { worst = (second, value) }
            if fills { seen[column] += 1 }
        }
        for column in seen.indices {
            let seconds = min(columns.step, columns.seconds - column * columns.step)
            if seen[column] < seconds { include(0, at: column) }
        }
        least = lows.compactMap(\.self).min()
    }

    private mutating func include(_ value: Double, at column: Int) {
        lows[column] = min(lows[column] ?? value, value)
        highs[column] = max(highs[column] ?? value, value)
    }

    var isEmpty: Bool { worst == nil }

    /// Whether a value differs from another.
    var varies: Bool { least != nil && least != highs.compactMap(\.self).max() }

    /// Half of the columns' largest values are at most this.
    var median: Double? {
        let values = highs.compactMap(\.self).sorted()
        return values.isEmpty ? nil : values[values.count / 2]
    }

    /// The values for the script: the largest ones, then the smallest where there are some.
    var encoded: String {
        func list(_ values: [Double?]) -> String {
            values.map { $0.map(ChartUnit.encoded) ?? "" }.joined(separator: ",")
        }
        return hasLows ? list(highs) + "|" + list(lows) : list(highs)
    }
}
