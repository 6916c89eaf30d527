/// Where clients connect, and how.
package struct Target: Sendable {
    /// What the URL names.
    package enum Location: Hashable, Sendable {
        case server(ServerURL)
        /// A practice server that runs beside the run: `practice:NAME?fault&fault=value`.
        case practice(system: String, faults: [String])
    }

    /// How messages are framed.
    package enum MessageProtocol: String, Hashable, Sendable {
        case socketIO = "socket.io"
        case webSocket = "websocket"
    }

    package var location: Location
    /// The URL for outputs: the value of an environment variable is not in it, only its name.
    package var shownURL: String
    package var messageProtocol: MessageProtocol
    /// With the leading slash; for Socket.IO also the trailing one.
    package var path: String
    /// With the leading slash.
    package var namespace: String
    package var query: [NamedTemplate]
    package var headers: [NamedTemplate]
    /// The payload of Socket.IO's CONNECT, an object.
    package var auth: JSONTemplate?
    /// Connect and handshake.
    package var timeout: Duration
}

/// The scheme, host and port of a server.
package struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    package var isSecure: Bool
    package var host: String
    package var port: Int

    package init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// `http://host:port`, the port left out where it is the scheme's own.
    package var description: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        let suffix = port == (isSecure ? 443 : 80) ? "" : ":\(port)"
        return "\(isSecure ? "https" : "http")://\(shown)\(suffix)"
    }
}

/// A header or a query parameter; left out where the value comes out empty.
package struct NamedTemplate: Sendable {
    package var name: String
    package var value: ValueTemplate
}
