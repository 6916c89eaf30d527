package import NIOCore

/// Something that happened on a connection through the proxy.
package enum TrafficEvent: Sendable {
    /// Who said something.
    package enum Direction: Hashable, Sendable {
        /// The client, to the server.
        case out
        /// The server, to the client.
        case `in`
    }

    /// A request was sent to its end; its answer follows with `.answered`.
    case requested(Request)
    /// An answer came to its end.
    case answered(Request, Answer)
    /// The server took an upgrade to WebSocket.
    case opened(Request, Answer)
    case message(Direction, BodyCopy, isText: Bool)
    case ping(Direction, ByteBuffer)
    case pong(Direction, ByteBuffer)
    /// A WebSocket's close frame, or with code 1006 its end without one.
    case closed(Direction, code: UInt16?, reason: String)
    /// What went wrong, in a sentence.
    case failed(String)

    /// A request as the client sent it.
    package struct Request: Hashable, Sendable {
        package var head: RelayedHead
        package var method: String
        /// With the query.
        package var path: String
        package var began: NIODeadline
        package var body: BodyCopy
    }

    /// An answer as the server gave it.
    package struct Answer: Hashable, Sendable {
        package var head: RelayedHead
        package var status: Int
        package var began: NIODeadline
        /// When its last byte came.
        package var ended: NIODeadline
        package var body: BodyCopy
        /// Whether it came to its end; the connection ended before.
        package var isWhole = true
    }
}

/// Takes what happens on the connections through the proxy.
///
/// All calls come on the proxy's one event loop, in the order in which things happened.
package protocol TrafficSink: AnyObject {
    /// - Parameter connection: The client's connections, counted from 1.
    func note(_ event: TrafficEvent, on connection: Int, at time: NIODeadline)

    /// All connections have ended, and nothing more comes.
    func finish()
}
