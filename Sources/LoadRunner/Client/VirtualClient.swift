import Metrics
import NIOCore
import Scenarios
import Wire

/// One virtual client: a place in its group's program, its values, its connection, and what it waits for.
///
/// It lives on its worker's event loop from start to end. The rest of it stands in extensions, by role: `+Flow` runs
/// steps, `+Messages` says who gets what arrives, `+Stream`, `+Plan` and `+HTTP` are the larger steps, `+Ending` is how
/// it ends.
final class VirtualClient: LoadedClient, ConnectionOwner {
    /// What the client does at the moment.
    enum Waiting {
        case nothing
        case think
        /// For the next tick, so that others come to their turn.
        case turn
        case connection
        /// For the client to have recovered.
        case recovery
        /// For the socket to take more of what is sent.
        case room
        case acknowledgement(WaitOperation, id: Int, namespace: Int)
        case response(HTTPOperation)
        case event(AwaitOperation)
        case condition(ConditionWaitOperation)
        case stream(StreamRun)
        case plan(PlanRun)
        /// The flow is over; nothing more happens.
        case gone
    }

    /// A send that latencies run from.
    struct Cause {
        /// The end of the step before, plus the think time.
        var scheduled: NIODeadline
        /// The send itself.
        var actual: NIODeadline
    }

    /// A send that leaves this much later than scheduled is counted as late.
    static let lateness = TimeAmount.milliseconds(10)

    let worker: Worker
    let program: Program
    /// The client's place in its worker, which its timers are numbered by.
    let seat: Int
    /// Where its figures are recorded: its group, or that group's place for afflicted clients. `program.number` is the
    /// group itself.
    var group: Int
    let slot: Int
    let generation: Int

    var values: ClientValues
    /// The other of the two random sequences: handlers draw from their own, so that what arrives when does not change
    /// the values of the flow.
    var handlerRandom: ClientRandom
    var address: Instruction.Address = 0
    var waiting = Waiting.nothing
    /// When the step before ended, or the think time after it.
    var readyAt: NIODeadline
    var cause: Cause?
    /// No waiting step has ended since the last cause.
    var isWindowOpen = false
    var inbox = Inbox()
    var lastEvent: StoredEvent?
    var connection: Connection?
    /// The way back after the connection fell; nil while it stands.
    var recovery: RecoveryRun?
    /// How often the client has lost its connection, failed first connects included.
    var losses: UInt64 = 0
    /// When Reprise itself cut the connection; nil where it was not it.
    var cutAt: NIODeadline?
    /// What Socket.IO's own recovery of a session needs, by namespace; empty where the server does not offer it.
    var restorable: [SocketIORecovery?] = []
    /// The request whose answer the client waits for.
    var pendingRequest: HTTPExchange?
    var nextAcknowledgement = 0
    /// The acknowledgement that the server asked for with the message that a step took last.
    var question: Question?
    /// The connection's end lies in the inbox: what is sent until it is taken goes nowhere.
    var hasEnded = false
    /// How it ended, should the flow go past the steps that wait for it.
    var ending: (kind: String, example: String)?
    var task: PlanRun?
    /// Hashes of the keys of streams that ended, newest last.
    var endedStreams: [UInt64] = []
    /// How many of them had ended when the connection fell last.
    var endedBeforeLoss = 0
    var cookies = CookieJar()
    /// Nil where the group knows no rooms.
    var rooms: ClientRooms?
    var isLeaving = false
    /// What is said, for the case that the client fails; nil where nobody wants to know.
    let tape: ClientTape?
    // Of +Faults.
    /// How many things are the matter with it: a cut, a loss, a stall.
    var afflictions = 0
    /// Since when nothing is, while latencies from before are still recorded as an afflicted client's; nil: none are.
    var wellSince: NIODeadline?
    /// It was cut and has not noticed yet.
    var isCut = false
    /// The faults of the run's clock that it is not over yet.
    var hits: [Int] = []
    /// Steps are being run, and one of them is done already.
    var isProceeding = false
    var goesOn = false
    /// The steps of a handler are being run, beside the flow's.
    var isHandling = false
    /// How the handler that runs wants the connection cut.
    var pendingDrop: DropKind?
    /// The handler that runs leaves the server, which has to wait for its end.
    var isDisconnecting = false
    /// The causes that steps run `since`.
    var marks: [Cause]
    /// When timed loops began, and the next point of each pace's grid; both empty in most scenarios.
    var loopBegins: [ObjectIdentifier: NIODeadline] = [:]
    var paces: [ObjectIdentifier: NIODeadline] = [:]

