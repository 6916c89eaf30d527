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

    /// The largest file that is read; an hour of a thousand metrics takes a tenth of it.
    package static let byteLimit = 1 << 30

    /// - Throws: what the file system says where the file cannot be read; `StoredRunError` where it is too large.
    package init(path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        guard (attributes[.size] as? Int ?? 0) <= Self.byteLimit else {
            throw StoredRunError("\(path) is larger than \(ValueText.bytes(Double(Self.byteLimit)))")
        }
        self.init(data: try Data(contentsOf: URL(filePath: path)))
    }

    package init(data: Data) {
        var intervals: [Interval] = []
        var damaged = 0
        var decoder = HistogramPayload.Decoder()
        var rest = data[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            switch HistogramLogLine(line, &decoder) {
            case .interval(let interval): intervals.append(interval)
            case .remark: break
            case .damaged: damaged += 1
            }
        }
        self.intervals = intervals
        damagedLines = damaged
        isTorn = !rest.isEmpty
    }
}
