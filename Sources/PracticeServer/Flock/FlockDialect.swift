import NIOCore
import Wire

/// Flock's WebSocket component: whatever an agent does is broadcast to everyone who is connected.
///
/// What the documents leave open is decided here:
/// - `POST /api/plugin/control/publish` is where artifacts come from, whatever the prefix of the WebSocket. It answers
///   `{correlation_id, published_at}`, 400 where a field is missing, and 422 (today's: 500) where the type is unknown
///   or the content has no `text`, with FastAPI's `detail`.
/// - Two agents are there (`FlockAgent`); each publication of what one takes is a run of its own, and runs go on side by
///   side. `"fail": true` in the content makes the run fail at its end: no artifact, and status
///   `error`.
/// - The published artifact and the graph come at once, the start of the run 5 ms later, its first output after another
///   5 ms, then one part every 10 ms, 3 to 8 of them; what follows the output comes together with its last part.
/// - The first part of the output is the published content as it was written, so that a text in it comes back.
/// - Nothing that a client sends is answered; an answer to a ping is counted, none is missed.
/// - Today's: a broadcast that a client's socket has not taken after 500 ms removes it from the pool, and until then no
///   run goes on. Nobody tells the client. The server itself watches the sockets, and calls `silence`.
struct FlockDialect<Generation: FlockGeneration>: Dialect {
    static var system: String { Generation.system }
    static var port: Int { Generation.port }
    static var faults: [String] {
        [
            "latency", "buffer", "zombie", "chunks", "chunk-interval", "refuse", "kill-after", "no-ping",
            "lose-delivery",
            "double-delivery", "swap-delivery", "wrong-order", "prefix", "heartbeat",
        ]
    }
    static var sentEvents: [String] { Generation.sentEvents }
    static var endpoints: [Endpoint] { endpoints(FaultPlan()) }

    static func endpoints(_ faults: FaultPlan) -> [Endpoint] {
        let prefix = faults.prefix ?? "/plugin/"
        return [Endpoint(prefix + (prefix.hasSuffix("/") ? "ws" : "/ws"), .webSocket)]
    }

    static func sendTimeout(_ faults: FaultPlan) -> TimeAmount? { faults.zombie ?? Generation.sendTimeout }

    enum Timer {
        case run(Int)
        case heartbeat
    }

    let seed: UInt64
    let faults: FaultPlan
    let clock: WallClock
    let pace: FlockPace
    var timers = DeadlineHeap<Timer>()
    var deliveries: DeliveryFaults
    var wrongOrder: EveryNth

    /// Who gets the broadcasts, in the order in which they came.
    var pool: [SocketID] = []
    /// Those of the pool that take nothing at the moment.
    var slow: Set<SocketID> = []
    var runs: [Int: FlockRun] = [:]
    /// Runs that are due and wait for the slowest client.
    var waiting: [Int] = []
    var graph = FlockGraph()
    var isBeating = false
    var counts = FlockCounts()

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {
        self.seed = seed
        self.faults = faults
        self.clock = clock
        pace = FlockPace(faults)
        deliveries = DeliveryFaults(faults, clock: clock)
        wrongOrder = EveryNth(faults.wrongOrder)
    }

    var nextDeadline: NIODeadline? {
        guard let next = timers.next else { return deliveries.nextDeadline }
        return deliveries.nextDeadline.map { min(next, $0) } ?? next
    }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let (timer, due) = timers.popDue(at: now) {
            switch timer {
            case .run(let number) where !slow.isEmpty: waiting.append(number)
            case .run(let number): advance(number, due: due, at: now, output: &output)
            case .heartbeat: beat(at: now, output: &output)
            }
        }
        deliveries.release(at: now, output: &output)
    }

    func count(into truth: inout Truth) {
        truth.messages.pingsSent += counts.pingsSent
        truth.messages.pongsReceived += counts.pongsReceived
        truth.tasks.started = counts.started
        truth.tasks.completed = counts.completed
        truth.tasks.open = counts.started - counts.completed
        truth.deliveries = deliveries.counts
        truth.deliveries.misordered = counts.misordered
    }
}

/// The dialect's parts of the truth.
struct FlockCounts {
    var started = 0
    /// With those that failed.
    var completed = 0
    var misordered = 0
    var pingsSent = 0
    var pongsReceived = 0
}
