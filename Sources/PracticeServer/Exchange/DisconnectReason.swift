/// Why a socket left its namespace, in the words of the official server.
///
/// Source: socketio/socket.io, packages/socket.io/lib/socket-types.ts, `DisconnectReason`.
enum DisconnectReason: String, Hashable, Sendable {
    case transportError = "transport error"
    case transportClose = "transport close"
    case forcedClose = "forced close"
    case forcedServerClose = "forced server close"
    case pingTimeout = "ping timeout"
    case clientNamespaceDisconnect = "client namespace disconnect"
    case serverNamespaceDisconnect = "server namespace disconnect"

    /// Whether the state of the connection can be recovered after it; the official list.
    var isRecoverable: Bool {
        switch self {
        case .transportError, .transportClose, .forcedClose, .forcedServerClose, .pingTimeout: true
        case .clientNamespaceDisconnect, .serverNamespaceDisconnect: false
        }
    }
}

extension ConnectionEnd {
    /// What the official server would call it.
    ///
    /// - Parameter transport: How the session was carried. There, a WebSocket that is reset is closed like any other, and
    ///   a poll that is given up is an error.
    func reason(over transport: EngineTransport) -> DisconnectReason {
        switch self {
        case .kicked, .closedByServer, .overLimit, .tooManyErrors: .serverNamespaceDisconnect
        case .closedByClient(.fin), .closedByClient(.rst):
            transport == .polling ? .transportError : .transportClose
        case .closedByClient, .killed, .tooSlow: .transportClose
        case .heartbeatMissed: .pingTimeout
        case .neverJoined: .forcedServerClose
        case .protocolError: .forcedClose
        case .tooLarge: .transportError
        }
    }
}
