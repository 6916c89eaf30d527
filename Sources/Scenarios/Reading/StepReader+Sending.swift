import Wire

extension StepReader {
    mutating func emitStep(_ value: SourceNode, _ map: MapReader) -> Step.Action? {
        guard let event = session.name(value, "an event") else { return nil }
        if Self.reservedEvents.contains(event) {
            let message = "Socket.IO keeps the event '\(event)' to itself, so it cannot be sent"
            session.report(.badValue, message, at: value)
        }
        session.noteSent(event, at: session.source.place(of: value))
        if map["data"] != nil, map["args"] != nil {
            let help = "'data' is the only argument, 'args' is a list of them"
            let message = "'data' and 'args' exclude each other"
            session.report(.badValue, message, at: map.place(ofKey: "args"), help: help)
        }
        var arguments: [JSONTemplate] = []
        if let node = map["data"] {
            arguments = [JSONTemplate(session.value(node, scope))]
        } else if let node = map["args"] {
            if case .list(let elements) = node.content {
                arguments = elements.map { JSONTemplate(session.value($0, scope)) }
            } else {
                session.report(.wrongType, "'args' has to be a list, not \(node.kind)", at: node)
            }
        }
        return .emit(Emit(event: event, arguments: arguments, acknowledgement: acknowledgement(of: event, map)))
    }

    private mutating func acknowledgement(of event: String, _ map: MapReader) -> Acknowledgement? {
        guard let node = map["ack"],
            let options = MapReader(node, "'ack'", keys: ["within", "measure", "capture"], session)
        else { return nil }
        session.noteAcknowledgement(of: event)
        return Acknowledgement(
            within: within(options),
            measure: measure(options),
            capture: captures(options)
        )
    }

    mutating func httpStep(_ value: SourceNode, _ map: MapReader) -> Step.Action? {
        session.noteHTTP()
        let request = request(value)
        let headers = map["headers"].map { session.namedTemplates($0, "'headers'", scope) } ?? []
        let body = map["json"].map { JSONTemplate(session.value($0, scope)) }
        let expect = map.integer("expect", from: 100)
        if let expect, expect > 599 {
            session.report(.badValue, "'expect' has to be a status from 100 to 599", at: map.place(ofKey: "expect"))
        }
        let within = within(map)
        let measure = measure(map)
        let capture = captures(map)
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
            let nearest = Spelling.nearest(to: method, in: Self.methods).map { "did you mean '\($0)'?" }
            session.report(.badValue, "'http' has to be a method and a path", at: node, help: nearest ?? help)
            return nil
        }
        var parts: [ValueTemplate.TextPart]
        do throws(TextProblem) {
            parts = try TemplateParser.parse(scalar.text, scope: scope)
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
            if start.hasPrefix("https://") {
                session.reportNotBuilt("TLS ('https' and 'wss')", at: session.source.place(of: node))
            } else if !start.hasPrefix("/"), !start.hasPrefix("http://") {
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

    /// 10 s unless said.
    func within(_ map: MapReader) -> Duration {
        some(map.duration("within"), "'within'", at: map.place(ofKey: "within")) ?? .seconds(10)
    }

    /// Reports a duration of nothing.
    func some(_ duration: Duration?, _ what: String, at place: SourcePlace) -> Duration? {
        if let duration, duration <= .zero { session.report(.badValue, "\(what) has to be some time", at: place) }
        return duration
    }

    mutating func measure(_ map: MapReader) -> String? {
        guard let node = map["measure"], let name = session.name(node, "'measure'") else { return nil }
        session.claim(name, as: .measure, at: session.source.place(of: node))
        measures.append(name)
        return name
    }

    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

    /// Names that Socket.IO implementations use for events of their own.
    private static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]
}
