import Testing

@testable import Metrics

@Suite("Lag probe")
struct LagProbeTests {
    private let interval: Int64 = 10_000_000

    private func probe(due: Int64, now: Int64) -> (next: Int64, snapshot: Snapshot) {
        let recorder = Recorder(table: MetricTable(groups: ["a"]), worker: 0)
        var probe = LagProbe(interval: interval)
        let next = probe.probe(due: due, now: now, recorder: recorder)
        return (next, recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: now, activeClients: [0]))
    }

    @Test("a probe in time is one sample and no stall")
    func inTime() {
        let (next, snapshot) = probe(due: 100, now: 350_100)
        #expect(next == 100 + interval)
        #expect(snapshot.lag.count == 1)
        #expect(snapshot.lag.max == 350)
        #expect(snapshot.stalled == 0)
    }

    @Test("an early probe has no lag")
    func early() {
        let (next, snapshot) = probe(due: 1_000_000, now: 0)
        #expect(next == 1_000_000 + interval)
        #expect(snapshot.lag.max == 0)
    }

    @Test(
        "a stall is corrected as HdrHistogram corrects for an expected interval",
        arguments: [10_000, 10_001, 19_999, 20_000, 25_000, 95_000, 1_000_000, 2_000_123]
    )
    func stall(microseconds: Int) {
        let lag = Int64(microseconds) * 1000
        let (next, snapshot) = probe(due: 5, now: 5 + lag)
        var oracle = Oracle()
        oracle.recordCorrected(microseconds, interval: 10_000)
        var histogram = Histogram()
        histogram.add(snapshot.lag)
        #expect(histogram.count == oracle.count)
        for percentile in [1.0, 10, 50, 90, 99, 100] {
            #expect(histogram.percentile(percentile) == oracle.percentile(percentile))
        }
        #expect(snapshot.stalled == (lag > interval ? lag : 0))
        #expect(next > 5 + lag || lag == interval)
        #expect((next - 5) % interval == 0)
        #expect(next - (5 + lag) <= interval)
    }

    @Test("in a second of which half was stalled, the p50 of the lag is what theory says")
    func theory() {
        let recorder = Recorder(table: MetricTable(groups: ["a"]), worker: 0)
        var probe = LagProbe(interval: interval)
        var due: Int64 = 0
        while due < 500_000_000 { due = probe.probe(due: due, now: due, recorder: recorder) }
        due = probe.probe(due: due, now: due + 500_000_000, recorder: recorder)
        #expect(due == 1_010_000_000)
        var lag = Histogram()
        lag.add(recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: due, activeClients: [0]).lag)
        // 50 probes in time; the late one with 500 ms, and 490, 480 … 10 ms of those that it swallowed.
        #expect(lag.count == 100)
        #expect(lag.percentile(50) == 0)
        #expect(HistogramLayout.index(of: lag.percentile(75)) == HistogramLayout.index(of: 250_000))
        #expect(lag.max == 500_000)
    }

    @Test("a machine that slept for a year costs no more work than one that slept for an hour")
    func bounded() {
        let (next, snapshot) = probe(due: 0, now: 365 * 86_400 * 1_000_000_000)
        #expect(snapshot.lag.count == 360_000)
        #expect(snapshot.lag.clamped == 1)
        #expect(next > 365 * 86_400 * 1_000_000_000)
    }
}
