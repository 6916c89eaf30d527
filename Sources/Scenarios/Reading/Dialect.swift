import Wire

/// What the steps of a group have to know of its target: how its messages are framed.
struct Dialect {
    var messageProtocol = Target.MessageProtocol.socketIO
    /// The target's own.
    var namespace = "/"
    /// What an `emit` becomes on a plain WebSocket; nil where the target does not say.
    var framing: EnvelopeFraming?
    /// The names that a plain WebSocket's messages can have; nil: any.
    var eventNames: [String]?
    /// A message for which there is no room makes its step fail.
    var failsOnOverflow = false
}

/// `envelope: { send: … }`, to be filled with an event and its data.
struct EnvelopeFraming {
    let session: ReadingSession
    let scope: ExpressionScope
    let send: SourceNode

    /// What stands for `${emit}` and `${data}`.
    struct Content {
        var event: String
        var data: ValueTemplate?

        /// What the name stands for inside an expression; nil where it means nothing special.
        func value(_ path: [String], at offset: Int) throws(TextProblem) -> Expression? {
            switch path[0] {
            case "emit" where path.count == 1:
                return .literal(.string(event))
            case "data":
                let help = "write it as a value of its own: \"${data}\""
                throw TextProblem(
                    .badTemplate,
                    "'data' is a whole value, not a part of one",
                    at: offset,
                    suggestion: help
                )
            default:
                return nil
            }
        }
    }

    /// The whole message of an event.
    func message(_ content: Content) -> Send {
        var scope = scope
        scope.content = content
        let template = JSONTemplate(session.value(send, scope))
        let data = Self.path(ofDataIn: send).map { MessagePath(root: .message, path: JSONPath($0)) }
        return Send(content: .json(template), data: data)
    }

    /// Data has a place in the message.
    var takesData: Bool { Self.path(ofDataIn: send) != nil }

    /// One whole `${data}`.
    static func isData(_ scalar: SourceScalar) -> Bool {
        guard scalar.text.hasPrefix("${"), scalar.text.hasSuffix("}") else { return false }
        return scalar.text.dropFirst(2).dropLast().filter { $0 != " " } == "data"
    }

    private static func path(ofDataIn node: SourceNode) -> [JSONPath.Component]? {
        switch node.content {
        case .scalar(let scalar):
            return isData(scalar) ? [] : nil
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                if let path = path(ofDataIn: element) { return [.index(index)] + path }
            }
        case .map(let entries):
            for entry in entries {
                if let path = path(ofDataIn: entry.value) { return [.name(Array(entry.key.text.utf8))] + path }
            }
        }
        return nil
    }
}
