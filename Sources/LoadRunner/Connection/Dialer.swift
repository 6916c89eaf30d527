import NIOCore
import NIOPosix
import Scenarios

/// Opens connections to the target of each group.
final class Dialer {
    /// Where a group's clients go.
    struct Destination: Sendable {
        /// As the `Host` header says it.
        var authority: String
        /// The addresses of the host; clients are spread over them.
        var addresses: [SocketAddress]
    }

    private let eventLoop: any EventLoop
    private let destinations: [Destination]
    private var dialed = 0

    /// - Parameter destinations: One per group.
    init(eventLoop: any EventLoop, destinations: [Destination]) {
        self.eventLoop = eventLoop
        self.destinations = destinations
    }

    func authority(of group: Int) -> String {
        destinations[group].authority
    }

    /// Opens the connection; it hears of success as its channel's becoming active, and of failure by `dialFailed`.
    func dial(_ connection: Connection, group: Int) {
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let timeout = TimeAmount(connection.target.timeout)
        open(to: address(of: destinations[group]), timeout: timeout) { channel in
            try channel.pipeline.syncOperations.addHandler(bound.value)
        }.whenFailure { error in
            bound.value.dialFailed(error)
        }
    }

    /// Opens a channel with the handlers that the closure adds.
    func open(
        to address: SocketAddress,
        timeout: TimeAmount,
        _ initialize: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try initialize(channel) }
            }
            .connect(to: address)
    }

    /// The next address, each in turn.
    func address(of group: Int) -> SocketAddress {
        address(of: destinations[group])
    }

    private func address(of destination: Destination) -> SocketAddress {
        dialed &+= 1
        return destination.addresses[dialed % destination.addresses.count]
    }
}
