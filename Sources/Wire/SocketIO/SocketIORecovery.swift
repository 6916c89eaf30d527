/// What a client shows to get its session back after its connection fell.
///
/// A server with connection state recovery names a private id when it connects a namespace, and adds an offset to each
/// event as its last argument. Source: socket.io-client 4.6, lib/socket.ts (`_pid`, `_lastOffset`).
package struct SocketIORecovery: Hashable, Sendable {
    /// Longer ones are none of a server that means well.
    package static let limit = 256

    package var pid: [UInt8]
    /// The offset of the last event; nil before the first.
    package var offset: [UInt8]?

    package init(pid: [UInt8], offset: [UInt8]? = nil) {
        self.pid = pid
        self.offset = offset
    }
}
