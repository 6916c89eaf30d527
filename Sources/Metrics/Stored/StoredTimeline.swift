import Foundation

/// timeline.csv as it stands in a folder: what each second measured, by group and metric.
///
/// A torn last line, which a run leaves that was killed, is left out; a row that is not as Reprise writes it is left out and
/// counted.
package struct StoredTimeline: Sendable {
    /// One line of a group and metric.
    package struct Point: Sendable, Hashable {
        package let second: Int
        package let count: Int?
        package let rate: Double?
        /// Milliseconds where the metric is a time.
        package let p50: Double?
        package let p95: Double?
        package let p99: Double?
        package let max: Double?
    }

    /// What a series is of.
    package struct Key: Sendable, Hashable {
        package let group: String
        package let metric: String

        package init(group: String, metric: String) {
            self.group = group
            self.metric = metric
        }
    }

    /// One second of the run.
    package struct Second: Sendable, Hashable {
        package let second: Int
        package let epochMilliseconds: Int64
        /// The name of its phase; `warmup`, its number counted from 1 where it has none, or `grace` after the last.
        package let phase: String
    }

    /// In order.
    package private(set) var seconds: [Second] = []
    package internal(set) var series: [Key: [Point]] = [:]
    /// In the order in which they came first.
    package private(set) var keys: [Key] = []

    /// Rows that could not be read, and were left out.
    package private(set) var damagedRows = 0

    /// - Throws: what the file system says where the file cannot be read.
    package init(path: String) throws {
        self.init(bytes: [UInt8](try Data(contentsOf: URL(filePath: path))))
    }

    package init(bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var rows = StoredTimelineRows(bytes)
            var points: [[Point]] = []
            while let row = rows.next() {
                if let second = row.second { seconds.append(second) }
                if row.series == points.count {
                    keys.append(rows.key)
                    points.append([])
                }
                points[row.series].append(row.point)
            }
            damagedRows = rows.damagedRows
            // Two ways to write a name are one name.
            for (key, points) in zip(keys, points) { series[key, default: []] += points }
            if series.count < keys.count {
                var known: Set<Key> = []
                keys = keys.filter { known.insert($0).inserted }
            }
        }
    }

    package subscript(group: String, metric: String) -> [Point] {
        series[Key(group: group, metric: metric)] ?? []
    }
}
