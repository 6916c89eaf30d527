/// The path of a series in an SVG of `width` by `height` units, written as short as it goes.
struct SeriesPath {
    static let height = 400

    let columns: Int
    let scale: ChartScale
    /// The units from one column to the next.
    let stride: Int

    init(columns: Int, scale: ChartScale) {
        self.columns = columns
        self.scale = scale
        stride = max(2, 2000 / max(columns, 1))
    }

    var width: Int { stride * max(columns, 1) }

    /// A line through the values; it is interrupted where there is none.
    func line(_ values: [Double?]) -> String {
        runs(values).filter { $0.count > 1 }.map { start($0.lowerBound, values) + steps($0, values) }.joined()
    }

    /// The values that have none beside them: no line goes through them.
    func points(_ values: [Double?]) -> String {
        runs(values).filter { $0.count == 1 }.map { start($0.lowerBound, values) + "h0" }.joined()
    }

    /// The area between the smallest and the largest values of columns.
    func band(_ range: ColumnRange) -> String {
        runs(range.highs).filter { $0.count > 1 }.map { run in
            start(run.lowerBound, range.highs) + steps(run, range.highs) + "V\(y(range.lows[run.upperBound - 1]))"
                + steps(run.reversed(), range.lows) + "z"
        }.joined()
    }

    /// The area below the values.
    func area(_ values: [Double?]) -> String {
        runs(values).filter { $0.count > 1 }.map { run in
            start(run.lowerBound, values) + steps(run, values)
                + "V\(Self.height)H\(x(run.lowerBound))z"
        }.joined()
    }

    private func start(_ column: Int, _ values: [Double?]) -> String { "M\(x(column)) \(y(values[column]))" }

    /// From the first of these columns, where the path is already, to the last; each place relative to the one before.
    private func steps(_ order: some Collection<Int>, _ values: [Double?]) -> String {
        guard let first = order.first else { return "" }
        var text = ""
        var place = (x: x(first), y: y(values[first]))
        var level = 0
        var isLine = false
        for column in order.dropFirst() {
            let next = (x: x(column), y: y(values[column]))
            let (right, down) = (next.x - place.x, next.y - place.y)
            place = next
            if down == 0 {
                level += right
                continue
            }
            if level != 0 {
                text += "h\(level)"
                level = 0
                isLine = false
            }
            text += isLine ? Self.separated(right) : "l\(right)"
            text += Self.separated(down)
            isLine = true
        }
        return level == 0 ? text : text + "h\(level)"
    }

    /// A number behind another one.
    private static func separated(_ number: Int) -> String { number < 0 ? String(number) : " \(number)" }

    private func x(_ column: Int) -> Int { column * stride + stride / 2 }

    private func y(_ value: Double?) -> Int {
        Int((scale.fraction(value ?? 0) * Double(Self.height)).rounded())
    }

    /// The stretches without a gap.
    private func runs(_ values: [Double?]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for place in 0...values.count {
            let has = place < values.count && values[place] != nil
            if has, start == nil { start = place }
            if !has, let first = start {
                runs.append(first..<place)
                start = nil
            }
        }
        return runs
    }
}
