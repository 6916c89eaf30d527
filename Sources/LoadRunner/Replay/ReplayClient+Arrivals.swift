import Metrics
import NIOCore
import Scenarios
import Wire

/// What the server does.
extension ReplayClient {
    /// An event came.
    func received(_ event: EventID, _ view: EventView, _ question: Question?, on link: Int, at now: NIODeadline) {
        let place = replay.place(of: event, on: link)
        let count = place.map { Int(counts[$0]) } ?? 0
        guard let place, count < replay.expected[place].count else {
            recorder.add(.extra, of: replay.metrics[event], group: replay.links[link].number)
            return
        }
        counts[place] += 1
        let expected = replay.expected[place][count]
        if let question, replay.arrivals[expected].isAcknowledged { questions[expected] = question }
        arrived(expected, view, at: now)
    }

    /// Something came that the recording does not have: an event of another name, an answer to what nobody asked.
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
        if !arrival.isResponse {
            if number < latest[arrival.script.link] { recorder.add(.reordered, of: arrival.metrics, group: group) }
            latest[arrival.script.link] = number
        }
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
        if action.refusal != nil {
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
        guard !isGone else { return }
        let group = link.program.number
        let opening = replay.actions[link.opening]
        if !wasConnected, opening.refusal?.allows(end) ?? false, let answer = opening.answer {
            arrived(answer, nil, at: now)
        } else if !wasConnected {
            if opening.refusal == nil { recorder.failed(metrics.connect, group: group) }
            fail(kind, example(), group: group, at: now)
        } else if end.isClose, let close = replay.closes[link.number], !hasCome[close] {
            arrived(close, nil, at: now)
        } else {
            recorder.add(.extra, of: replay.closed, group: group)
            fail(kind, example(), group: group, at: now)
        }
        goOn(at: now)
    }

    /// A connection, or a request, is in another state than before: what waits in vain need not wait any longer.
    func goOn(at now: NIODeadline) {
        advance(at: now)
    }
}

extension ReplayProgram.Action.Refusal {
    /// Whether a connection that ends like this did not come about as in the recording.
    fileprivate func allows(_ end: ConnectionEnd) -> Bool {
        switch (self, end) {
        case (.answered, .refused), (.unanswered, .failed), (.unanswered, .refused): true
        default: false
        }
    }
}

extension ConnectionEnd {
    /// The server's, or the network's.
    fileprivate var isClose: Bool {
        if case .closed = self { true } else { false }
    }
}
