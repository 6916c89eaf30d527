import NIOCore

/// What comes after an upgrade: bytes in both directions, read along where they are WebSocket's.
final class ProxyTunnel {
    /// Nil where nobody knows what is spoken.
    var taps: (out: WebSocketTap, in: WebSocketTap)?
    /// Whether a close frame has gone by, or the end was noted otherwise.
    var endIsNoted = false

    init(_ taps: (out: WebSocketTap, in: WebSocketTap)?) {
        self.taps = taps
    }
}
