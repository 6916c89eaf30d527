import Metrics
import NIOCore
import Scenarios
import Wire

extension VirtualClient {
    /// This many steps in a row without a wait, and the client lets the others go first.
    private static let stepsInARow = 1000

    /// Runs steps until one waits.
    ///
    /// A step that ends, or fails, while it is begun is gone on from in the loop that runs it: a flow may fail as often as
    /// it likes.
    func proceed(at now: NIODeadline) {
        guard !isProceeding else {
            goesOn = true
            return
        }
        isProceeding = true
        defer { isProceeding = false }
        values.epochMilliseconds = worker.epochMilliseconds(at: now)
        if recovery != nil { beginRejoin(at: now) }
        for _ in 0..<Self.stepsInARow {
            if isLeaving, mayLeave {
                finish(at: now)
                return
            }
            worker.trace?.step(program.code[address], of: self, at: now)
            goesOn = false
            guard run(program.code[address], at: now) || goesOn else { return }
            if case .gone = waiting { return }
        }
        waiting = .turn
        set(.step, at: now + TimerWheel.tick)
    }

    /// The running step is done.
    ///
    /// - Parameter closesWindow: The step chose among the messages, so that those for the next one begin with the next
    ///   cause; false for a step that waits for one answer of its own.
    func complete(closesWindow: Bool, at now: NIODeadline) {
        cancel(.step)
        waiting = .nothing
        if closesWindow { isWindowOpen = false }
        readyAt = now
        address += 1
        proceed(at: now)
    }

    /// Runs one instruction.
    ///
    /// - Returns: Whether the flow goes on at once.
    private func run(_ instruction: Instruction, at now: NIODeadline) -> Bool {
        switch instruction {
        case .connect:
            guard !isAway else {
                waiting = .recovery
                return false
            }
            if connection == nil {
                connect(at: now)
                return false
            }
        case .emit(let operation):
            if hasEnded {
                guard staysEnded(at: now) else { return false }
                break
            }
            guard isConnected(at: now), hasRoom() else { return false }
            markCause(at: now)
            return emit(operation, at: now)
        case .send(let operation):
            if hasEnded {
                guard staysEnded(at: now) else { return false }
                break
            }
            guard isConnected(at: now), hasRoom() else { return false }
            markCause(at: now)
            withLastEvent { connection?.send(operation.message, values: &values, event: $0) }
            readyAt = now
        case .acknowledge(let operation):
            if let question = question.take() {
                withLastEvent { acknowledge(question, operation, event: $0) }
            }
        case .http(let operation):
            markCause(at: now)
            request(operation, at: now)
            return false
        case .await(let operation):
            if takeKept(for: operation, at: now) { return true }
            guard hasEnded || isOnlyAboutEnds(operation.match) || isConnected(at: now) else { return false }
            return beginAwait(operation, at: now)
        case .stream(let operation):
            guard hasEnded || isConnected(at: now) else { return false }
            return beginStream(operation, at: now)
        case .plan(let operation):
            guard hasEnded || isConnected(at: now) else { return false }
            return enterPlan(operation, at: now)
        case .replyEnd:
            task?.isReplying = false
        case .think(let delay), .pause(let delay):
            think(delay)
            return false
        case .pace(let operation):
            return pace(operation, at: now)
        case .wait(let operation):
            return beginWait(operation, at: now)
        case .end:
            if let recovery, recovery.flow != nil {
                recovered(recovery, at: now)
                return false
            }
            finish(at: now)
            return false
        case .again(let loop, let begin) where loop.every != nil:
            return nextRound(loop, begin, event: nil, usesLastEvent: true, at: now)
        case .disconnect, .loop, .again, .choose, .unless, .jump, .set, .count, .fail, .room, .fanOut, .drop, .stall:
            return runPlain(instruction, event: nil, usesLastEvent: true, at: now)
        }
        address += 1
        return true
    }

