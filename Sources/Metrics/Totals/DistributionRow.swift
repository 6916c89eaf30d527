/// The figures of one metric in one group, in the units of the outputs.
package struct DistributionRow: Sendable {
    /// The percentiles of every output, in order.
    package static let percentiles: [Double] = [50, 75, 90, 95, 99, 99.9, 99.99]

    package let group: String
    package let metric: String
    package let unit: MetricUnit
    package let count: Int
    /// Per second of measured time; nil where no time was measured.
    package let rate: Double?
    package let min: Double
    package let mean: Double
    package let standardDeviation: Double
    /// As in `percentiles`; nil where there are fewer samples than 1 / (1 - p).
    package let values: [Double?]
    package let max: Double

    init(group: String, metric: String, unit: MetricUnit, histogram: Histogram, seconds: Double) {
        let scale = unit == .milliseconds ? 1000.0 : 1
        let values = histogram.percentiles(Self.percentiles)
        self.group = group
        self.metric = metric
        self.unit = unit
        count = histogram.count
        rate = seconds > 0 ? Double(histogram.count) / seconds : nil
        min = histogram.isEmpty ? 0 : Double(histogram.min) / scale
        mean = histogram.mean / scale
        standardDeviation = histogram.standardDeviation / scale
        self.values = zip(Self.percentiles, values).map { percentile, value in
            histogram.carries(percentile) ? Double(value) / scale : nil
        }
        max = Double(histogram.max) / scale
    }

    /// One of `percentiles`; nil where the samples do not carry it.
    package func value(at percentile: Double) -> Double? {
        Self.percentiles.firstIndex(of: percentile).flatMap { values[$0] }
    }
}
