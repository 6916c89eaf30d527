import NIOCore
import Wire

extension ReplayCompiler {
    /// Numbers what happened, and says what follows upon what.
    mutating func script(of moments: [Moment], text: inout ReplayText) -> (script: ReplayScript, events: [String]) {
        var script = ReplayScript(
            links: handshakes.indices.map { .init(group: text.group(of: $0)) },
            actions: [],
            arrivals: [],
            events: [],
            length: .zero
        )
        var actions: [Int: Int] = [:]
        var arrivals: [Int: Int] = [:]
        var events: [String] = []
        var places: [String: Int] = [:]
        var eventIDs: [String: EventID] = [:]
        var lastAction: (number: Int, time: Double)?
        var lastArrival: (number: Int, time: Double)?
        let start = moments.first?.time ?? 0

        func timed(_ action: ReplayScript.Action, at time: Double) -> ReplayScript.Action {
            var action = action
            let before = lastAction?.time ?? start
            action.trigger = lastArrival?.number
            action.pause = .milliseconds(max(0, time - (lastArrival?.time ?? start)))
            action.wait = .milliseconds(max(0, (lastArrival?.time ?? start) - before))
            return action
        }

        for moment in moments {
            switch moment.act {
            case .action(var kind):
                if case .acknowledge(let turn) = kind {
                    // What was never asked in what could be read is not answered either.
                    guard let arrival = arrivals[turn] else { continue }
                    kind = .acknowledge(arrival: arrival)
                }
                let steps = text.add(drafter.steps[moment.turn], of: moment.link)
                var action = ReplayScript.Action(
                    kind: kind,
                    link: moment.link,
                    assignments: steps.assignments,
                    step: steps.own,
                    pause: .zero,
                    wait: .zero
                )
                if let said = turns[moment.turn].sent {
                    action.attachments = said.binary
                    action.asksForAcknowledgement = said.asksForAcknowledgement
                }
                if case .request(let exchange) = turns[moment.turn].act { action.body = exchange.otherBody }
                script.actions.append(timed(action, at: moment.time))
                lastAction = (script.actions.count - 1, moment.time)
                if actions[moment.turn] == nil { actions[moment.turn] = script.actions.count - 1 }
            case .arrival(var kind, let name):
                switch kind {
                case .answer(let turn), .refusal(let turn):
                    guard let action = actions[turn] else { continue }
                    if case .answer = kind { kind = .answer(action: action) } else { kind = .refusal(action: action) }
                case .event:
                    if eventIDs[name] == nil {
                        eventIDs[name] = events.count
                        events.append(name)
                    }
                    kind = .event(eventIDs[name] ?? 0)
                case .close: break
                }
                let place = places[name] ?? script.events.count
                if place == script.events.count {
                    places[name] = place
                    script.events.append(.init(name: metricName(name, kind)))
                }
                let delay = lastAction.map { moment.time - $0.time } ?? 0
                var captures: Int?
                if case .event = kind, drafter.steps[moment.turn].last?["capture"] != nil {
                    captures = text.add(drafter.steps[moment.turn], of: moment.link).own
                }
                script.arrivals.append(
                    ReplayScript.Arrival(
                        kind: kind,
                        link: moment.link,
                        cause: lastAction?.number,
                        delay: .milliseconds(delay),
                        captures: captures,
                        event: place
                    )
                )
                script.events[place].count += 1
                if lastAction != nil { script.events[place].recorded.append(Int64((delay * 1000).rounded())) }
                lastArrival = (script.arrivals.count - 1, moment.time)
                arrivals[moment.turn] = script.arrivals.count - 1
            }
        }
        let end = moments.last?.time ?? start
        script.actions.append(timed(.init(kind: .end, link: 0, pause: .zero, wait: .zero), at: end))
        script.length = .milliseconds(end - start)
        return (script, events)
    }

    /// What an arrival is measured as: of an event a name like those that scenarios give.
    private mutating func metricName(_ name: String, _ kind: ReplayScript.Arrival.Kind) -> String {
        if case .event = kind { return drafter.names.claim(ScenarioNames.metric(name), .other) }
        return name
    }
}

extension RecordedExchange {
    /// The request's body, where it is no JSON.
    fileprivate var otherBody: ReplayScript.Action.Body? {
        guard let requestBody, requestBody.bytes.readableBytes > 0, requestJSON == nil else { return nil }
        return .init(bytes: requestBody.bytes, contentType: requestHeaders.first(named: "Content-Type") ?? "")
    }
}
