import NIOCore

/// An event of a client.
struct IncomingEvent {
    /// The place in `Dialect.namespaces`.
    var namespace = 0
    var name: String
    /// The first argument.
    var payload: JSONPayload
    /// All arguments as they came, without the brackets around them.
    var arguments = ByteBuffer()
    /// What the placeholders in the arguments stand for, in order.
    var attachments: [ByteBuffer] = []
    /// The id under which an acknowledgement is wanted.
    var id: Int?
}

/// How an event was taken.
enum EventReply: Hashable {
    /// Acknowledged with `{"ok":true}`.
    case accepted
    /// In a few words, why not.
    case rejected(String)
    /// Acknowledged with the event's own arguments.
    case echoed
    /// The dialect acknowledges it itself, now or later.
    case taken
}

/// What a client answered to an event that asked for it.
struct IncomingAcknowledgement {
    /// The place in `Dialect.namespaces`.
    var namespace: Int
    var id: Int
    /// All arguments as they came, without the brackets around them.
    var arguments: ByteBuffer
    var attachments: [ByteBuffer] = []
}

/// A client that joins a namespace.
struct Joining {
    /// The place in `Dialect.namespaces`.
    var namespace = 0
    /// The credentials of its CONNECT; absent where it sent none.
    var auth = JSONPayload.absent
    /// The session that it named in the query string, if it did.
    var session: String?
    /// The id of the socket in this namespace, which its client knows.
    var sid = ""
    /// The headers of the request that opened the connection, as far as they may hold credentials.
    var headers = CredentialHeaders()
}
