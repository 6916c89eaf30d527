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
        var reader = HistogramLogReader(data: Data(try Self.log(of: sample).utf8))
        let written = clock.now
        let log = LogTotals(&reader, from: 0)
        #expect(log.damagedLines == 0 && log.end == 3600)
        let summed = clock.now
        let html = ReportPage(run, log: log).html
        print(
            "an hour: timeline in \(read - begin), log in \(summed - written), page of \(html.utf8.count) bytes in "
                + "\(clock.now - summed)"
        )
        #expect(html.utf8.count < 1_000_000)
        #expect(html.utf8.count > 200_000)
        let page = PageReading(html)
        #expect(page.problems.isEmpty)
        let timelines = try #require(html.components(separatedBy: "<h2 id=\"distributions\"").first)
        try #require(timelines.utf8.count < html.utf8.count)
        var shown = 0
        for (place, name) in sample.operations.enumerated() {
            guard timelines.contains("<span class=\"title\"><bdi>\(name) plain</bdi>") else { continue }
            shown += 1
            let second = sample.worstSecond(place)
            let p99 = sample.p99(place, second: second)
            let value = ValueText.time(microseconds: p99 * 1000)
            #expect(page.text.contains("Worst second: p99 \(value) at \(ClockText.text(Double(second)))"))
            #expect(html.contains(",\(ChartUnit.encoded(p99)),"), "it is among the values of the chart too")
        }
        #expect(shown >= TimelineSection.openLimit)
        #expect(page.text.contains("Each point is 9 s; extremes are kept"))
        #expect(page.anchors.contains("distributions"))
    }

    /// Each time of each group with a thousand samples a minute, over three decades; the lines are few, that the test is quick.
    private static func log(of sample: StoredSample) throws -> String {
        var encoder = try HistogramPayload.Encoder()
        var random = SeededGenerator(seed: 1)
        let lines = try (0..<10).map { _ in
            var histogram = Histogram()
            for _ in 0..<1000 { histogram.record(random.value(upTo: 17)) }
            let payload = try encoder.payload(histogram).base64EncodedString()
            return "\(Double(histogram.max) / 1000),\(payload)\n"
        }
        var text = ""
        for start in stride(from: 0, to: sample.seconds, by: 600) {
            for (place, name) in sample.operations.enumerated() {
                for group in sample.groups {
                    for kind in ["", ".service"] {
                        let tag = HistogramTag(group: group, metric: "\(name) plain\(kind)").field
                        text += "\(tag),\(start).000,600.000,\(lines[(place + start) % lines.count])"
                    }
                }
            }
        }
        return text
    }
}
