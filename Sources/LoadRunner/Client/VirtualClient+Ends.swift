import Metrics
import NIOCore
import Scenarios

/// The events `closed` and `refused`: what happened to the connection, as steps and handlers see it.
extension VirtualClient {
    /// Takes the connection's end as an event.
    ///
    /// - Returns: Whether some step waits for it now or later; it is no failure then.
    func isExpected(_ end: ConnectionEnd, at now: NIODeadline) -> Bool {
        let event: EventID? =
            switch end {
            case .closed: program.closed
            case .refused: program.refused
            case .failed: nil
            }
        guard let event else { return false }
        values.epochMilliseconds = worker.epochMilliseconds(at: now)
        return StoredEvent(arguments: end.arguments).withView { isExpected(event, $0, at: now) }
    }

    private func isExpected(_ event: EventID, _ view: EventView, at now: NIODeadline) -> Bool {
        if isWaiting(for: event, view) {
            received(event, view, nil, at: now)
            return true
        }
        if let handler = program.handlers[event] {
            runHandler(handler, event, view, nil, at: now)
            if case .gone = waiting { return true }
        }
        switch waiting {
        case .connection:
            // The connect is what was turned down: the step behind it may be about that.
            let next = isAtConnect ? address + 1 : address
            guard program.awaits(event, from: next, inOpenWindow: true) else { return false }
            recorder.succeeded(metrics.connect, group: group)
            keep(event, view, at: now)
            cancel(.step)
            waiting = .nothing
            readyAt = now
            address = next
            proceed(at: now)
            return true
        case .think, .turn, .condition, .response, .nothing:
            guard program.awaits(event, from: address, inOpenWindow: isWindowOpen) else { return false }
            keep(event, view, at: now)
            return true
        case .room:
            // What waits to be sent goes nowhere, like what is sent after the end.
            guard program.awaits(event, from: address, inOpenWindow: isWindowOpen) else { return false }
            keep(event, view, at: now)
            cancel(.step)
            waiting = .nothing
            proceed(at: now)
            return true
        case .event, .stream, .plan, .acknowledgement, .recovery:
            return false
        case .gone:
            return true
        }
    }

    /// Whether the running step is about this.
    private func isWaiting(for event: EventID, _ view: EventView) -> Bool {
        switch waiting {
        case .event(let operation):
            matches(operation.match, event, view)
        case .stream(let run):
            matches(run.operation.step.chunk, event, view) || matches(run.operation.step.done, event, view)
        case .plan(let run):
            concerns(run, event, view)
        default: false
        }
    }

    /// Whether the step is about the connection's end and nothing else: it needs no connection.
    func isOnlyAboutEnds(_ match: EventMatch) -> Bool {
        match.patterns.allSatisfy { $0.event == program.closed || $0.event == program.refused }
    }

    private var isAtConnect: Bool {
        if case .connect = program.code[address] { true } else { false }
    }

    private func keep(_ event: EventID, _ view: EventView, at now: NIODeadline) {
        hasEnded = true
        _ = inbox.append(event, view, at: now)
    }
}
