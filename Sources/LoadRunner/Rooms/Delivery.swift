/// What a message that came to a client is to its room.
enum Delivery: Hashable, Sendable {
    /// It came for the first time, this long after the send was due and after it was made, in nanoseconds.
    ///
    /// Both times are nil where nothing is known of the send: the first delivery of a message of the server's own.
    case received(scheduled: Int64?, service: Int64?, isReordered: Bool)
    /// It came for the first time, and after it had been counted as missing.
    case late(scheduled: Int64, service: Int64)
    case duplicated
    /// It was sent before the client was a member.
    case replayed
    /// It was sent while the client was away after it had lost its connection.
    case caughtUp
    /// It is of another room than the client's.
    case stray
    /// The client's own, where senders are not to get their messages; or nothing of this run.
    case ignored
}
