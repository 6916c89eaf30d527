import Metrics
import NIOCore
import Scenarios
import Synchronization

/// What the faults of the run's clock did, from all workers and from their commands.
final class FaultLog: Sendable {
    private struct Entry {
        /// Since the start of the run.
        var begin: TimeAmount?
        /// How many workers have looked for the clients that it hits.
        var workers = 0
        var clients = 0
        var recovered = 0
        var end: TimeAmount?
        var outcome: CommandOutcome?
    }

    private struct State {
        var entries: [Entry]
        var news: [FaultNews] = []
    }

    private let faults: [Fault]
    private let texts: [String]
    private let workers: Int
    private let start: NIODeadline
    private let state: Mutex<State>

    init(_ scenario: Scenario, workers: Int, clock: RunClock) {
        faults = scenario.faults
        let groups = scenario.groups.map(\.name)
        texts = scenario.faults.map { $0.text(groups: groups) }
        self.workers = workers
        start = clock.start
        state = Mutex(State(entries: scenario.faults.map { _ in Entry() }))
    }

    /// A worker has done to its clients what the fault is.
    func fired(_ fault: Int, clients: Int) {
        state.withLock { state in
            let begin = TimeAmount(faults[fault].at)
            state.entries[fault].begin = begin
            state.entries[fault].clients += clients
            state.entries[fault].workers += 1
            guard state.entries[fault].workers == workers else { return }
            let count = state.entries[fault].clients
            let text = "\(texts[fault]) · \(ValueText.grouped(count)) client\(count == 1 ? "" : "s")"
            state.news.append(FaultNews(seconds: begin.inSeconds, text: text, isWarning: false))
        }
    }

    /// A client is over the fault.
    func recovered(_ fault: Int, at now: NIODeadline) {
        state.withLock { state in
            let time = now - start
            state.entries[fault].recovered += 1
            state.entries[fault].end = max(state.entries[fault].end ?? time, time)
        }
    }

    // MARK: Commands

    func commandBegan(_ fault: Int, at now: NIODeadline) {
        state.withLock { state in
            state.entries[fault].begin = now - start
            state.news.append(FaultNews(seconds: (now - start).inSeconds, text: texts[fault], isWarning: false))
        }
    }

    /// The command has ended, or did not start; its output may still come.
    func commandEnded(_ fault: Int, _ outcome: CommandOutcome, at now: NIODeadline) {
        state.withLock { state in
            let time = now - start
            let begin = state.entries[fault].begin ?? time
            state.entries[fault].begin = begin
            state.entries[fault].end = time
            state.entries[fault].outcome = outcome
            guard outcome.exit != .endedWithRun else { return }
            let text = "\(texts[fault]) · \(outcome.text)"
            state.news.append(FaultNews(seconds: time.inSeconds, text: text, isWarning: !outcome.isSuccess))
        }
    }

    /// What the command wrote, and what it left, known at the end of the run.
    func commandFinished(_ fault: Int, _ change: (inout CommandOutcome) -> Void) {
        state.withLock { state in
            guard var outcome = state.entries[fault].outcome else { return }
            change(&outcome)
            state.entries[fault].outcome = outcome
        }
    }

    // MARK: Reading

    /// What has happened since the last time.
    func takeNews() -> [FaultNews] {
        state.withLock { state in
            let news = state.news
            state.news.removeAll()
            return news
        }
    }

    /// The faults that have begun, in the order in which they did.
    var marks: [FaultMark] {
        let entries = state.withLock { $0.entries }
        return entries.indices.compactMap { mark($0, entries[$0]) }.sorted { $0.begin < $1.begin }
    }

    /// Those that began in a second of the run.
    func marks(inSecond second: Int) -> [FaultMark] {
        guard !faults.isEmpty else { return [] }
        return marks.filter { $0.second == second }
    }

    private func mark(_ fault: Int, _ entry: Entry) -> FaultMark? {
        guard let begin = entry.begin else { return nil }
        return FaultMark(
            kind: faults[fault].kind,
            text: texts[fault],
            place: "\(faults[fault].place)",
            begin: begin.inSeconds,
            clients: entry.clients,
            unrecovered: max(0, entry.clients - entry.recovered),
            end: entry.end?.inSeconds,
            command: entry.outcome
        )
    }
}

extension TimeAmount {
    fileprivate var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
