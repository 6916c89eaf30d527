extension Catalogue {
    static let times: [Entry] = [
        Entry("connect", .time, "to an open socket, from when the client was to start"),
        Entry("connect.service", .time, "the same from the actual start"),
        Entry("connect.dns", .time, "the name's address"),
        Entry("connect.tcp", .time, "the TCP handshake"),
        Entry("connect.tls", .time, "the TLS handshake"),
        Entry("connect.upgrade", .time, "the upgrade to WebSocket"),
        Entry("handshake", .time, "from an open socket to the namespace acknowledged"),
        Entry("reconnect.detect", .time, "until a cut made by Reprise was noticed"),
        Entry("reconnect.reopen", .time, "from detection to an open socket"),
        Entry("reconnect.recover", .time, "from detection to `rejoin` done"),
        Entry("fanout", .time, "from a send to each receiver in the room"),
        Entry("fanout.service", .time, "the same from the actual send"),
        Entry("heartbeat.rtt", .time, "from the client's heartbeat to its answer"),
        Entry("heartbeat.late", .time, "the server's ping after it was due"),
        Entry("stall.cut_off", .time, "from the begin of a stall until the server cut the client off"),
        Entry("stall.drain", .time, "after a slow reader resumed, until it had caught up"),
        Entry("send.blocked", .time, "how long the socket was not writable"),
    ]

    static let sizes: [Entry] = [
        Entry("reconnect.attempts", .size, "attempts until the socket was open again"),
        Entry("stall.backlog", .size, "bytes that a slow reader found waiting"),
        Entry("send.queued", .size, "bytes that waited for the socket"),
    ]

    /// Of a replay.
    static let deviations: [Entry] =
        [Entry("replay.deviations", .count, "all in which a replay went otherwise than its recording")]
        + Deviation.allCases.map { Entry("replay.\($0.name)", .count, $0.meaning) }

    static let counts: [Entry] = [
        Entry("connect.count", .count, "connections tried"),
        Entry("connect.failed", .count, "connections that did not come about"),
        Entry("http.count", .count, "requests beside the socket"),
        Entry("http.failed", .count, "requests that failed"),
        Entry("operations", .count, "all operations"),
        Entry("operations.failed", .count, "all operations that failed"),
        Entry("reconnect.lost", .count, "connections lost"),
        Entry("reconnect.recovered", .count, "connections that came back"),
        Entry("reconnect.gave_up", .count, "clients that stopped trying"),
        Entry("reconnect.restored", .count, "state restored by Socket.IO itself"),
        Entry("reconnect.cut_streams", .count, "streams that were under way when the connection fell"),
        Entry("reconnect.cut_tasks", .count, "tasks that were under way when the connection fell"),
        Entry("fanout.expected", .count, "deliveries that members of a room were owed"),
        Entry("fanout.received", .count, "deliveries that came"),
        Entry("fanout.missing", .count, "deliveries that did not come in time"),
        Entry("fanout.late", .count, "deliveries that came after they had been counted as missing"),
        Entry("fanout.duplicated", .count, "deliveries that came again"),
        Entry("fanout.reordered", .count, "deliveries out of order"),
        Entry("fanout.replayed", .count, "deliveries sent before the member joined"),
        Entry("fanout.away", .count, "messages sent to the rooms of members who had lost their connection"),
        Entry("fanout.caught_up", .count, "those of them that came after all"),
        Entry("fanout.stray", .count, "deliveries of another room's messages"),
        Entry("fanout.unsettled", .count, "deliveries that were under way when their member left"),
        Entry("heartbeat.missed", .count, "heartbeats that did not come"),
        Entry("stall.closed", .count, "slow readers that the server cut off"),
        Entry("stall.silent", .count, "slow readers to whom nothing came any more although others got something"),
        Entry("send.dropped", .count, "messages that the overflow policy dropped"),
        Entry("messages.sent", .count, "application messages sent"),
        Entry("messages.received", .count, "application messages received"),
        Entry("bytes.sent", .count, "WebSocket payload sent"),
        Entry("bytes.received", .count, "WebSocket payload received"),
        Entry("inbox.overflow", .count, "messages that fell out of a client's inbox"),
        Entry("clients.active", .count, "the most clients at once"),
        Entry("clients.started", .count, "clients started"),
        Entry("clients.finished", .count, "clients that came to the end of their flow"),
        Entry("clients.failed", .count, "clients that failed"),
        Entry("clients.cut", .count, "clients cut at the end of the run"),
        Entry("clients.not_started", .count, "clients that a limit kept from starting"),
        Entry("other", .count, "counters of the user's own beyond the hundredth"),
    ]

    static let ratios: [Entry] = [
        Entry("connect.failed.rate", .ratio, "connections that did not come about, of all"),
        Entry("http.failed.rate", .ratio, "requests that failed, of all"),
        Entry("errors.rate", .ratio, "operations that failed, of all"),
    ]

    static let streamTotals: [Entry] = StreamCount.allCases.map { Entry("stream.\($0.name)", .count, $0.meaning) }

    static let planTotals: [Entry] = PlanOutcome.allCases.map { Entry("plan.\($0.name)", .count, $0.meaning) }

    static let generator: [Entry] = [
        Entry("generator.lag", .time, "how late the event loops were"),
        Entry("generator.lag.max", .duration, "how late an event loop was at worst", isDivisible: false),
        Entry("generator.stalled", .duration, "how long event loops stood still", isDivisible: false),
        Entry("generator.late", .count, "sends that left later than scheduled", isDivisible: false),
        Entry("generator.cpu", .ratio, "processor time used, of all cores", isDivisible: false),
        Entry("generator.memory", .bytes, "the largest resident set", isDivisible: false),
        Entry("generator.descriptors", .count, "the most file descriptors open at once", isDivisible: false),
    ]
}

extension StreamCount {
    /// One line for the catalogue.
    var meaning: String {
        switch self {
        case .complete: "streams that came whole"
        case .broken: "streams that did not"
        case .missing: "chunks that did not come"
        case .duplicated: "chunks that came again"
        case .reordered: "chunks out of order"
        case .replayed: "chunks sent again after a reconnect"
        case .stray: "chunks after the end of their stream"
        case .truncated: "streams whose text is a beginning of the final one"
        case .mismatched: "streams whose text is another than the final one"
        case .stalled: "streams with a gap as long as a stall"
        case .timedOut: "streams without an end"
        }
    }
}

extension PlanOutcome {
    /// One line for the catalogue.
    var meaning: String {
        switch self {
        case .completed: "tasks that were completed"
        case .clientLimited: "tasks that the client ended at its own limit"
        case .refused: "tasks that the server ended at its limit, as promised"
        case .runaway: "tasks that went on beyond the limit or in a cycle"
        case .timedOut: "tasks whose time ran out while plans still came"
        case .stalled: "tasks in which nothing came any more"
        case .failed: "tasks refused early or with a reply that failed"
        }
    }
}
