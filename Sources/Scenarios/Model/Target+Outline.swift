import Wire

extension Target {
    /// The URL and how it is spoken to, without what came from the environment; then what differs from the usual.
    var outline: [String] {
        let name = namespace == "/" ? "" : " namespace \(namespace)"
        return ["\(shownURL)\(name) (\(messageProtocol.rawValue), \(path))"]
            + [transportsOutline, subprotocolsOutline, envelope?.outline, heartbeat?.outline, tls.outline]
            .compactMap(\.self)
            + [outboundOutline, limitsOutline, networkOutline].compactMap(\.self)
    }

    private var transportsOutline: String? {
        switch transports {
        case .webSocket: nil
        case .polling: "stays on polling"
        case .pollingThenWebSocket: "opens with polling, moves to websocket"
        }
    }

    private var subprotocolsOutline: String? {
        subprotocols.isEmpty ? nil : "offers the subprotocols \(subprotocols.joined(separator: ", "))"
    }

    private var outboundOutline: String? {
        guard outbound != Outbound() else { return nil }
        let overflow =
            switch outbound.overflow {
            case .wait: "what more is sent waits"
            case .drop: "what more is sent is dropped"
            case .fail: "what more is sent fails"
            }
        return "keeps \(Amounts.text(ofSize: outbound.limit)) for a socket that does not take it, \(overflow)"
    }

    private var limitsOutline: String? {
        let usual = WireLimits()
        func size(_ name: String, _ path: KeyPath<WireLimits, Int>) -> String? {
            limits[keyPath: path] == usual[keyPath: path]
                ? nil : "\(name) \(Amounts.text(ofSize: limits[keyPath: path]))"
        }
        func count(_ name: String, _ path: KeyPath<WireLimits, Int>) -> String? {
            limits[keyPath: path] == usual[keyPath: path] ? nil : "\(name) \(limits[keyPath: path])"
        }
        let parts = [
            size("frame", \.frame), size("message", \.message), count("fragments", \.fragments),
            count("attachments", \.attachments), count("nesting", \.nesting), size("headers", \.headers),
            size("body", \.body),
        ]
        let changed = parts.compactMap(\.self)
        return changed.isEmpty ? nil : "takes at most: \(changed.joined(separator: ", "))"
    }

    private var networkOutline: String? {
        var parts: [String] = []
        if dns == .connect { parts.append("looks the host up for each connection") }
        if !tcp.noDelay { parts.append("TCP may delay small packets") }
        if let keepAlive = tcp.keepAlive { parts.append("TCP keep-alive \(keepAlive ? "on" : "off")") }
        if let size = tcp.sendBuffer { parts.append("send buffer \(Amounts.text(ofSize: size))") }
        if let size = tcp.receiveBuffer { parts.append("receive buffer \(Amounts.text(ofSize: size))") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

extension Envelope {
    fileprivate var outline: String {
        var parts: [String] = []
        if let event { parts.append("the event at \(event.outline)") }
        if !rules.isEmpty {
            let names = rules.map(\.event).joined(separator: ", ")
            parts.append("\(rules.count) \(rules.count == 1 ? "rule" : "rules") for \(names)")
        }
        parts.append(data.map { "the data at \($0.outline)" } ?? "the data is the whole message")
        return "envelope: \(parts.joined(separator: ", "))"
    }
}

extension Heartbeat {
    fileprivate var outline: String? {
        var parts: [String] = []
        if let asking {
            let what =
                switch asking.question {
                case .ping: "a ping frame"
                case .message: "a message"
                }
            let (every, within) = (asking.every.scenarioText, asking.within.scenarioText)
            parts.append("\(what) every \(every), answered within \(within)")
        }
        if !answers.isEmpty { parts.append("answers the server's") }
        return parts.isEmpty ? nil : "heartbeat: \(parts.joined(separator: ", "))"
    }
}

extension TLS {
    fileprivate var outline: String? {
        var parts: [String] = []
        if let authority { parts.append("trusts \(authority.name)") }
        if let certificate { parts.append("shows \(certificate.name)") }
        if let serverName { parts.append("asks for \(serverName)") }
        if !verify { parts.append("the server's certificate is not verified") }
        return parts.isEmpty ? nil : "tls: \(parts.joined(separator: ", "))"
    }
}

extension MessagePaths {
    /// As the file writes it.
    fileprivate var outline: String {
        alternatives.map { path in
            let names = path.path.components.map { component in
                switch component {
                case .name(let name): String(decoding: name, as: UTF8.self)
                case .index(let index): "\(index)"
                }
            }
            return names.isEmpty ? "$" : names.joined(separator: ".")
        }
        .joined(separator: " or ")
    }
}
