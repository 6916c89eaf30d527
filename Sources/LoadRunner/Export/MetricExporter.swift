import Metrics
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Pushes a run's figures to a collector while the run goes on, on a thread of its own.
///
/// Whatever the collector does, the run goes on as without it: at most two pushes are kept, and the run's end waits for
/// the last one for a few seconds.
final class MetricExporter: Sendable {
    private let settings: ExportSettings
    private let group: MultiThreadedEventLoopGroup
    private let resolver: NameResolver
    private let loop: NIOLoopBound<ExportLoop>
    private let eventLoop: any EventLoop
    private let report: ReportBox

    private final class ReportBox: Sendable {
        struct Content {
            var report = ExportReport()
            var hasWarned = false
        }
        let content = Mutex(Content())
    }

    static func start(_ settings: ExportSettings, _ tls: NIOSSLContext?) async throws -> MetricExporter {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let resolver = NameResolver()
        let report = ReportBox()
        let loop = try await eventLoop.submit {
            let client = EndpointClient(
                settings.endpoint,
                eventLoop: eventLoop,
                tls: tls,
                resolver: resolver,
                headers: settings.headers.map { ($0.name, $0.value) }
            )
            let loop = ExportLoop(settings, eventLoop: eventLoop, client: client) { now in
                report.content.withLock { $0.report = now }
            }
            return NIOLoopBound(loop, eventLoop: eventLoop)
        }.get()
        return MetricExporter(settings, group, eventLoop, resolver, loop, report)
    }

    private init(
        _ settings: ExportSettings,
        _ group: MultiThreadedEventLoopGroup,
        _ eventLoop: any EventLoop,
        _ resolver: NameResolver,
        _ loop: NIOLoopBound<ExportLoop>,
        _ report: ReportBox
    ) {
        self.settings = settings
        self.group = group
        self.eventLoop = eventLoop
        self.resolver = resolver
        self.loop = loop
        self.report = report
    }

    var interval: Duration { settings.interval }

    /// Takes secrets out of what is pushed.
    var redactor: Redactor { settings.redactor }

    func push(_ figures: OTLPFigures) {
        eventLoop.execute { [loop] in loop.value.put(figures) }
    }

    /// A sentence for the person, once, where a push has failed.
    func takeWarning() -> String? {
        report.content.withLock { content in
            guard !content.hasWarned, content.report.failed > 0 else { return nil }
            content.hasWarned = true
            let sentence = "a push of the figures to \(settings.endpoint.shown) failed: \(content.report.reason)"
            return settings.answerRedactor.apply(sentence)
        }
    }

    /// Pushes the last figures, and waits a little for them to be taken.
    func end(with figures: OTLPFigures) async {
        try? await eventLoop.flatSubmit { [loop] in loop.value.end(with: figures) }.get()
    }

    /// Waits no longer for the last figures to be taken, now or later.
    func interrupt() {
        eventLoop.execute { [loop] in loop.value.interrupt() }
    }

    /// What its end waits for, in words.
    var wait: String { "waiting for \(settings.endpoint.shown) to take the last figures" }

    /// What a report has to say of the pushes.
    var notes: [String] {
        report.content.withLock { $0.report }.notes(on: settings.endpoint).map(settings.answerRedactor.apply)
    }

    func stop() async {
        try? await group.shutdownGracefully()
        // A lookup may take as long as the system likes; nobody waits for it, so this is no task of anybody's.
        Task { [resolver] in await resolver.stop() }
    }
}
