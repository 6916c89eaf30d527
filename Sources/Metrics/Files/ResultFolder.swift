import Foundation

/// The files of one run, in one folder.
///
/// run.json comes first, timeline.csv and loops.csv grow while the run goes on, the rest is written at its end in one
/// piece each. A write that fails is noted in `problems`, and the run goes on.
package final class ResultFolder {
    package let directory: String

    private let redactor: Redactor
    private let timeline: ResultFile
    private let timelineRows: TimelineFile
    private let loops: ResultFile
    private let loopRows: LoopsFile
    private var failures: [String] = []
    private var written: [String] = []

    /// Makes the folder, where there is none, and the growing files.
    ///
    /// - Throws: what the file system says where the folder cannot be made.
    package init(directory: String, table: MetricTable, redactor: Redactor) throws {
        self.directory = directory
        self.redactor = redactor
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        timeline = ResultFile(path: directory + "/timeline.csv", header: TimelineFile.header)
        // An earlier run of the folder may have been a replay.
        try? FileManager.default.removeItem(atPath: directory + "/deviations.csv")
        timelineRows = TimelineFile(table: table, redactor: redactor)
        loops = ResultFile(path: directory + "/loops.csv", header: LoopsFile.header)
        loopRows = LoopsFile(redactor: redactor)
    }

    /// Writes run.json: scenario, target, load, seed, options, versions, machine.
    package func writeRun(_ description: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        write("run.json") {
            redactor.applyToValues(ofJSON: String(decoding: try encoder.encode(description), as: UTF8.self)) + "\n"
        }
    }

    /// Adds a second to timeline.csv, and writes out what both growing files have.
    package func append(_ second: TimelineSecond) {
        timeline.append(timelineRows.rows(of: second))
        flush()
    }

    /// Adds a loop to loops.csv; it is written out with `flush` or the next second.
    package func append(_ loop: LoopLine) {
        loops.append(loopRows.row(of: loop))
    }

    /// Writes out what has been added.
    package func flush() {
        timeline.flush()
        loops.flush()
    }

    /// Writes everything that is known at the end only, and closes the growing files.
    package func finish(_ summary: RunSummary) {
        timeline.close()
        loops.close()
        write("latency.csv") { LatencyFile(summary: summary).text }
        write("counters.csv") { CountersFile(summary: summary, redactor: redactor).text }
        if let deviations = DeviationsFile(summary: summary, redactor: redactor).text {
            write("deviations.csv") { deviations }
        }
        write("errors.csv") { ErrorsFile(summary: summary, redactor: redactor).text }
        write("summary.json") { try SummaryFile(summary, redactor: redactor).text() }
    }

    /// What could not be written, as sentences.
    package var problems: [String] {
        failures + [timeline.failure, loops.failure].compactMap { $0 }
    }

    /// The files that are there, in the order of writing.
    package var paths: [String] {
        written + [timeline, loops].filter { $0.failure == nil }.map(\.path)
    }

    /// The text of summary.json, for `--json`.
    package static func summaryJSON(_ summary: RunSummary, redactor: Redactor) throws -> String {
        try SummaryFile(summary, redactor: redactor).text()
    }

    private func write(_ name: String, _ text: () throws -> String) {
        let path = directory + "/" + name
        do {
            try Data(try text().utf8).write(to: URL(filePath: path), options: .atomic)
            written.append(path)
        } catch {
            failures.append("Cannot write \(path): \(error.localizedDescription)")
        }
    }
}
