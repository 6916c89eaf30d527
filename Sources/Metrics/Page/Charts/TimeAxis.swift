/// What all timelines of a page share: the time, the phases as bands, and the faults as lines across.
struct TimeAxis: Sendable {
    struct Phase: Sendable {
        /// As it is shown: `steady`, `phase 2`, `warmup`.
        let name: String
        let from: Double
        let to: Double
    }

    struct Fault: Sendable {
        /// `F1`: what stands at its line and in the list of faults.
        let mark: String
        let text: String
        let begin: Double
        /// Until all were over it, as far as the run tells.
        let end: Double?
    }

    /// More lines than this would hide what they are to explain.
    static let faultLimit = 40

    let columns: TimeColumns
    let phases: [Phase]
    let faults: [Fault]

    /// The same with fewer columns, for charts that are small or many.
    func coarser(_ limit: Int) -> TimeAxis {
        TimeAxis(columns: TimeColumns(seconds: columns.seconds, limit: limit), phases: phases, faults: faults)
    }

    /// The moments that have a label: at most eight.
    var ticks: [Double] {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172_800,
        ]
        let step = steps.first { columns.span / $0 <= 8 } ?? columns.span / 8
        return Array(stride(from: 0, through: columns.span, by: step))
    }
}

extension TimeAxis {
    /// Reads phases from the timeline itself, and faults from what happened; from the plan where that is not known.
    init(_ run: StoredRun) {
        let seconds = run.timeline.seconds
        var phases: [Phase] = []
        for second in seconds {
            let name = Self.shown(second.phase)
            let (from, to) = (Double(second.second), Double(second.second + 1))
            if let last = phases.last, last.name == name {
                phases[phases.count - 1] = Phase(name: name, from: last.from, to: to)
            } else {
                phases.append(Phase(name: name, from: from, to: to))
            }
        }
        let end = (seconds.last?.second ?? 0) + 1
        self.init(columns: TimeColumns(seconds: end), phases: phases, faults: Self.faults(run, end: Double(end)))
    }

    /// A phase's name; the timeline has the number of one that has none.
    static func shown(_ phase: String) -> String { Int(phase) == nil ? phase : "phase \(phase)" }

    private static func faults(_ run: StoredRun, end: Double) -> [Fault] {
        let marks: [(text: String, begin: Double, end: Double?)] =
            run.summary?.faults.map { ($0.text, $0.begin, $0.unrecovered > 0 ? end : $0.end) }
            ?? run.run.faults.map { ($0.text, $0.at, nil) }
        return marks.enumerated().filter { $0.element.begin < end }.map { place, mark in
            Fault(mark: "F\(place + 1)", text: mark.text, begin: mark.begin, end: mark.end)
        }
    }
}
