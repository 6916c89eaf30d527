package import Wire

/// Where clients connect, and how.
package struct Target: Sendable {
    /// What the URL names.
    package enum Location: Hashable, Sendable {
        case server(ServerURL)
        /// A practice server that runs beside the run: `practice:NAME?fault&fault=value`.
        case practice(system: String, faults: [String])
    }

    /// How messages are framed.
    package enum MessageProtocol: String, Hashable, Sendable, CaseIterable {
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
    /// Which of Engine.IO's transports a Socket.IO client uses; means nothing for plain WebSocket.
    package var transports = Transports.webSocket
    /// The names offered in `Sec-WebSocket-Protocol`.
    package var subprotocols: [String] = []
    /// How events are framed on a plain WebSocket; nil: every received message is the event `message`.
    package var envelope: Envelope?
    /// What keeps a plain WebSocket alive.
    package var heartbeat: Heartbeat?
    package var outbound = Outbound()
    /// What a server may send at most.
    package var limits = WireLimits()
    /// Only for `https://` and `wss://`.
    package var tls = TLS()
    package var dns = Resolution.once
    package var tcp = TCPOptions()

    package enum Transports: Hashable, Sendable {
        case webSocket
        case polling
        /// The session opens with polling and moves to WebSocket, with the official probe.
        case pollingThenWebSocket
    }

    /// When a host's name is looked up; connections are spread over all of its addresses.
    package enum Resolution: String, Hashable, Sendable, CaseIterable {
        /// Before the run.
        case once
        /// Before each connection, which `connect.dns` then measures.
        case connect
    }
}

/// What happens to messages while the socket does not take them.
package struct Outbound: Hashable, Sendable {
    package enum Overflow: String, Hashable, Sendable, CaseIterable {
        /// The step that sends waits; what handlers send is queued.
        case wait
        /// The message is thrown away and counted.
        case drop
        /// The step fails.
        case fail
    }

    /// Bytes that may wait for the socket.
    package var limit = 1_000_000
    package var overflow = Overflow.wait
}

/// Options of the TCP sockets; nil: what the system does by itself.
package struct TCPOptions: Hashable, Sendable {
    package var noDelay = true
    package var keepAlive: Bool?
    /// Bytes of the kernel's buffers.
    package var sendBuffer: Int?
    package var receiveBuffer: Int?
}

/// How a client speaks TLS.
package struct TLS: Sendable {
    /// Certificates in PEM to trust in place of the system's.
    package var authority: ScenarioFile?
    /// The client's own certificate chain and its key, in PEM.
    package var certificate: ScenarioFile?
    package var key: ScenarioFile?
    /// Whether the server's certificate has to be valid.
    package var verify = true
    /// The name to ask for and to verify; nil: the URL's host.
    package var serverName: String?
}

/// A file below the scenario's folder, read with it.
package struct ScenarioFile: Hashable, Sendable {
    /// As the scenario names it.
    package var name: String
    package var bytes: [UInt8]
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
