import Foundation
import LoadRunner
import Metrics
import Scenarios
import Synchronization

/// Everything that a run says: on the terminal while it goes on and at its end, and in its files.
final class RunReport: RunObserver {
    /// How much of it.
    struct Options: Sendable {
        var folder: String
        var isQuiet: Bool
        var printsJSON: Bool
        var isTrace: Bool
        var onlyWarns: Bool
        var threads: Int
        var keptFailures = 0
        var dashboard: Dashboard?
    }

    private let source: ScenarioSource
    private var scenario: Scenario { source.scenario }
    private let seed: UInt64
    private let options: Options
    private let checks: [Check]
    private let redactor: Redactor
    private let state = Mutex(State())

    /// What starts with the run; used from one place at a time, the lock is for the compiler and the trace.
    private struct State: Sendable {
        var start: RunStart?
        var output: Output?
        var live: LiveReport?
    }

    /// - Throws: Where a check of the scenario cannot be understood.
    init(source: ScenarioSource, seed: UInt64, options: Options) throws {
        self.source = source
        self.seed = seed
        self.options = options
        checks = try CheckLanguage.checks(of: source.scenario)
        redactor = Redactor(secrets: source.scenario.environment.compactMap(\.value))
    }

    // MARK: RunObserver

    func started(_ start: RunStart) throws {
        let output: Output
        do {
            output = try Output(start, scenario: scenario, checks: checks, redactor: redactor, options)
        } catch {
            throw RunError(
                .output,
                "the results cannot be written to \(options.folder); give another folder with --out",
                cause: error
            )
        }
        let run = RunFile(source, seed: seed, options: options, checks: checks, start: start)
        output.folder.writeRun(run)
        let live = liveReport(run, table: start.table)
        state.withLock {
            $0.start = start
            $0.output = output
            $0.live = live
        }
        if !options.isQuiet {
            Console.note(
                "\(scenario.name) → \(shownTarget(start)), \(scenario.load.peakClients) clients at the most, "
                    + "seed \(seed)"
            )
        }
    }

    func second(_ second: TimelineSecond, totals: RunTotals) {
        let (line, live) = state.withLock { ($0.output?.second(second), $0.live) }
        live?.second(second, totals: totals)
        guard let line, !options.isQuiet, !options.isTrace, !showsView else { return }
        Console.note(line)
    }

    /// Whether a block on the terminal shows how it goes, in place of lines.
    private var showsView: Bool { !options.isQuiet && !options.isTrace && TerminalView.isPossible }

    private func liveReport(_ run: RunFile, table: MetricTable) -> LiveReport {
        let plan = LivePlan(
            run,
            checks: checks,
            seconds: scenario.expectedLength / .seconds(1),
            generatorOnlyWarns: options.onlyWarns,
            redactor: redactor
        )
        return LiveReport(plan, table: table, redactor: redactor, showsView: showsView, dashboard: options.dashboard)
    }

    func happened(_ news: FaultNews) {
        guard !options.isQuiet || news.isWarning else { return }
        let time = ValueText.time(microseconds: news.seconds * 1e6)
        Console.note(redactor.apply("\(news.isWarning ? "warning: " : "")at \(time): \(news.text)"))
    }

    func warned(_ sentence: String) {
        let line = redactor.apply("warning: \(sentence); the run goes on")
        Console.note(Console.errorIsTerminal && !options.isQuiet ? "\r\u{1B}[K\(line)" : line)
    }

    func kept(_ client: KeptClient) {
        state.withLock { $0.output?.folder.keep(client) }
    }

    func waits(_ sentence: String) {
        Console.note(redactor.apply(sentence))
    }

    func loops(_ loops: [LoopLine]) {
        state.withLock { state in
            for loop in loops { state.output?.folder.append(loop) }
            state.output?.folder.flush()
        }
    }

    func abortion(totals: RunTotals, after seconds: Double) -> String? {
        checks.first { check in
            check.endsRun(over: totals, elapsed: .seconds(seconds))
        }?.text
    }

