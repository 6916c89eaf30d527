/// What goes to and fro in a group's steps.
struct FlowTraffic {
    var steps = 0
    /// Of `rejoin`.
    var rejoinSteps = 0
    var sent: [String] = []
    var awaited: [String] = []
    var handled: [String] = []
    var requests: [String] = []
    var files: [String] = []
    private var namespaces: [String] = []

    mutating func add(_ group: ClientGroup, events: [String]) {
        namespaces = group.namespaces
        add(group.flow, events)
        let flowSteps = steps
        for handler in group.handlers {
            Self.note(events[handler.event], in: &handled)
            add(handler.steps, events)
        }
        steps = 0
        add(group.rejoin, events)
        (steps, rejoinSteps) = (flowSteps, steps)
    }

    private mutating func add(_ list: [Step], _ events: [String]) {
        for step in list {
            steps += 1
            switch step.action {
            case .emit(let emit):
                let isOther = emit.namespace > 0 && namespaces.indices.contains(emit.namespace)
                Self.note((isOther ? namespaces[emit.namespace] + "," : "") + emit.event, in: &sent)
                add(emit.attachments)
            case .send(let send):
                Self.note(send.outline, in: &sent)
                if case .binary(let file) = send.content { add([file]) }
            case .acknowledge(let answer):
                add(answer.attachments)
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
            case .connect, .disconnect, .think, .pace, .wait, .set, .count, .fail, .fanout, .drop, .stall:
                break
            }
        }
    }

    private mutating func add(_ match: EventMatch, _ events: [String]) {
        for pattern in match.patterns { Self.note(events[pattern.event], in: &awaited) }
    }

    private mutating func add(_ attachments: [ScenarioFile]) {
        for file in attachments { Self.note("\(file.name) (\(file.bytes.count) bytes)", in: &files) }
    }

    private static func note(_ name: String, in list: inout [String]) {
        if !list.contains(name) { list.append(name) }
    }
}

extension Send {
    /// The message as far as it is the same for every client.
    fileprivate var outline: String {
        switch content {
        case .binary(let file): return file.name
        case .text(let template):
            let text = template.outline
            return "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\""
        case .json(let template):
            let text = template.literalBytes.map { String(decoding: $0, as: UTF8.self) } ?? "{…}"
            return text.count > 40 ? "\(text.prefix(40))…" : text
        }
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
