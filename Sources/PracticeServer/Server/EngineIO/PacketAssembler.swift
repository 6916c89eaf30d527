import NIOCore

/// Hands packets to a session one by one, each together with the binary messages that belong to it.
struct PacketAssembler {
    /// A packet that is complete, and what it asks for.
    struct Packet {
        var action: SocketSession.Action
        var bytes: ByteBuffer
        var attachments: [ByteBuffer] = []
    }

    private var waiting: Packet?

    /// Takes a message; nil where attachments have to come before anything is done about it.
    mutating func take(_ message: SocketMessage, _ session: inout SocketSession) -> Packet? {
        switch message {
        case .text(let bytes):
            let action = bytes.withUnsafeReadableBytes { session.receive($0) }
            switch action {
            case .event, .acknowledgement:
                let packet = Packet(action: action, bytes: bytes)
                guard session.missingAttachments > 0 else { return packet }
                waiting = packet
                return nil
            default:
                return Packet(action: action, bytes: bytes)
            }
        case .binary(let bytes):
            if let action = session.receiveBinary() { return Packet(action: action, bytes: bytes) }
            waiting?.attachments.append(bytes)
            guard session.missingAttachments == 0 else { return nil }
            return waiting.take()
        }
    }
}
