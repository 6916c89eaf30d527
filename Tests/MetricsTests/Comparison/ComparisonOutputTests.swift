import Foundation
import Testing

@testable import Metrics

@Suite struct ComparisonOutputTests {
    private let comparison: Comparison

    init() {
        var first = SyntheticRun(seed: 21)
        first.directory = "results/old"
        first.wander = 0.004
        first.width = 0.1
        first.checks = ["join.p95 < 1s"]
        var second = first
        second.seed = 22
        second.directory = "results/<new>&\"x\""
        second.offset = 0.1
        second.failuresPerSecond = 1
        second.metrics = ["join", "</title><script>alert(1)</script>"]
        comparison = Comparison(base: [first.run], new: [second.run], settings: ComparisonSettings(draws: 200))
    }

    @Test("the table fits 100 columns, with the worst at the top and the verdict at the end")
    func table() throws {
        let text = ComparisonTable(comparison, usesColours: false).text
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 100 })
        let first = try #require(lines.first { $0.contains("✗") })
        #expect(first.hasPrefix("errors.rate") || first.hasPrefix("join."))
        #expect(lines.contains { $0.hasPrefix("join.p95") && $0.hasSuffix("✗ slower") })
        #expect(
            lines.contains { $0.hasPrefix("errors.rate") && $0.contains("+3.3 pp") && $0.hasSuffix("✗ more failures") }
        )
        #expect(lines.last == "synthetic: REGRESSION: 3 slower, 2 more failures of 7 figures")
        #expect(text.contains("note: each side has one run"))
        #expect(!text.contains("\u{1B}"))
        #expect(ComparisonTable(comparison, usesColours: true).text.contains("\u{1B}[31m✗ slower"))
    }

    @Test(
        "signed parts keep what matters",
        arguments: [
            (0.0, "0"), (0.098, "+9.8"), (-0.0004, "-0.04"), (0.00001, "0"), (1.5, "+150"), (12.5, "+1,250"),
            (-0.9995, "-100"), (.infinity, "+∞"),
        ]
    )
    func signed(part: Double, text: String) {
        #expect(ComparisonText.signed(part) == text)
    }

    @Test("JSON has every figure, and is read again as it was written")
    func json() throws {
        let file = ComparisonFile(comparison)
        let text = try file.text()
        let again = try JSONDecoder().decode(ComparisonFile.self, from: Data(text.utf8))
        #expect(try again.text() == text)
        #expect(again.schema == 1)
        #expect(again.verdict.regression)
        #expect(again.verdict.exitCode == 99)
        #expect(!again.verdict.runVarianceKnown)
        #expect(again.figures.count == comparison.figures.count)
        let median = try #require(again.figures.first { $0.name == "join.p50" })
        #expect(abs(median.base - 20) < 0.5)
        #expect(median.unit == "ms")
        #expect(median.verdict == "slower")
        #expect(median.differenceKind == "relative")
        #expect(again.base.runs.first?.directory == "results/old")
        #expect(again.onlyNew == ["</title><script>alert(1)</script>"])
    }

    @Test("the page escapes what comes from files, needs no network and draws every figure")
    func page() {
        let html = ComparisonPage(comparison).html
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("<new>"))
        #expect(html.contains("results/&lt;new&gt;"))
        #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("src="))
        let rows = html.components(separatedBy: "role=\"rowheader\"").count - 1
        #expect(rows == comparison.figures.filter(\.isJudged).count)
        #expect(rows == 7)
        #expect(html.contains("◆ more failures"))
        #expect(html.contains("<strong>base</strong> = <bdi>results/old</bdi>"))
        #expect(html.contains("against <bdi>ws://localhost</bdi>"))
        #expect(
            html.contains("(<code><span class=\"option\">--base</span> A B C <span class=\"option\">--new</span> D")
        )
        #expect(html.contains("◆ slower"))
        #expect(html.components(separatedBy: "<polyline").count - 1 == 2)
        #expect(html.contains("how much runs of the same server differ"))
    }

    @Test("a figure lost in noise is cut off, and does not make the axis too long for the others")
    func reach() throws {
        var figures = comparison.figures.filter { $0.verdict == .slower }
        let plot = try #require(ForestPlot(figures, tolerance: 0.05))
        #expect(plot.reach < 0.3)
        figures = Array(repeating: figures[0], count: 8)
        let wild = Difference(value: 0.5, low: -0.9, high: 4, pValue: 0.5)
        let first = figures[0]
        figures[0] = ComparedFigure(
            group: "all",
            metric: "wild",
            statistic: .p99,
            unit: .milliseconds,
            direction: .lowerIsBetter,
            base: first.base,
            new: first.new,
            difference: wild,
            isJudged: true,
            isChecked: false,
            verdict: .noDifference,
            leastDifference: 0
        )
        let cut = try #require(ForestPlot(figures, tolerance: 0.05))
        #expect(cut.reach < 0.3)
        #expect(cut.html.markup.contains("▸") && cut.html.markup.contains("◂"))
    }
}
