import HeapModule
import Metrics
import NIOCore
import Scenarios
import Wire

/// One event loop's share of a run: its slots, their clients, their timers and what they measured.
///
/// Everything here is touched on the event loop only. Once a second a snapshot of the recorder goes to the collector;
/// that is the one thing that leaves.
final class Worker {
    let number: Int
    let eventLoop: any EventLoop
    let seed: UInt64
    let recorder: Recorder
    let metrics: FixedMetrics
    let trace: Trace?
    /// Keeps the tapes of clients that fail; nil where none is kept.
    let failures: FailureKeeper?
    var hasReleasedTapes = false
    let dialer: Dialer
    /// The names of the scenario's events, by their bytes.
    let events: EventTable
    let feeds: [FeedRows]
    /// The rooms of the run; nil where no client is in any.
    let rooms: RoomDirectory?
    let roomAssignment: RoomAssignment?
    var wheel: TimerWheel
    var maskKeys: MaskKeySource
    /// Where outgoing frames are rendered; free again as soon as the socket took them.
    var frame: ByteBuffer
    /// Connections that are not closed yet, those of clients that left included.
    var openConnections = 0
    /// What a client has written to outside a read.
    private var unflushed: [WebSocketTransport] = []
    private var unflushedPolling: [PollingTransport] = []
    private var unflushedRequests: [HTTPConnection] = []
    private var isFlushing = false
    private(set) lazy var http = HTTPPool(worker: self)
    let silentSockets = SilentSockets()
    private(set) lazy var stalls = StallWatch(worker: self, silence: stallSilence)
    private let stallSilence: TimeAmount

    /// Some connection was opened.
    var reachedTarget = false

    let workerCount: Int
    let clock: RunClock
    private let startSeconds = UsageProbe.threadSeconds

    // Of +Load.
    let programs: [Program]
    /// What clients play in place of the programs; nil: they run these.
    let replay: ReplayProgram?
    let phases: [Load.Phase]
    let grace: TimeAmount
    let groups: GroupAssignment
    var schedule: LoadSchedule
    var upcoming: (event: LoadSchedule.Event, offset: TimeAmount)?
    var slots: [Int: Slot] = [:]
    var restarts: Heap<Restart> = []
    var seats: [(any SeatedClient)?] = []
    var freeSeats: [Int] = []
    /// How many clients all workers have.
    let activeClients: ActiveClients
    /// How many clients of each group there are.
    var active: [Int]
    var replaces = false

    // Of +Faults.
    let faults: [Fault]
    let faultSelection: FaultSelection
    let faultLog: FaultLog
    /// What is afflicted or running, over all workers.
    let faultActivity: FaultActivity
    var nextFault = 0
    private var faultWatch = FaultWatch()
    /// A fault was on in the piece that is not cut yet.
    private var isFaultTime = false

    private var cutter: SnapshotCutter
    private var lag: LagProbe
    private let outbox: SnapshotOutbox
    /// When figures are cut again, where somebody wants them more often than every second.
    private var nextFigures: NIODeadline?
    private let figuresEvery: TimeAmount?
    private let loops: LoopOutbox
    private var drainDeadline: NIODeadline?
    private var isDone = false
    private var text: [UInt8] = []

