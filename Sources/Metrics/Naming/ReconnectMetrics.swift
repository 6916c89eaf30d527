/// How connections were lost and came back.
package struct ReconnectMetrics: Sendable {
    /// From a cut that Reprise made to the moment in which the client knew.
    package let detect: TimeMetric
    /// From there to an open transport.
    package let reopen: TimeMetric
    /// From there to the end of `rejoin`.
    package let recover: TimeMetric
    /// Attempts until the transport was open.
    package let attempts: SizeMetric
    package let lost: CounterMetric
    package let recovered: CounterMetric
    package let gaveUp: CounterMetric
    /// Socket.IO itself restored the session.
    package let restored: CounterMetric
    /// Streams and tasks that were under way when the connection fell.
    package let cutStreams: CounterMetric
    package let cutTasks: CounterMetric

    init(registeringIn table: inout MetricRegister) {
        detect = table.time("reconnect.detect")
        reopen = table.time("reconnect.reopen")
        recover = table.time("reconnect.recover")
        attempts = table.size("reconnect.attempts", unit: .count)
        lost = table.counter("reconnect.lost")
        recovered = table.counter("reconnect.recovered")
        gaveUp = table.counter("reconnect.gave_up")
        restored = table.counter("reconnect.restored")
        cutStreams = table.counter("reconnect.cut_streams")
        cutTasks = table.counter("reconnect.cut_tasks")
    }
}
