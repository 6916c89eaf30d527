import Foundation

/// Writes again what a run writes at its end, from what stands in its folder.
///
/// Of a run that came to its end everything follows from summary.json. Of one that did not, such as one that was killed,
/// it is added up again from timeline.csv, latency.hlog, loops.csv and run.json, and summary.json is made with it.
package struct RunRebuilding: Sendable {
    package let summary: SummaryFile
    /// The paths of the files that were written.
    package let written: [String]
    /// What could not be written or read, as sentences.
    package let problems: [String]

    /// Whether the run did not come to its end.
    package var wasRebuilt: Bool { summary.rebuilt == true }

    /// - Throws: `StoredRunError` where the folder holds no results that can be read.
    package init(directory: String) throws(StoredRunError) {
        let stored = try StoredRun(directory: directory)
        let log = Self.log(in: directory)
        if let summary = stored.summary, summary.rebuilt != true {
            self.summary = summary
        } else {
            let summary = try Self.summary(of: stored, log.value, problem: log.problem)
            self.summary = SummaryFile(summary, redactor: Redactor())
        }
        var files = ReportFiles(directory: directory)
        files.write(summary, run: stored.run)
        written = files.written
        problems = files.failures + [log.problem].compactMap(\.self)
    }

    /// The log, and a sentence where it or a part of it cannot be read.
    private static func log(in directory: String) -> (value: HistogramLog?, problem: String?) {
        let path = "\(directory)/latency.hlog"
        do {
            let log = try HistogramLog(path: path)
            guard log.damagedLines > 0 else { return (log, nil) }
            let lines = log.damagedLines == 1 ? "1 line" : "\(ValueText.grouped(log.damagedLines)) lines"
            return (log, "\(lines) of \(path) cannot be read and were left out")
        } catch let error as StoredRunError {
            return (nil, error.message)
        } catch {
            return (nil, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    private static func summary(
        of stored: StoredRun,
        _ log: HistogramLog?,
        problem: String?
    ) throws(StoredRunError) -> RunSummary {
        let run = stored.run
        guard let measured = run.measured, let parsed = run.parsedChecks else {
            throw StoredRunError(
                "\(stored.directory) holds a run without its end by another version of Reprise, which did not write down "
                    + "what is needed to make it up"
            )
        }
        let rebuilt = RebuiltTotals(stored, measured, log)
        let loops = try? StoredLoops(path: "\(stored.directory)/loops.csv")
        return RunSummary(
            scenario: run.scenario,
            target: run.targets.joined(separator: ", "),
            startEpochMilliseconds: run.startEpochMilliseconds,
            seconds: rebuilt.end,
            totals: rebuilt.totals,
            checks: parsed.compactMap(\.check),
            loops: loops?.tally ?? LoopTally(),
            generatorOnlyWarns: run.generatorOnlyWarns ?? false,
            wasRebuilt: true,
            targetWasNeverReached: rebuilt.targetWasNeverReached,
            faults: RebuiltFaults(stored, until: rebuilt.end).marks,
            notes: RebuiltNotes(stored: stored, log: log, problem: problem, totals: rebuilt).all
        )
    }
}
