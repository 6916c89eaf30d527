import Metrics
import Synchronization

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
