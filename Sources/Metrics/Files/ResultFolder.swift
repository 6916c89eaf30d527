import Foundation

/// The files of one run, in one folder.
///
/// run.json comes first; timeline.csv, latency.hlog and loops.csv grow while the run goes on; the rest is written at its
/// end in one piece each. A write that fails is noted in `problems`, and the run goes on.
package final class ResultFolder {
    package let directory: String

    private let redactor: Redactor
    private let timeline: ResultFile
    private let timelineRows: TimelineFile
    private let loops: ResultFile
    private let loopRows: LoopsFile
    private let histograms: ResultFile
    /// Nil once it has failed.
    private var histogramLines: HistogramLogFile?
    private var files: ReportFiles
    private var failures: [String] = []

    /// Makes the folder, where there is none, and the growing files.
    ///
    /// - Parameter plannedSeconds: how long the run is meant to go on; latency.hlog is coarser in a long one.
    /// - Throws: what the file system says where the folder cannot be made.
    package init(directory: String, table: MetricTable, redactor: Redactor, plannedSeconds: Double = 0) throws {
        self.directory = directory
        self.redactor = redactor
        files = ReportFiles(directory: directory)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // What an earlier run left must not stand beside what this one measures, should it be killed.
        files.remove()
        timeline = ResultFile(path: directory + "/timeline.csv", header: TimelineFile.header)
        timelineRows = TimelineFile(table: table, redactor: redactor)
        loops = ResultFile(path: directory + "/loops.csv", header: LoopsFile.header)
        loopRows = LoopsFile(redactor: redactor)
        histograms = ResultFile(path: directory + "/latency.hlog", header: "")
        histogramLines = try HistogramLogFile(table: table, plannedSeconds: plannedSeconds)
    }

    /// Writes run.json: scenario, target, load, seed, options, versions, machine.
    package func writeRun(_ run: RunFile) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        files.write("run.json") {
            String(decoding: try encoder.encode(run.redacted(by: redactor)), as: UTF8.self) + "\n"
        }
    }

    /// Adds a second to timeline.csv and latency.hlog, and writes out what the growing files have.
    package func append(_ second: TimelineSecond) {
        timeline.append(timelineRows.rows(of: second))
        appendHistograms { try $0.lines(of: second) }
        flush()
    }

    private func appendHistograms(_ lines: (inout HistogramLogFile) throws -> String) {
        // Taken out meanwhile, so that what it gathers is not copied.
        guard var file = histogramLines.take() else { return }
        do {
            histograms.append(try lines(&file))
            histogramLines = file
        } catch {
            failures.append("Cannot write \(histograms.path) any further: \(error)")
        }
    }

    /// Adds a loop to loops.csv; it is written out with `flush` or the next second.
    package func append(_ loop: LoopLine) {
        loops.append(loopRows.row(of: loop))
    }

    /// Writes out what has been added.
    package func flush() {
        timeline.flush()
        histograms.flush()
        loops.flush()
    }

    /// Writes everything that is known at the end only, and closes the growing files.
    package func finish(_ summary: RunSummary) {
        appendHistograms { try $0.rest() }
        timeline.close()
        histograms.close()
        loops.close()
        let directory = directory
        files.write(SummaryFile(summary, redactor: redactor), run: storedRun) {
            let stored = try StoredRun(directory: directory)
            return ReportPage(
                stored,
                log: try? LogTotals(path: directory + "/latency.hlog", from: stored.run.warmupSeconds)
            )
        }
    }

    /// run.json as it can be read again, for what is made from it.
    private var storedRun: RunFile? {
        do throws(StoredRunError) {
            return try StoredRun.run(in: directory)
        } catch {
            failures.append("\(error.message); junit.xml is without the seed and the host")
            return nil
        }
    }

    /// What could not be written, as sentences.
    package var problems: [String] {
        files.failures + failures
            + [timeline.failure, loops.failure, histograms.failure].compactMap { $0 }
    }

    /// The files that are there, in the order of writing.
    package var paths: [String] {
        files.written + [timeline, loops, histograms].filter { $0.failure == nil }.map(\.path)
    }

    /// The text of summary.json, for `--json`.
    package static func summaryJSON(_ summary: RunSummary, redactor: Redactor) throws -> String {
        try SummaryFile(summary, redactor: redactor).text()
    }
}
