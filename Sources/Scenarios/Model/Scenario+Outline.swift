extension Scenario {
    /// What would run, in words; values of environment variables never appear.
    package var outline: String {
        var lines = [name + (description.map { ": \($0)" } ?? "")]
        let targets = groups.map(\.target.outline)
        if let target = targets.first, targets.allSatisfy({ $0 == target }) {
            lines += ["", "target  \(target)"]
        }
        lines += ["", "load    \(load.duration.scenarioText), at most \(load.peakClients) clients"]
        lines += phaseLines
        lines.append("        then up to \(grace.scenarioText) for flows to finish")
        if warmup > .zero { lines.append("        the first \(warmup.scenarioText) are left out of the figures") }
        lines += ["", "clients"] + groups.flatMap { groupLines($0, showsTarget: Set(targets).count > 1) }
        if !checks.isEmpty { lines += ["", "checks"] + checks.map { "  " + $0.outline } }
        if !environment.isEmpty {
            let width = environment.map(\.name.count).max() ?? 0
            lines += ["", "environment"]
            lines += environment.map { variable in
                let state = variable.value == nil ? "not set, the default applies" : "set"
                return "  \(variable.name.padded(to: width))  \(state)"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var phaseLines: [String] {
        var start = Duration.zero
        return load.phases.map { phase in
            let end = start + phase.duration
            let times = "\(start.scenarioText)..\(end.scenarioText)".padded(to: 14)
            start = end
            return "  \(times)  \(phase.outline)" + (phase.name.map { "  (\($0))" } ?? "")
        }
    }

    private func groupLines(_ group: ClientGroup, showsTarget: Bool) -> [String] {
        let sum = groups.reduce(0) { $0 + $1.share }
        let percent = Double(group.share) / Double(max(sum, 1)) * 100
        let peak = (Double(load.peakClients) * percent / 100).rounded()
        var traffic = FlowTraffic()
        traffic.add(group, events: events)
        let share = sum == group.share ? "all" : "\(Int(percent.rounded())) %"
        let title = "  \(group.name): \(share), at most about \(Int(peak)) clients, \(traffic.steps) steps"
        let think = group.think.map { ["    thinks   \($0.outline) before it sends"] } ?? []
        let target = showsTarget ? ["    target   \(group.target.outline)"] : []
        let rows = [
            ("sends", traffic.sent), ("awaits", traffic.awaited), ("handles", traffic.handled),
            ("requests", traffic.requests),
        ]
        let failure: [String] =
            switch group.onFailure {
            case .leave: []
            case .continue: ["    failure  goes on with the next step"]
            case .abort: ["    failure  ends the run"]
            }
        return [title] + target + think + failure
            + rows.filter { !$0.1.isEmpty }.map { "    \($0.0.padded(to: 8)) \($0.1.joined(separator: ", "))" }
    }
}

/// What goes to and fro in a group's steps.
private struct FlowTraffic {
    var steps = 0
    var sent: [String] = []
    var awaited: [String] = []
    var handled: [String] = []
    var requests: [String] = []

    mutating func add(_ group: ClientGroup, events: [String]) {
        add(group.flow, events)
        for handler in group.handlers {
            Self.note(events[handler.event], in: &handled)
            let flowSteps = steps
            add(handler.steps, events)
            steps = flowSteps
        }
    }

    private mutating func add(_ list: [Step], _ events: [String]) {
        for step in list {
            steps += 1
            switch step.action {
            case .emit(let emit):
                Self.note(emit.event, in: &sent)
            case .await(let step):
                add(step.match, events)
            case .stream(let stream):
                add(stream.chunk, events)
                add(stream.done, events)
            case .plan(let plan):
                for match in [plan.event, plan.done, plan.refuse].compactMap({ $0 }) { add(match, events) }
                add(plan.reply, events)
            case .repeat(let loop):
                add(loop.flow, events)
            case .when(let when):
                add(when.flow, events)
                add(when.otherwise, events)
            case .choose(let choices):
                for choice in choices { add(choice.flow, events) }
            case .http(let request):
                Self.note("\(request.method) \(request.path.outline)", in: &requests)
            case .connect, .disconnect, .send, .acknowledge, .think, .pace, .wait, .set, .count, .fail:
                break
            }
        }
    }

    private mutating func add(_ match: EventMatch, _ events: [String]) {
        for pattern in match.patterns { Self.note(events[pattern.event], in: &awaited) }
    }

    private static func note(_ name: String, in list: inout [String]) {
        if !list.contains(name) { list.append(name) }
    }
}

extension Target {
    /// The URL and the namespace, without what came from the environment.
    fileprivate var outline: String {
        shownURL + (namespace == "/" ? "" : " namespace \(namespace)") + " (\(messageProtocol.rawValue), \(path))"
    }
}

extension Load.Phase {
    fileprivate var outline: String {
        model.outline + (once ? ", nobody replaced" : "") + (spacing == .poisson ? ", at random times" : "")
    }
}

extension Load.Model {
    fileprivate var outline: String {
        switch self {
        case .clients(let from, let to):
            return from == to ? "\(to) clients" : "\(from) to \(to) clients"
        case .arrivals(let from, let to, let limit):
            func shown(_ rate: Double) -> String {
                let rounded = (rate * 100).rounded() / 100
                return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
            }
            let rate = from == to ? "\(shown(from))" : "\(shown(from)) to \(shown(to))"
            return "\(rate) new clients per second" + (limit.map { ", at most \($0) at once" } ?? "")
        }
    }
}

extension Delay {
    fileprivate var outline: String {
        switch self {
        case .range(let range) where range.lower == range.upper: range.lower.scenarioText
        case .range(let range): "\(range.lower.scenarioText)..\(range.upper.scenarioText)"
        case .exponential(let mean): "\(mean.scenarioText) on average (exponential)"
        }
    }
}

extension CheckText {
    fileprivate var outline: String {
        var notes: [String] = []
        if isOptional { notes.append("optional") }
        if aborts { notes.append("ends the run" + (after > .zero ? " after \(after.scenarioText)" : "")) }
        return text + (notes.isEmpty ? "" : "  (\(notes.joined(separator: ", ")))")
    }
}

extension ValueTemplate {
    /// The text with '…' for what differs from client to client or comes from the environment.
    fileprivate var outline: String {
        switch form {
        case .literal(let value): value.plainText
        case .number(let text): text
        case .text(let parts):
            parts.map { part in
                switch part {
                case .literal(let text): text
                case .expression: "…"
                }
            }.joined()
        case .expression, .list, .object: "…"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
