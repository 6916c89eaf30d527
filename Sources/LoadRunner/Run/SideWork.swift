import Metrics
import NIOCore
import NIOSSL
import Scenarios

/// What goes on beside the load, on threads of its own: servers' own metrics are read, and figures are pushed.
struct SideWork: Sendable {
    let scraper: Scraper?
    let exporter: MetricExporter?

    static let nothing = SideWork(scraper: nil, exporter: nil)

    /// How TLS is spoken; made before the clock runs, for reading the system's certificates takes its time.
    struct Contexts {
        fileprivate let export: NIOSSLContext?
        fileprivate let scrape: NIOSSLContext?

        /// - Throws: `RunError` where the certificates to trust cannot be read.
        init(_ configuration: RunConfiguration) throws(RunError) {
            let export = configuration.export
            let scrape = configuration.scrape
            let exportsByTLS = export?.endpoint.url.isSecure ?? false
            let scrapesByTLS = scrape?.endpoints.contains(where: \.url.isSecure) ?? false
            self.export = exportsByTLS ? try EndpointAuthority.context(export?.authority) : nil
            self.scrape = scrapesByTLS ? try EndpointAuthority.context(scrape?.authority) : nil
        }
    }

    static func start(_ configuration: RunConfiguration, _ contexts: Contexts, clock: RunClock) async throws -> SideWork
    {
        var exporter: MetricExporter?
        var scraper: Scraper?
        if let settings = configuration.export { exporter = try await MetricExporter.start(settings, contexts.export) }
        if let settings = configuration.scrape {
            scraper = try await Scraper.start(settings, contexts.scrape, clock: clock)
        }
        return SideWork(scraper: scraper, exporter: exporter)
    }

    /// Sentences for the person, each once.
    func takeWarnings() -> [String] {
        (scraper?.outbox.takeWarnings() ?? []) + [exporter?.takeWarning()].compactMap(\.self)
    }

    /// Sentences for the run's report.
    var notes: [String] {
        (scraper?.outbox.notes ?? []) + (exporter?.notes ?? [])
    }

    func stop() async {
        await scraper?.stop()
        await exporter?.stop()
    }
}