    /// Runs an instruction that never waits, of a flow or of a handler; moves the address.
    ///
    /// - Returns: Whether the flow goes on at once.
    func runPlain(_ instruction: Instruction, event: EventView?, usesLastEvent: Bool, at now: NIODeadline) -> Bool {
        switch instruction {
        case .disconnect where isHandling && isRejoining:
            // When the handler is over, as with a cut.
            isDisconnecting = true
        case .disconnect:
            leaveServer()
        case .loop(let loop):
            beginLoop(loop, event: event, usesLastEvent: usesLastEvent)
            return true
        case .again(let loop, let begin):
            return nextRound(loop, begin, event: event, usesLastEvent: usesLastEvent, at: now)
        case .choose(let operation):
            let number = values.random.integer(from: 0, through: max(0, (operation.weights.last ?? 1) - 1))
            let branch = operation.weights.firstIndex { number < $0 } ?? 0
            address = operation.branches[branch]
            return true
        case .unless(let operation, let target):
            let holds =
                usesLastEvent
                ? withLastEvent { operation.condition.holds(&values, event: $0) }
                : operation.condition.holds(&values, event: event)
            if !holds {
                address = target
                return true
            }
        case .jump(let target):
            address = target
            return true
        case .set(let operation):
            for assignment in operation.assignments {
                values.variables[assignment.slot] =
                    usesLastEvent
                    ? withLastEvent { assignment.value.value(&values, event: $0) }
                    : assignment.value.value(&values, event: event)
            }
        case .count(let operation):
            recorder.add(operation.counter, group: group)
        case .fail(let operation):
            let text =
                usesLastEvent
                ? withLastEvent { operation.text.text(&values, event: $0) }
                : operation.text.text(&values, event: event)
            fail("script", text, at: now)
            return false
        case .room(let operation):
            change(operation, event: event, usesLastEvent: usesLastEvent, at: now)
        case .fanOut(let operation):
            if let event { take(operation, event, at: now) }
        case .drop(let kind) where isHandling:
            // When the handler is over: what becomes of the flow must not happen in the middle of its steps.
            pendingDrop = kind
        case .drop(let kind):
            let place = address
            drop(kind, at: now)
            if case .gone = waiting { return false }
            // Where nothing reconnects the step has failed, and the flow may be behind it already.
            guard address == place else { return false }
        case .stall(let stall):
            self.stall(stall, at: now)
        case .connect, .emit, .send, .acknowledge, .http, .await, .stream, .plan, .replyEnd, .think, .pause, .pace,
            .wait, .end:
            // None of these is plain: the flow runs them itself, and the reader keeps them out of handlers.
            break
        }
        address += 1
        return true
    }

    /// The send that follows is what latencies run from; the first after a waiting step opens a window.
    private func markCause(at now: NIODeadline) {
        if !isWindowOpen, task == nil, !isRejoining { inbox.clear() }
        isWindowOpen = true
        let cause = Cause(scheduled: readyAt, actual: now)
        self.cause = cause
        rooms?.cause = cause
        if wellSince != nil { becomeWell(by: cause.scheduled) }
        if now - readyAt > VirtualClient.lateness { recorder.addLate() }
    }

    /// Makes sure that there is a connection, by connecting before this step where there is none.
    private func isConnected(at now: NIODeadline) -> Bool {
        if isAway {
            waiting = .recovery
            return false
        }
        if connection != nil { return true }
        connect(at: now)
        return false
    }

    /// Whether a step still waits for the connection's end, so that what is sent until then goes nowhere; where the flow
    /// went past it the end was not expected after all, and the step fails.
    private func staysEnded(at now: NIODeadline) -> Bool {
        for case let event? in [program.closed, program.refused]
        where program.awaits(event, from: address, inOpenWindow: isWindowOpen) {
            return true
        }
        hasEnded = false
        let (kind, example) = ending ?? ("closed.1006", "the connection has ended")
        fail(kind, example, at: now)
        return false
    }

    private func think(_ delay: Delay) {
        waiting = .think
        let deadline = worker.wheel.rounded(readyAt + TimeAmount(values.random.delay(delay)))
        readyAt = deadline
        set(.step, at: deadline)
    }

