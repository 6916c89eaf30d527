import Metrics
import NIOCore
import NIOPosix
import NIOSSL
import Scenarios

/// Reads servers' own metrics beside a run, on a thread of its own.
///
/// Whatever the servers do, the run goes on as without them: a reading has its time and its size, and one that fails is a
/// gap.
final class Scraper: Sendable {
    let outbox: ScrapeOutbox
    private let group: MultiThreadedEventLoopGroup
    private let eventLoop: any EventLoop
    private let resolver: NameResolver
    private let loop: NIOLoopBound<ScrapeLoop>

    static func start(_ settings: ScrapeSettings, _ tls: NIOSSLContext?, clock: RunClock) async throws -> Scraper {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let resolver = NameResolver()
        let outbox = ScrapeOutbox(settings.endpoints, clock: clock)
        let loop = try await eventLoop.submit {
            let instances = Endpoint.instances(of: settings.endpoints)
            let targets = zip(settings.endpoints, instances).map { endpoint, instance in
                ScrapeTarget(
                    EndpointClient(
                        endpoint,
                        eventLoop: eventLoop,
                        tls: endpoint.url.isSecure ? tls : nil,
                        resolver: resolver
                    ),
                    tracker: ScrapeTracker(
                        patterns: settings.patterns,
                        instance: instances.count > 1 ? instance : nil
                    )
                )
            }
            let loop = ScrapeLoop(targets, eventLoop: eventLoop, clock: clock, outbox: outbox)
            loop.start()
            return NIOLoopBound(loop, eventLoop: eventLoop)
        }.get()
        return Scraper(outbox, group, eventLoop, resolver, loop)
    }

    private init(
        _ outbox: ScrapeOutbox,
        _ group: MultiThreadedEventLoopGroup,
        _ eventLoop: any EventLoop,
        _ resolver: NameResolver,
        _ loop: NIOLoopBound<ScrapeLoop>
    ) {
        self.outbox = outbox
        self.group = group
        self.eventLoop = eventLoop
        self.resolver = resolver
        self.loop = loop
    }

    /// Reads once more; done when that is over.
    func end() async {
        try? await eventLoop.flatSubmit { [loop] in loop.value.end() }.get()
    }

    func stop() async {
        try? await eventLoop.submit { [loop] in loop.value.close() }.get()
        try? await group.shutdownGracefully()
        // A lookup may take as long as the system likes; nobody waits for it, so this is no task of anybody's.
        Task { [resolver] in await resolver.stop() }
    }
}
