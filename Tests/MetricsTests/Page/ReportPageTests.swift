import Foundation
import Testing

@testable import Metrics

@Suite("Report page")
struct ReportPageTests {
    private static let sections = [
        "checks", "setup", "percentiles", "timelines", "streams", "tasks", "rooms", "reconnects", "backpressure",
        "faults",
        "replay", "errors", "generator", "reproduce",
    ]

    /// The page of harmless names.
    private static let plain = Result {
        PageReading(ReportPage(try StoredSample(passed: false, bottleneck: true).stored(), log: nil).html)
    }

    @Test("it is whole: every element is closed, every id there once, every link leads somewhere, nothing leads out")
    func structure() throws {
        let html = ReportPage(try StoredSample().stored(), log: nil).html
        let page = PageReading(html)
        #expect(page.problems.isEmpty)
        #expect(page.anchors == Self.sections)
        #expect(page.elements["h1"] == 1)
        #expect(page.elements["script"] == 1)
        #expect(!html.contains("http-equiv=\"refresh\"") && !html.contains(" src=") && !html.contains("url("))
        #expect(html.contains("default-src 'none'"))
        // Links to places that a script or a style would fetch.
        #expect(html.components(separatedBy: "http://").count == 2, "the namespace of SVG alone")
        #expect(!html.contains("https://"))
    }

    @Test("what is in the files is in the page")
    func content() throws {
        let text = PageReading(ReportPage(try StoredSample(passed: false).stored(), log: nil).html).text
        let expected = [
            "Failed", "exit code 99", "1 of 1 check failed plain", "✗ failed", "visitor/join plain.p99 < 1s", "< 1 s",
            "25 %", "100 of 400", "5,000 in all", "Described: plain.", "ws://localhost/plain",
            "2026-01-31 09:05:00.000 UTC",
            "0 → 100 clients", "5 arrivals/s", "at most 9 clients at once", "Something to note: plain.",
            "join plain.service",
            "1,000", "runaway", "click → plain", "said plain",
            "0001-plain.rec.jsonl",
            "--seed 42", "'X: it'\\''s'", "TARGET_plain", "Worst second: p99", "it said plain", "✗ exit code 1",
            "mine plain",
            "! The generator: A thread was busy plain.",
        ]
        for part in expected { #expect(text.contains(part), "\(part)") }
    }

    @Test(
        "names of others stay texts, wherever they stand",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)", "]]></svg><p>",
            "--><!--",
            "</style></script>", "\u{202E}gpj\u{2066}", "שלום", "&lt;b&gt;", String(repeating: "long", count: 75),
            "`code` \\(x) ${y}",
        ]
    )
    func hostileNames(word: String) throws {
        let sample = StoredSample(word: word, passed: false, bottleneck: true)
        let page = PageReading(ReportPage(try sample.stored(), log: nil).html)
        let plain = try Self.plain.get()
        #expect(page.problems.isEmpty)
        // The same elements as with a harmless name; only where a name may be broken, where it is code, and where a phase's has no
        // room, they differ.
        var (elements, expected) = (page.elements, plain.elements)
        for free in ["wbr", "code", "bdi", "text"] { (elements[free], expected[free]) = (nil, nil) }
        #expect(elements == expected)
        #expect(page.attributes == plain.attributes)
        #expect(page.ids == plain.ids)
        let shown = word.replacing("`", with: "").replacing("\u{202E}", with: "\\u{202e}").replacing(
            "\u{2066}",
            with: "\\u{2066}"
        )
        #expect(page.text.contains("Described: \(word.contains("\u{202E}") ? shown : word)"))
    }

    @Test("a generator that was the bottleneck is named first, and its reasons are told")
    func bottleneck() throws {
        let text = PageReading(ReportPage(try StoredSample(passed: false, bottleneck: true).stored(), log: nil).html)
            .text
        #expect(text.contains("Not to be trusted"))
        #expect(text.contains("The generator was the bottleneck: no figure of this page can be trusted."))
        #expect(text.contains("It was late plain."))
    }

    @Test("a report that was rebuilt says so", arguments: [true, nil])
    func rebuilt(isRebuilt: Bool?) throws {
        let page = PageReading(ReportPage(try StoredSample(isRebuilt: isRebuilt).stored(), log: nil).html)
        #expect(page.problems.isEmpty)
        #expect(page.text.contains("Rebuilt from what the run had written") == (isRebuilt == true))
    }

    @Test("a run that has not come to its end has a page too")
    func unfinished() throws {
        let page = PageReading(ReportPage(try StoredSample(isFinished: false).stored(), log: nil).html)
        #expect(page.problems.isEmpty)
        #expect(page.text.contains("not finished"))
        #expect(page.anchors == ["setup", "timelines", "reproduce"])
        #expect(page.text.contains("join plain"))
    }

    @Test("without seconds, checks, faults there is a page that leaves out what is not there")
    func empty() throws {
        var sample = StoredSample(faults: 0)
        sample.scrapes = []
        let page = PageReading(ReportPage(try sample.stored(), log: nil).html)
        #expect(page.problems.isEmpty)
        #expect(!page.ids.contains("server"))
        #expect(page.anchors.contains("faults"), "calm and fault time are told of all the same")
    }

    @Test("distributions come from the log, from the schedule beside from the send, without the warmup")
    func distributions() throws {
        var encoder = try HistogramPayload.Encoder()
        func line(_ group: String, _ metric: String, _ start: Double, _ values: [Int]) throws -> String {
            var histogram = Histogram()
            for value in values { histogram.record(value) }
            let payload = try encoder.payload(histogram).base64EncodedString()
            let max = Double(histogram.max) / 1000
            return "\(HistogramTag(group: group, metric: metric).field),\(start),1.000,\(max),\(payload)\n"
        }
        let text =
            try line("visitor", "ask plain", 0, Array(repeating: 1000, count: 900))
            + line("dashboard", "ask plain", 1, Array(repeating: 5000, count: 100))
            + line("visitor", "ask plain.service", 0, Array(repeating: 900, count: 1000))
        var (reader, later) = (HistogramLogReader(data: Data(text.utf8)), HistogramLogReader(data: Data(text.utf8)))
        let log = LogTotals(&reader, from: 0)
        try #require(log.damagedLines == 0 && log.end == 2)
        let page = PageReading(ReportPage(try StoredSample().stored(), log: log).html)
        #expect(page.problems.isEmpty)
        #expect(page.anchors.contains("distributions"))
        #expect(page.text.contains("1,000 samples; p50 1 ms, p99 5 ms, p99.9 5 ms, max 5 ms."))
        #expect(page.text.contains("from send (.service)"))
        let totals = LogTotals(&later, from: 1)
        #expect(totals[StoredTimeline.Key(group: "all", metric: "ask plain")]?.count == 100)
    }
}
