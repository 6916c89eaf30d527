extension RunTotals {
    /// The samples of a metric by its name, in microseconds or plain numbers; nil where there is no such metric.
    ///
    /// - Parameters:
    ///   - name: such as `join` or `answer.gap`.
    ///   - group: a group's name; nil or `all` for all of them.
    ///   - phase: a phase's name; nil for the whole run.
    package func histogram(_ name: String, group: String? = nil, phase: String? = nil) -> Histogram? {
        guard let totals = totals(phase: phase) else { return nil }
        if name == "generator.lag" { return totals.lag }
        guard let row = table.register.row(named: name), let place = place(of: group) else { return nil }
        return totals.histogram(row: row, group: place.index)
    }

    /// The samples of a metric of times in one kind of time, of clients that no fault has hit; nil where there is no such
    /// metric or no such time.
    package func histogram(_ name: String, group: String? = nil, time: FaultTime) -> Histogram? {
        guard let totals = totals(of: time) else { return nil }
        if name == "generator.lag" { return totals.lag }
        guard let row = table.register.row(named: name), let place = place(of: group) else { return nil }
        return totals.histogram(row: row, group: place.index)
    }

    /// A count by its name; 0 for one that never moved, nil for one that this run does not have.
    package func count(_ name: String, group: String? = nil, phase: String? = nil) -> Int? {
        guard let totals = totals(phase: phase), let place = place(of: group) else { return nil }
        if let index = table.register.counter(named: name) { return totals.counter(index, group: place.index) }
        switch name {
        case "clients.active": return totals.peakClients(group: place.index)
        case "generator.late": return totals.late
        case "generator.descriptors": return usage?.descriptors
        default: break
        }
        if let kind = name.suffix(after: "errors.") { return totals.errorCount(kind: kind, group: place.index) }
        if let event = name.suffix(after: "received.") { return totals.unknownEventCount(event, group: place.index) }
        return nil
    }

    /// A ratio by its name: `NAME.failed.rate`, `errors.rate` or `generator.cpu`; nil where nothing was counted that it
    /// could be a part of.
    package func ratio(_ name: String, group: String? = nil, phase: String? = nil) -> Double? {
        if name == "generator.cpu" { return usage?.cpu }
        guard let parts = Self.parts(ofRatio: name) else { return nil }
        guard let whole = count(parts.whole, group: group, phase: phase), whole > 0,
            let part = count(parts.part, group: group, phase: phase)
        else { return nil }
        return Double(part) / Double(whole)
    }

    /// The names of the two counters that make a ratio.
    static func parts(ofRatio name: String) -> (part: String, whole: String)? {
        if name == "errors.rate" { return ("operations.failed", "operations") }
        guard name.hasSuffix(".failed.rate") else { return nil }
        let operation = name.dropLast(".failed.rate".count)
        return ("\(operation).failed", "\(operation).count")
    }

    /// Where a group stands; nil for a name that is none.
    private func place(of group: String?) -> GroupPlace? {
        guard let group, group != "all" else { return GroupPlace(index: nil) }
        return table.groups.firstIndex(of: group).map { GroupPlace(index: $0) }
    }

    /// The index of a group; nil for all of them.
    private struct GroupPlace {
        var index: Int?
    }
}

extension String {
    /// What follows a prefix, or nil where the text does not begin with it or ends there.
    func suffix(after prefix: String) -> String? {
        guard hasPrefix(prefix), utf8.count > prefix.utf8.count else { return nil }
        return String(dropFirst(prefix.count))
    }
}

extension RunTotals {
    /// The names of all events that came, in the warmup too, whether the scenario mentions them or not.
    package var receivedEventNames: Set<String> {
        var names: Set<String> = []
        for totals in [overall, warmup] {
            names.formUnion(totals.unknownEventNames)
            for (event, counter) in zip(table.events, table.eventCounters)
            where totals.counter(counter.index, group: nil) > 0 {
                names.insert(event)
            }
        }
        return names
    }
}
