/// The server's wish to have an event acknowledged.
struct Question: Hashable {
    /// The event's id on the wire.
    var id: Int
    /// The place in `Program.namespaces`.
    var namespace: Int
}
