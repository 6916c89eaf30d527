/// What a client shows to get its session back after its connection fell.
///
/// A server with connection state recovery names a private id when it connects a namespace, and adds an offset to each
/// event as its last argument. Source: socket.io-client 4.6, lib/socket.ts (`_pid`, `_lastOffset`).
package struct SocketIORecovery: Hashable, Sendable {
    /// Longer ones are none of a server that means well.
    package static let limit = 256

    package let pid: String
    /// The offset of the last event as JSON, with its quotes; empty before the first. Kept in one buffer for all events.
    private var literal: [UInt8] = []

    package init(pid: String) {
        self.pid = pid
    }

    /// The offset of the last event; nil before the first.
    package var offset: String? {
        guard case .string(let text)? = try? JSONValue(parsing: literal) else { return nil }
        return text
    }

    /// Remembers the offset of an event, a JSON string with its quotes.
    mutating func keep(offset: UnsafeRawBufferPointer) {
        literal.removeAll(keepingCapacity: true)
        literal.append(contentsOf: offset)
    }
}
