/// Where a value falls in an HDR histogram of 1 to 3,600,000,000 units with three significant digits.
///
/// Bucket 0 has 2,048 places of one unit each; every later bucket has 1,024 places, twice as wide as those of the
/// bucket before. The layout is that of HdrHistogram with lowestDiscernibleValue 1, highestTrackableValue
/// 3,600,000,000 and three significant digits, so that counts can be written to its V2 log as they are. Times are
/// kept in microseconds (the highest is one hour), sizes as plain numbers.
enum HistogramLayout {
    /// The highest value that is kept; what lies beyond counts as this one.
    static let highest = 3_600_000_000
    /// How many places there are: 22 buckets of 1,024, and once more the lower half of the first.
    static let length = 23 * 1024

    /// The place of a value in 0 ... `highest`.
    @inline(__always)
    static func index(of value: Int) -> Int {
        let bucket = 53 - (value | 2047).leadingZeroBitCount
        return (bucket << 10) + (value >> bucket)
    }

    /// The smallest value that falls on a place.
    @inline(__always)
    static func lowestEquivalent(at index: Int) -> Int {
        let bucket = max((index >> 10) - 1, 0)
        return (index - (bucket << 10)) << bucket
    }

    /// The largest value that falls on a place.
    @inline(__always)
    static func highestEquivalent(at index: Int) -> Int {
        let bucket = max((index >> 10) - 1, 0)
        return ((index - (bucket << 10) + 1) << bucket) - 1
    }

    /// Nanoseconds as whole microseconds, rounded to the nearest, within what a histogram keeps.
    ///
    /// A negative time, which only a clock that was set back can yield, counts as 0. A time above the range stays just
    /// above it, so that the histogram counts it as clamped.
    @inline(__always)
    static func microseconds(_ nanoseconds: Int64) -> Int {
        if nanoseconds <= 0 { return 0 }
        if nanoseconds > 3_600_000_000_000 { return highest + 1 }
        return Int((nanoseconds + 500) / 1000)
    }
}
