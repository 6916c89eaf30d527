import Metrics
import NIOCore
import Scenarios
import Synchronization

/// What a worker is made from.
struct WorkerPlan: Sendable {
    let number: Int
    let workers: Int
    let seed: UInt64
    /// The worker's own copy of the scenario, read for it, so that no two threads count references to the same parts.
    let scenario: Scenario
    let table: MetricTable
    /// One per group.
    let destinations: [Dialer.Destination]
    let clock: RunClock
    let outbox: SnapshotOutbox
    let loops: LoopOutbox
    let trace: Trace?
}

/// Where the workers leave their snapshots, once a second, and the collector fetches them.
final class SnapshotOutbox: Sendable {
    private struct Content {
        var snapshots: [Snapshot] = []
        var finished = 0
    }

    private let content = Mutex(Content())

    /// How many workers have left their last snapshot.
    var finishedWorkers: Int { content.withLock { $0.finished } }

    func append(_ snapshot: Snapshot) {
        content.withLock { $0.snapshots.append(snapshot) }
    }

    /// A worker is done.
    func finish() {
        content.withLock { $0.finished += 1 }
    }

    func takeAll() -> [Snapshot] {
        content.withLock {
            let all = $0.snapshots
            $0.snapshots.removeAll()
            return all
        }
    }
}

/// Where the workers leave the tasks that did not complete, for loops.csv.
final class LoopOutbox: Sendable {
    private let loops = Mutex<[LoopLine]>([])

    func append(_ loop: LoopLine) {
        loops.withLock { $0.append(loop) }
    }

    func takeAll() -> [LoopLine] {
        loops.withLock {
            let all = $0
            $0.removeAll()
            return all
        }
    }
}
