import Foundation

/// timeline.csv as it stands in a folder: what each second measured, by group and metric.
///
/// A torn last line, which a run leaves that was killed, is left out.
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

    /// - Throws: what the file system says where the file cannot be read.
    package init(path: String) throws {
        self.init(bytes: [UInt8](try Data(contentsOf: URL(filePath: path))))
    }

    package init(bytes: [UInt8]) {
        var reader = CSVReader(bytes)
        _ = reader.next()
        var places: [Key: Int] = [:]
        var points: [[Point]] = []
        while let row = reader.next() {
            guard row.count == 11, let second = Int(row[0]), let epoch = Int64(row[1]) else { continue }
            if seconds.last?.second != second {
                seconds.append(Second(second: second, epochMilliseconds: epoch, phase: row[2]))
            }
            let key = Key(group: row[3], metric: row[4])
            let place =
                places[key]
                ?? {
                    places[key] = points.count
                    keys.append(key)
                    points.append([])
                    return points.count - 1
                }()
            points[place].append(
                Point(
                    second: second,
                    count: Int(row[5]),
                    rate: Double(row[6]),
                    p50: Double(row[7]),
                    p95: Double(row[8]),
                    p99: Double(row[9]),
                    max: Double(row[10])
                )
            )
        }
        for (key, place) in places { series[key] = points[place] }
    }

    package subscript(group: String, metric: String) -> [Point] {
        series[Key(group: group, metric: metric)] ?? []
    }
}
