import Foundation
import Testing

@testable import Metrics

@Suite("Report page of a long run")
struct ReportSizeEndToEndTests {
    @Test(
        "an hour of 60 metrics in several groups stays below a megabyte, and the worst second of each series is in it"
    )
    func hour() throws {
        var sample = StoredSample(seconds: 3600, groups: ["visitor", "dashboard"])
        sample.operations = (1...57).map { "operation \($0)" }
        sample.faults = 30
        sample.scrapes = (1...40).map { "scrape:metric_\($0){instance=\"server-\($0)\"}" }
        let clock = ContinuousClock()
        let begin = clock.now
        let run = try sample.stored()
        let read = clock.now
        let html = ReportPage(run, log: nil).html
        print("an hour: read in \(read - begin), page of \(html.utf8.count) bytes in \(clock.now - read)")
        #expect(html.utf8.count < 1_000_000)
        #expect(html.utf8.count > 200_000)
        let page = PageReading(html)
        #expect(page.problems.isEmpty)
        var shown = 0
        for (place, name) in sample.operations.enumerated() {
            guard html.contains("<span class=\"title\"><bdi>\(name) plain</bdi>") else { continue }
            shown += 1
            let second = sample.worstSecond(place)
            let p99 = sample.p99(place, second: second)
            let value = ValueText.time(microseconds: p99 * 1000)
            #expect(page.text.contains("Worst second: p99 \(value) at \(ClockText.text(Double(second)))"))
            #expect(html.contains(",\(ChartUnit.encoded(p99)),"), "it is among the values of the chart too")
        }
        #expect(shown >= TimelineSection.openLimit)
        #expect(page.text.contains("Each point is 9 s; extremes are kept"))
    }
}
