import Wire

/// Writes the scenario of a conversion, with the words that a person needs to edit it.
struct ScenarioWriter {
    /// What is the same for all groups.
    struct Frame {
        var name: String
        var source: String
        var target: String
        var messageProtocol: Target.MessageProtocol
        var namespace: String
        var transports: [RecordedTransport]
        var envelope: EnvelopeGuess?
        var heartbeat: HeartbeatGuess?
        /// Who makes the scenario.
        var command = "convert"
        /// What all groups have.
        var variables: [GroupDraft.Variable] = []
    }

    private let frame: Frame
    private let groups: [(group: GroupDraft, share: Int)]
    private var lines: [String] = []

    init(_ frame: Frame, _ groups: [(group: GroupDraft, share: Int)]) {
        self.frame = frame
        self.groups = groups
    }

    mutating func text() -> String {
        lines += [
            "# yaml-language-server: $schema=scenario.schema.json",
            "name: \(YAMLText.scalar(frame.name, inFlow: false))",
            "description: \(YAMLText.scalar("Made of \(frame.source) by reprise \(frame.command).", inFlow: false))",
        ]
        let environment = groups.flatMap(\.group.environment)
        if !environment.isEmpty {
            lines.append(
                "# Secrets were redacted in the recording. Set these before it runs: \(environment.joined(separator: ", "))"
            )
        }
        lines.append("")
        target()
        load()
        if !frame.variables.isEmpty {
            lines.append("vars:")
            for variable in frame.variables {
                add(variable.name, variable.value, indent: 2, comment: variable.comment)
            }
            lines.append("")
        }
        if groups.count == 1 {
            group(groups[0].group, indent: 0)
        } else {
            lines.append("clients:")
            for (place, item) in groups.enumerated() {
                lines += ["  client\(place + 1):", "    share: \(item.share)"]
                group(item.group, indent: 4)
            }
        }
        checks()
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func add(_ key: String, _ value: JSONValue, indent: Int, comment: String? = nil) {
        let margin = String(repeating: " ", count: indent)
        var written = YAMLText.value(value, indent: indent, used: key.count + 2)
        let first = "\(margin)\(key):\(written[0].isEmpty ? "" : " ")\(written[0])"
        if let comment {
            if written.count == 1, first.count + comment.count < YAMLText.width - 4 {
                lines.append("\(first)   # \(Self.printable(comment))")
                return
            }
            lines.append("\(margin)# \(Self.printable(comment))")
        }
        written.removeFirst()
        lines += [first] + written
    }

    /// A comment is one line, whatever stood in the recording.
    private static func printable(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isBreaking =
                scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
                || [0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value)
            view.append(isBreaking ? " " : scalar)
        }
        return String(view)
    }
}

// MARK: - What is the same for all

extension ScenarioWriter {
    private mutating func target() {
        lines.append("target:")
        add("url", .string(frame.target), indent: 2)
        add("protocol", .string(frame.messageProtocol.rawValue), indent: 2)
        if frame.messageProtocol == .socketIO {
            if frame.namespace != "/" { add("namespace", .string(frame.namespace), indent: 2) }
            if frame.transports.first == .polling {
                let isUpgraded = frame.transports.contains(.webSocket)
                add(
                    "transports",
                    .array((isUpgraded ? ["polling", "websocket"] : ["polling"]).map { .string($0) }),
                    indent: 2
                )
            }
        }
        if groups.count == 1 { groupTarget(groups[0].group, indent: 2) }
        envelope()
        heartbeat()
        lines.append("")
    }

    private mutating func groupTarget(_ group: GroupDraft, indent: Int) {
        let usual = frame.messageProtocol == .socketIO ? "/socket.io/" : "/"
        if group.path != usual { add("path", .string(group.path), indent: indent) }
        if !group.query.isEmpty { add("query", .object(group.query), indent: indent) }
        if !group.headers.isEmpty { add("headers", .object(group.headers), indent: indent) }
        if !group.subprotocols.isEmpty {
            add("subprotocols", .array(group.subprotocols.map { .string($0) }), indent: indent)
        }
        if let namespace = group.namespace { add("namespace", .string(namespace), indent: indent) }
        if !group.transports.isEmpty {
            add("transports", .array(group.transports.map { .string($0) }), indent: indent)
        }
        if let auth = group.auth { add("auth", auth, indent: indent) }
    }

