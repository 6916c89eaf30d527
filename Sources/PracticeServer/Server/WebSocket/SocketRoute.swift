/// What a WebSocket is for, once its upgrade was admitted.
enum SocketRoute {
    /// A new Engine.IO session.
    case session(Endpoint.Kind, Opening)
    /// The upgrade of a session that polls.
    case upgrade(SocketID)
    /// A plain WebSocket of the dialect's.
    case plain(SocketRequest, Visitor)
    /// A plain WebSocket whose messages all come back.
    case echo(Visitor)
}
