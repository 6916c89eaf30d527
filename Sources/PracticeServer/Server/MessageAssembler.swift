import NIOCore
import NIOWebSocket

/// Puts messages together from their fragments.
///
/// NIO's own aggregator forgets whether the fragments were masked, which a server has to look at.
/// Source: RFC 6455 section 5.4.
struct MessageAssembler {
    enum Result: Equatable {
        case message(ByteBuffer)
        case incomplete
        /// A binary message begins; nobody here takes one.
        case binary
        case outOfOrder
        case tooLarge
    }

    private var parts: ByteBuffer?

    /// Takes a text, binary or continuation frame.
    ///
    /// - Parameter limit: How long a message may be, in bytes.
    mutating func take(_ frame: WebSocketFrame, limit: Int) -> Result {
        switch frame.opcode {
        case .text:
            guard parts == nil else { return .outOfOrder }
            guard !frame.fin else { return .message(frame.unmaskedData) }
            parts = frame.unmaskedData
            return .incomplete
        case .continuation:
            guard var whole = parts.take() else { return .outOfOrder }
            guard whole.readableBytes + frame.length <= limit else { return .tooLarge }
            var part = frame.unmaskedData
            whole.writeBuffer(&part)
            guard !frame.fin else { return .message(whole) }
            parts = whole
            return .incomplete
        default:
            return .binary
        }
    }
}
