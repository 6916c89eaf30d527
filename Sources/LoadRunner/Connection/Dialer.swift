import NIOCore
import NIOPosix
import Scenarios

/// Opens connections to the target of each group, and to what else requests name.
final class Dialer {
    /// Where a group's clients go.
    struct Destination: Sendable {
        /// As the `Host` header says it.
        var authority: String
        /// The addresses of the host; where one turns a client down, the next is tried.
        var addresses: [SocketAddress]
    }

    private let eventLoop: any EventLoop
    private let destinations: [Destination]
    /// By group, the address that took the last connection.
    private var preferred: [Int]

    /// - Parameter destinations: One per group.
    init(eventLoop: any EventLoop, destinations: [Destination]) {
        self.eventLoop = eventLoop
        self.destinations = destinations
        preferred = Array(repeating: 0, count: destinations.count)
    }

    func authority(of group: Int) -> String {
        destinations[group].authority
    }

    /// Opens the connection; it hears of success as its channel's becoming active, and of failure by `dialFailed`.
    func dial(_ socket: WebSocketTransport, group: Int, timeout: Duration) {
        let bound = NIOLoopBound(socket, eventLoop: eventLoop)
        open(group: group, timeout: TimeAmount(timeout)) { channel in
            try channel.pipeline.syncOperations.addHandler(bound.value)
        }.whenFailure { error in
            bound.value.dialFailed(error)
        }
    }

    /// Opens a channel for a request, with the handlers that the closure adds.
    func open(
        to place: HTTPPlace,
        timeout: TimeAmount,
        _ initialize: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        if let group = place.group { return open(group: group, timeout: timeout, initialize) }
        return bootstrap(timeout, initialize).connect(host: place.host, port: place.port)
    }

    private func open(
        group: Int,
        timeout: TimeAmount,
        _ initialize: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        let first = preferred[group]
        let channel = bootstrap(timeout, initialize).connect(to: destinations[group].addresses[first])
        let others = destinations[group].addresses.count - 1
        return others == 0 ? channel : tryNext(channel, group, after: first, left: others, timeout, initialize)
    }

    /// Goes through the other addresses as long as each turns the connection down.
    private func tryNext(
        _ channel: EventLoopFuture<any Channel>,
        _ group: Int,
        after place: Int,
        left: Int,
        _ timeout: TimeAmount,
        _ initialize: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return channel.flatMapError { error in
            let dialer = bound.value
            guard left > 0, ErrorKind.of(error) == "refused" else { return dialer.eventLoop.makeFailedFuture(error) }
            let addresses = dialer.destinations[group].addresses
            let next = (place + 1) % addresses.count
            dialer.preferred[group] = next
            let again = dialer.bootstrap(timeout, initialize).connect(to: addresses[next])
            return dialer.tryNext(again, group, after: next, left: left - 1, timeout, initialize)
        }
    }

    private func bootstrap(
        _ timeout: TimeAmount,
        _ initialize: @escaping @Sendable (any Channel) throws -> Void
    ) -> ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try initialize(channel) }
            }
    }
}
