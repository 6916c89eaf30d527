/// report.html: everything that people want to know of a run, on one page that needs nothing else.
///
/// It is made from the files of the run's folder alone, so that it can be made again at any time.
package struct ReportPage: Sendable {
    private let figures: ReportFigures
    private let log: LogTotals?

    /// What the page may take, and of that the charts of distributions.
    private static let pageBytes = 980_000
    private static let distributionBytes = 130_000

    /// - Parameter log: latency.hlog; without it the page has no distributions.
    package init(_ run: StoredRun, log: LogTotals?) {
        figures = ReportFigures(run)
        self.log = log
    }

    /// The file's text.
    package var html: String {
        let run = figures.run.run
        let sections = sections.filter { !$0.body.isEmpty }
        let contents = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" as HTMLText }
        let body: HTMLText = """
            <main class="page">
            <p class="muted">Load test report</p>
            <h1>\(HTMLText.name(ReportText.cut(run.scenario, 300)))</h1>
            \(run.description.map { "<p>\($0)</p>\n" as HTMLText })\(VerdictSection(figures: figures).html)
            <nav class="contents" aria-label="Contents"><ul>
            \(contents.joined())</ul></nav>
            \(sections.map(\.html).joined())
            <footer class="muted"><p>Made by Reprise \(run.versions["reprise"] ?? "") from the files beside this page: \
            <code>run.json</code>, <code>summary.json</code>, <code>timeline.csv</code>, <code>latency.hlog</code>.</p></footer>
            </main>
            """
        let word = figures.summary.map { $0.verdict.passed ? "passed" : "failed" } ?? "not finished"
        return HTMLDocument(
            title: "\(ReportText.cut(run.scenario, 80)): \(word)",
            style: ChartStyle.text,
            script: ReportScript.text,
            body: body
        ).html
    }

    /// In the order of the page; the timelines get what room the others leave.
    private var sections: [ReportSection] {
        let connections = ConnectionSection(figures: figures)
        var shapeRoom = PageRoom(Self.distributionBytes)
        let before = [
            ChecksSection(figures: figures).section, SetupSection(figures: figures).section,
            PercentileSection(figures: figures).section,
        ]
        let after = [
            log.map { DistributionSection(figures: figures, log: $0).section(&shapeRoom) },
            StreamSection(figures: figures).section, TaskSection(figures: figures).section,
            RoomSection(figures: figures).section, connections.reconnects, connections.backpressure,
            FaultSection(figures: figures).section, ReplaySection(figures: figures).section,
            ErrorSection(figures: figures).section, GeneratorSection(figures: figures).section,
            ReproduceSection(figures: figures).section,
        ].compactMap(\.self)
        let frame = PageStyle.text.utf8.count + ChartStyle.text.utf8.count + ReportScript.text.utf8.count + 10_000
        let taken = (before + after).reduce(frame) { $0 + $1.body.markup.utf8.count }
        var room = PageRoom(Self.pageBytes - taken)
        let timelines = TimelineSection(figures: figures, axis: TimeAxis(figures.run)).section(&room)
        return before + [timelines] + after
    }
}
