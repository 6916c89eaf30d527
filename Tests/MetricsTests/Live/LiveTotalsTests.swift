import Testing

@testable import Metrics

@Suite("Live totals")
struct LiveTotalsTests {
    @Test("count in buckets what lies below their bounds", arguments: 0..<5)
    func buckets(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let buckets = BucketBounds(.milliseconds)
        let bounds = buckets.bounds.map { $0 * 1e6 }
        var histogram = Histogram()
        var values: [Int] = bounds.map { Int($0) } + [0, 1, 3_600_000_000]
        for _ in 0..<2000 { values.append(min(generator.value(), 3_600_000_000)) }
        for value in values { histogram.record(value) }
        let counts = buckets.cumulative(of: histogram)
        for (bound, count) in zip(bounds, counts) {
            // A place of the histogram is at most 0.1 % wide, and belongs below the bound that lies in it.
            let surely = values.filter { Double($0) <= bound }.count
            let perhaps = values.filter { Double($0) <= bound * 1.001 }.count
            #expect((surely...perhaps).contains(count), "\(bound): \(count), not \(surely) to \(perhaps)")
        }
        #expect(counts == counts.sorted())
        #expect(counts.last ?? 0 <= histogram.count)
        #expect(buckets.cumulative(of: Histogram()) == bounds.map { _ in 0 })
    }

    @Test("are those of the run so far, without its warmup, and without secrets")
    func values() throws {
        var run = LiveRun()
        _ = run.second(0, isWarmup: true)
        run.recorder.received(unknown: "\(LiveRun.secret)a", group: 1)
        run.recorder.received(unknown: LiveRun.secret, group: 1)
        run.redactor = Redactor(secrets: [LiveRun.secret, "\(LiveRun.secret)a"])
        _ = run.second(1, joins: 10, errors: ["timeout"])
        _ = run.second(2, joins: 5)
        let totals = LiveTotals(run.collector.totals, redactor: run.redactor)
        let count = { (name: String, group: Int) in
            totals.counters.filter { $0.name == name && $0.group == group }.map(\.count)
        }
        #expect(count("messages.sent", 0) == [100] && count("messages.sent", 1) == [0])
        #expect(count("errors.timeout", 0) == [1])
        // Two events that are one when what is secret is taken out.
        #expect(count("received.\(Redactor.mark)", 1) == [2])
        #expect(Set(totals.counters.map { "\($0.group) \($0.name)" }).count == totals.counters.count)
        let join = try #require(totals.distributions.first { $0.metric == "join" })
        #expect(join.count == 15 && join.unit == .milliseconds && join.group == 0)
        #expect(abs(join.sum - 0.070) < 1e-9)
        #expect(join.min == 0.001 && join.max == 0.010)
        #expect(join.cumulative.last == 15 && join.cumulative[4] == 2)
    }
}
