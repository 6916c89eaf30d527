import Metrics
import NIOCore
import Scenarios

/// Coming back after the connection fell.
extension VirtualClient {
    /// The random numbers of the waits between attempts are a stream for each loss, beginning here: what the flow draws does
    /// not depend on how often its connection fell.
    private static let firstPauseStream: UInt64 = 1 << 32

    /// The random numbers of one kind for this loss.
    func random(_ firstStream: UInt64) -> ClientRandom {
        ClientRandom(seed: worker.seed, slot: slot, generation: generation, stream: firstStream + losses)
    }

    /// The client is on its way back, so that no step can use the connection.
    var isAway: Bool {
        guard let recovery else { return false }
        return recovery.flow == nil
    }

    // MARK: Losing

    /// Begins to come back, where the policy says so.
    ///
    /// - Returns: False where the step has to fail.
    func beginRecovery(
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd,
        at now: NIODeadline
    ) -> Bool {
        guard case .policy(let policy) = program.group.reconnect else { return false }
        let isFirst = if case .connection = waiting { true } else { false }
        if isFirst, !policy.initial { return false }
        let state = Recovery(policy, isFirst: isFirst, at: now, random: random(Self.firstPauseStream))
        losses += 1
        let run = RecoveryRun(state, at: now)
        if !isFirst { recorder.add(metrics.reconnect.lost, group: group) }
        guard case .tryAgain(let pause) = run.state.lost(kind, end) else {
            if !isFirst { recorder.add(metrics.reconnect.gaveUp, group: group) }
            return false
        }
        recovery = run
        if isFirst {
            recorder.failed(metrics.connect, group: group)
        } else {
            beginAffliction(at: now)
        }
        let rule = isFirst ? nil : lossRule
        // A step that fails over it counts it.
        if rule != .fail { noteLoss(kind, example(), at: now) }
        wait(pause, for: run, at: now)
        interrupt()
        switch rule {
        case .fail: fail(kind, example(), at: now)
        case .retry(let target): goBack(to: target)
        case nil: break
        }
        // Who is to leave does not come back for a step that has not begun.
        if isLeaving, task == nil, case .recovery = waiting { finish(at: now) }
        return true
    }

    /// What the step says that waits for something as the connection falls; nil: it waits on, or none waits.
    private var lossRule: LossRule? {
        if let task { return program.losses[task.address] }
        switch waiting {
        case .event, .stream, .plan, .acknowledgement, .condition: return program.losses[address]
        default: return nil
        }
    }

    /// An attempt failed, or the connection fell again before the client had recovered.
    func lostAgain(
        _ run: RecoveryRun,
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd,
        at now: NIODeadline
    ) {
        let wasConnecting = run.state.phase == .connecting
        restoreFlow(of: run)
        cancel(.reconnect)
        switch run.state.lost(kind, end) {
        case .tryAgain(let pause):
            if wasConnecting { recorder.failed(metrics.connect, group: group) }
            noteLoss(kind, example(), at: now)
            wait(pause, for: run, at: now)
        case .giveUp:
            cutAt = nil
            endRecovery(at: now)
            if run.state.isFirst {
                // It is the flow's connect that fails.
                waiting = .connection
            } else {
                recorder.add(metrics.reconnect.gaveUp, group: group)
                if wasConnecting { recorder.failed(metrics.connect, group: group) }
            }
            fail(kind, "no connection after \(run.state.attempts) attempts: \(example())", at: now)
        }
    }

    private func wait(_ pause: TimeAmount, for run: RecoveryRun, at now: NIODeadline) {
        run.due = worker.wheel.rounded(now + pause)
        set(.reconnect, at: run.due)
        worker.trace?.note("tries again in \(pause.nanoseconds / 1_000_000) ms", of: name, at: now)
    }

    /// Counts why the connection fell, unless Reprise itself cut it.
    private func noteLoss(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        worker.trace?.note("connection lost: \(kind): \(example())", of: name, at: now)
        guard cutAt.take() == nil else { return }
        keepFailure(kind, example(), at: now)
        recorder.error(kind, group: group, at: worker.second(at: now), example: example())
    }

