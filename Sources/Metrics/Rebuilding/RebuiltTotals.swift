/// What a run measured, added up again from timeline.csv and latency.hlog.
///
/// Counts are those of the timeline and exact; but those of a second within which a phase or the warmup ends belong all to what
/// it began in, since the timeline does not divide them: `dividedPhases` have others than they had. Distributions are those of the log, whose intervals lie in one phase.
struct RebuiltTotals {
    private(set) var totals: RunTotals
    /// When the last of the seconds that are known ended, in seconds of the run.
    private(set) var end = 0.0
    /// Lines of the log whose group or metric the run does not have.
    private(set) var strangeIntervals = 0
    /// Whether a fault was on at any time, so that there were two kinds of time.
    private(set) var hadFaults = false

    /// The phases that begin or end within a second that was measured, so that their counts are not exact.
    private(set) var dividedPhases: Set<String> = []
    /// Whether the warmup ends within such a second, so that the whole run's are not.
    private(set) var hasDividedWarmup = false

    private let run: RunFile

    /// Totals without anything in them so far.
    init(_ run: RunFile, _ measured: RunFile.Measured) {
        self.run = run
        totals = RunTotals(table: MetricTable(measured, groups: run.groups), phaseNames: run.load.map(\.name))
    }

    /// Adds the timeline, when the log has been added.
    ///
    /// - Parameter end: when the log ends, in seconds of the run.
    mutating func add(_ timeline: StoredTimeline, end: Double?) {
        addTime(timeline, logEnd: end)
        for key in timeline.keys { add(timeline.series[key] ?? [], of: key) }
        if hadFaults {
            // What clients that no fault had hit measured in either time is in no file.
            totals.split = RunTotals.Split(calm: Totals(table: totals.table), fault: Totals(table: totals.table))
        }
    }

    /// Whether connections were tried and none was opened.
    var targetWasNeverReached: Bool {
        let opened = [totals.overall, totals.warmup].contains { part in
            totals.table.register.row(named: "connect").map { !part.histogram(row: $0, group: nil).isEmpty } ?? false
        }
        return !opened && (totals.count("connect.failed") ?? 0) > 0
    }

    /// Changes the totals of the part in which a time lies: the warmup, or the run and its phase.
    private mutating func change(at seconds: Double, _ change: (inout Totals) -> Void) {
        guard !run.isWarmup(at: seconds) else {
            change(&totals.warmup)
            return
        }
        change(&totals.overall)
        guard let name = phaseName(at: seconds), let phase = totals.phases.firstIndex(where: { $0.name == name }) else {
            return
        }
        change(&totals.phases[phase].totals)
    }

    /// The name of the phase in which a time lies; nil where it has none.
    private func phaseName(at seconds: Double) -> String? {
        let place = run.phase(at: seconds)
        return place < run.load.count ? run.load[place].name : nil
    }

    // MARK: - The log

    /// Adds an interval of the log.
    mutating func add(_ interval: HistogramLog.Interval) {
        let histogram = interval.histogram
        if interval.group == "all", interval.metric == "generator.lag" {
            change(at: interval.start) { $0.addLag(histogram) }
            return
        }
        guard let group = totals.table.groups.firstIndex(of: interval.group),
            let row = totals.table.register.row(named: interval.metric)
        else {
            strangeIntervals += 1
            return
        }
        change(at: interval.start) { $0.add(histogram, row: row, group: group) }
    }

    // MARK: - Time

    /// Every second of the timeline was measured as a whole, but for the last one of a run that came to its end.
    private mutating func addTime(_ timeline: StoredTimeline, logEnd: Double?) {
        let last = timeline.seconds.last?.second ?? 0
        for second in timeline.seconds {
            let begin = Double(second.second)
            let isCut = second.second == last && logEnd.map { $0 > begin + 0.0006 && $0 < begin + 1 } == true
            let end = isCut ? logEnd ?? begin + 1 : begin + 1
            let cuts = [begin] + run.borders.filter { $0 > begin && $0 < end } + [end]
            for (from, to) in zip(cuts, cuts.dropFirst()) {
                change(at: from) { $0.addTime(Int64(((to - from) * 1e9).rounded()), worker: 0) }
            }
            // Files round to a millisecond, and a border so near to a second's is one with it.
            if cuts.dropFirst().dropLast().contains(where: { $0 > begin + 0.0006 && $0 < end - 0.0006 }) {
                for cut in cuts.dropLast() { noteDivided(at: cut) }
            }
            self.end = max(self.end, end)
        }
    }

    /// Takes note of what has a part of a second alone.
    private mutating func noteDivided(at seconds: Double) {
        if run.isWarmup(at: seconds) {
            hasDividedWarmup = true
        } else if let name = phaseName(at: seconds) {
            dividedPhases.insert(name)
        }
    }

    // MARK: - The timeline

    private mutating func add(_ points: [StoredTimeline.Point], of key: StoredTimeline.Key) {
        if key.metric == "fault.on" { hadFaults = true }
        if key.group == "all", key.metric == "generator.late" {
            for point in points { change(at: Double(point.second)) { $0.addLate(point.count ?? 0) } }
        }
        let group = totals.table.groups.firstIndex(of: key.group)
        if key.metric == "clients.active" {
            if let group { notePeaks(points, group: group) }
            if key.group == "all" { notePeaks(points, group: nil) }
            return
        }
        guard let group else { return }
        // A distribution's row has a maximum, a counter's has not.
        for point in points where point.max == nil { add(point.count ?? 0, of: key.metric, group, point.second) }
    }

    private mutating func add(_ count: Int, of name: String, _ group: Int, _ second: Int) {
        let time = Double(second)
        if let counter = totals.table.register.counter(named: name) {
            change(at: time) { $0.add(count, counter: counter, group: group) }
        } else if let kind = name.suffix(after: "errors.") {
            let error = ErrorTotal(kind: kind, group: group, count: count, firstSecond: second, example: "")
            change(at: time) { $0.add(error) }
        } else if let event = name.suffix(after: "received.") {
            change(at: time) { $0.addUnknownEvent(event, group: group, count: count) }
        }
    }

    private mutating func notePeaks(_ points: [StoredTimeline.Point], group: Int?) {
        for point in points {
            change(at: Double(point.second)) { $0.notePeak(point.count ?? 0, group: group) }
        }
    }
}
