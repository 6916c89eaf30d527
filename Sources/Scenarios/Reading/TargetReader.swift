import Wire

/// Reads `target:`, that of the file and that of a group as one.
struct TargetReader {
    let session: ReadingSession
    let names: GroupNames
    let override: String?

    var scope: ExpressionScope { ExpressionScope(session: session, names: names, site: .target) }

    /// - Parameters:
    ///   - node: The merged target; nil where the file has none.
    ///   - owner: Where a missing URL is reported.
    /// - Returns: The target, or nil where it has no place; and how it frames messages, for reading what is sent there.
    func target(_ node: SourceNode?, owner: SourceNode) -> (Target?, Dialect) {
        let empty = SourceNode(line: owner.line, column: owner.column, content: .map([]))
        guard let map = MapReader<TargetKey>(node ?? empty, "the target", session) else { return (nil, Dialect()) }
        let messageProtocol = map[.protocol].flatMap { self.messageProtocol($0) } ?? .socketIO
        checkKeys(map, messageProtocol)
        let outbound = map[.outbound].flatMap { self.outbound($0) } ?? Outbound()
        var dialect = Dialect(
            messageProtocol: messageProtocol,
            namespace: messageProtocol == .socketIO ? namespace(map) : "/",
            failsOnOverflow: outbound.overflow == .fail
        )
        let envelope = messageProtocol == .webSocket ? envelope(map, &dialect) : nil
        let heartbeat = messageProtocol == .webSocket ? heartbeat(map, dialect) : nil
        let query = map[.query].map { session.namedTemplates($0, "'query'", scope) } ?? []
        let headers = map[.headers].map { session.namedTemplates($0, "'headers'", scope) } ?? []
        let auth = messageProtocol == .socketIO ? auth(map) : nil
        let timeout = map.someTime(.timeout) ?? .seconds(20)
        let transports = map[.transports].flatMap { self.transports($0) } ?? .webSocket
        let subprotocols = map[.subprotocols].map { self.subprotocols($0) } ?? []
        let limits = map[.limits].map { self.limits($0) } ?? WireLimits()
        let tls = map[.tls].map { self.tls($0) } ?? TLS()
        let dns = map.word(.dns, Target.Resolution.self) ?? .once
        let tcp = map[.tcp].flatMap { self.tcp($0) } ?? TCPOptions()
        guard let (url, shown) = url(map) else { return (nil, dialect) }
        let target = Target(
            location: url.location,
            shownURL: shown,
            messageProtocol: messageProtocol,
            path: path(map, url, messageProtocol),
            namespace: dialect.namespace,
            query: query,
            headers: headers,
            auth: auth,
            timeout: timeout,
            transports: transports,
            subprotocols: subprotocols,
            envelope: envelope,
            heartbeat: heartbeat,
            outbound: outbound,
            limits: limits,
            tls: tls,
            dns: dns,
            tcp: tcp
        )
        return (target, dialect)
    }

    /// What means something for one protocol only.
    static func keys(onlyFor messageProtocol: Target.MessageProtocol) -> [TargetKey] {
        switch messageProtocol {
        case .socketIO: [.namespace, .auth, .transports]
        case .webSocket: [.envelope, .heartbeat]
        }
    }

    private func checkKeys(_ map: MapReader<TargetKey>, _ messageProtocol: Target.MessageProtocol) {
        for other in Target.MessageProtocol.allCases where other != messageProtocol {
            for key in Self.keys(onlyFor: other) where map.has(key) {
                let message =
                    "'\(key.rawValue)' belongs to the protocol '\(other.rawValue)', and this is "
                    + "'\(messageProtocol.rawValue)'"
                let help = "write 'protocol: \(other.rawValue)', or leave '\(key.rawValue)' out"
                session.report(.badValue, message, at: map.place(of: key), help: help)
            }
        }
    }

