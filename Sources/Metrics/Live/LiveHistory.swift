/// The course of a run so far, for those who begin to watch it later: every second of it, and where it is longer than fifteen
/// minutes, pieces of several seconds with the smallest and the largest value of each, so that no peak is lost.
package struct LiveHistory: Sendable {
    /// The most pieces.
    package static let limit = 900
    /// The most metrics of times; the main ones come first.
    package static let metricLimit = 24

    /// One number over the run.
    struct Series {
        var low: [Float]
        var high: [Float]

        /// The same numbers of a piece that begins, of which nothing is known yet.
        mutating func begin() {
            low.append(.nan)
            high.append(.nan)
        }

        mutating func merge(_ value: Float) {
            let last = low.count - 1
            low[last] = low[last].isNaN ? value : min(low[last], value)
            high[last] = high[last].isNaN ? value : max(high[last], value)
        }

        /// Puts each two neighbours together.
        mutating func halve() {
            low = Self.halved(low, min)
            high = Self.halved(high, max)
        }

        private static func halved(_ values: [Float], _ choose: (Float, Float) -> Float) -> [Float] {
            stride(from: 0, to: values.count, by: 2).map { place in
                let first = values[place]
                guard place + 1 < values.count, !values[place + 1].isNaN else { return first }
                return first.isNaN ? values[place + 1] : choose(first, values[place + 1])
            }
        }
    }

    /// How many seconds a piece has.
    private(set) var step = 1
    /// The first second of each piece.
    private(set) var seconds: [Int] = []
    /// The last second that is in them; -1 before the first.
    private(set) var end = -1
    private(set) var series: [String: Series] = [:]
    /// The metrics of times that have series, in the order of their coming.
    private(set) var metrics: [String] = []
    private(set) var faults: [FaultMark] = []

    package init() {}

    package mutating func add(_ figures: LiveFigures) {
        if figures.second / step != seconds.last.map({ $0 / step }) { begin(figures.second / step * step) }
        end = figures.second
        merge("active", Double(figures.active))
        merge("in", figures.received.rate)
        merge("out", figures.sent.rate)
        merge("errors", figures.errorFlow.rate)
        merge("lag", (figures.lag.p99 ?? figures.lag.max).map { $0 / 1000 })
        for latency in figures.latencies where latency.count > 0 {
            guard keeps(latency.metric) else { continue }
            for (name, value) in latency.values { merge("\(name) \(latency.metric)", value.map { $0 / 1000 }) }
        }
        // What a fault does later is told at the end; here it is where it began.
        if faults.count < 200 { faults += figures.faults }
        if seconds.count > Self.limit { halve() }
    }

    private mutating func keeps(_ metric: String) -> Bool {
        if metrics.contains(metric) { return true }
        guard metrics.count < Self.metricLimit else { return false }
        metrics.append(metric)
        return true
    }

    private mutating func begin(_ second: Int) {
        seconds.append(second)
        for name in series.keys { series[name]?.begin() }
    }

    private mutating func merge(_ name: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        let empty = [Float](repeating: .nan, count: seconds.count)
        series[name, default: Series(low: empty, high: empty)].merge(Float(value))
    }

    private mutating func halve() {
        step *= 2
        // Pieces begin at multiples of the step; where the first does not, it stays alone.
        let isOdd = seconds.first.map { $0 % step != 0 } ?? false
        if isOdd { padFront() }
        seconds = stride(from: 0, to: seconds.count, by: 2).map { seconds[$0] / step * step }
        for name in series.keys { series[name]?.halve() }
    }

    private mutating func padFront() {
        seconds.insert((seconds.first ?? 0) - step / 2, at: 0)
        for name in series.keys {
            series[name]?.low.insert(.nan, at: 0)
            series[name]?.high.insert(.nan, at: 0)
        }
    }
}

extension LiveFigures.Latency {
    /// The lines that a chart of it has.
    var values: [(name: String, value: Double?)] {
        [("p50", p50), ("p95", p95), ("p99", p99), ("max", max)]
    }
}
