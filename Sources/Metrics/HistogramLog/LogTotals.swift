/// The samples of a whole run, from the intervals of its log: read once, an interval at a time, so that they take the memory of
/// the totals and not that of all seconds.
package struct LogTotals: Sendable {
    /// When the last interval ended, in seconds of the run.
    private(set) var end = 0.0
    /// Lines that could not be read.
    package private(set) var damagedLines = 0
    private var totals: [StoredTimeline.Key: Histogram] = [:]

    /// - Parameter warmup: seconds of the run that no figure counts.
    /// - Throws: as `HistogramLogReader`.
    package init(path: String, from warmup: Double) throws {
        var reader = try HistogramLogReader(path: path)
        self.init(&reader, from: warmup)
    }

    /// - Parameter each: gets every interval too, also those of the warmup, for whoever adds them up otherwise.
    init(_ reader: inout HistogramLogReader, from warmup: Double, each: (HistogramLog.Interval) -> Void = { _ in }) {
        while let interval = reader.next() {
            end = max(end, interval.start + interval.length)
            each(interval)
            guard interval.start >= warmup - 0.001 else { continue }
            totals[StoredTimeline.Key(group: interval.group, metric: interval.metric), default: Histogram()]
                .add(interval.histogram)
        }
        damagedLines = reader.damagedLines
        for (key, histogram) in totals where key.group != "all" {
            totals[StoredTimeline.Key(group: "all", metric: key.metric), default: Histogram()].add(histogram)
        }
    }

    package subscript(key: StoredTimeline.Key) -> Histogram? { totals[key] }
}
