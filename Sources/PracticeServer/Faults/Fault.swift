/// A bug that the practice server has on demand.
///
/// Several may be on at once. `Fault.all` says what each does and what a report must then show.
package enum Fault: Hashable, Sendable {
    /// Every reply comes later by the delay, plus or minus up to the jitter.
    case latency(Duration, jitter: Duration)
    /// Every answer has this many chunks.
    case chunks(Int)
    /// From one chunk to the next.
    case chunkInterval(Duration)
    /// Every n-th chunk is withheld.
    case dropChunk(every: Int)
    /// Every n-th chunk is sent twice.
    case duplicateChunk(every: Int)
    /// Every n-th chunk changes places with the one after it.
    case reorderChunks(every: Int)
    /// Every n-th answer stops halfway, although it ends with the whole text.
    case truncate(every: Int)
    /// This share of the upgrades is turned down with 503; from 0 to 1.
    case refuse(Double)
    /// Every connection is reset this long after it opened.
    case killAfter(Duration)
    /// The server never sends a ping.
    case noPing
    /// The server answers no ping of a client.
    case noPong
    /// Tasks never end and have no limit.
    case ignorePlanLimit
    /// Tasks repeat the same actions until the limit stops them.
    case cycle(period: Int)
    /// Requests over the documented rates get 429.
    case rateLimit
    /// Every n-th return to a session finds nothing of it.
    case leakSession(every: Int)
    /// Every n-th delivery of a broadcast is withheld.
    case loseDelivery(every: Int)
    /// Every n-th delivery of a broadcast is sent twice.
    case doubleDelivery(every: Int)
    /// Every n-th delivery of a broadcast changes places with the next one to the same member.
    case swapDelivery(every: Int)
    /// Every n-th answer of an agent is broadcast a second time, under the same id.
    case duplicateReply(every: Int)
    /// Every n-th step of what is simulated comes before the one that it follows.
    case wrongOrder(every: Int)
    /// The limits that the system promises are not kept.
    case ignoreLimits
    /// Whether everybody is asked for credentials, or nobody.
    case authentication(Bool)
    /// How many steps a second are simulated.
    case rate(Int)
    /// Where the WebSocket is, without its last part.
    case prefix(String)
    /// From one heartbeat to the next.
    case heartbeat(Duration)
    /// How many connections may be open at once.
    case maxConnections(Int)
    /// What the query must have as `token`; nil for anything.
    case requireToken(String?)
    /// How many bytes may wait for one client before it is cut off.
    case buffer(Int)
    /// How long a client may take for one message before it is forgotten.
    case zombie(Duration)
    /// How long a client that lost its connection may take to come back as if it had never been away.
    case recovery(Duration)
    /// From one heartbeat of Engine.IO to the next.
    case pingInterval(Duration)
    /// How late the answer to a heartbeat of Engine.IO may be.
    case pingTimeout(Duration)

    /// The name under which it is switched on.
    package var name: String {
        switch self {
        case .latency: "latency"
        case .chunks: "chunks"
        case .chunkInterval: "chunk-interval"
        case .dropChunk: "drop-chunk"
        case .duplicateChunk: "duplicate-chunk"
        case .reorderChunks: "reorder-chunks"
        case .truncate: "truncate"
        case .refuse: "refuse"
        case .killAfter: "kill-after"
        case .noPing: "no-ping"
        case .noPong: "no-pong"
        case .ignorePlanLimit: "ignore-plan-limit"
        case .cycle: "cycle"
        case .rateLimit: "rate-limit"
        case .leakSession: "leak-session"
        case .loseDelivery: "lose-delivery"
        case .doubleDelivery: "double-delivery"
        case .swapDelivery: "swap-delivery"
        case .duplicateReply: "duplicate-reply"
        case .wrongOrder: "wrong-order"
        case .ignoreLimits: "ignore-limits"
        case .authentication: "auth"
        case .rate: "rate"
        case .prefix: "prefix"
        case .heartbeat: "heartbeat"
        case .maxConnections: "max-connections"
        case .requireToken: "require-token"
        case .buffer: "buffer"
        case .zombie: "zombie"
        case .recovery: "recovery"
        case .pingInterval: "ping-interval"
        case .pingTimeout: "ping-timeout"
        }
    }
}

extension Fault: CustomStringConvertible {
    /// As it is written on the command line, values included.
    package var description: String {
        switch self {
        case .latency(let delay, .zero): "latency=\(Quantity.text(delay))"
        case .latency(let delay, let jitter): "latency=\(Quantity.text(delay))±\(Quantity.text(jitter))"
        case .chunks(let count): "chunks=\(count)"
        case .chunkInterval(let interval): "chunk-interval=\(Quantity.text(interval))"
        case .dropChunk(let period), .duplicateChunk(let period), .reorderChunks(let period), .truncate(let period),
            .cycle(let period), .loseDelivery(let period), .doubleDelivery(let period), .swapDelivery(let period),
            .duplicateReply(let period), .wrongOrder(let period), .leakSession(let period):
            "\(name)=\(period)"
        case .refuse(let share): "refuse=\(Quantity.text(percentage: share))"
        case .killAfter(let delay): "kill-after=\(Quantity.text(delay))"
        case .authentication(let isAsked): isAsked ? "auth=on" : "auth=off"
        case .rate(let steps): "rate=\(steps)"
        case .prefix(let path): "prefix=\(path)"
        case .heartbeat(let interval): "heartbeat=\(Quantity.text(interval))"
        case .maxConnections(let count): "max-connections=\(count)"
        case .buffer(let bytes): "buffer=\(Quantity.text(bytes: bytes))"
        case .zombie(let time): "zombie=\(Quantity.text(time))"
        case .recovery(let time): "recovery=\(Quantity.text(time))"
        case .pingInterval(let time): "ping-interval=\(Quantity.text(time))"
        case .pingTimeout(let time): "ping-timeout=\(Quantity.text(time))"
        case .requireToken(let token): token.map { "require-token=\($0)" } ?? name
        case .noPing, .noPong, .ignorePlanLimit, .rateLimit, .ignoreLimits: name
        }
    }
}
