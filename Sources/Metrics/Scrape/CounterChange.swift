/// What became of a counter between two readings.
struct CounterChange {
    var increase: Double?
    var seconds: Double
    /// The server counts from 0 again.
    var isReset: Bool
    var value: Double
    var before: Double?

    init(from before: (value: Double, time: Double)?, to value: Double, at time: Double) {
        self.value = value
        self.before = before?.value
        isReset = before.map { value < $0.value } ?? false
        seconds = before.map { max(time - $0.time, 0) } ?? 0
        // From 0 again: what it counted before the restart and after the last reading, nobody knows.
        increase = before.map { value < $0.value ? max(value, 0) : value - $0.value }
    }

    func row(_ series: String) -> ScrapedRow? {
        guard let increase, increase.isFinite else { return nil }
        return ScrapedRow(series: series, kind: .counter, value: increase, seconds: seconds, isNews: increase != 0)
    }

    /// As the sum of a histogram: the mean of what was observed between the readings.
    func mean(of count: CounterChange, _ series: String) -> ScrapedRow? {
        guard let observations = count.increase, observations > 0, let before else { return nil }
        // Values below 0 may lower the sum; only the count says whether there was a restart.
        let sum = count.isReset ? value : value - before
        let mean = sum / observations
        guard mean.isFinite else { return nil }
        return ScrapedRow(
            series: series,
            kind: .mean,
            value: mean,
            seconds: count.seconds,
            weight: observations,
            isNews: true
        )
    }
}
