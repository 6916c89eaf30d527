import NIOCore

/// A request that goes by, and what has come of its answer.
struct ProxyExchange {
    var request: TrafficEvent.Request
    let memory: HeadRewriting.Memory
    /// Whether the client asked for another protocol.
    let asksUpgrade: Bool
    var answer: TrafficEvent.Answer?
}
