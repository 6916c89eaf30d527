import NIOCore
import Wire

// What is said to what.
extension PraxisCurrentDialect {
    mutating func answer(
        _ message: SocketMessage,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard case .text(let bytes) = message else {
            return fail("'text'", "INTERNAL_ERROR", socket, output: &output)
        }
        guard let envelope = JSONPayload(validating: bytes) else {
            return fail("Invalid JSON format", "PARSE_ERROR", socket, output: &output)
        }
        guard envelope.isObject else {
            return fail(Self.complaint(about: envelope), "INTERNAL_ERROR", socket, output: &output)
        }
        let type = envelope.string("type") ?? ""
        let payload = envelope.member("payload") ?? .absent
        let isRead = ["DSL_COMMAND", "CHAT_MESSAGE", "EXECUTE_WORKFLOW"].contains(type)
        guard payload.isObject || envelope.kind("payload") == nil || !isRead else {
            return fail(Self.complaint(about: payload), "INTERNAL_ERROR", socket, output: &output)
        }
        switch type {
        case "DSL_COMMAND": begin(payload.string("command") ?? "", socket, at: now, output: &output)
        case "CHAT_MESSAGE":
            chat("I received your message: \(payload.string("content") ?? "")", "assistant", "text", socket, &output)
        case "EXECUTE_WORKFLOW": execute(payload.member("workflow") ?? .absent, socket, at: now, output: &output)
        default: chat("Connected to Praxis Agent", "system", "system", socket, &output)
        }
    }

    /// What Python says of a value that is no dictionary and was taken for one.
    private static func complaint(about payload: JSONPayload) -> String {
        let text = payload.text?.readableBytesView
        let type =
            switch text?.first {
            case UInt8(ascii: "["): "list"
            case UInt8(ascii: "\""): "str"
            case UInt8(ascii: "t"), UInt8(ascii: "f"): "bool"
            case UInt8(ascii: "n"), nil: "NoneType"
            default: text?.contains { ".eE".utf8.contains($0) } == true ? "float" : "int"
            }
        return "'\(type)' object has no attribute 'get'"
    }

    private mutating func begin(
        _ command: String,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        connections[socket]?.command = command
        timers.push(socket, at: now + Self.commandTime)
        send(.dslProgress, socket, &output) {
            $0.member("stage", "analyzing")
            $0.member("message", string: "Processing DSL command: \(command)")
            $0.beginObject("details")
            $0.member("command", string: command)
            $0.endObject()
        }
    }

    func finish(_ command: String, _ socket: SocketID, output: inout DialectOutput) {
        send(.dslResult, socket, &output) {
            $0.member("success", true)
            $0.member("command", string: command)
            $0.member("matchedAgents", rendered: ByteBuffer(string: #"["praxis-agent-1"]"#))
            $0.member("requiredMCPTools", rendered: ByteBuffer(string: #"["read_file","write_file"]"#))
            $0.member(
                "workflowSuggestion",
                rendered: ByteBuffer(
                    string: #"{"nodes":[{"id":"agent1","type":"agent","label":"Process Command"}],"edges":[]}"#
                )
            )
            $0.member("processTime", rendered: ByteBuffer(string: "0.1"))
            $0.member("fallback", true)
        }
    }

    private mutating func execute(
        _ workflow: JSONPayload,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard workflow.isObject || workflow.text == nil else {
            return fail(Self.complaint(about: workflow), "INTERNAL_ERROR", socket, output: &output)
        }
        let execution = random.uuid()
        let time = ISOTime.text(clock.milliseconds(at: now))
        send(.workflowStart, socket, &output) {
            $0.member("workflowId", string: workflow.string("id") ?? "test-workflow")
            $0.member("executionId", string: execution)
            $0.member("nodes", rendered: workflow.member("nodes")?.text ?? ByteBuffer(string: "[]"))
            $0.member("edges", rendered: workflow.member("edges")?.text ?? ByteBuffer(string: "[]"))
            $0.member("startTime", string: time)
        }
    }

    private func chat(
        _ content: String,
        _ sender: StaticString,
        _ type: StaticString,
        _ socket: SocketID,
        _ output: inout DialectOutput
    ) {
        send(.chatMessage, socket, &output) {
            $0.member("content", string: content)
            $0.member("sender", sender)
            $0.member("type", type)
        }
    }

    private func fail(
        _ reason: String,
        _ code: StaticString,
        _ socket: SocketID,
        output: inout DialectOutput
    ) {
        send(.error, socket, &output) {
            $0.member("message", string: reason)
            $0.member("code", code)
        }
    }

    private func send(
        _ event: PraxisEvent,
        _ socket: SocketID,
        _ output: inout DialectOutput,
        payload: (inout EventWriter) -> Void
    ) {
        var message = EventWriter(objectWithCapacity: 256)
        message.member("type", event.name)
        message.beginObject("payload")
        payload(&message)
        message.endObject()
        output.actions.append(.send(socket, event: event.rawValue, message: message.finishObject()))
    }
}
