import NIOCore
import NIOWebSocket

/// Puts messages together from their fragments.
///
/// NIO's own aggregator forgets whether the fragments were masked, which a server has to look at.
/// Source: RFC 6455 section 5.4.
struct MessageAssembler {
    enum Result: Equatable {
        case message(SocketMessage)
        case incomplete
        case outOfOrder
        case tooLarge
    }

    private var parts: SocketMessage?

    /// Takes a text, binary or continuation frame.
    ///
    /// - Parameter limit: How long a message may be, in bytes.
    mutating func take(_ frame: WebSocketFrame, limit: Int) -> Result {
        guard frame.opcode == .continuation else {
            guard parts == nil else { return .outOfOrder }
            guard frame.length <= limit else { return .tooLarge }
            let message: SocketMessage =
                frame.opcode == .text ? .text(frame.unmaskedData) : .binary(frame.unmaskedData)
            guard !frame.fin else { return .message(message) }
            parts = message
            return .incomplete
        }
        guard let started = parts.take() else { return .outOfOrder }
        var bytes = started.bytes
        guard bytes.readableBytes + frame.length <= limit else { return .tooLarge }
        bytes.writeImmutableBuffer(frame.unmaskedData)
        let message: SocketMessage =
            switch started {
            case .text: .text(bytes)
            case .binary: .binary(bytes)
            }
        guard !frame.fin else { return .message(message) }
        parts = message
        return .incomplete
    }
}
