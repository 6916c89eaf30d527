/// A connection, for as long as it is there; numbers are not used again.
struct SocketID: Hashable, Sendable {
    /// Where the server keeps the connection.
    var slot: Int32
    /// Which connection since the start it is.
    var ordinal: UInt32
}
