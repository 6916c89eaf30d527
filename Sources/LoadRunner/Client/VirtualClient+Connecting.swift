import Metrics
import NIOCore
import Scenarios
import Wire

extension VirtualClient {
    /// Opens a connection; the flow goes on when events can flow.
    func connect(at now: NIODeadline) {
        if !isWindowOpen, task == nil { inbox.clear() }
        isWindowOpen = true
        let cause = Cause(scheduled: readyAt, actual: now)
        self.cause = cause
        marks[0] = cause
        if now - readyAt > VirtualClient.lateness { recorder.addLate() }
        waiting = .connection
        set(.step, at: now + TimeAmount(program.group.target.timeout))
        let connection = Connection(client: self, at: now)
        self.connection = connection
        worker.dialer.dial(connection, group: group, timeout: TimeAmount(program.group.target.timeout))
    }

    /// The request that turns the connection into a WebSocket, with this client's query, headers and cookies.
    ///
    /// - Throws: `WireError` where a value does not belong into a header or a URL.
    func handshake(on dialer: Dialer) throws -> WebSocketHandshake {
        let target = program.group.target
        var path = target.path
        var separator: Character = path.contains("?") ? "&" : "?"
        func append(_ name: String, _ value: String) {
            path.append(separator)
            path += "\(PercentEncoding.query(name))=\(PercentEncoding.query(value))"
            separator = "&"
        }
        if target.messageProtocol == .socketIO {
            append("EIO", "4")
            append("transport", "websocket")
        }
        for parameter in target.query {
            let value = parameter.value.text(&values, event: nil)
            if !value.isEmpty { append(parameter.name, value) }
        }
        var headers: [(String, String)] = []
        for header in target.headers {
            let value = header.value.text(&values, event: nil)
            if !value.isEmpty { headers.append((header.name, value)) }
        }
        if let cookie = cookies.header { headers.append(("Cookie", cookie)) }
        return try WebSocketHandshake(
            authority: dialer.authority(of: group),
            target: path,
            headers: headers,
            nonce: worker.maskKeys.nextNonce()
        )
    }

    /// The WebSocket is open; whether the connection counts as failed is open until the namespace is acknowledged.
    func opened(at now: NIODeadline) {
        guard let cause else { return }
        if let latency = metrics.connect.latency {
            recorder.record(
                latency,
                group: group,
                scheduled: max(0, (now - cause.scheduled).nanoseconds),
                service: max(0, (now - cause.actual).nanoseconds)
            )
        }
        worker.trace?.note("open", of: name, at: now)
    }

    /// Engine.IO is open: asks for the namespace.
    func sendConnect(on connection: Connection) {
        connection.write { frame in
            SocketIOPacketWriter.writeConnect(connection.namespace, auth: nil, to: &frame)
            program.group.target.auth?.append(to: &frame, &values, event: nil)
        }
    }

    /// The namespace is acknowledged: events can flow.
    func connected(at now: NIODeadline) {
        guard case .connection = waiting, let cause else { return }
        recorder.succeeded(metrics.connect, group: group)
        recorder.record(
            metrics.handshake,
            group: group,
            nanoseconds: max(0, (now - cause.scheduled).nanoseconds)
        )
        cancel(.step)
        waiting = .nothing
        isWindowOpen = true
        readyAt = now
        if case .connect = program.code[address] { address += 1 }
        proceed(at: now)
    }

    /// The connection fell, or never came to be.
    func connectionLost(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        connection = nil
        fail(kind, example(), at: now)
    }

    /// Leaves the server, if there is a connection.
    func leaveServer() {
        guard let connection else { return }
        self.connection = nil
        cancel(.heartbeat)
        connection.leave()
    }
}
