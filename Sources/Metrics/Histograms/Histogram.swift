/// An HDR histogram: constant memory, three significant digits, exact merge.
///
/// Values are whole units: microseconds where it holds times, plain numbers where it holds sizes. Count, minimum,
/// maximum, mean and standard deviation are exact; a percentile is the largest value that is equivalent to the right
/// one within 0.1 %, as `getValueAtPercentile` of HdrHistogram defines it, and never beyond the maximum.
package struct Histogram: Sendable {
    private(set) var places = PlaceWindow<UInt64>()
    package private(set) var count = 0
    /// The smallest value; `Int.max` while `count` is 0.
    package private(set) var min = Int.max
    package private(set) var max = 0
    /// Values beyond 3,600,000,000, counted as that one.
    package private(set) var clamped = 0
    private var sum: UInt128 = 0
    private var squares: UInt128 = 0

    package init() {}

    /// What another one counted at each place; its samples themselves are not known any more.
    ///
    /// The minimum is the lowest value of its place, mean and standard deviation are those of the places' middles, as
    /// HdrHistogram computes them.
    ///
    /// - Parameters:
    ///   - places: fewer than 2⁶² samples in all.
    ///   - max: the largest sample where it is known; it counts where it lies on the last place that is not 0.
    init(places: PlaceWindow<UInt64>, max: Int? = nil) {
        var first: Int?
        var last = 0
        for (position, samples) in places.counts.enumerated() where samples > 0 {
            let index = places.offset + position
            if first == nil { first = index }
            last = index
            let lowest = HistogramLayout.lowestEquivalent(at: index)
            let middle = UInt128(lowest + (HistogramLayout.highestEquivalent(at: index) - lowest + 1) / 2)
            count &+= Int(truncatingIfNeeded: samples)
            sum &+= middle &* UInt128(samples)
            squares &+= middle &* middle &* UInt128(samples)
        }
        guard let first else { return }
        self.places = places
        min = HistogramLayout.lowestEquivalent(at: first)
        let range = HistogramLayout.lowestEquivalent(at: last)...HistogramLayout.highestEquivalent(at: last)
        self.max = max.flatMap { range.contains($0) ? $0 : nil } ?? Swift.min(range.upperBound, HistogramLayout.highest)
    }

    /// Adds one value, `times` times; a negative one counts as 0.
    package mutating func record(_ value: Int, times: Int = 1) {
        guard times > 0 else { return }
        let value = Swift.max(value, 0)
        let kept = Swift.min(value, HistogramLayout.highest)
        if kept != value { clamped &+= times }
        places.add(UInt64(times), at: HistogramLayout.index(of: kept))
        count &+= times
        min = Swift.min(min, kept)
        max = Swift.max(max, kept)
        sum &+= UInt128(kept) &* UInt128(times)
        squares &+= UInt128(kept) &* UInt128(kept) &* UInt128(times)
    }

    /// Adds a time in nanoseconds, rounded to the nearest microsecond.
    package mutating func record(nanoseconds: Int64) {
        record(HistogramLayout.microseconds(nanoseconds))
    }

    /// Adds what another one counted: the result is that of recording both into one.
    package mutating func add(_ other: Histogram) {
        guard let touched = other.touched else { return }
        places.add(other.places, in: touched)
        count &+= other.count
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        clamped &+= other.clamped
        sum &+= other.sum
        squares &+= other.squares
    }

    /// Adds the samples of one interval: the result is that of recording them here.
    package mutating func add(_ other: IntervalHistogram) {
        guard let touched = other.touched else { return }
        places.add(other.places, in: touched)
        count &+= other.count
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        clamped &+= other.clamped
        sum &+= UInt128(other.sum)
        squares &+= other.squares
    }

    package var isEmpty: Bool { count == 0 }

    /// The arithmetic mean, or 0 of no samples.
    package var mean: Double {
        count > 0 ? Double(sum) / Double(count) : 0
    }

    /// The standard deviation of all the samples, or 0 of none.
    ///
    /// The squares are summed as integers, so that merging in another order changes nothing.
    package var standardDeviation: Double {
        guard count > 0 else { return 0 }
        let samples = UInt128(count)
        let (high, overflow) = squares.multipliedReportingOverflow(by: samples)
        let (square, overflowOfSum) = sum.multipliedReportingOverflow(by: sum)
        guard !overflow, !overflowOfSum, high >= square else {
            let mean = mean
            return Swift.max(Double(squares) / Double(count) - mean * mean, 0).squareRoot()
        }
        return Double(high - square).squareRoot() / Double(count)
    }

    /// The places that are not 0, or nil while there are none.
    var touched: ClosedRange<Int>? {
        count > 0 ? HistogramLayout.index(of: min)...HistogramLayout.index(of: max) : nil
    }
}
