import Foundation
import Testing

@testable import Metrics

@Suite("junit.xml")
struct JUnitFileTests {
    private static let names = CheckNames(measures: ["join"], streams: ["answer"])

    /// A run whose totals are the sample's.
    private static func summary(
        _ checks: [Check],
        change: (inout RunSummary) -> Void = { _ in }
    ) -> SummaryFile {
        let run = SampleRun(checks: checks)
        var summary = run.summary
        change(&summary)
        return SummaryFile(summary, redactor: Redactor(secrets: [SampleRun.secret]))
    }

    /// The elements of a kind with the names of their cases.
    private static func cases(_ text: String, with element: String) -> [String] {
        let parts = text.components(separatedBy: "<testcase ").dropFirst()
        return parts.filter { $0.contains("<\(element) ") }.compactMap { part in
            part.components(separatedBy: " name=\"").dropFirst().first.map { String($0.prefix { $0 != "\"" }) }
        }
    }

    @Test("every outcome has its element, and the counts are those of the elements")
    func outcomes() throws {
        let checks = try [
            ("join.p50 < 1s", false), ("join.p90 < 1ms", false), ("heartbeat.rtt.p50 < 1s", false),
            ("heartbeat.late.p50 < 1s", true), ("stream.missing == 0", true),
        ].map { try Check.parse($0.0, isOptional: $0.1, names: Self.names) }
        let text = JUnitFile(summary: Self.summary(checks), run: nil).text
        #expect(
            Self.cases(text, with: "failure") == [
                "join.p90 &lt; 1ms", "heartbeat.rtt.p50 &lt; 1s", "stream.missing == 0",
            ]
        )
        #expect(Self.cases(text, with: "skipped") == ["heartbeat.late.p50 &lt; 1s"])
        #expect(Self.cases(text, with: "error").isEmpty)
        #expect(text.contains(#"tests="8" failures="3" errors="0" skipped="1" time="3.250""#))
        #expect(text.contains(#"<failure type="check" message="it was 11.1 ms">it was 11.1 ms</failure>"#))
        #expect(text.contains(#"<failure type="no data" message="no data: nothing was measured"#))
        Golden.expect(text, equals: "3-junit.xml")
    }

    @Test("a run that must not be trusted has an error, whatever its checks say")
    func errors() throws {
        let checks = [try Check.parse("join.p50 < 1s", names: Self.names)]
        let bottleneck = Self.summary(checks) {
            $0.generator = GeneratorVerdict(isBottleneck: true, reasons: ["It was <late>."], warnings: ["Warm & hot."])
        }
        let text = JUnitFile(summary: bottleneck, run: nil).text
        #expect(Self.cases(text, with: "error") == ["generator"])
        #expect(text.contains("the figures are not to be trusted: It was &lt;late&gt;.</error>"))
        #expect(text.contains("<system-err>Warm &amp; hot.</system-err>"))
        #expect(text.contains(#"failures="0" errors="1""#))
        let unreached = JUnitFile(summary: Self.summary(checks) { $0.targetWasNeverReached = true }, run: nil).text
        #expect(Self.cases(unreached, with: "error") == ["target"])
        for change in [{ $0.wasInterrupted = true }, { $0.wasRebuilt = true }] as [(inout RunSummary) -> Void] {
            let text = JUnitFile(summary: Self.summary(checks, change: change), run: nil).text
            #expect(Self.cases(text, with: "error") == ["run"])
        }
    }

    @Test("a check that ended the run has failed, even where its value has recovered")
    func ended() throws {
        let good = [try Check.parse("join.p50 < 1s", names: Self.names)]
        let recovered = JUnitFile(summary: Self.summary(good) { $0.wasEndedByCheck = true }, run: nil).text
        #expect(Self.cases(recovered, with: "failure") == ["run"])
        let bad = [try Check.parse("join.p50 < 1ms", names: Self.names)]
        let failed = JUnitFile(summary: Self.summary(bad) { $0.wasEndedByCheck = true }, run: nil).text
        #expect(Self.cases(failed, with: "failure") == ["join.p50 &lt; 1ms"])
    }

    @Test("what run.json knows stands in it")
    func run() {
        let run = SampleRun().file()
        let text = JUnitFile(summary: Self.summary([]), run: run).text
        #expect(text.contains(#"hostname="box""#))
        #expect(text.contains(#"<property name="seed" value="42"/>"#))
        #expect(text.contains(#"<property name="reprise" value="0.1.0"/>"#))
        #expect(text.contains(#"<property name="target" value="ws://localhost:3002/?token=[redacted]"/>"#))
        #expect(text.contains(#"<property name="verdict" value="PASSED: there were no checks"/>"#))
        #expect(text.contains(#"timestamp="2023-11-14T22:13:20""#))
    }

    @Test("nothing in a text ends its element, and nothing is in it that XML does not have")
    func escaping() {
        #expect(
            XMLText.content("a<b>&\"c\"]]>\n\t\r\u{0}\u{1B}\u{FFFE}é😀")
                == "a&lt;b&gt;&amp;\"c\"]]&gt;\n\t&#13;\u{FFFD}\u{FFFD}\u{FFFD}é😀"
        )
        #expect(XMLText.tag("a", [("b", "\"<\n\t>")]) == "<a b=\"&quot;&lt;&#10;&#9;&gt;\">")
        #expect(XMLText.tag("a", [], isEmpty: true) == "<a/>")
    }
}
