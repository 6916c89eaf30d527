/// What every metric name means in one scenario: the catalogue and the scenario's own names together.
struct MetricNames {
    /// A metric and how it can be read.
    struct Meaning {
        var kind: MetricKind
        var isDivisible = true
    }

    private var meanings: [String: Meaning] = [:]
    /// In the order in which suggestions prefer them: the scenario's own first.
    private(set) var all: [String] = []

    init(_ names: CheckNames) {
        for measure in names.measures {
            insert(measure, .time)
            insert("\(measure).service", .time)
            insert(Catalogue.operation, of: measure)
        }
        for stream in names.streams {
            insert(Catalogue.stream, of: stream)
            insert(Catalogue.operation, of: stream)
        }
        for plan in names.plans {
            insert(Catalogue.plan, of: plan)
            insert(Catalogue.operation, of: plan)
        }
        for event in names.replayed {
            insert(event, .time)
            insert("\(event).service", .time)
            insert(Catalogue.operation + Catalogue.replayed, of: event)
        }
        for counter in names.counters { insert(counter, .count) }
        for event in names.events { insert("received.\(event)", .count) }
        for entry in Catalogue.fixed { insert(entry.name, entry.kind, isDivisible: entry.isDivisible) }
        for kind in Catalogue.errorKinds { insert("errors.\(kind)", .count) }
    }

    /// The meaning of a name that stands in the catalogue or in the scenario.
    func declared(_ name: String) -> Meaning? { meanings[name] }

    /// The meaning of a name; nil for one that is unknown.
    ///
    /// Any `received.EVENT` is known, since a server may send what the scenario does not mention, and so is any
    /// error kind that ends in a number or a name of its own, such as `errors.closed.1008`.
    subscript(name: String) -> Meaning? {
        if let meaning = meanings[name] { return meaning }
        if name.suffix(after: "received.") != nil { return Meaning(kind: .count) }
        guard let kind = name.suffix(after: "errors.") else { return nil }
        for pattern in Catalogue.errorPatterns {
            guard let rest = kind.suffix(after: pattern) else { continue }
            let isKnown = pattern == "generator." || rest.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isKnown ? Meaning(kind: .count) : nil
        }
        return nil
    }

    private mutating func insert(_ entries: [Catalogue.Entry], of name: String) {
        for entry in entries { insert("\(name).\(entry.name)", entry.kind, isDivisible: entry.isDivisible) }
    }

    private mutating func insert(_ name: String, _ kind: MetricKind, isDivisible: Bool = true) {
        guard meanings[name] == nil else { return }
        meanings[name] = Meaning(kind: kind, isDivisible: isDivisible)
        all.append(name)
    }
}
