import Metrics
import NIOCore
import Scenarios

/// When the client goes on.
extension ReplayClient {
    private static let patience = TimeAmount(ReplayScript.patience)

    /// Does what can be done now, and sets the timer for what comes then.
    func advance(at now: NIODeadline) {
        guard !isAdvancing, !isGone else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        tellTime(now)
        while next < replay.actions.count, !isGone {
            let action = replay.actions[next]
            if case .end = action.work {
                guard mayEnd(action, at: now) else { return }
                return finish(at: now)
            }
            if isInVain(action) {
                pass(action)
                continue
            }
            guard let time = dueTime(of: action, at: now), hold(action, at: now) else { return }
            // What the action before it kept from being done is not late by the generator, nor what its connection did.
            let since = max(time, nextSince)
            due[next] = nanoseconds(at: since)
            done[next] = nanoseconds(at: now)
            if !isHeldUp, now - since > VirtualClient.lateness { recorder.addLate() }
            isHeldUp = false
            let number = next
            let isPrompted = action.script.trigger.map { hasCome[$0] } ?? true
            next += 1
            nextSince = now
            perform(action, number: number, isPrompted: isPrompted, at: now)
        }
    }

    /// Passes over an action that cannot be done: nobody waits for its time.
    private func pass(_ action: ReplayProgram.Action) {
        let time = due[next] == Self.never ? timeWithoutTrigger(action) : scheduled + .nanoseconds(due[next])
        // Times that run from it run from when it would have been.
        nextSince = max(nextSince, time)
        next += 1
        assign(action)
        if case .close = action.work { return }
        recorder.add(.unsent, of: nil, group: replay.links[action.script.link].number)
    }

    /// When the next action was due, where that is not in the future; otherwise the timer is set.
    private func dueTime(of action: ReplayProgram.Action, at now: NIODeadline) -> NIODeadline? {
        if due[next] != Self.never {
            let time = scheduled + .nanoseconds(due[next])
            // On the grid, as all times; but what need not wait for it does not.
            if time <= now { return min(worker.wheel.rounded(time), now) }
            set(.step, at: time)
            return nil
        }
        let isHopeless = action.script.trigger.map { !canCome($0) || isGivenUp($0) } ?? true
        let deadline = worker.wheel.rounded(timeWithoutTrigger(action) + (isHopeless ? .zero : Self.patience))
        guard deadline <= now else {
            set(.step, at: deadline)
            return nil
        }
        if let trigger = action.script.trigger { giveUp(trigger) }
        return now
    }

    // MARK: What does not come

    /// The client does not wait for the arrival any more.
    private func giveUp(_ arrival: Int) {
        if let place = replay.place(ofArrival: arrival) { givenUp[place] = counts[place] }
    }

    /// Whether the client has waited in vain for one of the same kind, and none has come since: it does not wait for the
    /// next as well, or a server that has stopped would be waited for at each action.
    private func isGivenUp(_ arrival: Int) -> Bool {
        guard !givenUp.isEmpty, let place = replay.place(ofArrival: arrival) else { return false }
        return givenUp[place] == counts[place]
    }

    /// When the next action would be due if what it follows upon came as late after the action before as in the recording.
    private func timeWithoutTrigger(_ action: ReplayProgram.Action) -> NIODeadline {
        nextSince + action.wait + action.pause
    }

    /// Whether the recording is over, and what has not come yet has had its time.
    private func mayEnd(_ action: ReplayProgram.Action, at now: NIODeadline) -> Bool {
        var deadline =
            due[next] == Self.never ? timeWithoutTrigger(action) : scheduled + .nanoseconds(due[next])
        if outstanding > 0, replay.arrivals.indices.contains(where: { !hasCome[$0] && canCome($0) }) {
            deadline = deadline + Self.patience
        } else if requests.isEmpty, links.allSatisfy({ $0?.isOver ?? true }) {
            return true
        }
        if deadline <= now { return true }
        set(.step, at: deadline)
        return false
    }

    /// Whether the arrival can come at all: its connection is there, or the request under way.
    private func canCome(_ arrival: Int) -> Bool {
        let arrival = replay.arrivals[arrival]
        if arrival.isResponse, case .answer(let action) = arrival.script.kind {
            return action >= next || requests.contains { $0.action == action }
        }
        return links[arrival.script.link].map { !$0.isOver } ?? false
    }
}
