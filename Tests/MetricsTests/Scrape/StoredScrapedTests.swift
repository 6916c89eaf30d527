import Testing

@testable import Metrics

@Suite("A server's series as they are read again")
struct StoredScrapedTests {
    private static let text = """
        second,epoch_ms,phase,group,metric,count,rate,p50,p95,p99,max
        0,0,1,all,clients.active,1,,,,,
        0,0,1,all,scrape:up,,,,,,1
        0,0,1,all,scrape:g,,,,,,5
        1,1000,1,all,clients.active,1,,,,,
        1,1000,1,all,scrape:c_total,7,7,,,,
        1,1000,1,all,scrape:h:mean,,,,,,0.5
        2,2000,1,all,clients.active,1,,,,,
        2,2000,1,all,scrape:up,,,,,,0
        3,3000,1,all,clients.active,1,,,,,
        4,4000,1,all,clients.active,1,,,,,
        4,4000,1,all,scrape:up,,,,,,1
        4,4000,1,all,scrape:c_total,9,3,,,,
        5,5000,1,all,clients.active,1,,,,,
        6,6000,1,all,clients.active,1,,,,,
        6,6000,1,all,scrape:g,,,,,,8

        """

    private func values(
        _ metric: String,
        in timeline: StoredTimeline,
        _ value: (StoredTimeline.Point) -> Double?
    ) -> [Int: Double] {
        let points = timeline.scraped(StoredTimeline.Key(group: "all", metric: metric))
        #expect(points.map(\.second) == points.map(\.second).sorted())
        return Dictionary(uniqueKeysWithValues: points.map { ($0.second, value($0) ?? .nan) })
    }

    @Test("Counters did not grow where they have no row, gauges are as they were, and in a gap there is nothing")
    func filling() {
        let timeline = StoredTimeline(bytes: Array(Self.text.utf8))
        #expect(values("scrape:c_total", in: timeline, \.rate) == [0: 0, 1: 7, 4: 3, 5: 0, 6: 0])
        #expect(values("scrape:g", in: timeline, \.max) == [0: 5, 1: 5, 4: 5, 5: 5, 6: 8])
        #expect(values("scrape:h:mean", in: timeline, \.max) == [1: 0.5])
        #expect(values("scrape:nothing", in: timeline, \.max) == [:])
        #expect(values("clients.active", in: timeline, { $0.count.map(Double.init) }).count == 7)
    }

    @Test("Of several servers each has its own gaps")
    func instances() {
        let quoted = "\"\""
        let text = Self.text.replacing("scrape:up,", with: "\"scrape:up{instance=\(quoted)a\(quoted)}\",")
            .replacing("scrape:g,", with: "\"scrape:g{instance=\(quoted)b\(quoted)}\",")
            .replacing("scrape:c_total,", with: "\"scrape:c_total{instance=\(quoted)a\(quoted)}\",")
        let other = "0,0,1,all,\"scrape:up{instance=\(quoted)b\(quoted)}\",,,,,,1\n"
        let timeline = StoredTimeline(
            bytes: Array(
                text.replacing("0,0,1,all,clients.active,1,,,,,\n", with: "0,0,1,all,clients.active,1,,,,,\n\(other)")
                    .utf8
            )
        )
        #expect(values("scrape:c_total{instance=\"a\"}", in: timeline, \.rate) == [0: 0, 1: 7, 4: 3, 5: 0, 6: 0])
        #expect(
            values("scrape:g{instance=\"b\"}", in: timeline, \.max) == [0: 5, 1: 5, 2: 5, 3: 5, 4: 5, 5: 5, 6: 8]
        )
    }

    @Test("A server's own metrics whose names begin with `up` say nothing of whether it answered", arguments: 0..<8)
    func namesakes(number: Int) {
        // Which of several keys comes first is another one each time.
        let own = (0..<8).map { "0,0,1,all,\"scrape:upload_\($0)_\(number){instance=\"\"a\"\"}\",,,,,,0\n" }.joined()
        let text = Self.text.replacing("scrape:up,", with: "\"scrape:up{instance=\"\"a\"\"}\",")
            .replacing("scrape:g,", with: "\"scrape:g{instance=\"\"a\"\"}\",")
            .replacing("1,1000,1,all,clients.active,", with: own + "1,1000,1,all,clients.active,")
        let timeline = StoredTimeline(bytes: Array(text.utf8))
        #expect(values("scrape:g{instance=\"a\"}", in: timeline, \.max) == [0: 5, 1: 5, 4: 5, 5: 5, 6: 8])
    }

    @Test("A gauge is as it was until the row that says that the server shows it no more")
    func gone() {
        let text = Self.text.replacing(
            "5,5000,1,all,clients.active,1,,,,,\n",
            with: "5,5000,1,all,clients.active,1,,,,,\n5,5000,1,all,scrape:g,,,,,,\n"
        )
        let more = text + "7,7000,1,all,scrape:g,,,,,,\n8,8000,1,all,clients.active,1,,,,,\n"
        let timeline = StoredTimeline(bytes: Array(more.utf8))
        #expect(values("scrape:g", in: timeline, \.max) == [0: 5, 1: 5, 4: 5, 6: 8])
    }
}
