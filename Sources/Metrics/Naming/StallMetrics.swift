/// What a server did with clients that did not read, or read slowly.
package struct StallMetrics: Sendable {
    /// From the moment in which a client read again to the one in which it had caught up.
    package let drain: TimeMetric
    /// Bytes that the server still pushed, and that the client had not read when it resumed.
    package let backlog: SizeMetric
    /// From the begin of a stall to the moment in which the server cut the client off.
    package let cutOff: TimeMetric
    /// Clients that the server cut off.
    package let closed: CounterMetric
    /// Clients that got nothing any more although others did, on a connection that stayed open.
    package let silent: CounterMetric

    init(registeringIn table: inout MetricRegister) {
        drain = table.time("stall.drain")
        backlog = table.size("stall.backlog", unit: .bytes)
        cutOff = table.time("stall.cut_off")
        closed = table.counter("stall.closed")
        silent = table.counter("stall.silent")
    }
}
