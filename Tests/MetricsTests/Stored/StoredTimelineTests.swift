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
    }
}
