import NIOCore
import Wire

/// Praxis as its document describes it: clients send commands, and what comes of them goes over an event bus to everyone
/// who subscribed to it.
///
/// What the document leaves open is decided here:
/// - Whatever comes of a DSL command, a workflow or a tool is an event of the bus: it goes to every client, the sender or
///   not, whose subscription has it, with one id for all of them and the command's id as `correlation_id`. Answers to
///   CHAT_MESSAGE, PING, SUBSCRIBE_EVENTS and UNSUBSCRIBE_EVENTS, errors and the welcome go to the sender alone.
/// - A client that never subscribed gets every event of the bus but `eventStream`. SUBSCRIBE_EVENTS adds to what was
///   subscribed, UNSUBSCRIBE_EVENTS takes away from it; each is confirmed by a `chatMessage` of the system. The answer
///   to CHAT_MESSAGE is subscribed to as well; the other answers come in any case. An unknown name is an error, and then
///   nothing changes.
/// - `eventStream {event_type, data}` carries events without a form of their own: `DSL_COMMAND_RECEIVED` is the only one.
/// - A DSL command has three `dslProgress`, the first 5 ms after it, the others 10 ms apart, and after another 10 ms its
///   `dslResult`; an empty command succeeds in nothing.
/// - A workflow starts at once. Its nodes run one after the other, 10 ms each: `nodeStatusUpdate` (running),
///   `workflowProgress`, `nodeStatusUpdate` (completed), and for a node of the type `tool`, `tool_result`. With the last
///   one comes `workflowComplete`. A node of the type `fail` fails: `nodeStatusUpdate` (failed) and `workflowError`.
///   Edges that name no node, or go round in a circle, are a `workflowError` without a node.
/// - The silence of a client is counted from its last PING, or from the opening where none came. Whoever is cut for
///   silence or errors is closed with 1000 and a reason; the 11th error is answered before.
/// - The token is not looked at, unless the server was told to require one; a wrong one is refused with 403.
struct PraxisDialect: Dialect {
    static let system = "praxis"
    static let port = 8000
    static let faults = [
        "latency", "buffer", "zombie", "chunks", "chunk-interval", "refuse", "kill-after", "no-pong", "lose-delivery",
        "double-delivery",
        "swap-delivery", "wrong-order", "ignore-limits", "heartbeat", "max-connections", "require-token",
    ]
    static let sentEvents = PraxisEvent.allCases.map { "\($0.name)" }
    static let endpoints = [Endpoint("/ws/events", .webSocket), Endpoint("/ws/workflow", .webSocket)]

    /// How many connections are taken unless said otherwise.
    static let connectionLimit = 100
    /// How often a PING is expected unless said otherwise.
    static let heartbeat = TimeAmount.seconds(30)
    /// A client with more errors than this is cut.
    static let errorLimit = 10

    enum Timer {
        case job(Int)
        case silence(SocketID)
    }

    /// What the server is busy with.
    enum Job {
        case command(PraxisCommand)
        case workflow(PraxisWorkflow)
        case chat(SocketID, content: String, correlation: String?)
    }

    let faults: FaultPlan
    let clock: WallClock
    let pace: PraxisPace
    var timers = DeadlineHeap<Timer>()
    var deliveries: DeliveryFaults
    var wrongOrder: EveryNth
    var random: SplitMix64

    /// In the order in which they came.
    var sockets: [SocketID] = []
    var connections: [SocketID: PraxisConnection] = [:]
    var jobs: [Int: Job] = [:]
    var jobsMade = 0
    var counts = PraxisCounts()

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {
        self.faults = faults
        self.clock = clock
        pace = PraxisPace(faults)
        deliveries = DeliveryFaults(faults, clock: clock)
        wrongOrder = EveryNth(faults.wrongOrder)
        random = SplitMix64(seed, 6)
    }

    var nextDeadline: NIODeadline? {
        guard let next = timers.next else { return deliveries.nextDeadline }
        return deliveries.nextDeadline.map { min(next, $0) } ?? next
    }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let (timer, due) = timers.popDue(at: now) {
            switch timer {
            case .job(let number): advance(number, due: due, at: now, output: &output)
            case .silence(let socket): watch(socket, at: now, output: &output)
            }
        }
        deliveries.release(at: now, output: &output)
    }

    func count(into truth: inout Truth) {
        truth.messages.pingsReceived += counts.pings
        truth.messages.pongsSent += counts.pongs
        truth.streams.started = counts.commands
        truth.streams.completed = counts.results
        truth.tasks.started = counts.workflows
        truth.tasks.completed = counts.completed
        truth.tasks.aborted = counts.failed
        truth.tasks.open = counts.workflows - counts.completed - counts.failed
        truth.deliveries = deliveries.counts
        truth.deliveries.misordered = counts.misordered
    }
}

/// How fast the server works.
struct PraxisPace: Sendable {
    /// From a message to the first that comes of it.
    var think = TimeAmount.milliseconds(5)
    /// From one progress to the next, and for a node.
    var interval = TimeAmount.milliseconds(10)

    init(_ faults: FaultPlan) {
        if let interval = faults.chunkInterval { self.interval = interval }
    }
}

/// What the dialect counts, for the truth and for `/stats`.
struct PraxisCounts {
    var connections = 0
    var received = 0
    /// To one client alone.
    var answers = 0
    var broadcasts = 0
    var errors = 0
    var pings = 0
    var pongs = 0
    var commands = 0
    var results = 0
    var workflows = 0
    var completed = 0
    var failed = 0
    var misordered = 0
}