    private mutating func envelope() {
        guard let envelope = frame.envelope else { return }
        var members: [JSONValue.Member] = []
        if let send = envelope.send { members.append(.init("send", .object(send))) }
        members.append(.init("event", .string(envelope.event)))
        if let data = envelope.data { members.append(.init("data", .string(data))) }
        lines.append("  envelope:")
        for member in members { add(member.name, member.value, indent: 4) }
    }

    private mutating func heartbeat() {
        guard let heartbeat = frame.heartbeat else { return }
        var members: [JSONValue.Member] = []
        if let asking = heartbeat.asking {
            let every = max((asking.every / 1000).rounded() * 1000, 1000)
            members += [
                .init("every", .time(every)), .init("emit", .string(asking.emit)),
                .init("await", .string(asking.await)),
            ]
        }
        if !heartbeat.answers.isEmpty {
            members.append(
                .init("answer", .object(heartbeat.answers.map { .init($0.ping, .string($0.pong)) }))
            )
        }
        add("heartbeat", .object(members), indent: 2)
    }

    private mutating func load() {
        let length = groups.map(\.group.length).max() ?? 0
        let clients = groups.reduce(0) { $0 + $1.share }
        lines += [
            "load:",
            "  - { for: 1s, clients: \(clients), once: true }   # as recorded; for a load, such as { for: 30s, clients: 1000 }",
        ]
        // A step that waits in vain is to fail, and not to be cut off.
        let patience = groups.flatMap(\.group.flow).map { Self.patience($0.step) }.max() ?? 0
        let grace = ((length * 2 + patience) / 1000 + 10).rounded(.up) * 1000
        add("grace", .time(grace), indent: 0)
        lines.append("")
    }

    /// The longest `within` in a step.
    private static func patience(_ value: JSONValue) -> Double {
        switch value {
        case .array(let elements): elements.map(patience).max() ?? 0
        case .object(let members):
            members.map { $0.name == "within" ? $0.value.time?.upper ?? 0 : patience($0.value) }.max() ?? 0
        default: 0
        }
    }

    private mutating func checks() {
        lines += ["checks:", "  - errors.rate == 0"]
        if groups.contains(where: { !$0.group.streams.isEmpty }) { lines.append("  - stream.broken == 0") }
        if groups.contains(where: { !$0.group.plans.isEmpty }) { lines.append("  - plan.runaway == 0") }
    }
}

// MARK: - Groups

extension ScenarioWriter {
    private mutating func group(_ group: GroupDraft, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        if groups.count > 1 {
            let before = lines.count
            groupTarget(group, indent: indent + 2)
            if lines.count > before { lines.insert("\(margin)target:", at: before) }
        }
        if !group.variables.isEmpty {
            lines.append("\(margin)vars:")
            for variable in group.variables {
                add(variable.name, variable.value, indent: indent + 2, comment: variable.comment)
            }
            if indent == 0 { lines.append("") }
        }
        if !group.handlers.isEmpty {
            lines.append("\(margin)on:   # what the server says of its own accord")
            for handler in group.handlers {
                add(YAMLText.scalar(handler.event, inFlow: true), handler.step, indent: indent + 2)
            }
            if indent == 0 { lines.append("") }
        }
        lines.append("\(margin)flow:")
        for draft in group.flow {
            for comment in draft.comments { lines.append("\(margin)  # \(Self.printable(comment))") }
            step(draft.step, indent: indent + 2)
        }
        lines.append("")
    }

    private mutating func step(_ step: JSONValue, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        guard case .object(let members) = step else {
            lines.append("\(margin)- \(YAMLText.flow(step))")
            return
        }
        for comment in step["$comment"]?.elements ?? [] {
            lines.append("\(margin)# \(Self.printable(comment.textValue ?? ""))")
        }
        let start = lines.count
        for member in members where member.name != "$comment" {
            if let steps = Self.steps(member) {
                lines.append("\(margin)  \(member.name):")
                for step in steps { self.step(step, indent: indent + 4) }
            } else if ["acknowledge", "send"].contains(member.name), member.value == .null {
                lines.append("\(margin)  \(member.name):")
            } else {
                add(member.name, member.value, indent: indent + 2)
            }
        }
        // The first key stands behind the dash.
        lines[start] = "\(margin)- \(lines[start].dropFirst(indent + 2))"
    }

    /// The steps of a branch, a loop or a reply.
    private static func steps(_ member: JSONValue.Member) -> [JSONValue]? {
        guard ["flow", "else", "reply"].contains(member.name) else { return nil }
        return member.value.elements
    }
}
