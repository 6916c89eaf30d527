/// The buckets of the histograms that monitoring systems get, the same from OpenTelemetry and from `/metrics`.
struct BucketBounds: Sendable {
    /// Upper bounds, ascending: seconds for times, else plain numbers. Above the last there is a bucket without a bound.
    let bounds: [Double]
    /// From the bounds' unit to a histogram's: microseconds in a second.
    let scale: Double

    /// Those for a unit.
    ///
    /// Of times: those that OpenTelemetry's conventions advise for durations (5 ms to 10 s), carried on at both ends.
    init(_ unit: MetricUnit) {
        scale = unit == .milliseconds ? 1e6 : 1
        bounds =
            switch unit {
            case .milliseconds:
                [
                    0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
                    0.5, 0.75, 1, 2.5, 5, 7.5, 10, 25, 50, 75,
                ]
            case .count:
                [
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
                    10_000_000,
                ]
            case .bytes:
                [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]
            }
    }

    /// How many values are in each bucket: up to the first bound and with it, …, above the last.
    ///
    /// A value within 0.1 % of a bound may be in the bucket beside it, for the histogram does not know it better.
    func counts(of histogram: Histogram) -> [UInt64] {
        var counts = [UInt64](repeating: 0, count: bounds.count + 1)
        guard let touched = histogram.touched else { return counts }
        var bucket = 0
        for place in touched {
            let count = histogram.places[place]
            guard count > 0 else { continue }
            let value = Double(HistogramLayout.lowestEquivalent(at: place))
            while bucket < bounds.count, (bounds[bucket] * scale).rounded() < value { bucket += 1 }
            counts[bucket] &+= count
        }
        return counts
    }

    /// How many values are at most as large as each bound: never falling.
    func cumulative(of histogram: Histogram) -> [Int] {
        var sum: UInt64 = 0
        return counts(of: histogram).dropLast().map { count in
            sum &+= count
            return Int(clamping: sum)
        }
    }
}
