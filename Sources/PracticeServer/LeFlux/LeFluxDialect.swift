import NIOCore

/// LeFlux: a chat that streams answers and lets the client click through tasks.
///
/// What the documents leave open is decided here:
/// - `?sessionId=` binds the socket to the session without a word. `session_joined` is the answer to `join_session`;
///   a client that never sends that gets it unasked after `unaskedJoinDelay`. Each `join_session` is answered once, and
///   every answer to the same socket has the same `restored`.
/// - `restored` is true where an earlier socket had joined the session; one that was only made by
///   `POST /api/session/init` is new.
/// - A question is answered by chunks `LeFluxPace.think` after the request, then at `LeFluxPace.interval`;
///   `message_done`, a possible `message` or `ui_block`, and the first plan (or `confirmation_required`) come with
///   the last chunk, and each further plan at once after `continue_task`.
/// - Iterative mode is the client's: `continue_task` asks for the next plan. A client that reports its plan and never
///   asks gets no `task_complete`, and its task counts as completed.
/// - The list of a sequence is called `actions`, today in half of them `steps`; its plan has `isSequence`, a single one
///   has not.
/// - After the 30th plan, `continue_task` is answered with `error {message}`, whose message names the limit, and the
///   task is over.
/// - A confirmation that is declined ends the task with `task_complete {summary: "aborted"}`.
/// - A new question ends the task before it without a word.
/// - While no socket is there, a task waits, for 30 s at most. A socket that joins in time gets the chunks of an
///   unfinished answer, or the plan that waits for its reply, again.
/// - The first word of a message can ask for what the seed would seldom give: `LeFluxWish`.
/// - Origin and paths are the server's matter; there is no other authentication.
///
/// And of today's LeFlux:
/// - A session is one that `POST /api/session/init` made; it takes the `sessionId` that a widget kept. Others cannot
///   be joined. `?sessionId=` means nothing.
/// - The older socket of a session is told `session_taken_over {sessionId}`, hears nothing more, and is not disconnected.
/// - `ask_user {question, options}` comes in place of the first plan. The next `POST /api/chat` is the answer, and then
///   the plans come.
/// - A task that gets nowhere ends with `task_complete {summary: "stopped"}`: `LeFluxLoopGuard`. With the faults `cycle` and
///   `ignore-plan-limit` it does not.
struct LeFluxDialect<Generation: LeFluxGeneration>: Dialect {
    enum Timer {
        case task(session: Int, token: UInt32)
        case unaskedJoin(session: Int, SocketID)
        case sweep
    }

    let seed: UInt64
    let faults: FaultPlan
    let clock: WallClock
    var pace: LeFluxPace
    var chunkFaults: ChunkFaults
    var leaks: EveryNth

    var sessions: [LeFluxSession?] = []
    var freeSlots: [Int] = []
    var places: [String: Int] = [:]
    var boundSessions: [SocketID: Int] = [:]
    var sessionsMade: UInt64 = 0
    var rates = RequestRates()
    var timers = DeadlineHeap<Timer>()
    var sweeps = false
    var counts = LeFluxCounts()

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {
        self.seed = seed
        self.faults = faults
        self.clock = clock
        pace = LeFluxPace(faults)
        chunkFaults = ChunkFaults(faults)
        leaks = EveryNth(faults.leakSession)
    }

    var rules: LeFluxRules { Generation.rules }

    var nextDeadline: NIODeadline? { timers.next }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let (timer, due) = timers.popDue(at: now) {
            switch timer {
            case .task(let place, let token):
                guard sessions[place]?.token == token else { continue }
                runTask(of: place, due: due, at: now, output: &output)
            case .unaskedJoin(let place, let socket):
                guard let session = sessions[place], session.socket == socket, !session.isAnnounced else { continue }
                announce(place, at: now, output: &output)
            case .sweep:
                sweep(at: now)
            }
        }
    }

    func count(into truth: inout Truth) {
        truth.sessions = counts.sessions
        truth.streams = counts.streams
        truth.chunks = counts.chunks
        truth.plans = counts.plans
        truth.tasks = counts.tasks
        truth.tasks.open = sessions.count { $0?.task != nil }
    }
}

extension LeFluxDialect {
    static var rules: LeFluxRules { Generation.rules }
    static var system: String { rules.system }
    static var port: Int { 3002 }
    static var sentEvents: [String] { LeFluxEvent.sent(rules).map { "\($0.name)" } }

    static var faults: [String] {
        [
            "latency", "buffer", "zombie", "chunks", "chunk-interval", "drop-chunk", "duplicate-chunk",
            "reorder-chunks", "truncate", "ping-interval", "ping-timeout",
            "refuse", "kill-after", "no-ping", "ignore-plan-limit", "cycle", "rate-limit", "leak-session",
        ]
    }

    /// After which plan a task is stopped.
    static var planLimit: Int { 30 }
    /// After how long a socket that gave its session in the query is told that it joined.
    static var unaskedJoinDelay: TimeAmount { .seconds(5) }
    /// How long a task waits for its client.
    static var holdTime: TimeAmount { .seconds(30) }
    /// After how long without a socket a session is forgotten.
    static var idleTime: TimeAmount { .minutes(30) }
    /// The largest payload of `update_context`, in bytes.
    static var contextLimit: Int { 256 * 1024 }
    /// The longest message, in UTF-16 units as JavaScript counts them.
    static var messageLimit: Int { 5000 }
    /// The longest session id, in bytes.
    static var sessionIDLimit: Int { 128 }
}

/// How fast the server speaks.
struct LeFluxPace {
    /// From a question to its first chunk.
    var think = TimeAmount.milliseconds(5)
    /// From chunk to chunk.
    var interval = TimeAmount.milliseconds(10)

    init(_ faults: FaultPlan) {
        if let interval = faults.chunkInterval { self.interval = interval }
    }
}

/// The dialect's parts of the truth.
struct LeFluxCounts {
    var sessions = Truth.Sessions()
    var streams = Truth.Streams()
    var chunks = Truth.Chunks()
    var plans = Truth.Plans()
    var tasks = Truth.Tasks()
}
