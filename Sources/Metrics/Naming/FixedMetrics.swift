/// The metrics that every run has, whatever its scenario.
package struct FixedMetrics: Sendable {
    package let connect: OperationMetric
    package let connectDNS: TimeMetric
    package let connectTCP: TimeMetric
    package let connectTLS: TimeMetric
    package let connectUpgrade: TimeMetric
    package let handshake: TimeMetric
    package let http: OperationMetric
    package let operations: CounterMetric
    package let operationsFailed: CounterMetric
    package let messagesSent: CounterMetric
    package let messagesReceived: CounterMetric
    package let bytesSent: CounterMetric
    package let bytesReceived: CounterMetric
    package let inboxOverflow: CounterMetric
    package let clientsStarted: CounterMetric
    package let clientsFinished: CounterMetric
    package let clientsFailed: CounterMetric
    package let clientsCut: CounterMetric
    package let clientsNotStarted: CounterMetric
    package let reconnect: ReconnectMetrics
    package let fanOut: FanOutMetrics
    package let heartbeatRTT: TimeMetric
    package let heartbeatLate: TimeMetric
    package let heartbeatMissed: CounterMetric
    package let stall: StallMetrics
    package let sendBlocked: TimeMetric
    package let sendQueued: SizeMetric
    package let sendDropped: CounterMetric
    /// Over all streams, in the order of `StreamCount`.
    let streams: [CounterMetric]
    /// Over all plans, in the order of `PlanOutcome`.
    let plans: [CounterMetric]
}

extension FixedMetrics {
    init(registeringIn table: inout MetricRegister) {
        operations = table.counter("operations")
        operationsFailed = table.counter("operations.failed")
        clientsStarted = table.counter("clients.started")
        clientsFinished = table.counter("clients.finished")
        clientsFailed = table.counter("clients.failed")
        clientsCut = table.counter("clients.cut")
        clientsNotStarted = table.counter("clients.not_started")
        connect = table.operation("connect", latency: true)
        connectDNS = table.time("connect.dns")
        connectTCP = table.time("connect.tcp")
        connectTLS = table.time("connect.tls")
        connectUpgrade = table.time("connect.upgrade")
        handshake = table.time("handshake")
        http = table.operation("http", latency: false)
        messagesSent = table.counter("messages.sent")
        messagesReceived = table.counter("messages.received")
        bytesSent = table.counter("bytes.sent")
        bytesReceived = table.counter("bytes.received")
        inboxOverflow = table.counter("inbox.overflow")
        reconnect = ReconnectMetrics(registeringIn: &table)
        fanOut = FanOutMetrics(registeringIn: &table)
        heartbeatRTT = table.time("heartbeat.rtt")
        heartbeatLate = table.time("heartbeat.late")
        heartbeatMissed = table.counter("heartbeat.missed")
        stall = StallMetrics(registeringIn: &table)
        sendBlocked = table.time("send.blocked")
        sendQueued = table.size("send.queued", unit: .bytes)
        sendDropped = table.counter("send.dropped")
        var streams: [CounterMetric] = []
        for count in StreamCount.allCases { streams.append(table.counter("stream.\(count.name)")) }
        self.streams = streams
        var plans: [CounterMetric] = []
        for outcome in PlanOutcome.allCases { plans.append(table.counter("plan.\(outcome.name)")) }
        self.plans = plans
    }
}
