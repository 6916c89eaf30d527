import Foundation

/// latency.hlog: a line per interval, group and metric that has samples, as an interval log of HdrHistogram.
///
/// Values are microseconds for times and plain numbers for sizes, the maximum of a time is in milliseconds. An interval
/// lies in one phase, and in the warmup or not. There are no lines of all groups together, since histograms add; only
/// `generator.lag`, which no group has, stands under `all`.
struct HistogramLogFile {
    private let table: MetricTable
    private let secondsPerInterval: Int
    private var encoder: HistogramPayload.Encoder
    private var hasHeader = false
    private var waiting: Waiting?

    /// The interval that goes on.
    private struct Waiting {
        let number: Int
        let phase: String
        let isWarmup: Bool
        let start: Double
        var end: Double
        var totals: Totals
    }

    /// - Parameter plannedSeconds: How long the run is meant to go on; beyond ten minutes ten seconds are one interval.
    init(table: MetricTable, plannedSeconds: Double) throws {
        self.table = table
        secondsPerInterval = plannedSeconds > 600 ? 10 : 1
        encoder = try HistogramPayload.Encoder()
    }

    /// The lines that are complete with one more second.
    mutating func lines(of second: TimelineSecond) throws -> String {
        var text =
            hasHeader ? "" : header(startEpochMilliseconds: second.epochMilliseconds - Int64(second.second) * 1000)
        hasHeader = true
        for part in second.parts { text += try lines(of: part, number: second.second / secondsPerInterval) }
        if (second.second + 1) % secondsPerInterval == 0 { text += try rest() }
        return text
    }

    /// The lines of the interval that goes on, when nothing more comes.
    mutating func rest() throws -> String {
        guard let interval = waiting else { return "" }
        waiting = nil
        var text = ""
        for (group, name) in table.groups.enumerated() {
            for (row, metric) in table.register.rows.enumerated() {
                let histogram = interval.totals.histogram(row: row, group: group)
                if histogram.isEmpty { continue }
                text += try line(HistogramTag(group: name, metric: metric.name), metric.unit, interval, histogram)
            }
        }
        if !interval.totals.lag.isEmpty {
            let tag = HistogramTag(group: "all", metric: "generator.lag")
            text += try line(tag, .milliseconds, interval, interval.totals.lag)
        }
        return text
    }

    private mutating func lines(of part: TimelineSecond.Part, number: Int) throws -> String {
        if waiting?.number == number, waiting?.phase == part.phase, waiting?.isWarmup == part.isWarmup {
            waiting?.totals.add(part.totals)
            waiting?.end = part.start + part.length
            return ""
        }
        let text = try rest()
        waiting = Waiting(
            number: number,
            phase: part.phase,
            isWarmup: part.isWarmup,
            start: part.start,
            end: part.start + part.length,
            totals: part.totals
        )
        return text
    }

    private mutating func line(
        _ tag: HistogramTag,
        _ unit: MetricUnit,
        _ interval: Waiting,
        _ histogram: Histogram
    ) throws -> String {
        let max = Double(histogram.max) / (unit == .milliseconds ? 1000 : 1)
        let numbers = [interval.start, interval.end - interval.start, max].map { ValueText.fixed($0, 3) }
        let payload = try encoder.payload(histogram).base64EncodedString()
        return "\(tag.field),\(numbers.joined(separator: ",")),\(payload)\n"
    }

    private func header(startEpochMilliseconds: Int64) -> String {
        let epoch = ValueText.fixed(Double(startEpochMilliseconds) / 1000, 3)
        return """
            #[Logged with Reprise; times in microseconds, Interval_Max in milliseconds]
            #[Histogram log format version 1.3]
            #[StartTime: \(epoch) (seconds since epoch), \(SummaryFile.timestamp(startEpochMilliseconds))]
            #[BaseTime: \(epoch) (seconds since epoch)]
            "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

            """
    }
}
