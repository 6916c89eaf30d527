import NIOCore

/// What the service knows of a connection, whatever is spoken on it.
protocol Peer: AnyObject {
    var id: SocketID { get }
    /// The number by which the dialect knows it.
    var member: SocketID { get }
    /// Who is at the other end.
    var visitor: Visitor { get }
    /// Whether messages still count; false as soon as it is known how the connection ends.
    var isOpen: Bool { get }

    /// Sends a message in text and the binary ones that belong to it; false where the connection is at its end.
    func send(_ message: ByteBuffer, attachments: [ByteBuffer]) -> Bool

    /// Sends a binary message; false where the connection is at its end.
    func sendBinary(_ message: ByteBuffer) -> Bool

    /// Ends the connection from this side.
    ///
    /// - Parameters:
    ///   - code: Of the close frame of a plain WebSocket.
    ///   - reason: Stands beside the code.
    func close(_ end: ConnectionEnd, code: UInt16?, reason: String)

    /// Resets the connection: no close frame, no FIN, and what was not sent is lost.
    func reset(_ end: ConnectionEnd, at now: NIODeadline)

    /// The socket does not take what was sent, or has taken all of it.
    func congested(_ isCongested: Bool)

    /// Does what a timer is for, which was due a moment ago.
    func fire(_ timer: PeerTimer, due: NIODeadline, at now: NIODeadline)
}

extension Peer {
    var member: SocketID { id }

    func congested(_ isCongested: Bool) {}
}

/// Something that a connection does later.
enum PeerTimer {
    /// Sends a ping, or gives up on a pong.
    case heartbeat(token: UInt32)
    /// Gives up on a client that joins no namespace.
    case connectTimeout
    /// Handles the message that was held back longest.
    case held
    /// Ends a poll that an upgrade waits for.
    case upgradeCheck(token: UInt32)
    /// Gives up on an upgrade.
    case upgradeTimeout(token: UInt32)
    /// Forgets a closed session whose client does not ask again.
    case forget
    /// Cuts off a client that does not ask for what waits for it.
    case overflow
    /// Gives up on a client that might have come back.
    case recoveryExpires(token: UInt32)
}
