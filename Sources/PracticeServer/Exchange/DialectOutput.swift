import NIOCore

/// What a dialect wants to be done, in order.
struct DialectOutput {
    enum Action {
        /// Sends an event: the whole Engine.IO message, or the text of a plain WebSocket's message; the attachments
        /// follow it as binary messages.
        case send(SocketID, event: Int, message: ByteBuffer, attachments: [ByteBuffer] = [])
        /// Sends a binary message on a plain WebSocket.
        case sendBinary(SocketID, event: Int, message: ByteBuffer)
        /// Acknowledges an event of the client's: the whole Engine.IO message.
        case acknowledge(SocketID, message: ByteBuffer, attachments: [ByteBuffer] = [])
        /// Disconnects a client because a newer one took its place.
        case kick(SocketID)
        /// Ends a connection. Code and reason stand in the close frame of a plain WebSocket.
        case close(SocketID, ConnectionEnd = .closedByServer, code: UInt16? = nil, reason: String = "")
    }

    var actions: [Action] = []
    /// Faults as they happen.
    var log = FaultLog()
}
