/// How far a run is, as a bar over its phases with a mark for each fault.
struct PhaseBar: Sendable {
    private let phases: [LivePlan.Phase]
    private let seconds: Double
    private let faults: [Double]

    init(_ plan: LivePlan) {
        let load = plan.phases.reduce(0) { $0 + $1.seconds }
        phases = plan.phases
        seconds = max(plan.seconds, load, 0.001)
        faults = plan.faults.map(\.at)
    }

    /// Exactly so many columns: done is heavy, ahead is light; `┃` and `│` where a phase begins, `▼` and `▽` a fault that
    /// was and one that is to come.
    func bar(elapsed: Double, columns: Int) -> LiveLine {
        let done = Int((min(max(elapsed / seconds, 0), 1) * Double(columns)).rounded(.down))
        let borders = Set(begins.dropFirst().map { column(of: $0, columns) })
        let marks = Set(faults.map { column(of: $0, columns) })
        var line = LiveLine()
        var run = ""
        var colour: TerminalText.Colour?
        for column in 0..<max(columns, 0) {
            let isDone = column < done
            let isMark = marks.contains(column)
            let sign =
                isMark
                ? (isDone ? "▼" : "▽")
                : borders.contains(column) ? (isDone ? "┃" : "│") : (isDone ? "━" : "─")
            let next: TerminalText.Colour? = isMark ? .yellow : isDone ? .green : .dim
            if next != colour {
                line.add(run, colour)
                (run, colour) = ("", next)
            }
            run += sign
        }
        line.add(run, colour)
        return line
    }

    /// The names of the phases, each below its part of the bar, cut to it; nil where there is one only.
    func names(elapsed: Double, columns: Int) -> LiveLine? {
        guard phases.count > 1 else { return nil }
        var line = LiveLine()
        let current = begins.lastIndex { $0 <= elapsed }
        for (place, phase) in phases.enumerated() {
            let from = place == 0 ? 0 : column(of: begins[place], columns)
            let to = place + 1 < phases.count ? column(of: begins[place + 1], columns) : columns
            guard to > from else { continue }
            // A name of which only a letter or two would be left says nothing.
            let room = to - from - 1
            let name = DisplayWidth.of(phase.name) <= room || room >= 4 ? DisplayWidth.cut(phase.name, room) : ""
            let isLast = place + 1 == phases.count
            line.add(isLast ? name : DisplayWidth.left(name, to - from), place == current ? .bold : .dim)
        }
        return line
    }

    /// When each phase begins, in seconds of the run.
    private var begins: [Double] {
        var begin = 0.0
        return phases.map { phase in
            defer { begin += phase.seconds }
            return begin
        }
    }

    private func column(of second: Double, _ columns: Int) -> Int {
        min(Int(min(max(second / seconds, 0), 1) * Double(columns)), max(columns - 1, 0))
    }
}
