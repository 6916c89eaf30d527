extension Scenario {
    /// What would run, in words; values of environment variables never appear.
    package var outline: String {
        var lines = [name + (description.map { ": \($0)" } ?? "")]
        let targets = groups.map { $0.target.outline.map(redacted) }
        if let target = targets.first, targets.allSatisfy({ $0 == target }) {
            lines += ["", "target  \(target[0])"] + target.dropFirst().map { "        \($0)" }
        }
        if !feeds.isEmpty { lines += ["", "feeds"] + feeds.map { "  " + $0.outline } }
        if let rooms { lines += ["", "rooms   \(rooms.count), assigned \(rooms.assignment.outline)"] }
        lines += ["", "load    \(load.duration.scenarioText), at most \(load.peakClients) clients"]
        lines += phaseLines
        lines.append("        then up to \(grace.scenarioText) for flows to finish")
        if warmup > .zero { lines.append("        the first \(warmup.scenarioText) are left out of the figures") }
        lines += ["", "clients"] + groups.flatMap { groupLines($0, showsTarget: Set(targets).count > 1) }
        if !faults.isEmpty {
            let width = faults.map(\.at.scenarioText.count).max() ?? 0
            lines += ["", "faults"]
            lines += faults.map {
                "  \($0.at.scenarioText.padded(to: width))  \($0.outline(groups: groups.map(\.name)))"
            }
        }
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

    /// Values of the environment may be part of a path or a name; those of one or two characters stand in every word.
    private func redacted(_ text: String) -> String {
        environment.reduce(text) { text, variable in
            guard let value = variable.value, value.count >= 3 else { return text }
            return text.replacing(value, with: "${env.\(variable.name)}")
        }
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
        let place = group.target.outline.map(redacted)
        let target = showsTarget ? ["    target   \(place[0])"] + place.dropFirst().map { "             \($0)" } : []
        let rows = [
            ("sends", traffic.sent), ("awaits", traffic.awaited), ("handles", traffic.handled),
            ("requests", traffic.requests), ("files", traffic.files),
        ]
        let failure: [String] =
            switch group.onFailure {
            case .leave: []
            case .continue: ["    failure  goes on with the next step"]
            case .abort: ["    failure  ends the run"]
            }
        let isUsual = group.reconnect == Reconnect(unsaidFor: group.target.messageProtocol)
        let loss = isUsual ? [] : ["    loss     \(group.reconnect.outline)"]
        let rejoin = group.rejoin.isEmpty ? [] : ["    rejoins  with \(traffic.rejoinSteps) steps"]
        return [title] + target + think + failure + loss + rejoin
            + rows.filter { !$0.1.isEmpty }.map { "    \($0.0.padded(to: 8)) \($0.1.joined(separator: ", "))" }
    }
}

extension Feed {
    fileprivate var outline: String {
        let shown = columns.prefix(8).joined(separator: ", ") + (columns.count > 8 ? ", …" : "")
        let order =
            switch order {
            case .sequential: "in their order"
            case .shuffle: "shuffled"
            case .unique: "each for one client"
            }
        return "\(name): \(rows.count) rows of \(shown), \(order)"
    }
}

extension Rooms.Assignment {
    fileprivate var outline: String {
        switch self {
        case .roundRobin: "one after the other"
        case .random: "at random"
        case .zipf: "at random, the n-th 1/n as often as the first"
        }
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

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
