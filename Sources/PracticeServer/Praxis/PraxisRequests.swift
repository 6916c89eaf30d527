import NIOCore

/// What `/stats` says of the WebSockets.
struct PraxisStats {
    var total = 0
    var active = 0
    var sent = 0
    var received = 0
    var broadcasts = 0
    var errors = 0

    /// Writes the members of the document's `get_stats()`. A connection that is accepted is connected at once here, and
    /// one that ended is forgotten.
    func write(to body: inout EventWriter) {
        body.member("total_connections", total)
        body.member("active_connections", active)
        body.member("messages_sent", sent)
        body.member("messages_received", received)
        body.member("broadcast_count", broadcasts)
        body.member("errors", errors)
        body.beginObject("connection_states")
        body.member("connecting", 0)
        body.member("connected", active)
        body.member("disconnecting", 0)
        body.member("disconnected", 0)
        body.member("error", 0)
        body.endObject()
    }
}

/// The requests of Praxis' API that have to do with WebSockets.
enum PraxisRequests {
    /// Answers `GET /stats`, where the statistics stand under `websocket_manager` as in the public sources, and
    /// `GET /health`.
    static func respond(to request: DialectRequest, _ stats: () -> PraxisStats) -> DialectResponse {
        var body = EventWriter(objectWithCapacity: 256)
        switch (request.path, request.method) {
        case ("/stats", "GET"):
            body.beginObject("websocket_manager")
            stats().write(to: &body)
            body.endObject()
            body.beginObject("server")
            body.member("running", true)
            body.endObject()
            return DialectResponse(route: "GET /stats", status: 200, body: body.finishObject())
        case ("/health", "GET"):
            body.member("status", "healthy")
            return DialectResponse(route: "GET /health", status: 200, body: body.finishObject())
        case ("/stats", _), ("/health", _):
            body.member("detail", "Method Not Allowed")
            return DialectResponse(route: "other", status: 405, body: body.finishObject())
        default:
            body.member("detail", "Not Found")
            return DialectResponse(route: "other", status: 404, body: body.finishObject())
        }
    }
}
