import Metrics
import NIOCore
import NIOPosix
import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("The opening of connections", .timeLimit(.minutes(1)))
struct DialerTests {
    /// Notes what becomes of it.
    ///
    /// `@unchecked Sendable`, for it is made on the test's thread and used on its event loop alone.
    private final class Watcher: DialedHandler, ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = ByteBuffer

        let outcome: EventLoopPromise<(any Channel, Route)>

        init(_ eventLoop: any EventLoop) {
            outcome = eventLoop.makePromise()
        }

        func channelActive(context: ChannelHandlerContext) {
            guard let route = Route(of: context) else { return outcome.fail(ChannelError.eof) }
            outcome.succeed((context.channel, route))
        }

        func dialFailed(_ error: any Error) {
            outcome.fail(error)
        }
    }

    /// Opens connections one after the other, each by its own call of the closure.
    private func dial(
        to destination: Destination,
        sources: SourceAddresses = .automatic,
        _ body: (_ dial: (Route?) async throws -> (any Channel, Route)) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let resolver = NameResolver { _, _ in [] }
        let network = NetworkPlan(destinations: [destination], sources: sources, resolver: resolver)
        let dialer = try await eventLoop.submit {
            let table = MetricTable(groups: ["all"])
            let dialer = Dialer(
                eventLoop: eventLoop,
                network: network,
                number: 0,
                recorder: Recorder(table: table, worker: 0),
                metrics: table.fixed
            )
            return NIOLoopBound(dialer, eventLoop: eventLoop)
        }.get()
        try await body { route in
            let watcher = Watcher(eventLoop)
            try await eventLoop.submit { dialer.value.dial(watcher, group: 0, timeout: .seconds(5), route: route) }
                .get()
            return try await watcher.outcome.futureResult.get()
        }
        await resolver.stop()
        try await group.shutdownGracefully()
    }

    private func destination(_ ports: [Int], tcp: TCPOptions? = nil, outboundLimit: Int = .max) throws -> Destination {
        Destination(
            ServerURL(isSecure: false, host: "many.example", port: 80),
            addresses: try ports.map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) },
            tcp: tcp,
            outboundLimit: outboundLimit
        )
    }

    @Test("A session's connections keep its route, whoever's turn it is")
    func route() async throws {
        try await FakeServer.run { first in
            try await FakeServer.run { second in
                let sources = try SourceAddresses(parsing: "127.0.0.1")
                try await dial(to: destination([first.port, second.port]), sources: sources) { dial in
                    let (channel, route) = try await dial(nil)
                    if let option = SocketSettings.portOnConnect {
                        #expect(try await channel.getOption(option).get() == 1)
                    }
                    for _ in 0..<3 {
                        let (_, again) = try await dial(route)
                        #expect(again.leads(as: route))
                    }
                    let (_, other) = try await dial(nil)
                    #expect(!other.leads(as: route))
                }
                await first.until { FakeServer.open($0) == 0 }
                #expect(first.connectionCount == 4)
                #expect(second.connectionCount == 1)
            }
        }
    }

    @Test("The options of the socket are those of the target")
    func options() async throws {
        var tcp = TCPOptions()
        tcp.noDelay = false
        tcp.keepAlive = true
        tcp.sendBuffer = 20_000
        tcp.receiveBuffer = 30_000
        try await FakeServer.run { [tcp] server in
            try await dial(to: destination([server.port], tcp: tcp, outboundLimit: 1000)) { dial in
                let (channel, _) = try await dial(nil)
                #expect(try await channel.getOption(.tcpOption(.tcp_nodelay)).get() == 0)
                #expect(try await channel.getOption(.socketOption(.so_keepalive)).get() != 0)
                // Linux doubles what is asked for, to account for its own overhead (socket(7)).
                #expect([20_000, 40_000].contains(try await channel.getOption(.socketOption(.so_sndbuf)).get()))
                #expect([30_000, 60_000].contains(try await channel.getOption(.socketOption(.so_rcvbuf)).get()))
                #expect(try await channel.getOption(.writeBufferWaterMark).get().high == 1000)
            }
            try await dial(to: destination([server.port])) { dial in
                let (channel, _) = try await dial(nil)
                #expect(try await channel.getOption(.tcpOption(.tcp_nodelay)).get() != 0)
                #expect(try await channel.getOption(.socketOption(.so_keepalive)).get() == 0)
                #expect(try await channel.getOption(.writeBufferWaterMark).get().high == 65_536)
            }
        }
    }

    @Test("Where nobody listens the handler hears that it was refused")
    func refused() async throws {
        try await FakeServer.run { server in
            try await server.stopListening()
            try await dial(to: destination([server.port])) { dial in
                let error = await #expect(throws: (any Error).self) { try await dial(nil) }
                #expect(error.map(ErrorKind.of) == "refused")
            }
        }
    }
}
