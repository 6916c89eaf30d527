import Wire

extension StepReader {
    mutating func emitStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, EmitKey.self), let value = map.required(.emit),
            let name = session.name(value, "an event")
        else { return nil }
        session.noteSent(name, at: session.source.place(of: value))
        switch dialect.messageProtocol {
        case .socketIO: return socketIOEmit(name, value, map)
        case .webSocket: return webSocketEmit(name, value, map)
        }
    }

    private mutating func socketIOEmit(
        _ name: String,
        _ value: SourceNode,
        _ map: MapReader<EmitKey>
    ) -> Step.Action? {
        guard let (namespace, event) = namespaced(name, at: value) else { return nil }
        if Self.reservedEvents.contains(event) {
            let message = "Socket.IO keeps the event '\(event)' to itself, so it cannot be sent"
            session.report(.badValue, message, at: value)
        }
        if map.has(.data), map.has(.args) {
            let help = "'data' is the only argument, 'args' is a list of them"
            let message = "'data' and 'args' exclude each other"
            session.report(.badValue, message, at: map.place(of: .args), help: help)
        }
        var arguments: [JSONTemplate] = []
        if let node = map[.data] {
            arguments = [JSONTemplate(session.value(node, scope.sending))]
        } else if let node = map[.args] {
            arguments = self.arguments(node)
        }
        let attachments = map[.binary].map { session.attachments($0) } ?? []
        return .emit(
            Emit(
                event: event,
                arguments: arguments,
                acknowledgement: map[.ack].flatMap { acknowledgement(of: event, $0) },
                namespace: namespace,
                attachments: attachments,
                placed: placed(attachments, in: map[.data] ?? map[.args])
            )
        )
    }

    private func webSocketEmit(_ name: String, _ value: SourceNode, _ map: MapReader<EmitKey>) -> Step.Action? {
        for key in [EmitKey.args, .ack, .binary] where map.has(key) {
            let message = "'\(key.rawValue)' belongs to the protocol 'socket.io', and this is 'websocket'"
            let help = key == .args ? "write 'data'" : nil
            session.report(.badValue, message, at: map.place(of: key), help: help)
        }
        let data = map[.data].map { session.value($0, scope.sending) }
        guard let framing = dialect.framing else {
            // Where the envelope itself could not be read, that has been said.
            if dialect.eventNames != nil {
                let message =
                    "a plain WebSocket has no events of its own, and the target does not say how one is framed"
                let help =
                    "write envelope: { send: { type: \"${emit}\", data: \"${data}\" } } there, or use 'send' here"
                session.report(.missing, message, at: map.place(of: .emit), help: help)
            }
            return nil
        }
        if data != nil, !framing.takesData {
            let message = "the envelope's 'send' has no place for data"
            let help = "write \"${data}\" where it belongs in the envelope"
            session.report(.missing, message, at: map.place(of: .data), help: help)
        }
        let content = EnvelopeFraming.Content(event: name, data: data)
        return .emit(
            Emit(
                event: name,
                arguments: data.map { [JSONTemplate($0)] } ?? [],
                acknowledgement: nil,
                message: framing.message(content)
            )
        )
    }

    func sendStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, SendKey.self), let value = map.required(.send) else { return nil }
        guard dialect.messageProtocol == .webSocket else {
            let message = "'send' sends a raw message, which belongs to the protocol 'websocket'"
            session.report(.badValue, message, at: map.place(of: .send), help: "write 'emit: NAME' with 'data:'")
            return nil
        }
        if let binary = map[.binary] {
            if !value.isNull {
                let message = "'binary' is all that is sent, so that 'send' has no value"
                session.report(.badValue, message, at: map.place(of: .send), help: "write '- send:' above it")
            }
            let files = session.attachments(binary)
            if files.count > 1 {
                session.report(.badValue, "a message of a plain WebSocket is one file", at: map.place(of: .binary))
            }
            return files.first.map { .send(Send(content: .binary($0), data: nil)) }
        }
        switch value.content {
        case .list, .map:
            return .send(Send(content: .json(JSONTemplate(session.value(value, scope.sending))), data: nil))
        case .scalar:
            return session.text(value, "'send'", scope.sending).map { .send(Send(content: .text($0), data: nil)) }
        }
    }

    func acknowledgeStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, AcknowledgeKey.self), let value = map.required(.acknowledge) else { return nil }
        if !value.isNull, map.has(.args) {
            let message = "'args' are all that is answered, so that 'acknowledge' has no value"
            session.report(.badValue, message, at: map.place(of: .args), help: "write '- acknowledge:' above it")
        }
        let arguments =
            map[.args].map { self.arguments($0) }
            ?? (value.isNull ? [] : [JSONTemplate(session.value(value, scope.sending))])
        let attachments = map[.binary].map { session.attachments($0) } ?? []
        return acknowledgeStep(
            arguments: arguments,
            attachments: attachments,
            placed: placed(attachments, in: map[.args] ?? value),
            at: map.place(of: .acknowledge)
        )
    }

    func acknowledgeStep(
        arguments: [JSONTemplate],
        attachments: [ScenarioFile],
        placed: Set<Int> = [],
        at place: SourcePlace
    ) -> Step.Action? {
        guard dialect.messageProtocol == .socketIO else {
            let message = "'acknowledge' belongs to the protocol 'socket.io', and this is 'websocket'"
            session.report(.badValue, message, at: place)
            return nil
        }
        return .acknowledge(Acknowledge(arguments: arguments, attachments: attachments, placed: placed))
    }

    /// The numbers of the attachments that the data has a place for, written as they are received:
    /// `{ _placeholder: true, num: 0 }`.
    private func placed(_ attachments: [ScenarioFile], in data: SourceNode?) -> Set<Int> {
        guard let data, !attachments.isEmpty else { return [] }
        var numbers: Set<Int> = []
        func look(_ node: SourceNode) {
            switch node.content {
            case .list(let elements): elements.forEach(look)
            case .map(let entries):
                if let number = Self.placeholder(entries) {
                    if !attachments.indices.contains(number) {
                        let message = "'binary' has no file with the number \(number)"
                        session.report(.badValue, message, at: node, help: "they are numbered from 0")
                    }
                    numbers.insert(number)
                } else {
                    entries.forEach { look($0.value) }
                }
            case .scalar: break
            }
        }
        look(data)
        return numbers
    }

    private func arguments(_ node: SourceNode) -> [JSONTemplate] {
        guard case .list(let elements) = node.content else {
            session.report(.wrongType, "'args' has to be a list, not \(node.kind)", at: node)
            return []
        }
        return elements.map { JSONTemplate(session.value($0, scope.sending)) }
    }

    private mutating func acknowledgement(of event: String, _ node: SourceNode) -> Acknowledgement? {
        guard let options = MapReader<AcknowledgementKey>(node, "'ack'", session) else { return nil }
        session.noteAcknowledgement(of: event)
        return Acknowledgement(
            within: options.someTime(.within) ?? Self.patience,
            measure: options[.measure].flatMap { measure($0) },
            capture: captures(options[.capture])
        )
    }

    mutating func httpStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, HTTPKey.self), let value = map.required(.http) else { return nil }
        session.noteHTTP()
        let request = request(value)
        let headers = map[.headers].map { session.namedTemplates($0, "'headers'", scope.sending) } ?? []
        let body = map[.json].map { JSONTemplate(session.value($0, scope.sending)) }
        let expect = map.integer(.expect)
        let within = map.someTime(.within) ?? Self.patience
        let measure = map[.measure].flatMap { self.measure($0) }
        let capture = captures(map[.capture])
        guard let (method, path) = request else { return nil }
        return .http(
            HTTPRequest(
                method: method,
                path: path,
                headers: headers,
                body: body,
                expect: expect,
                within: within,
                measure: measure,
                capture: capture
            )
        )
    }

    /// `POST /api/login`
    private func request(_ node: SourceNode) -> (method: String, path: ValueTemplate)? {
        guard let scalar = node.scalar, !node.isNull else {
            session.report(.wrongType, "'http' has to be a method and a path, not \(node.kind)", at: node)
            return nil
        }
        let help = "write 'GET /path' or 'POST http://host/path'"
        let method = String(scalar.text.prefix { $0 != " " })
        guard Self.methods.contains(method), scalar.text.count > method.count else {
            let nearest = session.nearest(to: method, in: Self.methods).map { "did you mean '\($0)'?" }
            session.report(.badValue, "'http' has to be a method and a path", at: node, help: nearest ?? help)
            return nil
        }
        var parts: [ValueTemplate.TextPart]
        do throws(TextProblem) {
            parts = try TemplateParser.parse(scalar.text, scope: scope.sending)
        } catch {
            session.report(error, in: scalar)
            return nil
        }
        if case .literal(let text)? = parts.first {
            let rest = text.dropFirst(method.count).drop { $0 == " " }
            parts[0] = .literal(String(rest))
            if rest.isEmpty { parts.removeFirst() }
        }
        let start = parts.first.flatMap { part in
            switch part {
            case .literal(let text): text
            case .expression(let expression): expression.constant?.plainText
            }
        }
        if let start {
            if !["/", "http://", "https://"].contains(where: start.hasPrefix) {
                session.report(.badValue, "the path of 'http' has to start with '/'", at: node, help: help)
            }
        } else if parts.isEmpty {
            session.report(.badValue, "'http' has no path", at: node, help: help)
        }
        // A path from the environment stays an expression, so that outputs can leave it out.
        if parts.count == 1, case .literal(let text) = parts[0] {
            return (method, ValueTemplate(literal: .string(text)))
        }
        return (method, ValueTemplate(.text(parts)))
    }

    mutating func measure(_ node: SourceNode) -> String? {
        guard let name = session.name(node, "'measure'") else { return nil }
        session.claim(name, as: .measure, at: session.source.place(of: node))
        measures.append(name)
        return name
    }

    static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

    /// Names that Socket.IO implementations use for events of their own.
    static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]
}

extension StepReader {
    /// The number of the attachment whose place this is; nil where it is none.
    private static func placeholder(_ entries: [SourceEntry]) -> Int? {
        guard entries.count == 2,
            let mark = entries.first(where: { $0.key.text == "_placeholder" })?.value.scalar,
            let number = entries.first(where: { $0.key.text == "num" })?.value.scalar,
            mark.style == .plain, CoreScalar(mark.text) == .bool(true), number.style == .plain
        else { return nil }
        return Int(number.text)
    }
}
