/// The buckets of exported histograms.
enum OTLPBounds {
    /// In seconds: those that OpenTelemetry's conventions advise for durations (5 ms to 10 s), carried on at both ends.
    static let seconds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75,
        1, 2.5,
        5, 7.5, 10, 25, 50, 75,
    ]

    /// Plain numbers and bytes.
    static let sizes: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000, 10_000_000,
    ]

    /// How many values are in each bucket: up to the first bound and with it, …, above the last.
    ///
    /// A value within 0.1 % of a bound may be in the bucket beside it, for the histogram does not know it better.
    ///
    /// - Parameter scale: From the histogram's unit to that of the bounds: microseconds in a second.
    static func counts(of histogram: Histogram, bounds: [Double], scale: Double) -> [UInt64] {
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
}
