import Foundation
import LoadRunner
import Metrics
import PracticeServer
import Scenarios
import Synchronization

/// What a run measured, and what the practice server beside it knows to be true.
struct Measured {
    var result: RunResult
    var loops: [LoopLine]
    /// Only where the scenario asked for a practice server.
    var truth: Truth?
    /// Second by second.
    var timeline: [TimelineSecond]

    /// Runs a scenario in this process.
    ///
    /// - Parameters:
    ///   - text: The scenario file.
    ///   - files: What lies beside it, by name.
    ///   - heartbeat: The practice server's ping interval and timeout.
    ///   - stallSilence: See `RunConfiguration.stallSilence`.
    ///   - onSecond: Called whenever a second is over.
    ///   - configure: Changes what the run is made from.
    static func run(
        _ text: String,
        files: [String: Data] = [:],
        heartbeat: (interval: Duration, timeout: Duration)? = nil,
        stallSilence: Duration? = nil,
        onSecond: @escaping @Sendable (RunTotals) -> Void = { _ in },
        configure: (inout RunConfiguration) -> Void = { _ in }
    ) async throws -> Measured {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, content) in files { try content.write(to: folder.appending(path: name)) }
        let truth = TruthBox()
        let watch = RunWatch(onSecond: onSecond)
        let reader = ScenarioReader(environment: [:], checkSyntax: CheckLanguage.problem(in:_:))
        var configuration = RunConfiguration(
            threads: 1,
            seed: 7,
            readScenario: { try reader.read(text: text, file: folder.appending(path: "test.yaml").path) },
            startPractice: { system, faults in
                var configuration = PracticeServer.Configuration(
                    system: system,
                    port: 0,
                    seed: 7,
                    faults: try Fault.parse(faults)
                )
                if let heartbeat {
                    configuration.pingInterval = heartbeat.interval
                    configuration.pingTimeout = heartbeat.timeout
                }
                let server = try await PracticeServer.start(configuration)
                return StartedTarget(url: ServerURL(isSecure: false, host: "127.0.0.1", port: server.port)) {
                    try? await server.stop()
                    truth.keep(await server.truth())
                }
            }
        )
        if let stallSilence { configuration.stallSilence = stallSilence }
        configure(&configuration)
        let result = try await Run(configuration).execute(watch)
        return Measured(result: result, loops: watch.loopLines, truth: truth.kept, timeline: watch.timeline)
    }

    /// A counter, of all groups unless one is named.
    func count(_ name: String, group: String? = nil) -> Int? { result.totals.count(name, group: group) }

    /// The samples of a metric, of all groups unless one is named.
    func histogram(_ name: String, group: String? = nil) -> Histogram? {
        result.totals.histogram(name, group: group)
    }

    /// The errors, each with an example.
    var errors: [ErrorTotal] { result.totals.overall.errors }

    /// Every counter that says that something went wrong, or how a stream or task ended, and is not 0.
    ///
    /// Compared as a whole, so that a test sees what moved that should not have.
    var verdicts: [String: Int] {
        let rows = MeasuredRows(table: result.totals.table, totals: result.totals.overall).counters
        var verdicts: [String: Int] = [:]
        for row in rows where row.group == "all" && row.count > 0 && Self.isVerdict(row.counter) {
            verdicts[row.counter] = row.count
        }
        return verdicts
    }

    private static func isVerdict(_ counter: String) -> Bool {
        let names = [
            "connect.failed", "operations.failed", "inbox.overflow", "heartbeat.missed", "clients.failed",
            "clients.cut", "clients.not_started",
        ]
        let families = ["stream.", "plan.", "errors.", "reconnect.", "stall."]
        return names.contains(counter) || families.contains { counter.hasPrefix($0) }
    }
}

/// Carries the truth out of the closure that stops a practice server.
private final class TruthBox: Sendable {
    private let truth = Mutex<Truth?>(nil)

    var kept: Truth? { truth.withLock { $0 } }

    func keep(_ truth: Truth) { self.truth.withLock { $0 = truth } }
}