    init(_ plan: WorkerPlan, eventLoop: any EventLoop) {
        number = plan.number
        self.eventLoop = eventLoop
        seed = plan.shared.seed
        stallSilence = plan.shared.stallSilence
        var table = plan.shared.table
        programs = ProgramBuilder.programs(of: plan.scenario, registeringIn: &table)
        replay = ReplayProgram(of: plan.scenario, programs, registeringIn: &table)
        metrics = table.fixed
        recorder = Recorder(table: table, worker: plan.number, redactor: plan.shared.redactor)
        trace = plan.shared.trace
        failures = plan.shared.failures
        clock = plan.shared.clock
        wheel = TimerWheel(origin: plan.shared.clock.start)
        maskKeys = MaskKeySource(seed: plan.shared.seed &+ UInt64(plan.number) &* 0x9e37_79b9_7f4a_7c15)
        frame = ByteBufferAllocator().buffer(capacity: 1024)
        events = EventTable(plan.scenario.events)
        feeds = plan.scenario.feeds.map { FeedRows($0, load: plan.scenario.load, seed: plan.shared.seed) }
        dialer = Dialer(
            eventLoop: eventLoop,
            network: plan.shared.network,
            number: plan.number,
            recorder: recorder,
            metrics: metrics
        )
        activeClients = plan.shared.activeClients
        active = Array(repeating: 0, count: plan.scenario.groups.count)
        let groups = GroupAssignment(shares: plan.scenario.groups.map(\.share))
        self.groups = groups
        rooms = plan.shared.rooms
        roomAssignment = plan.scenario.rooms.map { RoomAssignment($0, groups: groups, seed: plan.shared.seed) }
        workerCount = plan.workers
        schedule = LoadSchedule(
            load: plan.scenario.load,
            worker: plan.number,
            of: plan.workers,
            seed: plan.shared.seed
        )
        upcoming = schedule.next()
        cutter = SnapshotCutter(load: plan.scenario.load, warmup: plan.scenario.warmup)
        faults = plan.scenario.faults
        faultSelection = FaultSelection(plan.scenario, groups: groups, seed: plan.shared.seed)
        faultLog = plan.shared.faultLog
        faultActivity = plan.shared.faultActivity
        lag = LagProbe(interval: TimerWheel.tick.nanoseconds)
        phases = plan.scenario.load.phases
        grace = TimeAmount(plan.scenario.grace)
        outbox = plan.shared.outbox
        figuresEvery = plan.shared.figuresEvery
        nextFigures = figuresEvery.map { plan.shared.clock.start + $0 }
        loops = plan.shared.loops
    }

    private var activeCount: Int { active.reduce(0, +) }

    /// Starts the clock's ticks; they go on until every client has gone.
    func start() {
        scheduleTick(at: clock.start)
    }

    /// Starts nobody any more; those who run may finish within the time, then they are cut.
    func drain(within time: TimeAmount) {
        let deadline = NIODeadline.now() + time
        drainDeadline = drainDeadline.map { min($0, deadline) } ?? deadline
        upcoming = nil
        replaces = false
        restarts = []
    }

    /// The part of one core that the worker's thread has used since it started; to be asked on its event loop.
    var busy: Double {
        let elapsed = Double((NIODeadline.now() - clock.start).nanoseconds) / 1e9
        return elapsed > 0 ? (UsageProbe.threadSeconds - startSeconds) / elapsed : 0
    }

    /// A client asks for the end of the run.
    func abort(_ reason: String) {
        outbox.abort(reason)
    }

    func epochMilliseconds(at time: NIODeadline) -> Int64 { clock.epochMilliseconds(at: time) }
    func second(at time: NIODeadline) -> Int { clock.second(at: time) }

    /// Calls the closure with a JSON string's text, unescaped in the worker's own buffer.
    ///
    /// - Parameters:
    ///   - prefix: what is to stand before the text.
    ///   - isName: take what is no string as it is written, a number above all; otherwise its text is empty.
    func withText<Result>(
        of slice: JSONSlice,
        in bytes: UnsafeRawBufferPointer,
        prefix: [UInt8] = [],
        isName: Bool = false,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        text.removeAll(keepingCapacity: true)
        if !prefix.isEmpty { text += prefix }
        JSONScanner.appendString(of: slice, in: bytes, to: &text)
        if isName, slice.kind != .string, let raw = JSONScanner.text(of: slice, in: bytes) {
            text.append(contentsOf: raw)
        }
        return text.withUnsafeBytes(body)
    }

    /// A task did not complete: its line for loops.csv.
    func report(_ run: PlanRun, outcome: PlanOutcome, of client: VirtualClient, at time: NIODeadline) {
        let cycle = run.tracker.cycle
        loops.append(
            LoopLine(
                client: client.slot,
                task: run.operation.step.name,
                plans: run.tracker.plans,
                outcome: outcome,
                cycle: cycle?.text ?? "",
                repeats: cycle?.repeats ?? 0,
                seconds: Double(run.tracker.duration(at: time).nanoseconds) / 1e9,
                steps: outcome == .runaway ? run.tracker.steps : []
            )
        )
    }

    // MARK: Flushing

    /// Notes a socket that has something to send when the client's code has returned.
    func flushLater(_ socket: WebSocketTransport) {
        unflushed.append(socket)
    }

