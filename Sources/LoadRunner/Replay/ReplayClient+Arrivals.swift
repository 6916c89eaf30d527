import Metrics
import NIOCore
import Scenarios
import Wire

/// What the server does.
extension ReplayClient {
    /// An event came.
    func received(_ event: EventID, _ view: EventView, _ question: Question?, on link: Int, at now: NIODeadline) {
        let place = link * replay.eventCount + event
        let count = Int(counts[place])
        counts[place] += 1
        let expected = replay.expected[place]
        guard count < expected.count else {
            recorder.add(.extra, of: replay.metrics[event], group: replay.links[link].number)
            return
        }
        if let question, replay.arrivals[expected[count]].isAcknowledged { questions[expected[count]] = question }
        arrived(expected[count], view, at: now)
    }

    /// An event came that the recording does not have.
    func receivedUnknown(on link: Int) {
        recorder.add(.extra, of: nil, group: replay.links[link].number)
    }

    /// What the recording has, has come.
    func arrived(_ number: Int, _ view: EventView?, at now: NIODeadline) {
        guard !hasCome[number] else { return }
        hasCome.insert(number)
        outstanding -= 1
        let arrival = replay.arrivals[number]
        let group = replay.links[arrival.script.link].number
        if let view {
            for capture in arrival.captures {
                values.variables[capture.slot] = capture.path.value(in: view) ?? .null
            }
        }
        measure(arrival, group: group, at: now)
        if number < latest[arrival.script.link] { recorder.add(.reordered, of: arrival.metrics, group: group) }
        latest[arrival.script.link] = number
        defer { if outstanding == 0, next == replay.actions.count - 1 { advance(at: now) } }
        guard !arrival.follows.isEmpty else { return }
        let time = nanoseconds(at: now)
        for action in arrival.follows where action >= next && due[action] == Self.never {
            due[action] = time + replay.actions[action].pause.nanoseconds
        }
        if arrival.follows.contains(next) { advance(at: now) }
    }

    private func measure(_ arrival: ReplayProgram.Arrival, group: Int, at now: NIODeadline) {
        recorder.succeeded(arrival.metrics.operation, group: group)
        // Where its cause is still to come, there is nothing that it took.
        guard let cause = arrival.script.cause, done[cause] != Self.never else { return }
        let time = nanoseconds(at: now)
        let service = max(0, time - done[cause])
        // A connect is measured where its socket is open.
        if let latency = arrival.metrics.operation.latency, latency != metrics.connect.latency {
            recorder.record(latency, group: group, scheduled: max(service, time - due[cause]), service: service)
        }
        if service > arrival.limit { recorder.add(.slower, of: arrival.metrics, group: group) }
    }

    // MARK: Connections

    /// Events can flow.
    func connected(_ link: ReplayLink, at now: NIODeadline) {
        let action = replay.actions[link.opening]
        if action.isRefused {
            recorder.add(.extra, of: nil, group: link.program.number)
            link.leave()
        } else if let answer = action.answer {
            arrived(answer, nil, at: now)
        }
        goOn(at: now)
    }

    /// A connection fell, or never came to be.
    func lost(
        _ link: ReplayLink,
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd,
        wasConnected: Bool,
        at now: NIODeadline
    ) {
        let opening = replay.actions[link.opening]
        if !wasConnected, opening.isRefused, case .refused = end, let answer = opening.answer {
            recorder.succeeded(metrics.connect, group: link.program.number)
            arrived(answer, nil, at: now)
        } else if wasConnected, let close = replay.closes[link.number], !hasCome[close] {
            arrived(close, nil, at: now)
        } else {
            if !wasConnected { recorder.failed(metrics.connect, group: link.program.number) }
            fail(kind, example(), group: link.program.number, at: now)
        }
        goOn(at: now)
    }

    /// A connection is in another state than before.
    func goOn(at now: NIODeadline) {
        // What waits in vain need not wait any longer.
        if isHeldUp || !isGone { advance(at: now) }
    }
}
