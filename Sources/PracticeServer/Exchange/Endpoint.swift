/// What is spoken at a path.
struct Endpoint: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// Engine.IO with Socket.IO on it, over polling and WebSocket.
        case socketIO
        /// Engine.IO alone: every message comes back.
        case engineIO
        /// Plain WebSocket: the dialect decides about connections and takes the messages.
        case webSocket
        /// Plain WebSocket: every message comes back, and the dialect hears nothing of it.
        case echo

        var isEngineIO: Bool { self == .socketIO || self == .engineIO }
    }

    /// Without the query; that of Engine.IO ends with a slash.
    let path: String
    let kind: Kind

    init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }

    /// Whether a request is for this endpoint; the official server takes the path without its last slash too.
    func serves(_ target: RequestTarget) -> Bool {
        if target.path == path { return true }
        return kind.isEngineIO && target.path.utf8.count + 1 == path.utf8.count && path.hasPrefix(target.path)
    }
}
