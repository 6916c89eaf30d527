import Testing

@testable import Metrics

@Suite("A server's series from reading to reading")
struct ScrapeTrackerTests {
    /// What is said after the `up` of the reading.
    private func read(_ tracker: inout ScrapeTracker, _ text: String, at time: Double) -> [ScrapedRow] {
        Array((tracker.read(Array(text.utf8), at: time) ?? []).dropFirst())
    }

    private func news(_ rows: [ScrapedRow]) -> [String: Double] {
        Dictionary(rows.filter(\.isNews).compactMap { row in row.value.map { (row.series, $0) } }) { $1 }
    }

    @Test("A counter says by how much it grew, and begins anew when the server does")
    func counter() {
        var tracker = ScrapeTracker()
        #expect(read(&tracker, "a_total 100", at: 0) == [])
        let rows = read(&tracker, "a_total 103", at: 1.5)
        #expect(rows == [ScrapedRow(series: "a_total", kind: .counter, value: 3, seconds: 1.5, isNews: true)])
        #expect(rows[0].rate == 2)
        let still = read(&tracker, "a_total 103", at: 2.5)
        #expect(still.map(\.value) == [0])
        #expect(still.map(\.isNews) == [false])
        #expect(read(&tracker, "a_total 4", at: 3.5).map(\.value) == [4])
        #expect(read(&tracker, "a_total NaN", at: 4.5) == [])
        #expect(read(&tracker, "a_total 6", at: 5.5).map(\.value) == [2])
    }

    @Test("A counter that comes later has counted from 0 since the last reading")
    func laterCounter() {
        var tracker = ScrapeTracker()
        _ = read(&tracker, "a_total 1", at: 0)
        _ = tracker.failed()
        let rows = read(&tracker, "a_total 1\nb_total 12", at: 2)
        #expect(news(rows) == ["b_total": 12])
        #expect(rows.last?.rate == 6)
    }

    @Test("A gauge is news at first and when it changes")
    func gauge() {
        var tracker = ScrapeTracker()
        #expect(news(read(&tracker, "# TYPE g gauge\ng 5", at: 0)) == ["g": 5])
        #expect(news(read(&tracker, "# TYPE g gauge\ng 5", at: 1)) == [:])
        #expect(read(&tracker, "# TYPE g gauge\ng 5", at: 2).map(\.value) == [5])
        #expect(news(read(&tracker, "# TYPE g gauge\ng -1.5", at: 3)) == ["g": -1.5])
    }

    @Test("A gauge that the server shows no more is news without a value, once, and is news when it comes back")
    func gone() {
        var tracker = ScrapeTracker()
        let gone = [ScrapedRow(series: "g", kind: .gauge, value: nil, isNews: true)]
        _ = read(&tracker, "g 5\nc_total 3", at: 0)
        #expect(read(&tracker, "", at: 1) == gone)
        #expect(read(&tracker, "", at: 2) == [])
        // Who does not answer says nothing of its gauges.
        #expect(tracker.failed().map(\.series) == ["up"])
        #expect(tracker.read(Array("<html>".utf8), at: 3) == nil)
        #expect(news(read(&tracker, "g 5", at: 4)) == ["g": 5])
        #expect(read(&tracker, "g +Inf", at: 5) == gone)
        #expect(read(&tracker, "g NaN", at: 6) == [])
        #expect(ScrapedRow.merged([read(&tracker, "g 7", at: 7), gone]) == gone)
    }

    @Test("A histogram says how many it observed, their sum, and their mean since the last reading")
    func mean() {
        var tracker = ScrapeTracker()
        func text(_ count: Int, _ sum: Double) -> String {
            """
            # TYPE h histogram
            h_bucket{le="1",x="a"} 7
            h_sum{x="a"} \(sum)
            h_count{x="a"} \(count)
            """
        }
        #expect(read(&tracker, text(10, 5), at: 0) == [])
        let rows = read(&tracker, text(14, 6), at: 1)
        #expect(news(rows) == ["h_count{x=\"a\"}": 4, "h_sum{x=\"a\"}": 1, "h:mean{x=\"a\"}": 0.25])
        #expect(rows.last?.weight == 4)
        // Nothing was observed: there is no mean.
        #expect(news(read(&tracker, text(14, 6), at: 2)) == [:])
        // After a restart.
        #expect(news(read(&tracker, text(2, 8), at: 3))["h:mean{x=\"a\"}"] == 4)
        // Values below 0.
        #expect(news(read(&tracker, text(3, 6), at: 4))["h:mean{x=\"a\"}"] == -2)
    }

