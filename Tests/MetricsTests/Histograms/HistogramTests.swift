import Testing

@testable import Metrics

@Suite("Histogram")
struct HistogramTests {
    static let percentiles = [0, 0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100]

    @Test("percentiles are those of HdrHistogram, whatever was recorded", arguments: 0..<60)
    func oracle(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let samples = [1, 2, 3, 10, 99, 100, 101, 1000, 5000][seed % 9]
        let bits = Int.random(in: 1...31, using: &generator)
        var histogram = Histogram()
        var oracle = Oracle()
        for _ in 0..<samples {
            let value = generator.value(upTo: bits)
            histogram.record(value)
            oracle.record(value)
        }
        let values = histogram.percentiles(Self.percentiles)
        for (percentile, value) in zip(Self.percentiles, values) where percentile > 0 {
            #expect(value == oracle.percentile(percentile), "p\(percentile) of \(samples)")
        }
        #expect(values[0] == oracle.min)
        #expect(histogram.count == oracle.count)
        #expect(histogram.min == oracle.min)
        #expect(histogram.max == oracle.max)
    }

    @Test("percentiles come in the order in which they are asked for")
    func order() {
        var histogram = Histogram()
        for value in 1...1000 { histogram.record(value) }
        #expect(histogram.percentiles([99, 50, 100, 0, 50]) == [990, 500, 1000, 1, 500])
        #expect(histogram.percentile(90) == 900)
    }

    @Test("an empty one has zeroes and carries no percentile")
    func empty() {
        let histogram = Histogram()
        #expect(histogram.percentiles([50, 99]) == [0, 0])
        #expect(histogram.mean == 0)
        #expect(histogram.standardDeviation == 0)
        #expect(histogram.isEmpty)
        #expect(!histogram.carries(50))
    }

    @Test("minimum, maximum, mean and standard deviation are exact")
    func moments() {
        var histogram = Histogram()
        for value in [2, 4, 4, 4, 5, 5, 7, 9] { histogram.record(value * 100_003) }
        #expect(histogram.min == 200_006)
        #expect(histogram.max == 900_027)
        #expect(histogram.mean == 500_015)
        #expect(histogram.standardDeviation == 200_006)
    }

    @Test("the deviation of equal values is zero, also where squares are huge")
    func constant() {
        var histogram = Histogram()
        histogram.record(3_599_999_999, times: 1_000_000_000_000)
        #expect(histogram.standardDeviation < 1)
        #expect(histogram.mean == 3_599_999_999)
    }

    @Test("values beyond an hour are clamped and counted")
    func clamping() {
        var histogram = Histogram()
        histogram.record(HistogramLayout.highest)
        #expect(histogram.clamped == 0)
        histogram.record(HistogramLayout.highest + 1)
        histogram.record(.max, times: 2)
        histogram.record(nanoseconds: .max)
        histogram.record(-5)
        #expect(histogram.clamped == 4)
        #expect(histogram.count == 6)
        #expect(histogram.max == HistogramLayout.highest)
        #expect(histogram.min == 0)
    }

    @Test(
        "a percentile is carried by 1 / (1 - p) samples",
        arguments: [(50.0, 2), (75, 4), (90, 10), (95, 20), (99, 100), (99.9, 1000), (99.99, 10_000)]
    )
    func carrying(percentile: Double, needed: Int) {
        var histogram = Histogram()
        histogram.record(1, times: needed - 1)
        #expect(!histogram.carries(percentile))
        histogram.record(1)
        #expect(histogram.carries(percentile))
    }

    @Test("merging is the same as recording into one, in any order", arguments: 0..<20)
    func merging(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) + 1000)
        var whole = Histogram()
        var parts = [Histogram](repeating: Histogram(), count: 5)
        var intervals = [IntervalHistogram](repeating: IntervalHistogram(), count: 5)
        for _ in 0..<2000 {
            let value = generator.value(upTo: 33)
            let part = Int.random(in: 0..<4, using: &generator)
            whole.record(value)
            parts[part].record(value)
            intervals[part].record(value)
        }
        var forward = Histogram()
        for part in parts { forward.add(part) }
        var backward = Histogram()
        for interval in intervals.reversed() { backward.add(interval) }
        expectSame(forward, whole)
        expectSame(backward, whole)
    }

    @Test("what is drained is gone, and the next interval starts from nothing")
    func draining() {
        var interval = IntervalHistogram()
        interval.record(100)
        interval.record(5_000_000)
        interval.record(.max)
        let first = interval.drain()
        #expect(first.count == 3)
        #expect(first.clamped == 1)
        #expect(interval.count == 0)
        #expect(interval.drain().count == 0)
        interval.record(100)
        var total = Histogram()
        total.add(interval.drain())
        #expect(total.count == 1)
        #expect(total.min == 100)
        #expect(total.max == 100)
        #expect(total.mean == 100)
        #expect(total.percentile(50) == 100)
    }

    @Test("memory grows with the range that is used, at either end, and not with the number of samples")
    func growth() {
        var interval = IntervalHistogram()
        #expect(interval.places.counts.isEmpty)
        for _ in 0..<10_000 { interval.record(5_000) }
        #expect(interval.places.counts.count == 256)
        interval.record(6_000)
        #expect(interval.places.counts.count <= 1024)
        interval.record(10)
        interval.record(HistogramLayout.highest)
        #expect(interval.places.counts.count <= HistogramLayout.length)
        #expect(interval.places[HistogramLayout.index(of: 5_000)] == 10_000)
        #expect(interval.places[HistogramLayout.index(of: 6_000)] == 1)
        #expect(interval.places[HistogramLayout.index(of: 10)] == 1)
        #expect(interval.places[HistogramLayout.index(of: HistogramLayout.highest)] == 1)
    }

    private func expectSame(_ one: Histogram, _ other: Histogram) {
        #expect(one.count == other.count)
        #expect(one.min == other.min)
        #expect(one.max == other.max)
        #expect(one.clamped == other.clamped)
        #expect(one.mean == other.mean)
        #expect(one.standardDeviation == other.standardDeviation)
        #expect((0..<HistogramLayout.length).allSatisfy { one.places[$0] == other.places[$0] })
    }
}
