import Testing

@testable import Metrics

@Suite("Charts")
struct ChartTests {
    private func range(_ values: [Double?], limit: Int = TimeColumns.limit, fills: Bool = false) -> ColumnRange {
        let points = values.enumerated().compactMap { second, value in value.map { (second: second, value: $0) } }
        return ColumnRange(points, in: TimeColumns(seconds: values.count, limit: limit), fills: fills)
    }

    // MARK: - Columns

    @Test(
        "there are never more columns than one can see, and they cover the run",
        arguments: [1, 399, 400, 401, 3600, 86_399]
    )
    func columns(seconds: Int) {
        let columns = TimeColumns(seconds: seconds)
        #expect(columns.count <= 400)
        #expect(columns.count * columns.step >= seconds)
        #expect((columns.count - 1) * columns.step < seconds)
        #expect(seconds > 400 || columns.step == 1)
    }

    @Test("a column keeps the extremes of its seconds, and the worst second is known")
    func extremes() {
        let range = range([1, 9, 2, nil, nil, nil, 5, 4, 3, 7], limit: 4)
        #expect(range.columns.step == 3)
        #expect(range.highs == [9, nil, 5, 7])
        #expect(range.lows == [1, nil, 3, 7])
        #expect(range.worst?.second == 1)
        #expect(range.worst?.value == 9)
        #expect(range.least == 1)
        #expect(range.encoded == "9,,5,7|1,,3,7")
    }

    @Test("what is counted was 0 where it has no row, what is measured was not there")
    func filling() {
        #expect(range([2, nil, 4], fills: true).highs == [2, 0, 4])
        #expect(range([2, nil, 4, nil], limit: 2, fills: true).lows == [0, 0])
        #expect(range([2, nil, 4]).highs == [2, nil, 4])
        #expect(range([nil, nil]).isEmpty)
        // A last column that is not full lacks nothing.
        #expect(range([1, 1, 1], limit: 2, fills: true).lows == [1, 1])
    }

    @Test("values from outside the run, or that are no numbers, are left out")
    func outside() {
        let points = [(second: -1, value: 1.0), (1, .nan), (2, .infinity), (99, 5), (0, 3)]
        let range = ColumnRange(points, in: TimeColumns(seconds: 3))
        #expect(range.highs == [3, nil, nil])
    }

    @Test(
        "numbers have four significant digits and no exponent",
        arguments: [
            (0, "0"), (12_345_678.9, "12345679"), (1234.56, "1235"), (123.456, "123.5"), (1.23456, "1.235"),
            (0.00012, "0.0001"), (-2.5, "-2.5"), (100, "100"), (-0.00001, "0"), (.nan, ""),
        ] as [(Double, String)]
    )
    func numbers(value: Double, text: String) {
        #expect(ChartUnit.encoded(value) == text)
    }

    // MARK: - Scales and paths

    @Test(
        "an axis begins at 0 and has round marks beyond the largest value",
        arguments: [0.0012, 0.9, 7, 42, 1000, 123_456]
    )
    func linear(highest: Double) {
        let scale = ChartScale(linearTo: highest)
        #expect(scale.low == 0)
        #expect(scale.high >= highest * 0.999)
        #expect(scale.high <= highest * 2.5)
        #expect((3...6).contains(scale.ticks.count))
        #expect(scale.fraction(0) == 1)
        #expect(scale.fraction(scale.high) == 0)
        #expect(scale.fraction(.infinity) == 0)
    }

    @Test("one second far beyond the others makes the axis logarithmic, an even run does not")
    func logarithmic() {
        var values: [Double?] = Array(repeating: 2, count: 50)
        #expect(!ChartScale(times: [range(values)]).isLogarithmic)
        values[17] = 500
        let scale = ChartScale(times: [range(values)])
        #expect(scale.isLogarithmic)
        #expect(scale.low <= 2 && scale.high >= 500)
        #expect(scale.fraction(500) < 0.25 && scale.fraction(2) > 0.75)
        #expect(scale.fraction(0) == 1)
    }

    @Test("a line is interrupted where there is no value, and a value alone is a point")
    func paths() {
        let values: [Double?] = [0, 10, 10, 5, nil, 5, nil, 0, 10]
        let path = SeriesPath(columns: values.count, scale: ChartScale(linearTo: 10))
        #expect(path.width == 1998)
        #expect(path.line(values) == "M111 400l222-400h222l222 200M1665 400l222-400")
        #expect(path.points(values) == "M1221 200h0")
        #expect(path.line([nil, nil]).isEmpty)
    }

    @Test("a band goes along the largest values and back along the smallest")
    func bands() {
        let range = range([10, 5, 8, 2], limit: 2)
        let path = SeriesPath(columns: 2, scale: ChartScale(linearTo: 10))
        #expect(path.band(range) == "M500 0l1000 80V320l-1000-120z")
        #expect(path.area([10, 5]) == "M500 0l1000 200V400H500z")
    }

    @Test("times of the run are written as clocks do")
    func clocks() {
        #expect(ClockText.text(0) == "0:00")
        #expect(ClockText.text(75.9) == "1:15")
        #expect(ClockText.text(3909) == "1:05:09")
        #expect(ClockText.length(20) == "20 s")
        #expect(ClockText.length(4.44) == "4.4 s")
        #expect(ClockText.length(3720) == "1 h 2 min")
    }
}
