import Metrics
import NIOCore
import Scenarios
import Wire

extension VirtualClient {
    /// Begins a loop, or goes past it where there is nothing to repeat; moves the address.
    func beginLoop(_ loop: LoopOperation, event: EventView?, usesLastEvent: Bool) {
        values.variables[loop.step.index] = .integer(0)
        if loop.isTimed { loopBegins[ObjectIdentifier(loop)] = readyAt }
        for pace in loop.paces { paces[ObjectIdentifier(pace)] = nil }
        address += 1
        guard case .each(let template) = loop.step.times, let slot = loop.step.list else { return }
        let list =
            usesLastEvent
            ? withLastEvent { template.value(&values, event: $0) }
            : template.value(&values, event: event)
        values.variables[slot] = list
        if let first = list[0] {
            setItem(of: loop, first)
        } else {
            address = loop.exit
        }
    }

    /// A round is over: goes back for the next one, at once or at its time, or on; moves the address.
    ///
    /// - Returns: Whether the flow goes on at once.
    func nextRound(
        _ loop: LoopOperation,
        _ begin: Instruction.Address,
        event: EventView?,
        usesLastEvent: Bool,
        at now: NIODeadline
    ) -> Bool {
        guard case .integer(let index) = values.variables[loop.step.index],
            hasNext(loop, after: index, event: event, usesLastEvent: usesLastEvent, at: now)
        else {
            loopBegins[ObjectIdentifier(loop)] = nil
            address += 1
            return true
        }
        values.variables[loop.step.index] = .integer(index &+ 1)
        address = begin
        guard let every = loop.every, let start = loopBegins[ObjectIdentifier(loop)] else { return true }
        return waitForPoint(start + .nanoseconds(every.nanoseconds * Int64(index &+ 1)), at: now)
    }

    /// The next send starts at the next point of the pace's own grid, which begins where it was first met; in a loop,
    /// where it is first met in it: what the client did between two such loops is not caught up with.
    ///
    /// - Returns: Whether the flow goes on at once.
    func pace(_ operation: PaceOperation, at now: NIODeadline) -> Bool {
        let key = ObjectIdentifier(operation)
        let point = paces[key] ?? readyAt
        paces[key] = point + operation.interval
        address += 1
        return waitForPoint(point, at: now)
    }

    /// Waits for a point of a grid; one that is overdue is met at once, and what is sent then counts from the point.
    private func waitForPoint(_ point: NIODeadline, at now: NIODeadline) -> Bool {
        readyAt = worker.wheel.rounded(point)
        guard readyAt > now else { return true }
        waiting = .turn
        set(.step, at: readyAt)
        return false
    }

    private func hasNext(
        _ loop: LoopOperation,
        after index: Int,
        event: EventView?,
        usesLastEvent: Bool,
        at now: NIODeadline
    ) -> Bool {
        switch loop.step.times {
        case .forever:
            return true
        case .count(let count):
            return index + 1 < count
        case .duration(let duration):
            guard let start = loopBegins[ObjectIdentifier(loop)] else { return false }
            return now - start < TimeAmount(duration)
        case .until(let condition):
            return usesLastEvent
                ? !withLastEvent { condition.holds(&values, event: $0) }
                : !condition.holds(&values, event: event)
        case .each:
            guard let slot = loop.step.list, let next = values.variables[slot][index + 1] else { return false }
            setItem(of: loop, next)
            return true
        }
    }

    private func setItem(of loop: LoopOperation, _ item: JSONValue) {
        if let slot = loop.step.item { values.variables[slot] = item }
    }
}
