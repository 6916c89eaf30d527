import Metrics
import NIOCore
import Scenarios
import Wire

extension VirtualClient {
    /// Opens a connection; the flow goes on when events can flow.
    func connect(at now: NIODeadline) {
        if !isWindowOpen, task == nil { inbox.clear() }
        isWindowOpen = true
        let cause = Cause(scheduled: readyAt, actual: now)
        self.cause = cause
        marks[0] = cause
        if wellSince != nil { becomeWell(by: cause.scheduled) }
        if now - readyAt > VirtualClient.lateness { recorder.addLate() }
        waiting = .connection
        set(.step, at: now + TimeAmount(program.group.target.timeout))
        hasEnded = false
        cutAt = nil
        let connection = Connection(client: self)
        self.connection = connection
        connection.open(at: now)
    }

    /// The transport is open; whether the connection counts as failed is open until the namespace is acknowledged.
    func opened(at now: NIODeadline) {
        recovery?.state.opened(at: now)
        guard let cause = connectCause else { return }
        if let latency = metrics.connect.latency {
            recorder.record(
                latency,
                group: group,
                scheduled: max(0, (now - cause.scheduled).nanoseconds),
                service: max(0, (now - cause.actual).nanoseconds)
            )
        }
        worker.trace?.note("open", of: name, at: now)
    }

    /// Engine.IO or the plain WebSocket is open: an attempt to come back goes on from here.
    func sessionOpened(on connection: Connection) {
        recovery?.state.sessionOpened()
    }

    /// The session stays on polling: no step fails, and the report says why.
    func upgradeFailed(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        recorder.error(kind, group: group, at: worker.second(at: now), example: "upgrade: \(example())")
        keepFailure(kind, "upgrade: \(example())", at: now)
        // What the generator itself ran out of is no operation that the target failed.
        guard !kind.hasPrefix("generator.") else { return }
        recorder.add(metrics.operations, group: group)
        recorder.add(metrics.operationsFailed, group: group)
    }

    /// The namespace is acknowledged: events can flow.
    func connected(at now: NIODeadline) {
        guard let cause = connectCause else { return }
        if recovery == nil { guard case .connection = waiting else { return } }
        recorder.succeeded(metrics.connect, group: group)
        recorder.record(
            metrics.handshake,
            group: group,
            nanoseconds: max(0, (now - cause.scheduled).nanoseconds)
        )
        if let recovery { return reconnected(recovery, at: now) }
        cancel(.step)
        flowConnected(at: now)
    }

    /// The flow's connect is done.
    func flowConnected(at now: NIODeadline) {
        waiting = .nothing
        isWindowOpen = true
        readyAt = now
        if case .connect = program.code[address] { address += 1 }
        proceed(at: now)
    }

    /// The connection fell, or never came to be.
    func connectionLost(
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd,
        at now: NIODeadline
    ) {
        // Behind what follows, for a cut goes over into the loss that it is.
        defer { noticedCut(at: now) }
        connection = nil
        tape?.lost(end, otherwise: missedOpening, isOwn: cutAt != nil, at: now)
        cancel(.heartbeat)
        cancel(.upgrade)
        question = nil
        rooms?.disconnected(.lost(isAnew: recovery == nil && cutAt == nil), at: now)
        if let cutAt {
            recorder.record(metrics.reconnect.detect, group: group, nanoseconds: max(0, (now - cutAt).nanoseconds))
        }
        if let recovery {
            if isExpectedOfFirst(recovery, end, at: now) { return }
            return lostAgain(recovery, kind, example(), end, at: now)
        }
        defer { cutAt = nil }
        if case .failed = end {} else { ending = (kind, example()) }
        if isExpected(end, at: now) || beginRecovery(kind, example(), end, at: now) { return }
        fail(kind, example(), at: now)
    }

    /// Whether the flow's first connect, which is tried again, was turned down as a step wants it.
    private func isExpectedOfFirst(_ run: RecoveryRun, _ end: ConnectionEnd, at now: NIODeadline) -> Bool {
        guard run.state.isFirst, case .refused = end else { return false }
        // For what is awaited, it is the flow's connect.
        recovery = nil
        waiting = .connection
        if isExpected(end, at: now) {
            cancel(.reconnect)
            return true
        }
        recovery = run
        waiting = .recovery
        return false
    }

    /// Leaves the server, if there is a connection.
    func leaveServer() {
        if let recovery, !recovery.state.isFirst, isRunning { recorder.add(metrics.reconnect.gaveUp, group: group) }
        endRecovery(at: .now())
        noticedCut(at: .now())
        // A room may have been joined beside the connection, by a request.
        rooms?.disconnected(.left, at: .now())
        guard let connection else { return }
        self.connection = nil
        cancel(.heartbeat)
        connection.leave()
        tape?.left(at: .now())
        wakeForRoom()
    }
}
