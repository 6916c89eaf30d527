/// What becomes of messages to rooms.
package struct FanOutMetrics: Sendable {
    /// From a send to each receiver.
    package let latency: LatencyMetric
    package let expected: CounterMetric
    package let received: CounterMetric
    package let missing: CounterMetric
    package let late: CounterMetric
    package let duplicated: CounterMetric
    package let reordered: CounterMetric
    package let replayed: CounterMetric
    /// Messages that were sent to a member's rooms between the loss of its connection and its return to them.
    package let away: CounterMetric
    /// Those of them that the server sent the member afterwards.
    package let caughtUp: CounterMetric
    package let stray: CounterMetric
    package let unsettled: CounterMetric

    init(registeringIn table: inout MetricRegister) {
        latency = table.latency("fanout")
        expected = table.counter("fanout.expected")
        received = table.counter("fanout.received")
        missing = table.counter("fanout.missing")
        late = table.counter("fanout.late")
        duplicated = table.counter("fanout.duplicated")
        reordered = table.counter("fanout.reordered")
        replayed = table.counter("fanout.replayed")
        away = table.counter("fanout.away")
        caughtUp = table.counter("fanout.caught_up")
        stray = table.counter("fanout.stray")
        unsettled = table.counter("fanout.unsettled")
    }
}
