import Wire

extension TargetReader {
    func transports(_ node: SourceNode) -> Target.Transports? {
        guard case .list(let elements) = node.content, !elements.isEmpty else {
            let help = "write [websocket], [polling] or [polling, websocket]"
            session.report(.wrongType, "'transports' has to be a list, not \(node.kind)", at: node, help: help)
            return nil
        }
        let names = elements.compactMap { element -> String? in
            guard let name = session.name(element, "a transport") else { return nil }
            guard !["websocket", "polling"].contains(name) else { return name }
            let nearest = session.nearest(to: name, in: ["websocket", "polling"]).map { "did you mean '\($0)'?" }
            let help = nearest ?? "the transports are polling and websocket"
            session.report(.badValue, "the transport '\(name)' is unknown", at: element, help: help)
            return nil
        }
        guard names.count == elements.count else { return nil }
        switch names {
        case ["websocket"]: return .webSocket
        case ["polling"]: return .polling
        case ["polling", "websocket"]: return .pollingThenWebSocket
        case ["websocket", "polling"]:
            let help = "write [polling, websocket]: the session opens with polling and is upgraded"
            session.report(.badValue, "there is no way back from websocket to polling", at: node, help: help)
        default:
            session.report(.badValue, "a transport stands more than once in 'transports'", at: node)
        }
        return nil
    }

    /// The names of RFC 6455, section 4.1: tokens, each once.
    func subprotocols(_ node: SourceNode) -> [String] {
        let nodes: [SourceNode]
        if case .list(let elements) = node.content { nodes = elements } else { nodes = [node] }
        if nodes.isEmpty { session.report(.missing, "'subprotocols' is an empty list", at: node) }
        var names: [String] = []
        for node in nodes {
            guard let name = session.name(node, "a subprotocol") else { continue }
            if !name.utf8.allSatisfy(Self.isTokenByte) {
                session.report(.badValue, "'\(name)' cannot be the name of a subprotocol", at: node)
            } else if names.contains(name) {
                session.report(.badValue, "the subprotocol '\(name)' stands there already", at: node)
            }
            names.append(name)
        }
        return names
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    func outbound(_ node: SourceNode) -> Outbound? {
        guard let map = MapReader<OutboundKey>(node, "'outbound'", session) else { return nil }
        var outbound = Outbound()
        outbound.limit = map.size(.limit, through: 1 << 30) ?? outbound.limit
        outbound.overflow = map.word(.overflow) ?? outbound.overflow
        return outbound
    }

    func limits(_ node: SourceNode) -> WireLimits {
        var limits = WireLimits()
        guard let map = MapReader<LimitsKey>(node, "'limits'", session) else { return limits }
        limits.frame = map.size(.frame, through: 1 << 30) ?? limits.frame
        limits.message = map.size(.message, through: 1 << 30) ?? limits.message
        limits.fragments = map.integer(.fragments) ?? limits.fragments
        limits.attachments = map.integer(.attachments) ?? limits.attachments
        limits.nesting = map.integer(.nesting) ?? limits.nesting
        limits.headers = map.size(.headers, through: 1 << 24) ?? limits.headers
        limits.body = map.size(.body, through: 1 << 30) ?? limits.body
        return limits
    }

    func tcp(_ node: SourceNode) -> TCPOptions? {
        guard let map = MapReader<TCPKey>(node, "'tcp'", session) else { return nil }
        var options = TCPOptions()
        options.noDelay = map.flag(.noDelay) ?? options.noDelay
        options.keepAlive = map.flag(.keepAlive)
        options.sendBuffer = map.size(.sendBuffer, through: 1 << 30)
        options.receiveBuffer = map.size(.receiveBuffer, through: 1 << 30)
        return options
    }

    func tls(_ node: SourceNode) -> TLS {
        var tls = TLS()
        guard let map = MapReader<TLSKey>(node, "'tls'", session) else { return tls }
        tls.authority = map[.ca].flatMap { pem($0, "'ca'", "CERTIFICATE") }
        tls.certificate = map[.certificate].flatMap { pem($0, "'certificate'", "CERTIFICATE") }
        tls.key = map[.key].flatMap { pem($0, "'key'", "PRIVATE KEY") }
        for (key, other) in [(TLSKey.certificate, TLSKey.key), (.key, .certificate)] where map.has(key) {
            guard !map.has(other), !map.misspelled.contains(other) else { continue }
            let message = "'\(key.rawValue)' needs '\(other.rawValue)' beside it"
            session.report(.missing, message, at: map.place(of: key))
        }
        tls.verify = map.flag(.verify) ?? tls.verify
        tls.serverName = map[.serverName].flatMap { session.fixedText($0, "'serverName'") }?.value
        return tls
    }

    /// A file in PEM (RFC 7468) that has at least one part of this label.
    private func pem(_ node: SourceNode, _ what: String, _ label: String) -> ScenarioFile? {
        guard let file = session.file(node, what, limit: 1_000_000) else { return nil }
        let text = String(decoding: file.bytes, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.contains(where: { $0.hasPrefix("-----BEGIN ") && $0.contains("\(label)-----") }) else {
            let help = "the file has to be PEM, with a line such as -----BEGIN \(label)-----"
            session.report(.badValue, "there is no \(label.lowercased()) in '\(file.name)'", at: node, help: help)
            return nil
        }
        return file
    }
}
