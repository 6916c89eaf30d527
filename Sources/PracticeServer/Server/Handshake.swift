/// Whether a request to the Engine.IO endpoint becomes a connection.
///
/// Checks in the order of the official server (socketio/socket.io, packages/engine.io/lib/server.ts, `verify`). Only
/// the WebSocket transport is served, so any `sid` is unknown and polling is an unknown transport.
struct Handshake: Sendable {
    let path: String
    let origins: OriginList

    enum Verdict: Equatable {
        /// The session that the query names, if it names one.
        case accepted(session: String?)
        case rejected(EngineIOError)
    }

    /// Whether a request is for this endpoint; the official server takes the path without its last slash too.
    func serves(_ target: RequestTarget) -> Bool {
        target.path == path || (target.path.count + 1 == path.count && path.hasPrefix(target.path))
    }

    /// - Parameter origin: The Origin header, if there is one.
    func verdict(method: String, target: RequestTarget, origin: String?, isUpgrade: Bool) -> Verdict {
        guard target["transport"] == "websocket" else { return .rejected(.unknownTransport) }
        if let sid = target["sid"], !sid.isEmpty { return .rejected(.unknownSID) }
        guard method == "GET" else { return .rejected(.badHandshakeMethod) }
        guard isUpgrade else { return .rejected(.badRequest) }
        guard origins.allows(origin) else { return .rejected(.forbidden) }
        guard target["EIO"] == "4" else { return .rejected(.unsupportedProtocolVersion) }
        return .accepted(session: target["sessionId"])
    }
}
