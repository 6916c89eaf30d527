import Metrics

/// What the dashboard knows, and what its viewers are told of it; used on its event loop alone.
struct DashboardContent {
    /// An event for the page.
    struct Event {
        var name: String
        var data: String
        /// What the browser says it has seen, when it comes back.
        var id: String?

        /// The event as the stream carries it.
        var text: String {
            (id.map { "id: \($0)\n" } ?? "") + "event: \(name)\ndata: \(data)\n\n"
        }
    }

    /// For so many seconds whoever comes back gets only what was missed.
    private static let recentLimit = 60

    private var plan: LivePlan?
    private var figures: LiveFigures?
    private var totals: LiveTotals?
    private var verdict: LiveVerdict?
    private var earlier: [LiveVerdict] = []
    private var history = LiveHistory()
    /// Which run of the command it is, from 1.
    private var number = 0
    /// Tells this process from another one that had the same port before.
    private let token = String(UInt32.random(in: .min ... .max), radix: 36)
    private var recent: [(second: Int, text: String)] = []
    private var metricsText: [PrometheusText.Format: String] = [:]
    private var greeting: String?

    // MARK: What happens

    mutating func begin(_ plan: LivePlan) -> Event {
        if let verdict { earlier.append(verdict) }
        number += 1
        self.plan = plan
        figures = nil
        totals = nil
        verdict = nil
        history = LiveHistory()
        recent = []
        forget()
        return Event(name: "run", data: LiveEvents.run(plan, number: number))
    }

    mutating func add(_ figures: LiveFigures, _ totals: LiveTotals) -> Event {
        self.figures = figures
        self.totals = totals
        history.add(figures)
        let event = Event(name: "second", data: LiveEvents.second(figures), id: "\(token)-\(number)-\(figures.second)")
        recent.append((figures.second, event.text))
        if recent.count > Self.recentLimit { recent.removeFirst() }
        forget()
        return event
    }

    mutating func end(_ verdict: LiveVerdict) -> Event {
        self.verdict = verdict
        forget()
        return verdictEvent(verdict)
    }

    private mutating func forget() {
        metricsText = [:]
        greeting = nil
    }

    // MARK: What viewers get

    /// All that a viewer has to know first: everything, or what has happened since it was last there.
    mutating func greeting(lastID: String?) -> String {
        if let missed = lastID.flatMap(missed) { return missed }
        if let greeting { return greeting }
        var text = Event(name: "runs", data: LiveEvents.runs(earlier)).text
        if let plan { text += Event(name: "run", data: LiveEvents.run(plan, number: number)).text }
        if plan != nil { text += Event(name: "history", data: LiveEvents.history(history)).text }
        // The last second once more: the page shows more of it than its history has.
        if let last = recent.last { text += last.text }
        if let verdict { text += verdictEvent(verdict).text }
        greeting = text
        return text
    }

    /// The seconds after the one that was seen; nil where that is not known, or too long ago.
    private func missed(_ id: String) -> String? {
        let parts = id.split(separator: "-")
        guard parts.count == 3, parts[0] == token, Int(parts[1]) == number, let seen = Int(parts[2]) else { return nil }
        guard let first = recent.first, let last = recent.last else { return nil }
        guard seen >= first.second - 1, seen <= last.second else { return nil }
        let text = recent.filter { $0.second > seen }.map(\.text).joined()
        return text + (verdict.map { verdictEvent($0).text } ?? "")
    }

    private func verdictEvent(_ verdict: LiveVerdict) -> Event {
        Event(name: "verdict", data: LiveEvents.verdict(verdict))
    }

    /// The text for Prometheus, made once a second at the most.
    mutating func metrics(_ format: PrometheusText.Format) -> String {
        if let text = metricsText[format] { return text }
        let text = PrometheusText.text(plan, figures, totals, isOver: verdict != nil, format: format)
        metricsText[format] = text
        return text
    }
}
