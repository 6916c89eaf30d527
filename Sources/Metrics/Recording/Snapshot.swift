/// What one worker measured since its snapshot before.
///
/// A worker takes one at the end of every second of the run, and one more where a phase or the warmup ends within a
/// second, and where faults begin or end, so that each snapshot belongs to one phase as a whole, and to calm time or not.
package struct Snapshot: Sendable {
    package let worker: Int
    /// The second of the run in which it lies, from 0.
    package let second: Int
    /// Whether it is the worker's last one of this second.
    package let completesSecond: Bool
    /// Whether nothing more comes from the worker.
    package let isLast: Bool
    /// The place of the phase in the load; the number of phases means the grace after them.
    package let phase: Int
    /// Whether it lies in the warmup, which is left out of figures and checks.
    package let isWarmup: Bool
    /// Whether a fault was on in it.
    package let isFault: Bool
    /// When it began and ended, in nanoseconds of the run's clock.
    package let start: Int64
    package let end: Int64
    /// How many clients of each group are there at its end.
    package let activeClients: [Int]

    /// The distributions that got samples, by group × rows + row; the groups a second time for afflicted clients.
    let histograms: [Entry<IntervalHistogram>]
    /// The counters that moved, by group × counters + counter; the same.
    let counters: [Entry<Int>]
    let errors: [ErrorEntry]
    /// Events that the scenario does not mention.
    let received: [NamedCount]
    let lag: IntervalHistogram
    /// For how long the loop did not come to its probes.
    let stalled: Int64
    /// Sends that left later than scheduled.
    let late: Int

    struct Entry<Value: Sendable>: Sendable {
        var index: Int
        var value: Value
    }

    struct NamedCount: Sendable {
        var name: String
        var group: Int
        var count: Int
    }

    struct ErrorEntry: Sendable {
        var kind: String
        var group: Int
        var count: Int
        var firstSecond: Int
        var example: String
    }
}
