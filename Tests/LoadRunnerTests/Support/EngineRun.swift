import LoadRunner
import Metrics
import Scenarios
import Synchronization

/// A whole run in the test's process, and what it measured.
struct EngineRun {
    var result: RunResult
    var observer: EngineObserver

    /// Runs a scenario.
    ///
    /// - Parameters:
    ///   - scenario: The file's text without `name` and, where a server is given, without `target.url`. Where it does not
    ///     say `reconnect:`, nothing reconnects, so that a lost connection is a failure.
    ///   - target: Further keys of the target.
    ///   - change: Changes the scenario after it was read.
    ///   - configure: Changes what the run is made from.
    static func run(
        _ server: FakeServer,
        _ scenario: String,
        target: String = "",
        threads: Int = 1,
        environment: [String: String] = [:],
        observer: EngineObserver = EngineObserver(),
        change: @escaping @Sendable (inout Scenario) -> Void = { _ in },
        configure: (inout RunConfiguration) -> Void = { _ in },
        started: @Sendable (Run) -> Void = { _ in }
    ) async throws -> EngineRun {
        let text = """
            name: engine
            target: { url: "http://127.0.0.1:\(server.port)"\(target.isEmpty ? "" : ", \(target)") }
            \(scenario.contains("reconnect:") ? "" : "reconnect: none")
            \(scenario)
            """
        return try await run(
            text,
            threads: threads,
            environment: environment,
            observer: observer,
            change: change,
            configure: configure,
            started: started
        )
    }

    /// Runs a whole scenario.
    static func run(
        _ text: String,
        threads: Int = 1,
        environment: [String: String] = [:],
        observer: EngineObserver = EngineObserver(),
        change: @escaping @Sendable (inout Scenario) -> Void = { _ in },
        configure: (inout RunConfiguration) -> Void = { _ in },
        started: @Sendable (Run) -> Void = { _ in }
    ) async throws -> EngineRun {
        let reader = ScenarioReader(environment: environment, checkSyntax: CheckLanguage.problem(in:_:))
        var configuration = RunConfiguration(
            threads: threads,
            seed: 7,
            trace: { observer.traced($0) },
            readScenario: {
                var scenario = try reader.read(text: text, file: "engine.yaml")
                change(&scenario)
                return scenario
            },
            startPractice: { _, _ in throw RunError(.practice, "There is no practice server here.") }
        )
        configure(&configuration)
        let run = Run(configuration)
        started(run)
        return EngineRun(result: try await run.execute(observer), observer: observer)
    }

    /// A counter of all groups; nil where the run has none of that name.
    func count(_ name: String) -> Int? { result.totals.count(name) }

    /// The kinds of the errors with their numbers.
    var errors: [String: Int] {
        var errors: [String: Int] = [:]
        for error in result.totals.overall.errors { errors[error.kind, default: 0] += error.count }
        return errors
    }

    /// What an error of each kind said.
    var examples: [String] { result.totals.overall.errors.map(\.example) }

    /// How many values a metric of times has; nil where the run has none of that name.
    func times(_ name: String) -> Int? {
        result.totals.histogram(name)?.count
    }

    /// How many clients ended, in whatever way.
    var ended: Int {
        ["clients.finished", "clients.failed", "clients.cut"].reduce(0) { $0 + (count($1) ?? 0) }
    }
}

/// Watches a run for a test.
final class EngineObserver: RunObserver {
    private let onSecond: @Sendable (Int) -> Void
    private let onNews: @Sendable (FaultNews) -> Void
    private let onWait: @Sendable (String) -> Void
    private let told = Mutex<[FaultNews]>([])
    private let seconds = Mutex<[TimelineSecond]>([])
    private let abort: @Sendable (RunTotals) -> String?
    private let lines = Mutex<[String]>([])
    private let keptClients = Mutex<[KeptClient]>([])
    private let warningLines = Mutex<[String]>([])
    private let waitLines = Mutex<[String]>([])

    /// - Parameters:
    ///   - onSecond: Called with every second that is over.
    ///   - onNews: Called with what faults of the run's clock do.
    ///   - onWait: Called with what the run's end waits for.
    ///   - abort: Asked whether to end the run.
    init(
        onSecond: @escaping @Sendable (Int) -> Void = { _ in },
        onNews: @escaping @Sendable (FaultNews) -> Void = { _ in },
        onWait: @escaping @Sendable (String) -> Void = { _ in },
        abort: @escaping @Sendable (RunTotals) -> String? = { _ in nil }
    ) {
        self.onSecond = onSecond
        self.onNews = onNews
        self.onWait = onWait
        self.abort = abort
    }

    /// The lines of the trace.
    var trace: [String] { lines.withLock { $0 } }

    /// What faults of the run's clock did, in words.
    var news: [FaultNews] { told.withLock { $0 } }

    /// The seconds of the timeline.
    var timeline: [TimelineSecond] { seconds.withLock { $0 } }

    /// The failed clients whose recordings were kept, in the order of their failing.
    var kept: [KeptClient] { keptClients.withLock { $0 } }

    /// What the person was warned of.
    var warnings: [String] { warningLines.withLock { $0 } }

    /// What the run's end waited for.
    var waits: [String] { waitLines.withLock { $0 } }

    func waits(_ sentence: String) {
        waitLines.withLock { $0.append(sentence) }
        onWait(sentence)
    }

    func warned(_ sentence: String) { warningLines.withLock { $0.append(sentence) } }

    func kept(_ client: KeptClient) { keptClients.withLock { $0.append(client) } }

    func traced(_ line: String) { lines.withLock { $0.append(line) } }

    func started(_ start: RunStart) {}

    func second(_ second: TimelineSecond, totals: RunTotals) {
        seconds.withLock { $0.append(second) }
        onSecond(second.second)
    }

    func happened(_ news: FaultNews) {
        told.withLock { $0.append(news) }
        onNews(news)
    }

    func loops(_ loops: [LoopLine]) {}

    func abortion(totals: RunTotals, after seconds: Double) -> String? { abort(totals) }
}
