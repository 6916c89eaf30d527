/// What a peer may send at most; more is an error of the kind `too_large`.
package struct WireLimits: Hashable, Sendable {
    /// Bytes of one WebSocket frame.
    package var frame = 16 << 20
    /// Bytes of one message, of all its frames together; of one polling payload; of a packet with its attachments.
    package var message = 16 << 20
    /// Frames of one message.
    package var fragments = 1024
    /// Binary attachments of one Socket.IO packet.
    package var attachments = 64
    /// How deep arrays and objects may lie in each other; 128 is the most.
    package var nesting = 128
    /// Bytes of the head of an answer to a handshake or a request.
    package var headers = 16 << 10
    /// Bytes of the body of an answer to a request beside the socket.
    package var body = 1 << 20

    package init() {}
}
