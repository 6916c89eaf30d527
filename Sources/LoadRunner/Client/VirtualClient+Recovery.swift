import Metrics
import NIOCore
import Scenarios

/// Coming back after the connection fell.
extension VirtualClient {
    /// The random numbers of the waits between attempts, and those of `rejoin`, are a stream for each loss, beginning
    /// here: what the flow draws does not depend on how often its connection fell.
    private static let firstPauseStream: UInt64 = 1 << 32
    private static let firstRejoinStream: UInt64 = 1 << 33

    private func random(_ firstStream: UInt64) -> ClientRandom {
        ClientRandom(seed: worker.seed, slot: slot, generation: generation, stream: firstStream + losses)
    }

    /// The steps of `rejoin` run in place of the flow's.
    var isRejoining: Bool { recovery?.flow != nil }

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

    /// Sets the flow aside and goes to the first step of `rejoin`, where the connection waits for that.
    func beginRejoin(at now: NIODeadline) {
        guard let run = recovery, run.state.phase == .connected, let begin = program.rejoin else { return }
        run.state.rejoins()
        run.flow = SuspendedFlow(
            address: address,
            waiting: waiting,
            cause: cause,
            readyAt: readyAt,
            isWindowOpen: isWindowOpen,
            inbox: inbox,
            lastEvent: lastEvent,
            sent: values.sent,
            random: values.random,
            deadline: deadline(of: .step)
        )
        values.random = random(Self.firstRejoinStream)
        cancel(.step)
        inbox = Inbox()
        waiting = .nothing
        address = begin
        cause = Cause(scheduled: now, actual: now)
        isWindowOpen = true
        readyAt = now
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

    /// The flow's step goes on where it was, first with what came meanwhile.
    private func goOn(wasRejoining: Bool, at now: NIODeadline) {
        switch waiting {
        case .recovery:
            waiting = .nothing
            proceed(at: now)
        case .nothing where wasRejoining:
            proceed(at: now)
        case .event(let operation):
            guard let message = takeKept(operation.match) else { return }
            message.content.withView { take($0, message.question, capture: operation.wait.capture) }
            succeed(operation.wait, at: message.time)
            complete(closesWindow: true, at: now)
        case .stream(let run):
            takeAllKept(for: run) { takeForStream(run, $0.event, $1, $0.question, at: $0.time, now: now) }
        case .plan(let run):
            takeAllKept(for: run) { takeForPlan(run, $0.event, $1, $0.question, at: $0.time, now: now) }
        case .condition:
            reconsider(at: now)
        default: break
        }
    }

    /// Puts the flow back in the place of `rejoin`.
    private func restoreFlow(of run: RecoveryRun) {
        guard let flow = run.flow.take() else { return }
        cancel(.step)
        pendingRequest?.cancel()
        pendingRequest = nil
        let late = inbox.messages
        address = flow.address
        waiting = flow.waiting
        cause = flow.cause
        readyAt = flow.readyAt
        isWindowOpen = flow.isWindowOpen
        inbox = flow.inbox
        lastEvent = flow.lastEvent
        values.sent = flow.sent
        values.random = flow.random
        if let deadline = flow.deadline { set(.step, at: deadline) }
        var fallen = 0
        for message in late { fallen += inbox.append(message) }
        if fallen > 0 { recorder.add(metrics.inboxOverflow, group: group, fallen) }
    }

    /// The client has recovered, has given up, or leaves.
    func endRecovery(at now: NIODeadline) {
        guard let run = recovery.take() else { return }
        cancel(.reconnect)
        if !run.state.isFirst { endAffliction(at: now) }
    }

    // MARK: Messages for the flow

    /// Offers a message that no step of `rejoin` took to the flow's step.
    ///
    /// What ends that step waits in the inbox until the client has recovered.
    ///
    /// - Returns: Whether it is meant for it.
    func takeForFlow(_ event: EventID, _ view: EventView, _ question: Question?, at time: NIODeadline) -> Bool {
        guard let flow = recovery?.flow else { return false }
        return withCause(of: flow) {
            switch flow.waiting {
            case .event(let operation):
                guard matches(operation.match, event, view) else { return false }
            case .stream(let run):
                guard belongs(to: run, event, view) else { return false }
                if !matches(run.operation.step.done, event, view) {
                    return takeForStream(run, event, view, question, at: time, now: time)
                }
            case .plan(let run):
                guard concerns(run, event, view) else { return false }
            default: return false
            }
            keep(event, view, question, at: time)
            return true
        }
    }

    /// Calls the closure with what the flow sent last, and when, in the place of what `rejoin` did.
    private func withCause<Result>(of flow: SuspendedFlow, _ body: () -> Result) -> Result {
        let own = (cause, values.sent)
        (cause, values.sent) = (flow.cause, flow.sent)
        defer { (cause, values.sent) = own }
        return body()
    }

    /// A step of `rejoin` took the message; the flow's step gets it too, where it waits for the same.
    func share(_ event: EventID, _ view: EventView, at time: NIODeadline) {
        guard let flow = recovery?.flow, case .event(let operation) = flow.waiting,
            withCause(of: flow, { matches(operation.match, event, view) })
        else { return }
        _ = recovery?.flow?.inbox.append(event, view, at: time)
    }

    /// Whether the flow is where a client leaves that is to.
    var mayLeave: Bool {
        guard task == nil else { return false }
        guard let flow = recovery?.flow else { return true }
        switch flow.waiting {
        case .nothing, .think, .turn, .room, .recovery: return true
        default: return false
        }
    }

    /// A handler leaves the server while `rejoin` runs: the flow goes on without a connection.
    func abandonRejoin(at now: NIODeadline) {
        guard let run = recovery, run.flow != nil else { return }
        restoreFlow(of: run)
        leaveServer()
        goOn(wasRejoining: true, at: now)
    }

    /// Whether a later step of the flow that is set aside can see the message.
    func isKeptForFlow(_ event: EventID) -> Bool {
        guard let flow = recovery?.flow else { return false }
        return program.awaits(event, from: flow.address, inOpenWindow: flow.isWindowOpen)
    }
}
