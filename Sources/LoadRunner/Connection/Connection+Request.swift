import NIOCore
import Scenarios
import Wire

/// The request line and headers of a handshake, with one client's values.
struct ConnectionRequest {
    /// Path and query, without what belongs to a transport.
    var path: String
    /// In order, without `Host` and cookies.
    var headers: [(String, String)]

    /// Path and query with further parameters.
    func path(with parameters: [(String, String)]) -> String {
        var path = path
        for (name, value) in parameters {
            path.append(path.contains("?") ? "&" : "?")
            path += "\(PercentEncoding.query(name))=\(PercentEncoding.query(value))"
        }
        return path
    }
}

extension Connection {
    /// The client's request, its templates evaluated now; the same for all requests of a session over polling.
    func request() -> ConnectionRequest {
        let target = program.group.target
        var request = ConnectionRequest(path: target.path, headers: [])
        guard let client else { return request }
        var parameters: [(String, String)] = []
        for parameter in target.query {
            let value = parameter.value.text(&client.values, event: nil)
            if !value.isEmpty { parameters.append((parameter.name, value)) }
        }
        request.path = request.path(with: parameters)
        for header in target.headers {
            let value = header.value.text(&client.values, event: nil)
            if !value.isEmpty { request.headers.append((header.name, value)) }
        }
        return request
    }

    /// The request that turns a socket into a WebSocket.
    ///
    /// - Throws: `WireError` where a value does not belong into a header or a URL.
    func handshake() throws -> WebSocketHandshake {
        var request: ConnectionRequest
        var parameters = isSocketIO ? [("EIO", "4"), ("transport", "websocket")] : []
        if case .polling(let polling) = transport {
            request = polling.request
            if let sid = polling.sid { parameters.append(("sid", sid)) }
        } else {
            request = self.request()
        }
        if let cookie = client?.cookies.header { request.headers.append(("Cookie", cookie)) }
        let path = request.path(with: parameters)
        noteHandshake(.webSocket, path, request.headers)
        return try WebSocketHandshake(
            authority: worker.dialer.authority(of: group),
            target: path,
            headers: request.headers,
            subprotocols: program.group.target.subprotocols,
            nonce: worker.maskKeys.nextNonce(),
            maximumHeaderSize: program.group.target.limits.headers
        )
    }

    /// Keeps what a server sets, for the requests that follow.
    func keepCookies(_ values: [String]) {
        for value in values { client?.cookies.set(value) }
    }
}
