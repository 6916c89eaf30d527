import NIOCore
import Wire

// What clients send.
extension PraxisDialect {
    mutating func receive(
        _ message: SocketMessage,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String {
        counts.received += 1
        guard case .text(let bytes) = message, let envelope = JSONPayload(validating: bytes),
            let type = envelope.string("type")
        else {
            refuse("Invalid message format", correlation: nil, socket, at: now, output: &output)
            return "malformed"
        }
        let correlation = envelope.string("id")
        let payload = envelope.member("payload") ?? .absent
        guard payload.isObject || envelope.kind("payload") == nil else {
            refuse("Invalid message format: payload", correlation: correlation, socket, at: now, output: &output)
            return type
        }
        switch type {
        case "DSL_COMMAND": command(payload, correlation, socket, at: now, output: &output)
        case "EXECUTE_WORKFLOW": execute(payload, correlation, socket, at: now, output: &output)
        case "CHAT_MESSAGE": chat(payload, correlation, socket, at: now, output: &output)
        case "SUBSCRIBE_EVENTS", "UNSUBSCRIBE_EVENTS":
            subscribe(payload, type == "SUBSCRIBE_EVENTS", correlation, socket, at: now, output: &output)
        case "PING": pong(correlation, socket, at: now, output: &output)
        default:
            refuse("Invalid message type: \(type)", correlation: correlation, socket, at: now, output: &output)
        }
        return type
    }

    private mutating func command(
        _ payload: JSONPayload,
        _ correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let text = payload.string("command") else {
            return refuse("A command is a text", correlation: correlation, socket, at: now, output: &output)
        }
        counts.commands += 1
        let job = begin(
            .command(
                PraxisCommand(
                    text: text,
                    correlation: correlation,
                    startedAt: now,
                    stages: faults.chunks ?? PraxisCommand.stages
                )
            ),
            at: now + pace.think
        )
        broadcast(.eventStream, correlation: correlation, job: job, at: now, output: &output) {
            $0.member("event_type", "DSL_COMMAND_RECEIVED")
            $0.beginObject("data")
            $0.member("command", string: text)
            $0.endObject()
        }
    }

    private mutating func execute(
        _ payload: JSONPayload,
        _ correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let graph = PraxisGraph(payload) else {
            return refuse("Invalid nodes or edges", correlation: correlation, socket, at: now, output: &output)
        }
        counts.workflows += 1
        let named = payload.string("workflowId").flatMap { $0.isEmpty ? nil : $0 }
        let id = named ?? random.uuid()
        var workflow = PraxisWorkflow(
            graph,
            id: id,
            executionID: random.uuid(),
            correlation: correlation,
            at: now
        )
        if wrongOrder.pick(fit: graph.fault == nil && !graph.nodes.isEmpty && !graph.nodes.contains(where: \.fails)) {
            workflow.misorder()
        }
        _ = begin(.workflow(workflow), at: now)
    }

    private mutating func chat(
        _ payload: JSONPayload,
        _ correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let content = payload.string("content") else {
            return refuse("A message has a content", correlation: correlation, socket, at: now, output: &output)
        }
        _ = begin(.chat(socket, content: content, correlation: correlation), at: now + pace.think)
    }

    private mutating func subscribe(
        _ payload: JSONPayload,
        _ isAdding: Bool,
        _ correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let text = payload.member("event_types")?.text,
            case .array(let names)? = try? JSONValue(parsing: Array(text.readableBytesView))
        else {
            return refuse("event_types is a list of names", correlation: correlation, socket, at: now, output: &output)
        }
        var subscription = connections[socket]?.subscribed ?? (isAdding ? .none : .standard)
        for name in names {
            guard case .string(let name) = name, let event = PraxisEvent(subscribed: name) else {
                return refuse(
                    "Invalid event types: \(name.jsonText)",
                    correlation: correlation,
                    socket,
                    at: now,
                    output: &output
                )
            }
            if isAdding { subscription.insert(event) } else { subscription.remove(event) }
        }
        connections[socket]?.subscribed = subscription
        let word = isAdding ? "Subscribed to" : "Unsubscribed from"
        tell("\(word) \(names.count) event types", correlation: correlation, socket, at: now, output: &output)
    }

    private mutating func pong(
        _ correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        counts.pings += 1
        connections[socket]?.lastPing = now
        guard faults.answersPings else { return }
        counts.pongs += 1
        let time = ISOTime.text(clock.milliseconds(at: now))
        answer(.pong, correlation: correlation, socket, at: now, output: &output) {
            $0.member("timestamp", string: time)
        }
    }

    private mutating func begin(_ job: Job, at due: NIODeadline) -> Int {
        jobsMade += 1
        jobs[jobsMade] = job
        timers.push(.job(jobsMade), at: due)
        return jobsMade
    }
}
