import Wire

/// Reads `target:`, that of the file and that of a group as one.
struct TargetReader {
    static let keys = [
        "url", "protocol", "path", "namespace", "transports", "query", "headers", "auth", "timeout",
    ]
    static let planned = ["tls", "outbound", "envelope", "heartbeat"]

    let session: ReadingSession
    let scope: ExpressionScope
    let override: String?

    /// - Parameters:
    ///   - node: The merged target; nil where the file has none.
    ///   - owner: Where a missing URL is reported.
    func target(_ node: SourceNode?, owner: SourceNode) -> Target? {
        let empty = SourceNode(line: owner.line, column: owner.column, content: .map([]))
        guard
            let map = MapReader(node ?? empty, "the target", keys: Self.keys, planned: Self.planned, session)
        else { return nil }
        let messageProtocol = messageProtocol(map)
        readTransports(map)
        let namespace = namespace(map)
        let query = map["query"].map { session.namedTemplates($0, "'query'", scope) } ?? []
        let headers = map["headers"].map { session.namedTemplates($0, "'headers'", scope) } ?? []
        let auth = auth(map)
        let timeout = map.duration("timeout") ?? .seconds(20)
        let ownPath = map["path"].flatMap { session.fixedText($0, "'path'") }?.value
        guard let (url, shown) = url(map) else { return nil }
        if url.path != nil, map["path"] != nil {
            let message = "the path stands both in the URL and in 'path'"
            session.report(.badValue, message, at: map.place(ofKey: "path"), help: "leave one of them out")
        }
        var path = ownPath ?? url.path ?? "/socket.io/"
        if !path.hasPrefix("/") {
            session.report(.badValue, "the path has to start with '/'", at: map.place(ofKey: "path"))
        }
        if path.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) {
            let help = "a query stands in 'query:'"
            session.report(.badValue, "the path has characters that end it", at: map.place(ofKey: "path"), help: help)
        }
        if !path.hasSuffix("/") { path += "/" }
        return Target(
            location: url.location,
            shownURL: shown,
            messageProtocol: messageProtocol,
            path: path,
            namespace: namespace,
            query: query,
            headers: headers,
            auth: auth,
            timeout: timeout
        )
    }

    private func url(_ map: MapReader) -> (TargetURL, shown: String)? {
        if let override {
            do throws(TextProblem) {
                return (try TargetURL.parse(override), override)
            } catch {
                let place = SourcePlace(file: "--target", line: 1, column: 1)
                session.report(error.code, error.message, at: place, help: error.suggestion)
                return nil
            }
        }
        guard let node = map.required("url"), let (value, shown) = session.fixedText(node, "'url'") else { return nil }
        do throws(TextProblem) {
            return (try TargetURL.parse(value), shown)
        } catch {
            session.report(error.code, error.message, at: node, help: error.suggestion)
            return nil
        }
    }

    private func messageProtocol(_ map: MapReader) -> Target.MessageProtocol {
        guard let node = map["protocol"], let name = session.name(node, "'protocol'") else { return .socketIO }
        switch Target.MessageProtocol(rawValue: name) {
        case .socketIO:
            break
        case .webSocket:
            session.reportNotBuilt("the protocol 'websocket'", at: session.source.place(of: node))
        case nil:
            let nearest = Spelling.nearest(to: name, in: ["socket.io", "websocket"]).map { "did you mean '\($0)'?" }
            let help = nearest ?? "the protocols are socket.io and websocket"
            session.report(.badValue, "the protocol '\(name)' is unknown", at: node, help: help)
        }
        return .socketIO
    }

    /// Only `[websocket]` can stand there so far, so that there is nothing to return.
    private func readTransports(_ map: MapReader) {
        guard let node = map["transports"] else { return }
        guard case .list(let elements) = node.content, !elements.isEmpty else {
            return session.report(.wrongType, "'transports' has to be a list such as [websocket]", at: node)
        }
        for element in elements {
            switch session.name(element, "a transport") {
            case "websocket", nil:
                break
            case "polling":
                session.reportNotBuilt("the transport 'polling'", at: session.source.place(of: element))
            case .some(let name):
                let nearest = Spelling.nearest(to: name, in: ["websocket", "polling"]).map { "did you mean '\($0)'?" }
                session.report(.badValue, "the transport '\(name)' is unknown", at: element, help: nearest)
            }
        }
    }

    private func namespace(_ map: MapReader) -> String {
        guard let node = map["namespace"], let (name, _) = session.fixedText(node, "'namespace'") else { return "/" }
        if !name.hasPrefix("/") || name.contains(where: { $0 == "," || $0 == "?" }) {
            let help = "write /name; a comma or a question mark cannot stand in it"
            session.report(.badValue, "a namespace starts with '/'", at: node, help: help)
        }
        return name
    }

    private func auth(_ map: MapReader) -> JSONTemplate? {
        guard let node = map["auth"] else { return nil }
        guard case .map = node.content else {
            session.report(.wrongType, "'auth' has to be a map, not \(node.kind)", at: node)
            return nil
        }
        return JSONTemplate(session.value(node, scope))
    }
}
