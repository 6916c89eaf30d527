package import NIOCore

/// A packet that waits to be sent, by whatever transport there is then.
///
/// Over WebSocket each is the payload of one frame of its kind; over polling `EngineIOPayloadWriter` joins them.
package enum EngineIOPacket: Hashable, Sendable {
    /// The type and the content, as in a text frame.
    case text(ByteBuffer)
    /// The bytes of a binary message, as in a binary frame.
    case binary(ByteBuffer)

    /// How many bytes it takes in a polling payload, without a separator.
    package var pollingSize: Int {
        switch self {
        case .text(let packet): packet.readableBytes
        case .binary(let message): EngineIOPayloadWriter.size(ofBinary: message.readableBytes)
        }
    }
}
