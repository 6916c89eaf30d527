import NIOCore

/// What the server knows of a client.
struct PraxisConnection {
    /// Nil for a client that never subscribed; then it gets what is standard.
    var subscribed: PraxisSubscription?
    /// When the last PING came; until the first, when the connection opened.
    var lastPing: NIODeadline
    /// Messages of the client that were answered by an error.
    var errors = 0

    var subscription: PraxisSubscription { subscribed ?? .standard }
}
