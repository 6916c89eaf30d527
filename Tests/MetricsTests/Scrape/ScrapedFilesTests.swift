import Foundation
import Testing

@testable import Metrics

@Suite("Scraped series in the files of a run")
struct ScrapedFilesTests {
    private var rows: [ScrapedRow] {
        [
            ScrapedRow(series: "a_total{x=\"1,2\"}", kind: .counter, value: 30, seconds: 2, isNews: true),
            ScrapedRow(series: "b_total", kind: .counter, value: 0, seconds: 1, isNews: false),
            ScrapedRow(series: "seconds_total", kind: .counter, value: 0.000125, seconds: 1, isNews: true),
            ScrapedRow(series: "temperature", kind: .gauge, value: -0.5, isNews: true),
            ScrapedRow(series: "bytes", kind: .gauge, value: 12_345_678_901, isNews: true),
            ScrapedRow(series: "same", kind: .gauge, value: 1, isNews: false),
            ScrapedRow(series: "h:mean", kind: .mean, value: 0.0001234, seconds: 1, weight: 4, isNews: true),
            ScrapedRow(series: "t{k=\"\(SampleRun.secret)\"}", kind: .gauge, value: 1, isNews: true),
        ]
    }

    @Test("The timeline has what is news, and is read again as it was written")
    func timeline() throws {
        let run = SampleRun()
        let file = TimelineFile(table: run.table, redactor: Redactor(secrets: [SampleRun.secret]))
        var second = run.seconds[1]
        second.scraped = rows
        let text = file.rows(of: second)
        let lines = text.split(separator: "\r\n").filter { $0.contains("scrape:") }
        #expect(
            lines == [
                "1,1700000001000,steady,all,\"scrape:a_total{x=\"\"1,2\"\"}\",30,15,,,,",
                "1,1700000001000,steady,all,scrape:seconds_total,0.000125,0.000125,,,,",
                "1,1700000001000,steady,all,scrape:temperature,,,,,,-0.5",
                "1,1700000001000,steady,all,scrape:bytes,,,,,,12345678901",
                "1,1700000001000,steady,all,scrape:h:mean,,,,,,0.0001234",
                "1,1700000001000,steady,all,\"scrape:t{k=\"\"[redacted]\"\"}\",,,,,,1",
            ]
        )
        let stored = StoredTimeline(bytes: Array((TimelineFile.header + text).utf8))
        let point = try #require(stored["all", "scrape:a_total{x=\"1,2\"}"].first)
        #expect(point.count == 30)
        #expect(point.rate == 15)
        #expect(stored["all", "scrape:temperature"].first?.max == -0.5)
        #expect(stored["all", "scrape:h:mean"].first?.max == 0.0001234)
    }

    @Test("The summary has each series' least, mean and greatest, after the warmup")
    func summary() throws {
        var figures = ScrapedFigures()
        func counter(_ value: Double, _ seconds: Double) -> ScrapedRow {
            ScrapedRow(series: "c_total", kind: .counter, value: value, seconds: seconds, isNews: value != 0)
        }
        func gauge(_ value: Double) -> ScrapedRow { ScrapedRow(series: "g", kind: .gauge, value: value, isNews: true) }
        func mean(_ value: Double, _ weight: Double) -> ScrapedRow {
            ScrapedRow(series: "h:mean", kind: .mean, value: value, seconds: 1, weight: weight, isNews: true)
        }
        let still = ScrapedRow(series: "still_total", kind: .counter, value: 0, seconds: 1, isNews: false)
        figures.add([counter(1000, 1), gauge(99)], isWarmup: true)
        figures.add([counter(10, 1), gauge(1), mean(1, 3), still], isWarmup: false)
        figures.add([counter(0, 1), gauge(4), mean(5, 1)], isWarmup: false)
        // The end of the run: a tenth of a second is no measure of a rate.
        figures.add([counter(5, 0.1), gauge(1)], isWarmup: false)
        var summary = SampleRun().summary
        summary.scraped = figures
        let file = try JSONDecoder().decode(
            SummaryFile.self,
            from: Data(ResultFolder.summaryJSON(summary, redactor: Redactor()).utf8)
        )
        let lines = try #require(file.scraped)
        #expect(lines.map(\.series) == ["c_total", "g", "h:mean"])
        #expect(lines.map(\.kind) == ["counter", "gauge", "mean"])
        #expect(lines.map(\.readings) == [3, 3, 2])
        #expect(lines.map(\.min) == [0, 1, 1])
        #expect(lines.map(\.max) == [10, 4, 5])
        #expect(lines.map(\.mean) == [7.14285714, 2, 2])
        #expect(lines.map(\.increase) == [15, nil, nil])
    }

    @Test("Where no server was asked, the summary says nothing of it")
    func nobody() throws {
        #expect(try !ResultFolder.summaryJSON(SampleRun().summary, redactor: Redactor()).contains("scraped"))
    }
}
