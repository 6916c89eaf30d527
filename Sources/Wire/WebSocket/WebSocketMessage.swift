package import NIOCore

/// One whole message, or one control frame.
///
/// The payload of a message that came in one frame is a slice of the buffer it was read from: whoever appends to
/// that buffer while the message is still held pays for a copy.
package enum WebSocketMessage: Hashable, Sendable {
    case text(ByteBuffer)
    case binary(ByteBuffer)
    case ping(ByteBuffer)
    case pong(ByteBuffer)
    /// The code is nil where the frame was empty.
    case close(code: UInt16?, reason: String)
}
