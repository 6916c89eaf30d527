import Metrics
import Synchronization

/// Where the workers leave their snapshots, once a second, and the collector fetches them.
final class SnapshotOutbox: Sendable {
    private struct Content {
        var snapshots: [Snapshot] = []
        var finished = 0
        var abortion: String?
    }

    private let content = Mutex(Content())

    /// How many workers have left their last snapshot.
    var finishedWorkers: Int { content.withLock { $0.finished } }

    func append(_ snapshot: Snapshot) {
        content.withLock { $0.snapshots.append(snapshot) }
    }

    /// Why a client wants the run to end, once; nil where none does.
    func takeAbortion() -> String? {
        content.withLock { $0.abortion.take() }
    }

    /// A client wants the run to end.
    func abort(_ reason: String) {
        content.withLock { if $0.abortion == nil { $0.abortion = reason } }
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
