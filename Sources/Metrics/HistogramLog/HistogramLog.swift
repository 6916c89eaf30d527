package import Foundation

/// latency.hlog as it stands in a folder: the samples of every interval, by group and metric.
///
/// A line that is not what Reprise writes is left out and counted; a last line without an end, which a killed run
/// leaves, is left out too.
package struct HistogramLog: Sendable {
    /// What one metric of one group measured in one stretch of time, which lies in one phase.
    package struct Interval: Sendable {
        /// Seconds since second 0 of the run.
        package let start: Double
        /// In seconds.
        package let length: Double
        package let group: String
        package let metric: String
        /// Microseconds where the metric is a time.
        package let histogram: Histogram
    }

    /// In the order of the file.
    package let intervals: [Interval]
    /// Lines that could not be read.
    package let damagedLines: Int
    /// Whether the last line has no end, and was left out.
    package let isTorn: Bool

    /// - Throws: as `HistogramLogReader`.
    package init(path: String) throws {
        self.init(try HistogramLogReader(path: path))
    }

    package init(data: Data) {
        self.init(HistogramLogReader(data: data))
    }

    private init(_ reader: HistogramLogReader) {
        var reader = reader
        var intervals: [Interval] = []
        while let interval = reader.next() { intervals.append(interval) }
        self.intervals = intervals
        damagedLines = reader.damagedLines
        isTorn = reader.isTorn
    }
}
