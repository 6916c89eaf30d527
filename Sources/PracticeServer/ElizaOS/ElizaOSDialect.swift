import NIOCore
import Wire

/// ElizaOS: channels in which people and an agent talk, and a stream of the server's log.
///
/// What the document leaves open is decided here:
/// - Every channel exists as soon as somebody joins it or sends to it, and has one agent, which answers every message
///   of a person, one after the other. While it has something to answer, the input of all members is disabled.
/// - A message goes to all members of its channel, its sender with them; then its sender gets `messageAck`. Who sends
///   to a channel without having joined it gets only that.
/// - A message that begins with `/fail` goes wrong: the document's server answers `messageError`, the current one
///   breaks the answer off with `messageStreamError`. One that begins with `/act` lets the current agent do something
///   first, which it tells by broadcasts under one id with the source `agent_action`.
/// - A socket may send 10 messages a second, of which the document only says that they are to be limited; what is more
///   gets `messageError`. The current server has no limit.
/// - The key is `practice-key`. The document's server asks for none, but says `unauthorized` to a wrong one, and with
///   `auth=on` to a missing one, and disconnects. The current server refuses with a CONNECT_ERROR, and with `auth=off`
///   only asks for the entity.
/// - A channel that is joined with `isDm`, or with the channel type `DM`, is no broadcast: its messages are not among the
///   deliveries of the truth, and the faults of deliveries and `duplicate-reply` spare it.
/// - Messages and channels are deleted by the REST calls of the system.
/// - Lines of the log come from what the server does. Those of the agent have its name, the server's have none.
struct ElizaOSDialect<Generation: ElizaOSGeneration>: Dialect {
    enum Timer {
        case agent(channel: Int, token: UInt32)
        /// Forgets a channel that nobody is in.
        case sweep(channel: Int, token: UInt32)
    }

    let seed: UInt64
    let faults: FaultPlan
    let clock: WallClock
    var pace: ElizaOSPace
    var deliveries: DeliveryFaults
    var chunkFaults: ChunkFaults
    var repeats: EveryNth

    var clients: [SocketID: ElizaOSClient] = [:]
    var channels: [ElizaOSChannel?] = []
    var freeSlots: [Int] = []
    var places: [String: Int] = [:]
    var log = ElizaOSLog()
    var timers = DeadlineHeap<Timer>()
    var tokens: UInt32 = 0
    var streams = Truth.Streams()
    var chunks = Truth.Chunks()
    var repeated = 0

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {
        self.seed = seed
        self.faults = faults
        self.clock = clock
        pace = ElizaOSPace(faults)
        deliveries = DeliveryFaults(faults, clock: clock)
        chunkFaults = ChunkFaults(faults)
        repeats = EveryNth(faults.duplicateReply)
    }

    var rules: ElizaOSRules { Generation.rules }

    var nextDeadline: NIODeadline? {
        guard let next = timers.next else { return deliveries.nextDeadline }
        return deliveries.nextDeadline.map { min($0, next) } ?? next
    }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let (timer, _) = timers.popDue(at: now) {
            switch timer {
            case .agent(let place, let token):
                guard channels[place]?.token == token else { continue }
                runAgent(of: place, at: now, output: &output)
            case .sweep(let place, let token):
                guard let channel = channels[place], channel.token == token, channel.members.isEmpty else { continue }
                forget(place)
            }
        }
        deliveries.release(at: now, output: &output)
    }

    func count(into truth: inout Truth) {
        truth.deliveries = deliveries.counts
        truth.deliveries.repeated = repeated
        truth.streams = streams
        truth.chunks = chunks
    }
}

extension ElizaOSDialect {
    static var system: String { Generation.rules.system }
    static var port: Int { 3000 }
    static var sentEvents: [String] { ElizaOSEvent.allCases.map { "\($0.name)" } }

    static var faults: [String] {
        let both = [
            "latency", "buffer", "zombie", "recovery", "ping-interval", "ping-timeout", "refuse", "kill-after",
            "no-ping", "lose-delivery", "double-delivery", "swap-delivery",
            "duplicate-reply", "auth",
        ]
        guard Generation.rules.isCurrent else { return both + ["ignore-limits"] }
        return both + ["chunks", "chunk-interval", "drop-chunk", "duplicate-chunk", "reorder-chunks", "truncate"]
    }
}

/// How fast the agent is.
struct ElizaOSPace {
    /// From a question, or the answer before, to the first of an answer; at least and at most.
    static let think = 20...80
    /// From chunk to chunk, and from update to update.
    var interval = TimeAmount.milliseconds(10)

    init(_ faults: FaultPlan) {
        if let interval = faults.chunkInterval { self.interval = interval }
    }
}
