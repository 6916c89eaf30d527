import Wire

extension RecordingHeader {
    init(_ tree: JSONValue) throws(RecordingProblem) {
        let members = try RecordingMembers(tree)
        guard tree["reprise"] != nil else {
            throw RecordingProblem(
                .missing,
                "this is no recording: \"reprise\" is missing in its first line",
                suggestion: RecordingReader.headerHelp
            )
        }
        version = try members.integer("reprise")
        guard version <= Self.currentVersion, version > 0 else {
            throw RecordingProblem(
                .badValue,
                "this is a recording of version \(version), and this program knows version 1",
                member: "reprise",
                suggestion: "use the program that recorded it, or a newer one"
            )
        }
        target = try members.text("target")
        targetProtocol = try members.textIfPresent("protocol").map { name throws(RecordingProblem) in
            guard let value = Target.MessageProtocol(rawValue: name) else {
                throw RecordingProblem(
                    .badValue,
                    "\"protocol\" is neither \"socket.io\" nor \"websocket\"",
                    member: "protocol"
                )
            }
            return value
        }
        recordedAt = try members.textIfPresent("recordedAt")
        redacted = try members.texts("redacted")
        removed = try members.texts("removed")
    }
}

extension RecordingEntry {
    /// Nil where the kind of the line is not known.
    init?(_ tree: JSONValue) throws(RecordingProblem) {
        let members = try RecordingMembers(tree)
        time = try members.time("t")
        connection = try members.integer("c", upTo: Int(Int32.max))
        switch try members.text("dir") {
        case "out": content = .out(RecordedMessage(try members.body(), transport: try members.transport()))
        case "in": content = .in(RecordedMessage(try members.body(), transport: try members.transport()))
        case "open": content = .open(try RecordedOpening(members))
        case "close": content = .close(try RecordedClosing(members))
        case "error": content = .error(try members.text("message"))
        case "http": content = .http(try RecordedExchange(members))
        default: return nil
        }
    }
}

extension RecordingMembers {
    func transport() throws(RecordingProblem) -> RecordedTransport {
        guard let name = try textIfPresent("via") else { return .webSocket }
        guard let transport = RecordedTransport(rawValue: name) else {
            throw RecordingProblem(.badValue, "\"via\" is neither \"websocket\" nor \"polling\"", member: "via")
        }
        return transport
    }
}

extension RecordedOpening {
    init(_ members: RecordingMembers) throws(RecordingProblem) {
        url = try members.text("url")
        path = try members.text("path")
        transport = try members.transport()
        status = try members.integerIfPresent("status", upTo: 999)
        requestHeaders = try members.headers("request")
        responseHeaders = try members.headers("response")
    }
}

extension RecordedClosing {
    init(_ members: RecordingMembers) throws(RecordingProblem) {
        code = try members.integer("code", upTo: 65_535)
        reason = try members.textIfPresent("reason") ?? ""
        side = try members.textIfPresent("by").map { name throws(RecordingProblem) in
            guard let side = Side(rawValue: name) else {
                throw RecordingProblem(.badValue, "\"by\" is neither \"client\" nor \"server\"", member: "by")
            }
            return side
        }
    }
}

extension RecordedExchange {
    init(_ members: RecordingMembers) throws(RecordingProblem) {
        method = try members.text("method")
        url = try members.text("url")
        status = try members.integerIfPresent("status", upTo: 999)
        duration = try members.timeIfPresent("duration")
        requestHeaders = try members.headers("request")
        responseHeaders = try members.headers("response")
        requestBody = try members.bodyIfPresent("requestBody")
        responseBody = try members.bodyIfPresent("responseBody")
    }
}