    private func url(_ map: MapReader<TargetKey>) -> (TargetURL, shown: String)? {
        if let override {
            do throws(TextProblem) {
                return (try TargetURL.parse(override), override)
            } catch {
                let place = SourcePlace(file: "--target", line: 1, column: 1)
                session.report(error.code, error.message, at: place, help: error.suggestion)
                return nil
            }
        }
        guard let node = map.required(.url), let (value, shown) = session.fixedText(node, "'url'") else { return nil }
        do throws(TextProblem) {
            return (try TargetURL.parse(value), shown)
        } catch {
            session.report(error.code, error.message, at: node, help: error.suggestion)
            return nil
        }
    }

    private func path(
        _ map: MapReader<TargetKey>,
        _ url: TargetURL,
        _ messageProtocol: Target.MessageProtocol
    ) -> String {
        let ownPath = map[.path].flatMap { session.fixedText($0, "'path'") }?.value
        if url.path != nil, map.has(.path) {
            let message = "the path stands both in the URL and in 'path'"
            session.report(.badValue, message, at: map.place(of: .path), help: "leave one of them out")
        }
        var path = ownPath ?? url.path ?? (messageProtocol == .socketIO ? "/socket.io/" : "/")
        if !path.hasPrefix("/") {
            session.report(.badValue, "the path has to start with '/'", at: map.place(of: .path))
        }
        if path.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) {
            let help = "a query stands in 'query:'"
            session.report(.badValue, "the path has characters that end it", at: map.place(of: .path), help: help)
        }
        if messageProtocol == .socketIO, !path.hasSuffix("/") { path += "/" }
        return path
    }

    private func messageProtocol(_ node: SourceNode) -> Target.MessageProtocol? {
        guard let name = session.name(node, "'protocol'") else { return nil }
        if let known = Target.MessageProtocol(rawValue: name) { return known }
        let nearest = session.nearest(to: name, in: Target.MessageProtocol.allCases.map(\.rawValue))
        let help = nearest.map { "did you mean '\($0)'?" } ?? "the protocols are socket.io and websocket"
        session.report(.badValue, "the protocol '\(name)' is unknown", at: node, help: help)
        return nil
    }

    private func namespace(_ map: MapReader<TargetKey>) -> String {
        guard let node = map[.namespace], let (name, _) = session.fixedText(node, "'namespace'") else { return "/" }
        if !name.hasPrefix("/") || name.contains(where: { $0 == "," || $0 == "?" }) {
            let help = "write /name; a comma or a question mark cannot stand in it"
            session.report(.badValue, "a namespace starts with '/'", at: node, help: help)
        }
        return name
    }

    private func auth(_ map: MapReader<TargetKey>) -> JSONTemplate? {
        guard let node = map[.auth] else { return nil }
        guard case .map = node.content else {
            session.report(.wrongType, "'auth' has to be a map, not \(node.kind)", at: node)
            return nil
        }
        return JSONTemplate(session.value(node, scope))
    }

    private func envelope(_ map: MapReader<TargetKey>, _ dialect: inout Dialect) -> Envelope? {
        dialect.eventNames = [ReadingSession.unnamedEvent]
        guard let node = map[.envelope] else { return nil }
        let scope = ExpressionScope(session: session, names: names, site: .envelope)
        guard let (envelope, framing) = EnvelopeReader(session: session, scope: scope).read(node) else {
            // Nothing is known of it; what is sent and received is not at fault.
            dialect.eventNames = nil
            return nil
        }
        dialect.framing = framing
        let isNamed = node[EnvelopeKey.event.rawValue] != nil
        dialect.eventNames = isNamed ? nil : [ReadingSession.unnamedEvent] + envelope.rules.map(\.event)
        return envelope
    }

    private func heartbeat(_ map: MapReader<TargetKey>, _ dialect: Dialect) -> Heartbeat? {
        guard let node = map[.heartbeat] else { return nil }
        let scope = ExpressionScope(session: session, names: names, site: .envelope)
        return HeartbeatReader(session: session, names: names, scope: scope, dialect: dialect).read(node)
    }
}
