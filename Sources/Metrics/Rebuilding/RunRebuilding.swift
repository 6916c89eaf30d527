import Foundation

/// Writes again what a run writes at its end, from what stands in its folder.
///
/// Of a run that came to its end everything follows from summary.json. Of one that did not, such as one that was killed, and of
/// one whose summary is damaged, it is added up again from timeline.csv, latency.hlog, loops.csv and run.json, and
/// summary.json is made with it.
package struct RunRebuilding: Sendable {
    package let summary: SummaryFile
    /// The paths of the files that were written.
    package let written: [String]
    /// What could not be written or read, as sentences.
    package let problems: [String]

    /// Whether the run did not come to its end, or its summary was damaged.
    package var wasRebuilt: Bool { summary.rebuilt == true }

    /// - Throws: `StoredRunError` where the folder holds no results that can be read.
    package init(directory: String) throws(StoredRunError) {
        let stored = try StoredRun(directory: directory)
        var problems = stored.problems
        let log: LogTotals?
        if let summary = stored.summary, summary.rebuilt != true {
            log = Self.log(of: stored, &problems) { _ in }
            self.summary = summary
        } else {
            var totals = try Self.totals(of: stored)
            log = Self.log(of: stored, &problems) { totals.add($0) }
            totals.add(stored.timeline, end: log?.end)
            let loops = Self.loops(of: stored, &problems)
            let notes = RebuiltNotes(stored: stored, logEnd: log?.end, problems: problems, totals: totals)
            self.summary = SummaryFile(Self.summary(of: stored, totals, loops, notes), redactor: Redactor())
        }
        var files = ReportFiles(directory: directory)
        let summary = summary
        files.write(summary, run: stored.run) { ReportPage(stored.with(summary), log: log) }
        written = files.written
        self.problems = files.failures + problems
    }

    /// The log; nil where it cannot be read.
    private static func log(
        of stored: StoredRun,
        _ problems: inout [String],
        each: (HistogramLog.Interval) -> Void
    ) -> LogTotals? {
        let path = "\(stored.directory)/latency.hlog"
        do {
            var reader = try HistogramLogReader(path: path)
            let log = LogTotals(&reader, from: stored.run.warmupSeconds, each: each)
            if log.damagedLines > 0 { problems.append(StoredRun.damage(log.damagedLines, "line", of: path)) }
            return log
        } catch let error as StoredRunError {
            problems.append(error.message)
        } catch {
            problems.append("\(path) cannot be read: \(error.localizedDescription)")
        }
        return nil
    }

    /// The tasks that did not complete; none where the file cannot be read.
    private static func loops(of stored: StoredRun, _ problems: inout [String]) -> LoopTally {
        let path = "\(stored.directory)/loops.csv"
        do {
            let loops = try StoredLoops(path: path)
            if loops.damagedRows > 0 { problems.append(StoredRun.damage(loops.damagedRows, "row", of: path)) }
            return loops.tally
        } catch {
            problems.append("\(path) cannot be read: \(error.localizedDescription)")
            return LoopTally()
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

    private static func summary(
        of stored: StoredRun,
        _ rebuilt: RebuiltTotals,
        _ loops: LoopTally,
        _ notes: RebuiltNotes
    ) -> RunSummary {
        let run = stored.run
        var summary = RunSummary(
            scenario: run.scenario,
            target: run.targets.joined(separator: ", "),
            startEpochMilliseconds: run.startEpochMilliseconds,
            seconds: rebuilt.end,
            totals: rebuilt.totals,
            checks: run.parsedChecks?.compactMap(\.check) ?? [],
            loops: loops,
            generatorOnlyWarns: run.generatorOnlyWarns ?? false,
            wasRebuilt: true,
            summaryWasLost: notes.isSummaryLost,
            targetWasNeverReached: rebuilt.targetWasNeverReached,
            faults: RebuiltFaults(stored, until: rebuilt.end).marks,
            notes: notes.all
        )
        summary.checks = RebuiltChecks(written: run.parsedChecks ?? [], totals: rebuilt).results
        return summary
    }
}
