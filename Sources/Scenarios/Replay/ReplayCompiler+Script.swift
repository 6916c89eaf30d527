import NIOCore
import Wire

extension ReplayCompiler {
    /// Numbers what happened, and says what follows upon what.
    ///
    /// - Returns: The script, and the names of the events that its `EventID`s are the places of.
    func script(of moments: [Moment], text: inout ReplayText) -> (script: ReplayScript, events: [String]) {
        var writer = ReplayScriptWriter(start: moments.first?.time ?? 0, names: metricNames)
        writer.script.links = handshakes.indices.map { .init(group: text.group(of: $0)) }
        for moment in moments {
            switch moment.act {
            case .action(let kind): add(kind, moment, &writer, &text)
            case .arrival(let kind, let subject): add(kind, subject, moment, &writer, &text)
            }
        }
        writer.end(at: moments.last?.time ?? 0)
        return (writer.script, writer.events)
    }

    private func add(
        _ kind: ReplayScript.Action.Kind,
        _ moment: Moment,
        _ writer: inout ReplayScriptWriter,
        _ text: inout ReplayText
    ) {
        var kind = kind
        if case .acknowledge(let turn) = kind {
            // What was never asked in what could be read is not answered either.
            guard let arrival = writer.arrivals[turn] else { return }
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
        switch turns[moment.turn].act {
        case .sent(let said):
            action.attachments = said.binary
            action.asksForAcknowledgement = said.asksForAcknowledgement
            writer.note(event: said.event, of: moment.link)
        case .acknowledge(_, _, let binary): action.attachments = binary
        case .request(let exchange): action.body = exchange.otherBody
        default: break
        }
        writer.add(action, of: moment.turn, at: moment.time)
    }

    private func add(
        _ kind: ReplayScript.Arrival.Kind,
        _ subject: Subject,
        _ moment: Moment,
        _ writer: inout ReplayScriptWriter,
        _ text: inout ReplayText
    ) {
        var kind = kind
        var captures: Int?
        switch kind {
        case .answer(let turn):
            guard let action = writer.actions[turn] else { return }
            kind = .answer(action: action)
        case .refusal(let turn, let isAnswered):
            guard let action = writer.actions[turn] else { return }
            kind = .refusal(action: action, isAnswered: isAnswered)
        case .event:
            guard case .event(let name) = subject else { return }
            kind = .event(writer.number(of: name))
            writer.note(event: name, of: moment.link)
            if drafter.steps[moment.turn].last?["capture"] != nil {
                captures = text.add(drafter.steps[moment.turn], of: moment.link).own
            }
        case .close: break
        }
        // When a handshake began the recording does not say.
        let isTimed = !turns[moment.turn].isConnect
        writer.add(kind, subject, moment.link, captures: captures, of: moment.turn, at: moment.time, isTimed: isTimed)
    }

    /// The names of metrics that events may not have.
    private var metricNames: Set<String> {
        var names: Set<String> = ["replay", "closed", "refused"]
        for (place, turn) in turns.enumerated() {
            guard case .request = turn.act, let name = drafter.steps[place].last?["measure"]?.textValue else {
                continue
            }
            names.insert(name)
        }
        return names
    }
}

/// A script while it is written.
struct ReplayScriptWriter {
    /// What is beyond it is reported as `other`.
    private static let nameLimit = 100

    var script = ReplayScript(links: [], actions: [], arrivals: [], events: [], length: .zero)
    private(set) var events: [String] = []
    /// The first action, and the last arrival, of each turn.
    private(set) var actions: [Int: Int] = [:]
    private(set) var arrivals: [Int: Int] = [:]
    private let start: Double
    private var numbers: [String: EventID] = [:]
    private var places: [ReplayCompiler.Subject: Int] = [:]
    private var names: Set<String>
    private var lastAction: (number: Int, time: Double)?
    private var lastArrival: (number: Int, time: Double)?

    /// - Parameters:
    ///   - start: When the first thing happened, in milliseconds.
    ///   - names: Names of metrics that are something else's.
    init(start: Double, names: Set<String>) {
        self.start = start
        self.names = names
    }

    mutating func number(of event: String) -> EventID {
        if let known = numbers[event] { return known }
        events.append(event)
        numbers[event] = events.count - 1
        return events.count - 1
    }

    /// An event of another namespace than the connection's own needs that one connected too.
    mutating func note(event: String?, of link: Int) {
        guard let event, event.hasPrefix("/"), let comma = event.firstIndex(of: ",") else { return }
        let namespace = String(event[..<comma])
        if !script.links[link].namespaces.contains(namespace) { script.links[link].namespaces.append(namespace) }
    }

    mutating func add(_ action: ReplayScript.Action, of turn: Int?, at time: Double) {
        var action = action
        let before = lastAction?.time ?? start
        action.trigger = lastArrival?.number
        action.pause = .milliseconds(max(0, time - (lastArrival?.time ?? start)))
        action.wait = .milliseconds(max(0, (lastArrival?.time ?? start) - before))
        script.actions.append(action)
        let number = script.actions.count - 1
        lastAction = (number, time)
        if let turn, actions[turn] == nil { actions[turn] = number }
    }

    mutating func add(
        _ kind: ReplayScript.Arrival.Kind,
        _ subject: ReplayCompiler.Subject,
        _ link: Int,
        captures: Int?,
        of turn: Int,
        at time: Double,
        isTimed: Bool
    ) {
        let event = place(of: subject)
        let delay = isTimed ? lastAction.map { time - $0.time } : nil
        script.arrivals.append(
            ReplayScript.Arrival(
                kind: kind,
                link: link,
                cause: lastAction?.number,
                delay: delay.map { .milliseconds($0) },
                captures: captures,
                event: event
            )
        )
        script.events[event].count += 1
        if let delay { script.events[event].recorded.append(Int64((delay * 1000).rounded())) }
        lastArrival = (script.arrivals.count - 1, time)
        arrivals[turn] = script.arrivals.count - 1
    }

    /// The recording is over.
    mutating func end(at time: Double) {
        add(.init(kind: .end, link: 0, pause: .zero, wait: .zero), of: nil, at: time)
        script.length = .milliseconds(time - start)
    }

    private mutating func place(of subject: ReplayCompiler.Subject) -> Int {
        if let known = places[subject] { return known }
        // A recording may have any number of names; figures have so many.
        guard script.events.count < Self.nameLimit || subject == .other("other") else {
            return place(of: .other("other"))
        }
        script.events.append(.init(name: name(of: subject)))
        places[subject] = script.events.count - 1
        return script.events.count - 1
    }

    /// What an arrival is measured as: of an event a name like those that scenarios give.
    private mutating func name(of subject: ReplayCompiler.Subject) -> String {
        switch subject {
        case .other(let name): return name
        case .event(let event):
            let base = ScenarioNames.metric(event)
            var name = base
            var number = 1
            while !names.insert(name).inserted {
                number += 1
                name = "\(base)_\(number)"
            }
            return name
        }
    }
}

extension RecordedExchange {
    /// The request's body, where it is no JSON.
    fileprivate var otherBody: ReplayScript.Action.Body? {
        guard let requestBody, requestBody.bytes.readableBytes > 0, requestJSON == nil else { return nil }
        return .init(bytes: requestBody.bytes, contentType: requestHeaders.first(named: "Content-Type") ?? "")
    }
}
