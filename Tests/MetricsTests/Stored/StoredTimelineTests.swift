import Foundation
import Testing

@testable import Metrics

@Suite struct StoredTimelineTests {
    private let text =
        TimelineFile.header
        + "0,1000,warmup,all,clients.active,5,,,,,\r\n"
        + "1,2000,steady,visitors,join,10,10.000,1.500,2.500,,3.250\r\n"
        + "1,2000,steady,all,clients.active,7,,,,,\r\n"
        + "2,3000,steady,visitors,join,4,4.000,1.000,,,2.000\r\n"

    @Test("Rows become series by group and metric, and the seconds with their phases")
    func readsSeries() {
        let timeline = StoredTimeline(bytes: Array(text.utf8))
        #expect(timeline.seconds.map(\.second) == [0, 1, 2])
        #expect(timeline.seconds.map(\.phase) == ["warmup", "steady", "steady"])
        #expect(timeline.keys.count == 2)
        #expect(timeline["all", "clients.active"].map(\.count) == [5, 7])
        let join = timeline["visitors", "join"]
        #expect(join.map(\.second) == [1, 2])
        #expect(join.map(\.p95) == [2.5, nil])
        #expect(join.map(\.max) == [3.25, 2])
        #expect(timeline["nobody", "join"].isEmpty)
    }

    @Test("A line that is no row of the timeline is left out")
    func leavesOthersOut() {
        let timeline = StoredTimeline(bytes: Array((text + "x,y\r\n3,4000,steady,visitors,join,1").utf8))
        #expect(timeline.seconds.count == 3)
        #expect(timeline.damagedRows == 1)
    }

    @Test(
        "A damaged row is left out and counted, and those behind it are read",
        arguments: [
            "1,\"x", "x,2000,steady,all,a,1,,,,,", "1,x,steady,all,a,1,,,,,", "1,2000,steady,all,a,x,,,,,",
            "1,2000,steady,all,a,1,x,,,,", "1,2000,steady,all,a,1,,nan,,,", "1,2000,steady,all,a,1,,,,,inf",
            "1,2000,steady,all,a,1,,,,,1e400", "0,1000,steady,all,a,1,,,,,", "7,2000,steady,all,a,1,,,,,",
            "9223372036854775807,2000,steady,all,a,1,,,,,", "-1,0,steady,all,a,1,,,,,", "1,2000,steady,,a,1,,,,,",
            "1,2000,steady,all,a,1,,,,", "1,2000,steady,all,a,1,,,,,,",
        ]
    )
    func damaged(line: String) {
        let rows = text.components(separatedBy: "\r\n").dropLast()
        for place in 2...rows.count where !line.hasPrefix("0,") || place < rows.count {
            var damaged = rows
            damaged.insert(line, at: place)
            // Where a second comes again, it is known by those behind it alone.
            let isLate = line.hasPrefix("0,") && place == 2
            let timeline = StoredTimeline(bytes: Array((damaged.joined(separator: "\r\n") + "\r\n").utf8))
            #expect(timeline.damagedRows == (isLate ? 0 : 1), "\(place)")
            #expect(timeline.seconds.map(\.second) == [0, 1, 2])
            #expect(timeline["visitors", "join"].map(\.max) == [3.25, 2])
        }
    }

    @Test("Numbers are those that stand there")
    func numbers() {
        let cells: [(String, Double?)] = [
            ("0", 0), ("1.500", 1.5), ("0.001", 0.001), ("12345678.123456", 12_345_678.123456),
            ("9007199254740993", 9_007_199_254_740_992), ("123456789012345678", 123_456_789_012_345_680), ("-5", -5),
            ("1.5e+20", 1.5e20), ("", nil), ("0.1", 0.1), ("3.3333333333333", 3.3333333333333),
        ]
        for (cell, value) in cells {
            let timeline = StoredTimeline(bytes: Array((text + "3,4000,steady,all,x,,,,,,\(cell)\r\n").utf8))
            #expect(timeline["all", "x"].map(\.max) == [value], "\(cell)")
        }
        let counts: [(String, Int?)] = [
            ("17", 17), ("0.5", nil), ("9223372036854775807", nil), ("", nil), ("1e3", nil),
        ]
        for (cell, count) in counts {
            let timeline = StoredTimeline(bytes: Array((text + "3,4000,steady,all,x,\(cell),,,,,\r\n").utf8))
            #expect(timeline["all", "x"].map(\.count) == [count], "\(cell)")
            #expect(timeline.damagedRows == 0)
        }
    }

    @Test("Names with quotes, in another order each second, are told apart")
    func names() {
        let names = ["a", "\"a,b\"", "\"say \"\"a\"\"\"", "'-a", "\"a\"", "b"]
        var text = TimelineFile.header
        for second in 0..<6 {
            for place in names.indices where (place + second) % 3 != 0 {
                let name = names[(place * (second + 1) + second) % names.count]
                text += "\(second),\(5000 + second * 1000),up,all,\(name),\(second),,,,,\r\n"
            }
        }
        let timeline = StoredTimeline(bytes: Array(text.utf8))
        #expect(timeline.damagedRows == 0)
        #expect(Set(timeline.keys.map(\.metric)) == ["a", "a,b", "say \"a\"", "-a", "b"])
        #expect(timeline.keys.count == 5)
        #expect(timeline.series.values.reduce(0) { $0 + $1.count } == text.utf8.count { $0 == UInt8(ascii: "\n") } - 1)
    }
}