    func trace(_ line: String) {
        Console.note(line)
    }

    // MARK: End

    /// Writes the reports and says how the run went.
    func finish(_ result: RunResult) throws -> ExitCode {
        guard let start = state.withLock({ $0.start }) else { return .targetNeverReached }
        let wasAborted = if case .aborted = result.ending { true } else { false }
        let summary = RunSummary(
            scenario: scenario.name,
            target: shownTarget(start),
            startEpochMilliseconds: start.epochMilliseconds,
            seconds: result.seconds,
            totals: result.totals,
            checks: checks,
            loops: result.loops,
            generatorOnlyWarns: options.onlyWarns,
            wasInterrupted: result.ending == .interrupted,
            wasEndedByCheck: wasAborted,
            targetWasNeverReached: !result.reachedTarget,
            faults: result.faults,
            failures: state.withLock { $0.output?.folder.failures ?? [] },
            scraped: result.scraped,
            notes: RunNotes.notes(on: result, of: scenario)
        )
        let (paths, problems) = state.withLock { state in
            state.output?.folder.finish(summary)
            return (state.output?.folder.paths ?? [], state.output?.folder.problems ?? [])
        }
        state.withLock { $0.live }?.finish(summary)
        try say(summary, paths, problems)
        return summary.exitCode
    }

    private func say(_ summary: RunSummary, _ paths: [String], _ problems: [String]) throws {
        if options.printsJSON {
            Console.print(try ResultFolder.summaryJSON(summary, redactor: redactor))
        }
        let isTerminal = options.printsJSON ? Console.errorIsTerminal : Console.outputIsTerminal
        let table = ClosingTable(
            summary,
            redactor: redactor,
            usesColours: Console.usesColour(isTerminal: isTerminal),
            paths: paths,
            problems: problems
        )
        let text = options.isQuiet ? redactor.apply("\(summary.scenario): \(summary.verdict)") : table.text
        if options.printsJSON { Console.note(text) } else { Console.print(text) }
    }

    private func shownTarget(_ start: RunStart) -> String {
        redactor.apply(start.distinctTargets.joined(separator: ", "))
    }
}

/// Where a run's seconds go: its folder, and the line of progress.
private struct Output: Sendable {
    let folder: Folder
    private var progress: ProgressLine

    init(_ start: RunStart, scenario: Scenario, checks: [Check], redactor: Redactor, _ options: RunReport.Options)
        throws
    {
        folder = Folder(
            try ResultFolder(
                directory: options.folder,
                table: start.table,
                redactor: redactor,
                plannedSeconds: scenario.expectedLength / .seconds(1)
            ),
            failures: options.keptFailures > 0 ? FailureFolder(directory: "\(options.folder)/failures") : nil
        )
        progress = ProgressLine(
            table: start.table,
            seconds: scenario.expectedLength / .seconds(1),
            latency: checks.first { $0.kind == .time }?.metric
        )
    }

    /// Writes a second to the timeline.
    ///
    /// - Returns: The line of progress.
    mutating func second(_ second: TimelineSecond) -> String {
        folder.append(second)
        return progress.line(second)
    }
}

/// The folder as something that threads may share.
///
/// `@unchecked`: it is reached through the report's lock alone.
private final class Folder: @unchecked Sendable {
    private let folder: ResultFolder
    private let failureFolder: FailureFolder?

    init(_ folder: ResultFolder, failures: FailureFolder?) {
        self.folder = folder
        failureFolder = failures
    }

    var paths: [String] { folder.paths }
    var problems: [String] { folder.problems + (failureFolder?.problems ?? []) }
    var failures: [FailureLine] { failureFolder?.lines ?? [] }
    func keep(_ client: KeptClient) { failureFolder?.keep(client) }
    func writeRun(_ description: RunFile) { folder.writeRun(description) }
    func append(_ second: TimelineSecond) { folder.append(second) }
    func append(_ loop: LoopLine) { folder.append(loop) }
    func flush() { folder.flush() }
    func finish(_ summary: RunSummary) { folder.finish(summary) }
}
