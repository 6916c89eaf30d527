import Metrics
import NIOCore
import Scenarios

/// One client that does not read, or reads slowly: until it has caught up with what the server pushed meanwhile, and a
/// while on, in which it is seen whether the server still talks to it.
final class StalledClient {
    private enum Phase {
        case stalled
        /// It reads again what it has missed.
        case draining(since: NIODeadline)
        /// It has caught up.
        case listening(since: NIODeadline)
        case over
    }

    /// Nothing may come for this long, and for two times to the server and back, for a client to have caught up.
    static let quiet = TimeAmount.milliseconds(20)
    /// So many polls bring all that a server has held back, however quickly they follow each other.
    private static let pollsOfBacklog = 3

    /// What comes so soon after a client seemed to have caught up may be the rest of its backlog, from a server or a network
    /// that paused; it does not say that the server still sends.
    static let tail = TimeAmount.milliseconds(500)

    private let worker: Worker
    private let group: Int
    /// Nil when it is over.
    private var client: (any ConnectionOwner)?
    private var connection: Connection?
    private var phase = Phase.stalled
    private var rate: Int?
    private var until: NIODeadline
    private var gate: ReadGate?
    private let pausedAt: NIODeadline
    /// Since when nothing was unread, and in which poll.
    private var quietSince: (time: NIODeadline, poll: Int)?
    /// The poll that was under way as it resumed.
    private var pollAtResume = 0
    /// A message came after the client had caught up. A heartbeat is none: it goes on for who is forgotten.
    private var hasHeard = false
    private var caughtUpAt = NIODeadline.uptimeNanoseconds(0)
    private var messages = 0
    private var othersHear = false

    init(_ client: any ConnectionOwner, _ connection: Connection, rate: Int?, until: NIODeadline, at now: NIODeadline) {
        worker = connection.worker
        group = connection.group
        self.client = client
        self.connection = connection
        self.rate = rate
        self.until = until
        pausedAt = now
        client.beginAffliction(at: now)
        client.cancel(.heartbeat)
        closeGate(at: now)
        worker.stalls.add(self)
    }

    var isOver: Bool {
        if case .over = phase { true } else { false }
    }

    /// It does not read, or reads slowly.
    var isStalled: Bool {
        if case .stalled = phase { true } else { false }
    }

    /// Another stall begins while this one goes on: the later end counts, and what goes with it.
    func prolong(rate: Int?, until end: NIODeadline, at now: NIODeadline) {
        guard isStalled, end > until else { return }
        until = end
        guard rate != self.rate else { return }
        self.rate = rate
        gate?.close(rate: rate, at: now)
        connection?.pausePolling(rate == nil)
    }

    /// Lets time pass.
    func proceed(at now: NIODeadline) {
        switch phase {
        case .stalled where now >= until: resume(at: now)
        case .stalled:
            closeGate(at: now)
            gate?.proceed(at: now)
        case .draining(let begin): drain(since: begin, at: now)
        case .listening(let begin): listen(since: begin, at: now)
        case .over: break
        }
    }

    /// The connection is over for the client.
    ///
    /// - Parameter isServers: The server ended it.
    func ended(byServer isServers: Bool, at now: NIODeadline) {
        switch phase {
        case .stalled where isServers:
            worker.recorder.record(worker.metrics.stall.backlog, group: group, value: gate?.unread ?? 0)
            countCutOff(at: now)
        case .draining where isServers: countCutOff(at: now)
        default: break
        }
        finish(at: now)
    }

    private func countCutOff(at now: NIODeadline) {
        let metrics = worker.metrics.stall
        worker.recorder.add(metrics.closed, group: group)
        worker.recorder.record(metrics.cutOff, group: group, nanoseconds: max(0, (now - pausedAt).nanoseconds))
    }

    /// The client has received an event or an acknowledgement.
    func tookMessage() {
        if case .listening = phase { hasHeard = true }
    }

    // MARK: Phases

    /// Closes the socket that messages come by now; that of a session over polling changes.
    private func closeGate(at now: NIODeadline) {
        guard let connection else { return }
        connection.pausePolling(rate == nil)
        follow(connection.inbound) { $0.close(rate: rate, at: now) }
    }

    /// Moves the gate to another socket.
    private func follow(_ channel: (any Channel)?, _ prepare: (ReadGate) -> Void) {
        guard let channel, gate?.channel !== channel else { return }
        let old = gate
        gate = ReadGate.install(in: channel)
        if let gate { prepare(gate) }
        old?.remove()
    }

    private func resume(at now: NIODeadline) {
        guard let connection else { return }
        let backlog = gate?.unread ?? 0
        worker.recorder.record(worker.metrics.stall.backlog, group: group, value: backlog)
        phase = .draining(since: now)
        pollAtResume = connection.pollNumber
        connection.resumeHeartbeat(pausedAt: pausedAt, at: now)
        connection.pausePolling(false)
        gate?.open()
        if backlog == 0 { drain(since: now, at: now) }
    }

    private func drain(since begin: NIODeadline, at now: NIODeadline) {
        // What the gate let through may have ended it.
        guard case .draining = phase, let connection else { return }
        follow(connection.inbound) { _ in }
        guard let channel = connection.inbound, TCPInfo.unread(of: channel) ?? 0 == 0 else {
            quietSince = nil
            return
        }
        // What the server held back comes with the polls that follow; those after them bring what is new.
        let hasPolled = connection.pollNumber - pollAtResume >= Self.pollsOfBacklog
        guard let since = quietSince, since.poll == connection.pollNumber || hasPolled else {
            quietSince = (now, connection.pollNumber)
            return
        }
        let roundTrip = TCPInfo.roundTrip(of: channel) ?? .zero
        guard hasPolled || now - since.time >= Self.quiet + roundTrip * 2 else { return }
        worker.recorder.record(
            worker.metrics.stall.drain,
            group: group,
            nanoseconds: max(0, (since.time - begin).nanoseconds)
        )
        phase = .listening(since: now)
        caughtUpAt = now
        messages = worker.recorder.count(worker.metrics.messagesReceived, group: group)
        endAffliction(at: now)
    }

    private func listen(since begin: NIODeadline, at now: NIODeadline) {
        if hasHeard {
            guard now - caughtUpAt < Self.tail else { return finish(at: now) }
            hasHeard = false
            phase = .listening(since: now)
            return
        }
        // A snapshot sets the count back, so that any change says that others got something.
        let count = worker.recorder.count(worker.metrics.messagesReceived, group: group)
        if count != messages, count > 0 { othersHear = true }
        messages = count
        guard now - begin >= worker.stalls.silence else { return }
        if othersHear { worker.recorder.add(worker.metrics.stall.silent, group: group) }
        finish(at: now)
    }

    private var isAfflicted = true

    private func endAffliction(at now: NIODeadline) {
        guard isAfflicted else { return }
        isAfflicted = false
        client?.endAffliction(at: now)
    }

    private func finish(at now: NIODeadline) {
        guard !isOver else { return }
        let wasStalled = isStalled
        phase = .over
        let connection = connection.take()
        if wasStalled {
            connection?.resumeHeartbeat(pausedAt: pausedAt, at: now)
            connection?.pausePolling(false)
        }
        connection?.stalled = nil
        gate.take()?.remove()
        endAffliction(at: now)
        client = nil
    }
}
