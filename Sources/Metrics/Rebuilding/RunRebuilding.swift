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
        let log: Log
        if let summary = stored.summary, summary.rebuilt != true {
            log = Self.log(of: stored) { _ in }
            self.summary = summary
        } else {
            var totals = try Self.totals(of: stored)
            log = Self.log(of: stored) { totals.add($0) }
            totals.add(stored.timeline, end: log.value?.end)
            let summary = Self.summary(of: stored, totals, log)
            self.summary = SummaryFile(summary, redactor: Redactor())
        }
        var files = ReportFiles(directory: directory)
        let summary = summary
        files.write(summary, run: stored.run) { ReportPage(stored.with(summary), log: log.value) }
        written = files.written
        problems = files.failures + [log.problem].compactMap(\.self)
    }

    /// The log, and a sentence where it or a part of it cannot be read.
    private typealias Log = (value: LogTotals?, problem: String?)

    private static func log(of stored: StoredRun, each: (HistogramLog.Interval) -> Void) -> Log {
        let path = "\(stored.directory)/latency.hlog"
        do {
            var reader = try HistogramLogReader(path: path)
            let log = LogTotals(&reader, from: stored.run.warmupSeconds, each: each)
            guard log.damagedLines > 0 else { return (log, nil) }
            let lines = log.damagedLines == 1 ? "1 line" : "\(ValueText.grouped(log.damagedLines)) lines"
            return (log, "\(lines) of \(path) cannot be read and were left out")
        } catch let error as StoredRunError {
            return (nil, error.message)
        } catch {
            return (nil, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Totals of a run, without anything in them so far.
    private static func totals(of stored: StoredRun) throws(StoredRunError) -> RebuiltTotals {
        guard let measured = stored.run.measured, stored.run.parsedChecks != nil else {
            throw StoredRunError(
                "\(stored.directory) holds a run without its end by another version of Reprise, which did not write down "
                    + "what is needed to make it up"
            )
        }
        return RebuiltTotals(stored.run, measured)
    }

    private static func summary(of stored: StoredRun, _ rebuilt: RebuiltTotals, _ log: Log) -> RunSummary {
        let run = stored.run
        let loops = try? StoredLoops(path: "\(stored.directory)/loops.csv")
        return RunSummary(
            scenario: run.scenario,
            target: run.targets.joined(separator: ", "),
            startEpochMilliseconds: run.startEpochMilliseconds,
            seconds: rebuilt.end,
            totals: rebuilt.totals,
            checks: run.parsedChecks?.compactMap(\.check) ?? [],
            loops: loops?.tally ?? LoopTally(),
            generatorOnlyWarns: run.generatorOnlyWarns ?? false,
            wasRebuilt: true,
            targetWasNeverReached: rebuilt.targetWasNeverReached,
            faults: RebuiltFaults(stored, until: rebuilt.end).marks,
            notes: RebuiltNotes(stored: stored, logEnd: log.value?.end, problem: log.problem, totals: rebuilt).all
        )
    }
}
