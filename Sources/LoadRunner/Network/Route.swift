import NIOCore

/// The two addresses that a connection runs between.
///
/// A session that spans several connections keeps its route: behind a name with several addresses, or a load balancer
/// that chooses by the client's address, another server may know nothing of it.
struct Route: Hashable, Sendable {
    /// The server's.
    var address: SocketAddress
    /// The client's own, with the port that the system gave it.
    var source: SocketAddress?

    /// Nil for a channel that is not connected.
    init?(of context: ChannelHandlerContext) {
        guard let address = context.remoteAddress else { return nil }
        self.address = address
        source = context.localAddress
    }

    /// Whether the other runs between the same two machines: only the client's port may differ.
    func leads(as other: Route) -> Bool {
        address == other.address && source?.ipAddress == other.source?.ipAddress
    }
}
