import Testing

@testable import Metrics

@Suite("Places of a histogram")
struct HistogramLayoutTests {
    @Test("bounds of places are those of HdrHistogram")
    func bounds() {
        let oracle = Oracle()
        var generator = SeededGenerator(seed: 1)
        var values: [Int] = (0..<5000).map { _ in generator.value() }
        for bit in 0...31 {
            let power = 1 << bit
            values += [power - 1, power, power + 1]
        }
        for value in values {
            let index = HistogramLayout.index(of: value)
            #expect(HistogramLayout.lowestEquivalent(at: index) == oracle.lowestEquivalent(value))
            #expect(HistogramLayout.highestEquivalent(at: index) == oracle.highestEquivalent(value))
        }
    }

    @Test("places follow each other without gap or overlap, to the last")
    func contiguous() {
        var next = 0
        var wrong: [Int] = []
        for index in 0..<HistogramLayout.length {
            let first = next
            next = HistogramLayout.highestEquivalent(at: index) + 1
            let isRight =
                HistogramLayout.lowestEquivalent(at: index) == first && HistogramLayout.index(of: first) == index
                && HistogramLayout.index(of: next - 1) == index
            if !isRight { wrong.append(index) }
        }
        #expect(wrong.isEmpty)
        #expect(next > HistogramLayout.highest)
        #expect(HistogramLayout.index(of: HistogramLayout.highest) < HistogramLayout.length)
    }

    @Test(
        "nanoseconds are rounded to the nearest microsecond",
        arguments: [
            (0, 0), (1, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 2), (-1, 0), (.min, 0),
            (3_600_000_000_000, 3_600_000_000), (3_600_000_000_001, 3_600_000_001), (.max, 3_600_000_001),
        ] as [(Int64, Int)]
    )
    func rounding(nanoseconds: Int64, microseconds: Int) {
        #expect(HistogramLayout.microseconds(nanoseconds) == microseconds)
    }
}
