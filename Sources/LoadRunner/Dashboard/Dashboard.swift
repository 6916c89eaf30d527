package import Metrics
import NIOCore
import NIOHTTP1
import NIOPosix

/// A web server for those who watch a run: a page with live charts, its events, and figures for Prometheus.
///
/// It has a thread of its own, and takes what it shows from the thread that collects; workers know nothing of it.
package final class Dashboard: Sendable {
    /// Where the page is.
    package let url: String
    /// Whether only this machine can reach it.
    package let isLoopback: Bool

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let loop: NIOLoopBoundBox<DashboardLoop?>

    /// Starts listening.
    ///
    /// - Parameter pendingLimit: How many bytes may wait for one viewer; the history of a long run has up to one megabyte.
    /// - Throws: `RunError` where it cannot listen there.
    package static func start(_ address: DashboardAddress, pendingLimit: Int = 4 << 20) async throws -> Dashboard {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            return try await start(address, pendingLimit, group)
        } catch {
            try? await group.shutdownGracefully()
            let place = "\(address.shownHost):\(address.port)"
            throw RunError(
                .output,
                "the dashboard cannot listen on \(place): \(ErrorKind.text(of: error))",
                cause: error
            )
        }
    }

    private static func start(
        _ address: DashboardAddress,
        _ pendingLimit: Int,
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> Dashboard {
        let eventLoop = group.next()
        let loop = NIOLoopBoundBox<DashboardLoop?>.makeBoxSendingValue(nil, eventLoop: eventLoop)
        let channel = try await ServerBootstrap(group: group)
            // Nobody is taken before it is known who may ask.
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_sndbuf), value: SocketOptionValue(DashboardLoop.sendBuffer))
            // Requests are short; what is read at once is all that can wait behind an answer.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: DashboardLoop.receiveSize)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loop.value else { return }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(DashboardConnection(loop))
                }
            }
            .bind(host: address.host, port: address.port).get()
        let bound = channel.localAddress
        let isLoopback = bound?.isLoopback ?? false
        try await eventLoop.submit {
            loop.value = DashboardLoop(
                eventLoop: eventLoop,
                rule: HostRule(isLoopback: isLoopback),
                pendingLimit: pendingLimit
            )
        }.get()
        try await channel.setOption(.autoRead, value: true).get()
        let port = bound?.port ?? address.port
        let url = "http://\(address.shownHost):\(port)/"
        return Dashboard(url: url, isLoopback: isLoopback, group, channel, loop)
    }

    private init(
        url: String,
        isLoopback: Bool,
        _ group: MultiThreadedEventLoopGroup,
        _ channel: any Channel,
        _ loop: NIOLoopBoundBox<DashboardLoop?>
    ) {
        self.url = url
        self.isLoopback = isLoopback
        self.group = group
        self.channel = channel
        self.loop = loop
    }

    // MARK: What happens

    /// A run begins; what was shown of the one before goes, but for its verdict.
    package func begin(_ plan: LivePlan) {
        onLoop { $0.tell($0.content.begin(plan)) }
    }

    /// A second of it is over.
    package func add(_ figures: LiveFigures, _ totals: LiveTotals) {
        onLoop { $0.tell($0.content.add(figures, totals)) }
    }

    /// The last figures of all, which the last second need not have had.
    package func end(_ verdict: LiveVerdict) {
        onLoop { $0.tell($0.content.end(verdict)) }
    }

    private func onLoop(_ body: @escaping @Sendable (DashboardLoop) -> Void) {
        let loop = loop
        channel.eventLoop.execute { if let loop = loop.value { body(loop) } }
    }

    /// Takes no more connections, tells the viewers, and returns when all have closed, or were cut off.
    package func stop(within time: Duration = .seconds(1)) async {
        try? await channel.close()
        let loop = loop
        let eventLoop = channel.eventLoop
        let patience = TimeAmount(time)
        try? await eventLoop.flatSubmit {
            loop.value?.end(within: patience) ?? eventLoop.makeSucceededVoidFuture()
        }.get()
        try? await eventLoop.submit { loop.value = nil }.get()
        try? await group.shutdownGracefully()
    }
}

extension SocketAddress {
    /// Whether only this machine has it.
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") ?? false
        case .v6: ipAddress == "::1" || ipAddress?.hasPrefix("::ffff:127.") ?? false
        case .unixDomainSocket: false
        }
    }
}
