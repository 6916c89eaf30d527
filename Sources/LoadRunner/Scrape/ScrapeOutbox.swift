import Metrics
import NIOCore
import Synchronization

/// Where readings wait for the second of the run that they belong to.
final class ScrapeOutbox: Sendable {
    /// Longer than a reading takes nobody waits for one.
    static let patience = ScrapeTarget.timeout + .milliseconds(100)

    struct Target {
        var endpoint: Endpoint
        var report = ScrapeReport()
        /// The seconds up to this one have been read, or will not be.
        var resolved = -1
        /// With their seconds, in order.
        var readings: [(second: Int, rows: [ScrapedRow])] = []
        var hasWarned = false
    }

    private let clock: RunClock
    private let targets: Mutex<[Target]>

    init(_ endpoints: [Endpoint], clock: RunClock) {
        self.clock = clock
        targets = Mutex(endpoints.map { Target(endpoint: $0) })
    }

    /// A reading at the end of a second is over.
    func add(_ rows: [ScrapedRow], second: Int, of target: Int, _ report: ScrapeReport) {
        targets.withLock { targets in
            targets[target].report = report
            targets[target].resolved = max(targets[target].resolved, second)
            if !rows.isEmpty { targets[target].readings.append((second, rows)) }
        }
    }

    /// What was read up to the end of a second, and not taken yet; nil where it is worth waiting for a reading.
    func take(through second: Int, at now: NIODeadline) -> [ScrapedRow]? {
        targets.withLock { targets in
            let end = clock.start + .seconds(Int64(second) + 1)
            // Nobody waits for a server that did not answer the last time; if it does, the next second has it.
            let isWaiting = targets.contains { $0.resolved < second && ($0.report.isUp || $0.report.tries == 0) }
            if isWaiting, now < end + Self.patience { return nil }
            var rows: [ScrapedRow] = []
            for place in targets.indices {
                let due = targets[place].readings.prefix { $0.second <= second }
                rows += ScrapedRow.merged(due.map(\.rows))
                targets[place].readings.removeFirst(due.count)
            }
            return rows
        }
    }

    /// All that is left.
    func takeAll() -> [ScrapedRow] {
        targets.withLock { targets in
            targets.indices.flatMap { place in
                let rows = ScrapedRow.merged(targets[place].readings.map(\.rows))
                targets[place].readings = []
                return rows
            }
        }
    }

    /// A sentence for each server of which a reading has failed, once.
    func takeWarnings() -> [String] {
        targets.withLock { targets in
            targets.indices.compactMap { place in
                guard !targets[place].hasWarned,
                    let warning = targets[place].report.warning(on: targets[place].endpoint)
                else { return nil }
                targets[place].hasWarned = true
                return warning
            }
        }
    }

    var notes: [String] {
        targets.withLock { targets in targets.flatMap { $0.report.notes(on: $0.endpoint) } }
    }
}
