import Metrics
import NIOCore
import Scenarios

extension VirtualClient {
    /// An event of the scenario arrived: it goes to the running step, or else to its handler and, where a later step
    /// waits for it, into the inbox.
    ///
    /// - Parameter question: the acknowledgement that the server asked for with it.
    func received(_ event: EventID, _ view: EventView, _ question: Question?, at time: NIODeadline) {
        values.epochMilliseconds = worker.epochMilliseconds(at: time)
        if let rooms = program.deliveries[event], self.rooms != nil {
            for operation in rooms { take(operation, view, at: time) }
        }
        switch waiting {
        case .event(let operation):
            if matches(operation.match, event, view) {
                if isRejoining { share(event, view, at: time) }
                take(view, question, capture: operation.wait.capture)
                succeed(operation.wait, at: time)
                complete(closesWindow: true, at: time)
                return
            }
        case .stream(let run):
            if takeForStream(run, event, view, question, at: time, now: time) { return }
        case .plan(let run):
            if takeForPlan(run, event, view, question, at: time, now: time) { return }
        case .gone:
            return
        default:
            break
        }
        if recovery != nil, takeForFlow(event, view, question, at: time) { return }
        var question = question
        let isForTask = task.map { concerns($0, event, view) } ?? false
        if !isForTask {
            if countStray(event, view) { return }
            if let handler = program.handlers[event] {
                runHandler(handler, event, view, question, at: time)
                // The handler has answered.
                question = nil
                reconsider(at: time)
                if case .gone = waiting { return }
            }
        }
        guard isForTask || isKept(event) else { return }
        keep(event, view, question, at: time)
    }

    func keep(_ event: EventID, _ view: EventView, _ question: Question?, at time: NIODeadline) {
        let fallen = inbox.append(event, view, question, at: time)
        if fallen > 0 { recorder.add(metrics.inboxOverflow, group: group, fallen) }
    }

    /// Whether a later step can see the message: one that comes before a cause opens the next window.
    private func isKept(_ event: EventID) -> Bool {
        if isKeptForFlow(event) { return true }
        switch waiting {
        case .event, .stream, .plan: return program.awaits(event, after: address)
        default: return program.awaits(event, from: address, inOpenWindow: isWindowOpen)
        }
    }

    /// An acknowledgement arrived.
    func acknowledged(_ id: Int, in namespace: Int, _ view: EventView, at time: NIODeadline) {
        guard case .acknowledgement(let wait, id, namespace) = waiting else { return }
        take(view, capture: wait.capture)
        succeed(wait, at: time)
        complete(closesWindow: false, at: time)
    }

    func matches(_ match: EventMatch, _ event: EventID, _ view: EventView) -> Bool {
        for pattern in match.patterns where pattern.event == event {
            guard let condition = pattern.condition else { return true }
            if condition.matches(view, &values) { return true }
        }
        return false
    }

    /// Takes the first kept message that matches out of the inbox.
    func takeKept(_ match: EventMatch) -> Inbox.Message? {
        guard !inbox.isEmpty else { return nil }
        let place = inbox.messages.firstIndex { message in
            message.content.withView { matches(match, message.event, $0) }
        }
        return place.map { inbox.remove(at: $0) }
    }

    var isRunning: Bool {
        if case .gone = waiting { false } else { true }
    }

    /// Where the flow asked the same by itself, and before, the answer is the flow's.
    func isHeartbeat(
        _ event: EventID,
        _ view: EventView,
        answering answer: EventMatch,
        since oldest: NIODeadline
    ) -> Bool {
        matches(answer, event, view) && !awaits(event, view, since: oldest)
    }

    /// Whether the flow waits for this message, and has since before this time.
    private func awaits(_ event: EventID, _ view: EventView, since time: NIODeadline) -> Bool {
        guard case .event(let operation) = waiting, let cause, cause.actual <= time else { return false }
        return matches(operation.match, event, view)
    }

    /// No step can wait for it.
    func receivedUnknown(at now: NIODeadline) {}

    // MARK: Acknowledgements that the server asks for

    /// A step took a message with which the server asked for an acknowledgement.
    func asked(_ question: Question) {
        if program.acknowledges {
            self.question = question
        } else {
            acknowledge(question, nil, event: nil)
        }
    }

    /// Answers it, with nothing where no step says with what.
    func acknowledge(_ question: Question, _ operation: AcknowledgeOperation?, event: EventView?) {
        connection?.acknowledge(question, operation, values: &values, event: event)
    }

    /// Runs a handler's steps, which never wait, beside the flow.
    func runHandler(
        _ handler: Instruction.Address,
        _ event: EventID,
        _ view: EventView,
        _ question: Question?,
        at time: NIODeadline
    ) {
        runSteps(of: handler, event, view, question, at: time)
        if let kind = pendingDrop.take(), isRunning { drop(kind, at: time) }
        guard isDisconnecting else { return }
        isDisconnecting = false
        if isRunning { abandonRejoin(at: time) }
    }

    private func runSteps(
        of handler: Instruction.Address,
        _ event: EventID,
        _ view: EventView,
        _ question: Question?,
        at time: NIODeadline
    ) {
        let flow = address
        swap(&values.random, &handlerRandom)
        isHandling = true
        defer {
            swap(&values.random, &handlerRandom)
            isHandling = false
            address = flow
        }
        if let question, !program.handlerAcknowledges[event] { acknowledge(question, nil, event: view) }
        address = handler
        rooms?.cause = Cause(scheduled: time, actual: time)
        while true {
            worker.trace?.step(program.code[address], of: self, at: time)
            switch program.code[address] {
            case .end:
                return
            case .emit(let operation):
                if let connection, connection.admits(at: time) {
                    connection.send(operation, acknowledgement: nil, values: &values, event: view)
                }
                guard isRunning else { return }
                address += 1
            case .send(let operation):
                if let connection, connection.admits(at: time) {
                    connection.send(operation.message, values: &values, event: view)
                }
                guard isRunning else { return }
                address += 1
            case .acknowledge(let operation):
                if let question { acknowledge(question, operation, event: view) }
                address += 1
            case .fail:
                _ = runPlain(program.code[address], event: view, usesLastEvent: false, at: time)
                guard isRunning else { return }
                address += 1
            case let instruction:
                guard runPlain(instruction, event: view, usesLastEvent: false, at: time) else { return }
            }
        }
    }
}