    init(worker: Worker, program: Program, seat: Int, slot: Int, generation: Int, scheduled: NIODeadline) {
        self.worker = worker
        self.program = program
        group = program.number
        self.seat = seat
        self.slot = slot
        self.generation = generation
        readyAt = scheduled
        tape = worker.failures?.tape(at: .now())
        marks = Array(repeating: Cause(scheduled: scheduled, actual: scheduled), count: program.markCount)
        values = ClientValues(
            slotCount: program.group.slotCount,
            random: ClientRandom(seed: worker.seed, slot: slot, generation: generation, stream: 0),
            clientIndex: slot
        )
        handlerRandom = ClientRandom(seed: worker.seed, slot: slot, generation: generation, stream: 1)
        enterRooms(scheduled)
    }

    private func enterRooms(_ scheduled: NIODeadline) {
        guard let directory = worker.rooms else { return }
        let assigned = worker.roomAssignment?.room(ofSlot: slot, generation: generation)
        values.room = assigned.map { ($0, directory.names[$0]) }
        guard program.group.usesRooms else { return }
        rooms = ClientRooms(
            worker: worker,
            directory: directory,
            slot: slot,
            group: program.number,
            assigned: assigned,
            at: scheduled
        )
        values.stamps = rooms
    }

    var groupNumber: Int { program.number }
    var recorder: Recorder { worker.recorder }
    var metrics: FixedMetrics { worker.metrics }

    /// Starts the flow.
    func start(at now: NIODeadline) {
        values.epochMilliseconds = worker.epochMilliseconds(at: now)
        if let feed = takeRows() {
            fail("script", "the feed \(feed) has no row left for this client", cannotStart: true, at: now)
            return
        }
        for variable in program.group.variables {
            values.variables[variable.slot] = variable.value.value(&values, event: nil)
        }
        proceed(at: now)
    }

    /// Takes a row of every feed.
    ///
    /// - Returns: The name of a feed that has none left; nil where all have.
    private func takeRows() -> String? {
        for feed in worker.feeds {
            guard let row = feed.row(slot: slot, generation: generation) else { return feed.name }
            values.rows.append(row)
        }
        return nil
    }

    /// A timer fired.
    func timerFired(_ timer: ClientTimer, at now: NIODeadline) {
        switch timer {
        case .step: stepTimerFired(at: now)
        case .task:
            guard !isRejoining else {
                recovery?.isTaskOverdue = true
                return
            }
            taskTimedOut(at: now)
        case .heartbeat:
            if let connection, connection.heart != nil { return connection.beat(at: now) }
            recorder.add(metrics.heartbeatMissed, group: group)
            connection?.lose("heartbeat", "no ping from the server in the time it promised", at: now)
        case .upgrade: connection?.upgradeTimedOut(at: now)
        case .reconnect: reconnectTimerFired(at: now)
        }
    }

    /// Calls the closure with the message that a step took last.
    func withLastEvent<Result>(_ body: (EventView?) -> Result) -> Result {
        if let lastEvent { lastEvent.withView { body($0) } } else { body(nil) }
    }

    /// Keeps the message that a step took, where the scenario reads it later, and copies captures out of it.
    ///
    /// - Parameter question: the acknowledgement that the server asked for with it.
    func take(_ view: EventView, _ question: Question? = nil, capture: [Capture]) {
        if let question { asked(question) }
        for capture in capture {
            values.variables[capture.slot] = capture.path.value(in: view) ?? .null
        }
        if program.group.readsEvent { lastEvent = StoredEvent(view) }
    }
}
