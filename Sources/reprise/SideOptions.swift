import ArgumentParser
import Foundation
import LoadRunner
import Metrics
import Scenarios

/// What a run does beside the load: it pushes its figures, and reads servers' own.
///
/// Values are kept as texts and never repeated in an error, for there may be secrets in them. A variable of the environment
/// may hold several of an option that can be repeated.
struct SideOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Pushes the figures every five seconds to an OpenTelemetry collector (OTLP over HTTP, JSON), as in "
                + "http://localhost:4318.",
            valueName: "url"
        )
    )
    var otlp: String?

    @Option(
        name: .customLong("otlp-header"),
        help: ArgumentHelp(
            "A header for the collector, such as a key; may be given several times. Its value is written nowhere.",
            valueName: "name=value"
        )
    )
    var otlpHeaders: [String] = []

    @Option(
        name: .customLong("otlp-ca"),
        help: ArgumentHelp(
            "Certificates in PEM that sign the collector's, in place of the system's.",
            valueName: "file"
        )
    )
    var otlpAuthority: String?

    @Option(
        help: ArgumentHelp(
            "Reads a server's Prometheus metrics every second into the timeline, as in http://localhost:9090/metrics; may "
                + "be given several times.",
            valueName: "url"
        )
    )
    var scrape: [String] = []

    @Option(
        name: .customLong("scrape-only"),
        help: ArgumentHelp(
            "Keeps only series whose names begin so, or are so with * and ? in it; may be given several times.",
            valueName: "pattern"
        )
    )
    var scrapeOnly: [String] = []

    @Option(
        name: .customLong("scrape-ca"),
        help: ArgumentHelp("Certificates in PEM that sign those servers', in place of the system's.", valueName: "file")
    )
    var scrapeAuthority: String?

    /// So many servers are read at the most.
    private static let scrapeLimit = 16

    func validate() throws {
        if let otlp, Endpoint(otlp) == nil {
            throw ValidationError("--otlp wants a URL such as http://localhost:4318.")
        }
        if headerTexts.contains(where: { ExportHeader($0) == nil }) {
            throw ValidationError("--otlp-header wants NAME=VALUE, where NAME is one that the collector asks for.")
        }
        if scrapeTexts.contains(where: { Endpoint($0) == nil }) {
            throw ValidationError("--scrape wants a URL such as http://localhost:9090/metrics.")
        }
        if scrapeTexts.count > Self.scrapeLimit {
            throw ValidationError("--scrape may be given \(Self.scrapeLimit) times at the most.")
        }
        if otlp == nil, !otlpHeaders.isEmpty || otlpAuthority != nil {
            throw ValidationError("--otlp-header and --otlp-ca go with --otlp.")
        }
        if scrape.isEmpty, !scrapeOnly.isEmpty || scrapeAuthority != nil {
            throw ValidationError("--scrape-only and --scrape-ca go with --scrape.")
        }
    }

    /// Which servers are read; nil: none.
    func scraping() throws -> ScrapeSettings? {
        let endpoints = scrapeTexts.compactMap { Endpoint($0) }
        guard !endpoints.isEmpty else { return nil }
        return ScrapeSettings(
            endpoints: endpoints,
            patterns: scrapeOnly.flatMap(Self.words).map { ScrapePattern($0) },
            authority: try Self.authority(scrapeAuthority, of: "--scrape-ca")
        )
    }

    /// Where figures are pushed; nil: nowhere.
    func exporting(_ scenario: Scenario, seed: UInt64, folder: String) throws -> ExportSettings? {
        guard let endpoint = otlp.flatMap({ Endpoint($0) }) else { return nil }
        return ExportSettings(
            endpoint: endpoint.forMetrics,
            headers: headerTexts.compactMap { ExportHeader($0) },
            authority: try Self.authority(otlpAuthority, of: "--otlp-ca"),
            resource: OTLPResource(
                version: Version.current,
                scenario: scenario.name,
                target: RunStart.distinct(scenario.groups.map(\.target.shownURL)).joined(separator: ", "),
                seed: seed,
                run: URL(filePath: folder).lastPathComponent,
                instance: UUID().uuidString.lowercased()
            ),
            redactor: Redactor(secrets: scenario.environment.compactMap(\.value))
        )
    }

    private var scrapeTexts: [String] { scrape.flatMap(Self.words) }

    /// A line each.
    private var headerTexts: [String] {
        otlpHeaders.flatMap { $0.split(whereSeparator: \.isNewline) }.map(String.init)
    }

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func authority(_ path: String?, of option: String) throws -> EndpointAuthority? {
        guard let path else { return nil }
        do {
            return EndpointAuthority(name: path, bytes: Array(try Data(contentsOf: URL(filePath: path))))
        } catch {
            throw ValidationError("\(option): \(path) cannot be read.")
        }
    }

    // MARK: - Showing

    /// The words of a command line without what is secret in these options, for run.json.
    static func shown(_ arguments: some Sequence<String>) -> [String] {
        var shown: [String] = []
        var option = ""
        for argument in arguments {
            if let value = Self.redacted(argument, of: option) {
                shown.append(value)
                option = ""
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2, let value = redacted(parts[1], of: parts[0]) {
                shown.append("\(parts[0])=\(value)")
            } else {
                shown.append(argument)
            }
            option = argument
        }
        return shown
    }

    /// An option's value as it may be shown; nil for other options.
    private static func redacted(_ value: String, of option: String) -> String? {
        switch option {
        case "--otlp", "--scrape":
            words(value).map { Endpoint($0)?.shown ?? Redactor.mark }.joined(separator: " ")
        case "--otlp-header":
            value.split(whereSeparator: \.isNewline)
                .map { "\($0.prefix { $0 != "=" })=\(Redactor.mark)" }
                .joined(separator: "\n")
        default: nil
        }
    }
}