    /// The connection is no more for the step that runs.
    private func interrupt() {
        endedBeforeLoss = endedStreams.count
        if task != nil { recorder.add(metrics.reconnect.cutTasks, group: group) }
        switch waiting {
        case .connection, .room:
            cancel(.step)
            waiting = .recovery
        case .stream(let run):
            recorder.add(metrics.reconnect.cutStreams, group: group)
            run.tracker.interrupt()
        default: break
        }
    }

    /// The flow does its last cause again as soon as the client has recovered.
    private func goBack(to target: Instruction.Address) {
        // What the server sends again of the stream is no stream of its own.
        if case .stream(let run) = waiting, let key = run.key {
            rememberEnded(key)
            endedBeforeLoss = endedStreams.count
        }
        task = nil
        cancel(.task)
        cancel(.step)
        inbox.clear()
        waiting = .recovery
        address = target
        if case .connect = program.code[target] {
            // The connect that brings the client back is the one that is done again.
            recovery?.isCause = true
        } else if let cause {
            readyAt = cause.scheduled
        }
    }

    // MARK: Trying

    /// The time has come for an attempt, or is over for the one under way.
    func reconnectTimerFired(at now: NIODeadline) {
        guard let run = recovery else { return }
        switch run.state.phase {
        case .pausing:
            run.state.begin(scheduled: run.due, at: now)
            set(.reconnect, at: now + TimeAmount(program.group.target.timeout))
            let connection = Connection(client: self)
            self.connection = connection
            connection.open(at: now)
        case .connecting:
            connection?.abandon()
            let text = "no connection within \(program.group.target.timeout)"
            connectionLost("timeout", text, .failed, at: now)
        case .connected, .rejoining: break
        }
    }

    /// What the latencies of the connect that is under way run from.
    var connectCause: Cause? {
        guard let run = recovery else { return cause }
        guard run.state.isFirst, let cause else { return run.state.attempt }
        return Cause(scheduled: cause.scheduled, actual: run.state.attempt.actual)
    }

    /// The attempt that brought the connection is what the flow's `connect` is measured from.
    private func renewCause() {
        guard let cause = connectCause else { return }
        self.cause = cause
        marks[0] = cause
    }

    /// Events can flow again.
    func reconnected(_ run: RecoveryRun, at now: NIODeadline) {
        guard run.state.phase == .connecting else { return }
        cancel(.reconnect)
        guard !run.state.isFirst else {
            renewCause()
            recovery = nil
            flowConnected(at: now)
            return
        }
        let times = metrics.reconnect
        let openedAt = run.state.openedAt ?? now
        recorder.record(times.reopen, group: group, nanoseconds: max(0, (openedAt - run.state.lostAt).nanoseconds))
        recorder.record(times.attempts, group: group, value: run.state.attempts)
        if connection?.isRestored == true {
            recorder.add(times.restored, group: group)
            rooms?.restore(at: now)
        }
        run.state.connected()
        guard program.rejoin != nil else { return recovered(run, at: now) }
        // The answer to a request belongs to the flow's step, which it ends.
        if case .response = waiting { return }
        beginRejoin(at: now)
        proceed(at: now)
    }

    /// The last step of `rejoin` is done, or there is none.
    func recovered(_ run: RecoveryRun, at now: NIODeadline) {
        recorder.add(metrics.reconnect.recovered, group: group)
        recorder.record(
            metrics.reconnect.recover,
            group: group,
            nanoseconds: max(0, (now - run.state.lostAt).nanoseconds)
        )
        worker.trace?.note("recovered", of: name, at: now)
        let wasRejoining = run.flow != nil
        restoreFlow(of: run)
        if run.isCause { renewCause() }
        endRecovery(at: now)
        if run.isTaskOverdue { return taskTimedOut(at: now) }
        goOn(wasRejoining: wasRejoining, at: now)
    }

    /// The client has recovered, has given up, or leaves.
    func endRecovery(at now: NIODeadline) {
        guard let run = recovery.take() else { return }
        cancel(.reconnect)
        if !run.state.isFirst { endAffliction(at: now) }
    }
}
