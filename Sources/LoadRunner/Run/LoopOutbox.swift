import Metrics
import Synchronization

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
