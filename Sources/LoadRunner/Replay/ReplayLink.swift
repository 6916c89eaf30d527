import Metrics
import NIOCore
import Scenarios
import Wire

/// One connection of a replay, with timers of its own.
final class ReplayLink: ConnectionOwner {
    private enum State {
        case connecting
        case connected
        /// The client has left, or the connection has fallen.
        case over
    }

    let client: ReplayClient
    /// Its place among the recording's connections.
    let number: Int
    /// The action that opens it.
    let opening: Int
    let seat: Int
    let program: Program
    private var state = State.connecting
    private var connection: Connection?
    private var openedAt: NIODeadline
    private var nextAcknowledgement = 0
    /// The actions that wait for an acknowledgement, by its id.
    private var asked: [Int: (action: Int, namespace: Int)] = [:]
    var restorable: [SocketIORecovery?] {
        get { [] }
        set {}
    }

    init(client: ReplayClient, number: Int, opening: Int, seat: Int) {
        self.client = client
        self.number = number
        self.opening = opening
        self.seat = seat
        program = client.replay.links[number]
        openedAt = client.scheduled
    }

    var worker: Worker { client.worker }
    var group: Int { program.number }
    var name: String { client.replay.links.count > 1 ? "\(client.name)/\(number + 1)" : client.name }
    var mayStall: Bool { false }
    var tape: ClientTape? { nil }
    private var recorder: Recorder { worker.recorder }

    var values: ClientValues {
        get { client.values }
        _modify { yield &client.values }
    }

    var cookies: CookieJar {
        get { client.cookies }
        _modify { yield &client.cookies }
    }

    var isOver: Bool {
        if case .over = state { true } else { false }
    }

    var isConnecting: Bool {
        if case .connecting = state { true } else { false }
    }

    var isConnected: Bool {
        if case .connected = state { true } else { false }
    }

    /// Events can flow, and the socket takes them.
    var isReady: Bool {
        guard case .connected = state, let connection else { return false }
        return connection.hasRoom
    }

    // MARK: The client's doing

    func open(at now: NIODeadline) {
        openedAt = now
        set(.step, at: now + TimeAmount(program.group.target.timeout))
        let connection = Connection(client: self)
        self.connection = connection
        connection.open(at: now)
    }

    /// Does what an action of this connection is.
    ///
    /// - Returns: False where it could not be done.
    func send(_ action: ReplayProgram.Action, number: Int, at now: NIODeadline) -> Bool {
        guard case .connected = state, let connection else { return false }
        switch action.work {
        case .emit(let operation):
            var id: Int?
            if action.script.asksForAcknowledgement {
                id = nextAcknowledgement
                asked[nextAcknowledgement] = (number, operation.namespace)
                nextAcknowledgement += 1
            }
            let attachments = action.script.attachments
            connection.send(operation, acknowledgement: id, values: &client.values, event: nil, carrying: attachments)
        case .send(let message): connection.send(message, values: &client.values, event: nil)
        case .sendBinary: connection.send(binary: action.script.attachments)
        case .acknowledge(let operation, let arrival):
            guard let question = client.questions.removeValue(forKey: arrival) else { return false }
            let attachments = action.script.attachments
            connection.acknowledge(question, operation, values: &client.values, event: nil, carrying: attachments)
        case .open, .close, .request, .nothing, .end: break
        }
        return true
    }

    /// Leaves the server, if it has not left yet.
    func leave() {
        guard !isOver else { return }
        let connection = connection
        end()
        connection?.leave()
    }

    private func end() {
        state = .over
        connection = nil
        asked = [:]
        for timer in [ClientTimer.step, .heartbeat, .upgrade] { cancel(timer) }
        worker.unseat(self)
    }

    // MARK: The worker's

    func timerFired(_ timer: ClientTimer, at now: NIODeadline) {
        switch timer {
        case .step:
            let time = program.group.target.timeout
            connection?.lose("timeout", "no connection within \(time)", at: now)
        case .heartbeat:
            if let connection, connection.heart != nil { return connection.beat(at: now) }
            recorder.add(worker.metrics.heartbeatMissed, group: group)
            connection?.lose("heartbeat", "no ping from the server in the time it promised", at: now)
        case .upgrade: connection?.upgradeTimedOut(at: now)
        case .task, .reconnect: break
        }
    }

    func leave(at now: NIODeadline) {}
    func cut(at now: NIODeadline) {}

    // MARK: The connection's

    func opened(at now: NIODeadline) {
        guard let latency = worker.metrics.connect.latency else { return }
        let time = max(0, (now - openedAt).nanoseconds)
        recorder.record(latency, group: group, scheduled: time, service: time)
        worker.trace?.note("open", of: name, at: now)
    }

    func sessionOpened(on connection: Connection) {}

    func connected(at now: NIODeadline) {
        guard case .connecting = state else { return }
        state = .connected
        cancel(.step)
        recorder.record(
            worker.metrics.handshake,
            group: group,
            nanoseconds: max(0, (now - openedAt).nanoseconds)
        )
        client.connected(self, at: now)
    }

    func connectionLost(
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd,
        at now: NIODeadline
    ) {
        guard !isOver else { return }
        let wasConnected = if case .connected = state { true } else { false }
        self.end()
        client.lost(self, kind, example(), end, wasConnected: wasConnected, at: now)
    }

    func upgradeFailed(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        recorder.error(kind, group: group, at: worker.second(at: now), example: "upgrade: \(example())")
    }

    func received(_ event: EventID, _ view: EventView, _ question: Question?, at now: NIODeadline) {
        client.received(event, view, question, on: number, at: now)
    }

    func receivedUnknown(at now: NIODeadline) {
        client.receivedUnknown(on: number)
    }

    func acknowledged(_ id: Int, in namespace: Int, _ view: EventView, at now: NIODeadline) {
        guard let (action, asked) = asked[id], asked == namespace, let answer = client.replay.actions[action].answer
        else { return client.receivedUnknown(on: number) }
        self.asked[id] = nil
        client.arrived(answer, view, at: now)
    }

    func isHeartbeat(
        _ event: EventID,
        _ view: EventView,
        answering answer: EventMatch,
        since oldest: NIODeadline
    ) -> Bool {
        answer.patterns.contains { pattern in
            pattern.event == event && (pattern.condition.map { $0.matches(view, &client.values) } ?? true)
        }
    }

    func wakeForRoom() {
        if !isOver, client.isHeldUp { client.set(.step, at: .now()) }
    }

    func overflowed(_ queued: Int, at now: NIODeadline) {}

    func wasCut(at now: NIODeadline) {}
    func beginAffliction(at now: NIODeadline) {}
    func endAffliction(at now: NIODeadline) {}
}
