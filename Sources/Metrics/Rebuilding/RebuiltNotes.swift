/// What has to be said of figures that were made from the files of a run that did not come to its end.
struct RebuiltNotes {
    let stored: StoredRun
    /// When the log ends, in seconds of the run; nil without one.
    let logEnd: Double?
    /// What is wrong with the files, as sentences.
    let problems: [String]
    let totals: RebuiltTotals

    /// Sentences.
    var all: [String] {
        var notes = [ended, unknown]
        notes += problems
        if let behind { notes.append(behind) }
        if totals.strangeIntervals > 0 {
            notes.append(
                "latency.hlog has \(totals.strangeIntervals) lines of what the run does not measure; they were left out"
            )
        }
        if let divided { notes.append(divided) }
        if stored.run.load.contains(where: { $0.model == "clients" }) { notes.append(RunSummary.closedLoadNote) }
        return notes
    }

    /// Whether there was a summary that could not be read, now or when these files were made for the first time.
    var isSummaryLost: Bool { stored.hasDamagedSummary || stored.summary?.notes.contains(lost) == true }

    private var lost: String {
        "the run's summary was damaged; these figures are added up from its other files, and whether it came to its end is not "
            + "known"
    }

    private var ended: String {
        guard !isSummaryLost else { return lost }
        let time = ValueText.time(microseconds: totals.end * 1e6)
        return
            "the run ended before its time, such as by being killed; these figures are added up from what it had written "
            + "until then, the first \(time)"
    }

    private var unknown: String {
        var parts = ["examples of errors", "what the generator used", "how long its event loops stood still"]
        if !stored.run.faults.isEmpty { parts.append("which clients were not over a fault") }
        if totals.hadFaults { parts.append("the figures of calm time and of faults (`calm:`, `fault:`)") }
        if stored.timeline.keys.contains(where: { $0.metric.hasPrefix(StoredTimeline.scrapedPrefix) }) {
            parts.append("the summary of the server's own metrics, whose rows are in timeline.csv")
        }
        if stored.run.keepFailures > 0 { parts.append("the list of `failures`, whose files are there") }
        return "not known are " + parts.dropLast().joined(separator: ", ") + " and \(parts.last ?? "")"
            + ", and what happened after the last second that was written"
    }

    /// Where counts of a second belong to another phase than some of them were of.
    private var divided: String? {
        let phases = stored.run.load.compactMap(\.name).filter(totals.dividedPhases.contains)
        var known: Set<String> = []
        let names = phases.filter { known.insert($0).inserted }.map { "`\($0)`" }
        let whole = totals.hasDividedWarmup ? ["the whole run"] : []
        guard !(names + whole).isEmpty else { return nil }
        let of = (names.isEmpty ? [] : ["phase \(names.joined(separator: ", "))"]) + whole
        return
            "counts and their rates of \(of.joined(separator: " and of ")) are not exact: it begins or ends within a second, and "
            + "timeline.csv does not divide the counts of a second; the checks that read them have no verdict"
    }

    /// Where the timeline has seconds of which the log has nothing.
    private var behind: String? {
        guard let end = logEnd, end + 0.0006 < totals.end else { return nil }
        return
            "latency.hlog ends \(ValueText.time(microseconds: (totals.end - end) * 1e6)) before timeline.csv; the latencies of that "
            + "time are missing, its counts are not"
    }
}