    /// The same for a session over polling.
    func flushLater(_ polling: PollingTransport) {
        unflushedPolling.append(polling)
    }

    /// The same for a request.
    func flushLater(_ connection: HTTPConnection) {
        unflushedRequests.append(connection)
    }

    /// Sends what clients have written; called when none of their code runs.
    ///
    /// A flush may close a channel, upon which another client's code runs and writes too.
    func flush() {
        // Flushes within flushes would go as deep as there are sockets that the server has reset.
        guard !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        while !unflushed.isEmpty || !unflushedPolling.isEmpty || !unflushedRequests.isEmpty {
            while let socket = unflushed.popLast() { socket.flush() }
            while let polling = unflushedPolling.popLast() { polling.flush() }
            while let connection = unflushedRequests.popLast() { connection.flush() }
        }
    }

    // MARK: Ticks

    private func scheduleTick(at deadline: NIODeadline) {
        let worker = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(deadline: deadline) { worker.value.tick(due: deadline) }
    }

    private func tick(due: NIODeadline) {
        let now = NIODeadline.now()
        // The wheel's ticks are the probe's grid; the next one is set below, after this one's work.
        _ = lag.probe(
            due: (due - clock.start).nanoseconds,
            now: (now - clock.start).nanoseconds,
            recorder: recorder
        )
        if drainDeadline == nil { fireFaults(upTo: now) }
        watchFaults(at: now)
        follow(upTo: now)
        restart(upTo: now)
        fireTimers(upTo: now)
        cutSnapshots(upTo: now)
        drainIfOver(at: now)
        releaseTapes()
        flush()
        guard !isDone else { return }
        let elapsed = (now - clock.start).nanoseconds / TimerWheel.tick.nanoseconds
        scheduleTick(at: clock.start + .nanoseconds((elapsed + 1) * TimerWheel.tick.nanoseconds))
    }

    private func fireTimers(upTo now: NIODeadline) {
        let count = wheel.collectDue(upTo: now)
        for place in 0..<count {
            guard let node = wheel.takeDue(place) else { continue }
            let (seat, kind) = node.quotientAndRemainder(dividingBy: ClientTimer.count)
            guard let client = seats[seat], let timer = ClientTimer(rawValue: kind) else { continue }
            // Many timers may share a tick: each send has its own time.
            client.timerFired(timer, at: .now())
            flush()
        }
    }

    private func cutSnapshots(upTo now: NIODeadline) {
        while let piece = cutter.next(upTo: now - clock.start) {
            settleRooms(at: now)
            hand(over: piece, isLast: false)
        }
        guard let figuresEvery, let nextFigures, now >= nextFigures else { return }
        self.nextFigures = now + figuresEvery
        if let piece = cutter.cut(at: now - clock.start) { hand(over: piece, isLast: false) }
    }

    /// Cuts the figures where the run turns from calm time to a fault's or back.
    ///
    /// Before anything else of the tick that records: what turned it is at most a tick old.
    private func watchFaults(at now: NIODeadline) {
        guard faultWatch.look(at: faultActivity.state, now: now) else { return }
        cutSnapshots(upTo: now)
        if let piece = cutter.cut(at: now - clock.start) { hand(over: piece, isLast: false) }
        isFaultTime = faultWatch.isFault
    }

    private func hand(over piece: SnapshotCutter.Piece, isLast: Bool) {
        outbox.append(
            recorder.takeSnapshot(
                second: piece.second,
                completesSecond: piece.completesSecond,
                isLast: isLast,
                phase: piece.phase,
                isWarmup: piece.isWarmup,
                isFault: isFaultTime,
                at: piece.end.nanoseconds,
                activeClients: active
            )
        )
    }

    // MARK: End

    private func drainIfOver(at now: NIODeadline) {
        guard let drainDeadline else { return }
        if activeCount > 0, now >= drainDeadline {
            for client in seats { client?.cut(at: now) }
        }
        guard activeCount == 0 else { return }
        silentSockets.close()
        // Those who left wait for the server to close; not for ever.
        guard openConnections == 0 || now >= drainDeadline + WebSocketTransport.closeTimeout + .milliseconds(500) else {
            return
        }
        isDone = true
        http.close()
        hand(over: cutter.last(at: now - clock.start), isLast: true)
        outbox.finish()
    }
}
