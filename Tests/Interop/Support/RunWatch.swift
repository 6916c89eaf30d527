import LoadRunner
import Metrics
import Synchronization

/// Watches a run for a test.
final class RunWatch: RunObserver {
    private let onSecond: @Sendable (RunTotals) -> Void
    private let lines = Mutex<[LoopLine]>([])
    private let seconds = Mutex<[TimelineSecond]>([])

    /// - Parameter onSecond: Called whenever a second is over, with everything measured so far.
    init(onSecond: @escaping @Sendable (RunTotals) -> Void = { _ in }) {
        self.onSecond = onSecond
    }

    /// The tasks that did not complete.
    var loopLines: [LoopLine] { lines.withLock { $0 } }

    /// The seconds of the run.
    var timeline: [TimelineSecond] { seconds.withLock { $0 } }

    func started(_ start: RunStart) {}

    func second(_ second: TimelineSecond, totals: RunTotals) {
        seconds.withLock { $0.append(second) }
        onSecond(totals)
    }

    func loops(_ loops: [LoopLine]) { lines.withLock { $0 += loops } }

    func abortion(totals: RunTotals, after seconds: Double) -> String? { nil }
}
