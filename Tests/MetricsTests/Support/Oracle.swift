import Histogram

/// The histogram of HdrHistogram itself, behind a type whose name clashes with none of ours.
///
/// This file must not import Metrics.
struct Oracle {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1,
        highestTrackableValue: 3_600_000_000,
        numberOfSignificantValueDigits: .three
    )

    /// Records a value within the range; it traps beyond.
    mutating func record(_ value: Int) {
        histogram.record(UInt64(value))
    }

    mutating func recordCorrected(_ value: Int, interval: Int) {
        histogram.recordCorrectedValue(UInt64(value), expectedInterval: UInt64(interval))
    }

    func percentile(_ percentile: Double) -> Int { Int(histogram.valueAtPercentile(percentile)) }
    func lowestEquivalent(_ value: Int) -> Int { Int(histogram.lowestEquivalentForValue(UInt64(value))) }
    func highestEquivalent(_ value: Int) -> Int { Int(histogram.highestEquivalentForValue(UInt64(value))) }
    func count(of value: Int) -> Int { Int(histogram.countForValue(UInt64(value))) }
    var count: Int { Int(histogram.totalCount) }
    var min: Int { Int(histogram.min) }
    var max: Int { Int(histogram.maxRecorded) }
}
