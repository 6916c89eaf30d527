/// What becomes of a request to an Engine.IO endpoint.
///
/// Checks in the order of the official server. Source: socketio/socket.io, packages/engine.io/lib/server.ts, `verify`
/// and `handshake`.
struct Handshake: Sendable {
    let origins: OriginList
    let transports: Set<EngineTransport>

    enum Verdict: Equatable {
        /// A new session; the one that the query names, if it names one, is the dialect's.
        case opens(EngineTransport, session: String?)
        /// A session that is there; a WebSocket for it wants to take over from polling.
        case continues(sid: String)
        case rejected(EngineIORefusal)
    }

    /// - Parameters:
    ///   - origin: The Origin header, if there is one.
    ///   - isUpgrade: Whether it asks for a WebSocket.
    ///   - transport: How the session with an id is carried now; nil where there is none.
    func verdict(
        method: String,
        target: RequestTarget,
        origin: String?,
        isUpgrade: Bool,
        transport current: (String) -> EngineTransport?
    ) -> Verdict {
        guard let named = target["transport"], let transport = EngineTransport(rawValue: named),
            transports.contains(transport)
        else { return .rejected(.unknownTransport) }
        if let sid = target["sid"], !sid.isEmpty {
            guard let current = current(sid) else { return .rejected(.unknownSID) }
            guard isUpgrade == (transport == .webSocket), isUpgrade || current == transport else {
                return .rejected(.badRequest)
            }
            return .continues(sid: sid)
        }
        guard method == "GET" else { return .rejected(.badHandshakeMethod) }
        guard isUpgrade == (transport == .webSocket) else { return .rejected(.badRequest) }
        guard origins.allows(origin) else { return .rejected(.forbidden) }
        guard target["EIO"] == "4" else { return .rejected(.unsupportedProtocolVersion) }
        return .opens(transport, session: target["sessionId"])
    }
}