    @Test("Whether the server answered is a series of its own, and news when it changes")
    func up() {
        var tracker = ScrapeTracker()
        func up(_ rows: [ScrapedRow]?) -> ScrapedRow? { rows?.first { $0.series == "up" } }
        #expect(up(tracker.read(Array("a 1\nup 7".utf8), at: 0))?.value == 1)
        #expect(up(tracker.read(Array("a 1".utf8), at: 1))?.isNews == false)
        #expect(tracker.failed().map(\.value) == [0])
        #expect(tracker.failed().map(\.isNews) == [false])
        #expect(up(tracker.read([], at: 4))?.isNews == true)
    }

    @Test("A page that is no metrics is nothing")
    func page() {
        var tracker = ScrapeTracker()
        #expect(tracker.read(Array("<html>\n<body>no</body>\n".utf8), at: 0) == nil)
        #expect(tracker.malformed == 2)
    }

    @Test("Names are written the same whatever the order of labels, with the server where there are several")
    func names() {
        var tracker = ScrapeTracker(instance: "127.0.0.1:9000")
        let rows = tracker.read(Array(#"a{z="1",b="q\"\\\n",instance="x"} 1"#.utf8), at: 0) ?? []
        #expect(
            rows.map(\.series) == [
                #"up{instance="127.0.0.1:9000"}"#,
                #"a{b="q\"\\\n",instance="127.0.0.1:9000",z="1"}"#,
            ]
        )
        #expect(tracker.read(Array(#"a{b="q\"\\\n",z="1"} 1"#.utf8), at: 1)?.last?.isNews == false)
    }

    @Test("So many series are kept, the others are counted and named")
    func limit() {
        var tracker = ScrapeTracker(limit: 3)
        let text =
            (0..<5).map { "a{n=\"\($0)\"} 1\n" }.joined() + "b 1\nb 1\nc{x=\"" + String(repeating: "x", count: 600)
            + "\"} 1"
        #expect(read(&tracker, text, at: 0).count == 3)
        #expect(read(&tracker, "a{n=\"9\"} 1", at: 1).allSatisfy { $0.value == nil })
        #expect(tracker.seriesCount == 3)
        #expect(tracker.leftOut.count == 5)
        #expect(tracker.leftOut.names.map(\.name) == ["a", "b", "c"])
        #expect(tracker.leftOut.names.map(\.count) == [2, 2, 1])
    }

    @Test("A line that comes twice counts once")
    func twice() {
        var tracker = ScrapeTracker()
        _ = tracker.read(Array("a_total 1\na_total 5".utf8), at: 0)
        #expect(read(&tracker, "a_total 2\na_total 9", at: 1).map(\.value) == [1])
    }

    @Test(
        "Patterns choose by the start of a name, by a whole name, or by labels",
        arguments: [
            (["http_"], ["http_a_total", "http_b"]), (["http_b", "proc"], ["http_b", "process_x{k=\"v\"}"]),
            (["*_total"], ["http_a_total"]), (["http_?"], ["http_b"]), (["*x{k=\"v\"*"], ["process_x{k=\"v\"}"]),
            (["process_x{k=\"v"], ["process_x{k=\"v\"}"]), (["*"], ["http_a_total", "http_b", "process_x{k=\"v\"}"]),
            (["nothing"], []),
            (["h*b*"], ["http_b"]),
        ]
    )
    func patterns(_ patterns: [String], _ kept: [String]) {
        let text = "http_a_total 1\nhttp_b 1\nprocess_x{k=\"v\"} 1\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\n"
        var tracker = ScrapeTracker(patterns: patterns.map { ScrapePattern($0) })
        _ = tracker.read(Array(text.utf8), at: 0)
        #expect(read(&tracker, text, at: 1).map(\.series) == kept)
    }

    @Test("Buckets are kept where a pattern names them")
    func buckets() {
        var tracker = ScrapeTracker(patterns: [ScrapePattern("h_bucket")])
        let text = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\n"
        _ = tracker.read(Array(text.utf8), at: 0)
        #expect(read(&tracker, text, at: 1).map(\.series) == [#"h_bucket{le="1"}"#, #"h_bucket{le="+Inf"}"#])
    }

    @Test("Readings of one second are one: counters add up, gauges have the last value, means weigh")
    func merging() {
        let first = [
            ScrapedRow(series: "c", kind: .counter, value: 3, seconds: 1, isNews: true),
            ScrapedRow(series: "g", kind: .gauge, value: 1, isNews: true),
            ScrapedRow(series: "m", kind: .mean, value: 1, seconds: 1, weight: 3, isNews: true),
        ]
        let second = [
            ScrapedRow(series: "c", kind: .counter, value: 0, seconds: 1, isNews: false),
            ScrapedRow(series: "g", kind: .gauge, value: 2, isNews: true),
            ScrapedRow(series: "m", kind: .mean, value: 5, seconds: 1, weight: 1, isNews: true),
        ]
        let merged = ScrapedRow.merged([first, second])
        #expect(merged.map(\.value) == [3, 2, 2])
        #expect(merged[0].rate == 1.5)
        #expect(merged[2].weight == 4)
        #expect(ScrapedRow.merged([]) == [])
    }
}