    private func emit(_ operation: EmitOperation, at now: NIODeadline) -> Bool {
        guard let connection else { return false }
        guard let wait = operation.acknowledgement else {
            withLastEvent { connection.send(operation, acknowledgement: nil, values: &values, event: $0) }
            readyAt = now
            address += 1
            return true
        }
        let id = nextAcknowledgement
        nextAcknowledgement += 1
        waiting = .acknowledgement(wait, id: id, namespace: operation.namespace)
        set(.step, at: now + wait.within)
        withLastEvent { connection.send(operation, acknowledgement: id, values: &values, event: $0) }
        return false
    }

    /// Takes what the step waits for out of the inbox, where it has come already.
    private func takeKept(for operation: AwaitOperation, at now: NIODeadline) -> Bool {
        guard let message = takeKept(operation.match) else { return false }
        if isRejoining { message.content.withView { share(message.event, $0, at: message.time) } }
        if message.event == program.closed || message.event == program.refused { hasEnded = false }
        message.content.withView { take($0, message.question, capture: operation.wait.capture) }
        succeed(operation.wait, at: message.time)
        isWindowOpen = false
        readyAt = now
        address += 1
        return true
    }

    private func beginAwait(_ operation: AwaitOperation, at now: NIODeadline) -> Bool {
        waiting = .event(operation)
        set(.step, at: (self.cause(of: operation.wait)?.actual ?? now) + operation.wait.within)
        return false
    }

    private func beginWait(_ operation: ConditionWaitOperation, at now: NIODeadline) -> Bool {
        if withLastEvent({ operation.condition.holds(&values, event: $0) }) {
            readyAt = now
            address += 1
            return true
        }
        waiting = .condition(operation)
        set(.step, at: (cause(of: operation.wait)?.actual ?? now) + operation.wait.within)
        return false
    }

    /// A handler may have made true what the flow waits for.
    func reconsider(at now: NIODeadline) {
        guard case .condition(let operation) = waiting,
            withLastEvent({ operation.condition.holds(&values, event: $0) })
        else { return }
        complete(closesWindow: false, at: now)
    }

    /// What the step's latency runs from.
    func cause(of wait: WaitOperation) -> Cause? {
        wait.since.map { marks[$0] } ?? cause
    }

    /// Records a step that got what it waited for.
    func succeed(_ wait: WaitOperation, at time: NIODeadline) {
        guard let cause = cause(of: wait) else { return }
        if let mark = wait.mark, !isRejoining { marks[mark] = cause }
        let scheduled = max(0, (time - cause.scheduled).nanoseconds)
        let service = max(0, (time - cause.actual).nanoseconds)
        if let operation = wait.operation {
            recorder.succeeded(operation, group: group, scheduled: scheduled, service: service)
        }
        // The same operation under its other name; `operations` has it once.
        if let general = wait.general {
            recorder.add(general.count, group: group)
            if let latency = general.latency {
                recorder.record(latency, group: group, scheduled: scheduled, service: service)
            }
        }
    }

    /// The timer of the running step fired: a think time is over, or what it waits for did not come.
    func stepTimerFired(at now: NIODeadline) {
        switch waiting {
        case .think:
            waiting = .nothing
            if case .think = program.code[address] {
                address += 1
            } else if case .pause = program.code[address] {
                address += 1
            }
            proceed(at: now)
        case .turn:
            waiting = .nothing
            proceed(at: now)
        case .connection:
            connection?.abandon()
            connectionLost("timeout", "no connection within \(program.group.target.timeout)", .failed, at: now)
        case .room: retry(at: now)
        case .acknowledgement(let wait, _, _): timedOut(wait, at: now)
        case .response(let operation): timedOut(operation.wait, at: now)
        case .event(let operation): timedOut(operation.wait, at: now)
        case .condition(let operation): timedOut(operation.wait, at: now)
        case .stream(let run): streamTimedOut(run, at: now)
        case .plan(_), .nothing, .recovery, .gone: break
        }
    }

    private func timedOut(_ wait: WaitOperation, at now: NIODeadline) {
        fail("timeout", "\(wait.subject) did not come within \(Duration.nanoseconds(wait.within.nanoseconds))", at: now)
    }
}
