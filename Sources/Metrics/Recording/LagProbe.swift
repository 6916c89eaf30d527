/// Measures how late an event loop is, on a fixed grid.
///
/// A loop that stalls for a second misses a hundred probes of ten milliseconds, and a single late one would hide
/// them. So the swallowed probes are recorded as well, each with the lag that it would have had, linearly less, as
/// HdrHistogram corrects for an expected interval.
package struct LagProbe: Sendable {
    /// From one probe to the next, in nanoseconds.
    package let interval: Int64

    package init(interval: Int64 = 10_000_000) {
        self.interval = max(interval, 1_000)
    }

    /// Records the probe that was due at `due` and ran at `now`; both in nanoseconds of one clock.
    ///
    /// - Returns: when the next probe is due: the first point of the grid after `now`.
    package mutating func probe(due: Int64, now: Int64, recorder: Recorder) -> Int64 {
        let lag = max(now &- due, 0)
        recorder.recordLag(nanoseconds: lag)
        guard lag > interval else { return due &+ interval }
        recorder.addStall(nanoseconds: lag)
        var swallowed = min(lag, Self.longest) - interval
        while swallowed >= interval {
            recorder.recordLag(nanoseconds: swallowed)
            swallowed -= interval
        }
        return due &+ (lag / interval &+ 1) &* interval
    }

    /// One hour, the longest that a histogram keeps: it bounds the work after a suspended machine wakes up.
    private static let longest: Int64 = 3_600_000_000_000
}
