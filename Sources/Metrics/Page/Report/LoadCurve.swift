/// The load as it was planned: a drawing, and a table of its phases.
struct LoadCurve {
    private var run: RunFile

    /// Longer than any run, and short enough for every sum of phases.
    private static let secondsLimit = 1e9

    /// - Parameter run: As it stands in a file, which may hold any number.
    init(_ run: RunFile) {
        self.run = run
        for place in run.load.indices {
            self.run.load[place].seconds = max(0, min(run.load[place].seconds, Self.secondsLimit))
        }
    }

    var html: HTMLText {
        guard !run.load.isEmpty else { return "" }
        return "<h3>Load</h3>\n" + drawing + table
    }

    private var total: Double { max(run.load.reduce(0) { $0 + $1.seconds }, 0.001) }

    /// Clients and arrivals are other units: a curve of each.
    private var drawing: HTMLText {
        let models = ["clients", "arrivals"].filter { model in run.load.contains { $0.model == model } }
        return models.map(curve).joined()
    }

    private func curve(_ model: String) -> HTMLText {
        let highest = run.load.filter { $0.model == model }.map { max($0.from, $0.to) }.max() ?? 1
        let scale = ChartScale(linearTo: max(highest, 1), whole: model == "clients")
        var path = ""
        var begin = 0.0
        for phase in run.load {
            defer { begin += phase.seconds }
            guard phase.model == model else { continue }
            let (left, right) = (x(begin), x(begin + phase.seconds))
            path += "M\(left) 400V\(y(phase.from, scale))L\(right) \(y(phase.to, scale))V400z"
        }
        let columns = TimeColumns(seconds: max(1, Int(total.rounded(.up))))
        let axis = TimeAxis(columns: columns, phases: phases, faults: [])
        let levels = [scale.low, scale.high].map { tick -> HTMLText in
            let place = Percent.text(scale.fraction(tick))
            return "<line class=\"grid\" x2=\"100%\" y1=\"\(place)\" y2=\"\(place)\"/>"
                + "<text class=\"level\" x=\"-8\" y=\"\(place)\" dy=\"4\">\(ValueText.number(tick))</text>"
        }
        let title: HTMLText = model == "clients" ? "clients" : "arrivals per second"
        return """
            <figure class="chart load">
            <figcaption><span class="title">\(title)</span></figcaption>
            <svg class="plot" role="img" aria-label="planned load: \(title) over time, \(ValueText.number(highest)) at the most">
            \(axis.background(named: true))\(levels.joined())
            <svg viewBox="0 0 2000 400" preserveAspectRatio="none" width="100%" height="100%">\
            <path class="fill f1" d="\(path)"/><path class="line s1" d="\(outline(model, scale))"/></svg>\(axis.labels)
            </svg>
            </figure>

            """
    }

    private func outline(_ model: String, _ scale: ChartScale) -> String {
        var path = ""
        var begin = 0.0
        var isOpen = false
        for phase in run.load {
            if phase.model == model {
                path +=
                    "\(isOpen ? "L" : "M")\(x(begin)) \(y(phase.from, scale))L\(x(begin + phase.seconds)) \(y(phase.to, scale))"
            }
            isOpen = phase.model == model
            begin += phase.seconds
        }
        return path
    }

    private var phases: [TimeAxis.Phase] {
        var begin = 0.0
        return run.load.enumerated().map { place, phase in
            defer { begin += phase.seconds }
            return TimeAxis.Phase(name: phase.name ?? "phase \(place + 1)", from: begin, to: begin + phase.seconds)
        }
    }

    private func x(_ seconds: Double) -> Int {
        Int((seconds / Double(max(1, Int(total.rounded(.up)))) * 2000).rounded())
    }

    private func y(_ value: Double, _ scale: ChartScale) -> Int { Int((scale.fraction(value) * 400).rounded()) }

    private var table: HTMLText {
        let notes = notes
        let isNoted = notes.contains { !$0.isEmpty }
        let columns: [HTMLTable.Column] = [.text("phase"), .number("begins"), .number("lasts"), .text("load")]
        var table = HTMLTable("Phases of the load", columns + (isNoted ? [.text("")] : []))
        var begin = 0.0
        for (place, phase) in run.load.enumerated() {
            let unit = phase.model == "clients" ? "clients" : "arrivals/s"
            let (from, to) = (ValueText.number(phase.from), ValueText.number(phase.to))
            let load = phase.from == phase.to ? "\(to) \(unit)" : "\(from) → \(to) \(unit)"
            let cells = [
                HTMLText.name(phase.name ?? "phase \(place + 1)"), HTMLText(ClockText.exact(begin)),
                HTMLText(ClockText.length(phase.seconds)), HTMLText(load),
            ]
            table.add(cells + (isNoted ? [HTMLText(notes[place])] : []))
            begin += phase.seconds
        }
        return table.html
    }

    /// What else is to say of each phase.
    private var notes: [String] {
        var begin = 0.0
        return run.load.map { phase in
            var notes: [String] = []
            if let limit = phase.limit { notes.append("at most \(ReportText.plural(limit, "client")) at once") }
            if begin < run.warmupSeconds { notes.append("warmup") }
            begin += phase.seconds
            return notes.joined(separator: ", ")
        }
    }
}
