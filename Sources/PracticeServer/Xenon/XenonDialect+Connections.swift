import NIOCore

extension XenonDialect {
    mutating func refusal(
        of joining: Joining,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String? {
        principal(of: joining) == nil ? "unauthorized" : nil
    }

    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput) {
        guard let principal = principal(of: joining) else { return }
        clients[socket] = XenonClient(principal: principal)
    }

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let client = clients.removeValue(forKey: socket) else { return }
        switch client.role {
        case .dashboard:
            dashboards.removeAll { $0 == socket }
            deliveries.forget(socket)
        case .node:
            leave(socket, client.host, at: now, output: &output)
        case .anybody, nil:
            break
        }
        if !clients.values.contains(where: { $0.role != nil }) { nextStep = nil }
    }

    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        guard let client = clients[socket] else { return .rejected("unauthorized") }
        switch event.name {
        case "handshake":
            guard event.payload.string("version") == Self.protocolVersion else {
                return drop(socket, "protocol mismatch", output: &output)
            }
            return .accepted
        case "register_dashboard":
            guard client.principal.mayRegister(as: .dashboard) else {
                return drop(socket, "wrong role", output: &output)
            }
            if client.role == nil {
                clients[socket]?.role = .dashboard
                dashboards.append(socket)
                begin(at: now)
            }
            return .accepted
        case "register_node":
            guard client.principal.mayRegister(as: .node) else { return drop(socket, "wrong role", output: &output) }
            guard let host = event.payload.string("host"), !host.isEmpty else { return .rejected("host is missing") }
            if client.role != .dashboard { enter(socket, host, at: now, output: &output) }
            return .accepted
        default:
            return .rejected("unknown event")
        }
    }

    private func drop(_ socket: SocketID, _ reason: String, output: inout DialectOutput) -> EventReply {
        output.actions.append(.close(socket))
        return .rejected(reason)
    }

    /// Who a client is; nil where its credentials are none or wrong ones.
    private func principal(of joining: Joining) -> XenonPrincipal? {
        guard faults.asksCredentials ?? true else { return .anybody }
        return Generation.isCurrent ? currentPrincipal(of: joining) : documentPrincipal(of: joining)
    }

    private func documentPrincipal(of joining: Joining) -> XenonPrincipal? {
        if let secret = joining.auth.string("nodeSecret") ?? joining.headers["x-xenon-node-secret"] {
            return secret == XenonCredentials.nodeSecret ? .node : nil
        }
        if let key = joining.auth.string("apiKey") ?? joining.headers["x-xenon-api-key"] {
            return key == XenonCredentials.apiKey ? .dashboard : nil
        }
        return hasCookie(joining) ? .dashboard : nil
    }

    private func currentPrincipal(of joining: Joining) -> XenonPrincipal? {
        if let bearer = joining.auth.string("bearer"), !bearer.isEmpty {
            return tokens.accepts(bearer, .bearer) ? .dashboard : nil
        }
        if let key = joining.auth.string("accessKey") ?? joining.headers["x-xenon-access-key"],
            let token = joining.auth.string("token") ?? joining.headers["x-xenon-token"]
        {
            return key == XenonCredentials.accessKey && token == XenonCredentials.token ? .node : nil
        }
        return hasCookie(joining) ? .dashboard : nil
    }

    private func hasCookie(_ joining: Joining) -> Bool {
        guard let value = joining.headers.cookie(XenonCredentials.cookie) else { return false }
        return value == XenonCredentials.apiKey || tokens.accepts(value, .session)
    }
}

// Nodes and their phones.
extension XenonDialect {
    private mutating func enter(
        _ socket: SocketID,
        _ host: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let isNew = clients[socket]?.role == nil
        clients[socket]?.role = .node
        clients[socket]?.host = host
        sendNode(.nodeConnected, host, at: now, output: &output)
        guard isNew else { return }
        for number in 0..<XenonPhone.perNode {
            let phone = XenonPhone(of: socket, host: host, number: number)
            phones.append(phone)
            if Generation.isCurrent { sendAdded(phone, at: now, output: &output) }
        }
        begin(at: now)
    }

    /// Lets the simulation run.
    private mutating func begin(at now: NIODeadline) {
        if nextStep == nil { nextStep = now + interval }
    }

    private mutating func leave(
        _ socket: SocketID,
        _ host: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        for place in phones.indices where phones[place].node == socket {
            endSession(place, failure: "Node disconnected", at: now, output: &output)
            if Generation.isCurrent {
                let phone = phones[place]
                sendDevice(.deviceRemoved, phone, at: now, output: &output)
            }
        }
        phones.removeAll { $0.node == socket }
        sendNode(.nodeDisconnected, host, at: now, output: &output)
    }

    private mutating func sendNode(
        _ event: XenonEvent,
        _ host: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let sequence = hosts[host, default: 0]
        hosts[host] = sequence + 1
        let order = XenonOrder(kind: "node", name: host, number: Int(truncatingIfNeeded: stableHash(host)))
        broadcast(event, order, sequence: sequence, at: now, output: &output) { $0.member("host", string: host) }
    }
}
