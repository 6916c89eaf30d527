import Foundation

/// What is written at the end of a run, and again by `reprise report`: everything that follows from its summary.
///
/// summary.json comes first, so that all the others can be made again from it whenever the writing is cut short; the page
/// is made of the files, and so comes last.
struct ReportFiles {
    /// All that can be there, in the order of writing.
    static let names = [
        "summary.json", "latency.csv", "counters.csv", "errors.csv", "deviations.csv", "junit.xml", "report.html",
    ]

    let directory: String
    /// The paths of the files that are there.
    private(set) var written: [String] = []
    /// What could not be written, as sentences.
    private(set) var failures: [String] = []

    init(directory: String) {
        self.directory = directory
    }

    /// Takes away what an earlier run has left, its run.json too.
    func remove() {
        for name in ["run.json"] + Self.names { try? FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
    }

    /// - Parameters:
    ///   - run: What stands in run.json; nil where that cannot be read.
    ///   - page: Reads what the page is made of, when the other files are there.
    mutating func write(_ summary: SummaryFile, run: RunFile?, page: () throws -> ReportPage) {
        write("summary.json") { try summary.text() }
        write("latency.csv") { LatencyFile(summary: summary).text }
        write("counters.csv") { CountersFile(summary: summary).text }
        write("errors.csv") { ErrorsFile(summary: summary).text }
        if let deviations = DeviationsFile(summary: summary).text { write("deviations.csv") { deviations } }
        write("junit.xml") { JUnitFile(summary: summary, run: run).text }
        write("report.html") { try page().html }
    }

    /// Writes one file in one piece.
    mutating func write(_ name: String, _ text: () throws -> String) {
        let path = directory + "/" + name
        do {
            try Data(try text().utf8).write(to: URL(filePath: path), options: .atomic)
            written.append(path)
        } catch {
            let reason = (error as? StoredRunError)?.message ?? error.localizedDescription
            failures.append("Cannot write \(path): \(reason)")
        }
    }
}
