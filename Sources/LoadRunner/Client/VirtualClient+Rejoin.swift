import Metrics
import NIOCore
import Scenarios

/// The flow set aside while the steps of `rejoin` run, and what comes for it meanwhile.
extension VirtualClient {
    /// The random numbers of `rejoin` are a stream of their own for each loss, beginning here.
    private static let firstRejoinStream: UInt64 = 1 << 33

    /// The steps of `rejoin` run in place of the flow's.
    var isRejoining: Bool { recovery?.flow != nil }

    // MARK: Setting aside

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

    /// Puts the flow back in the place of `rejoin`.
    func restoreFlow(of run: RecoveryRun) {
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

    /// The flow's step goes on where it was, first with what came meanwhile.
    func goOn(wasRejoining: Bool, at now: NIODeadline) {
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
