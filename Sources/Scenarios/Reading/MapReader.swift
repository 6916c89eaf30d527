/// A map of the file whose keys are known: reports the others.
struct MapReader {
    let session: ReadingSession
    let node: SourceNode
    let what: String
    private var entries: [String: SourceEntry] = [:]
    /// Keys that are likely to stand there misspelled, so that they are not called missing too.
    private(set) var misspelled: Set<String> = []

    /// Nil, and reported, where the node is no map.
    ///
    /// - Parameters:
    ///   - what: What the map is, for sentences: `the target`.
    ///   - keys: What may stand in it.
    ///   - planned: What the language has beside that.
    init?(_ node: SourceNode, _ what: String, keys: [String], planned: [String] = [], _ session: ReadingSession) {
        self.session = session
        self.node = node
        self.what = what
        guard case .map(let entries) = node.content else {
            session.report(.wrongType, "\(what) has to be a map, not \(node.kind)", at: node)
            return nil
        }
        for entry in entries {
            let key = entry.key.text
            let place = session.source.place(of: entry.key)
            if keys.contains(key) {
                self.entries[key] = entry
            } else if planned.contains(key) {
                session.reportNotBuilt("'\(key)'", at: place)
            } else {
                let nearest = Spelling.nearest(to: key, in: keys + planned)
                if let nearest { misspelled.insert(nearest) }
                session.report(
                    .unknownKey,
                    "'\(key)' is unknown in \(what)",
                    at: place,
                    help: nearest.map { "did you mean '\($0)'?" } ?? "known here: \(keys.joined(separator: ", "))"
                )
            }
        }
    }

    /// The value of a key; nil where it does not stand there.
    subscript(key: String) -> SourceNode? { entries[key]?.value }

    /// The place of a key that stands there.
    func place(ofKey key: String) -> SourcePlace {
        entries[key].map { session.source.place(of: $0.key) } ?? session.source.place(of: node)
    }

    /// The value of a key that has to be there.
    func required(_ key: String) -> SourceNode? {
        if let value = self[key] { return value }
        guard !misspelled.contains(key) else { return nil }
        session.report(.missing, "'\(key)' is missing in \(what)", at: node)
        return nil
    }
}

extension MapReader {
    func duration(_ key: String) -> Duration? {
        guard let node = self[key] else { return nil }
        return session.duration(node, "'\(key)'")
    }

    /// A whole number of at least `minimum`.
    func integer(_ key: String, from minimum: Int, through maximum: Int? = nil) -> Int? {
        guard let node = self[key] else { return nil }
        return session.integer(node, "'\(key)'", from: minimum, through: maximum)
    }

    /// `true` or `false`.
    func flag(_ key: String) -> Bool? {
        guard let node = self[key] else { return nil }
        if let scalar = node.scalar, scalar.style == .plain, case .bool(let flag) = CoreScalar(scalar.text) {
            return flag
        }
        session.report(.wrongType, "'\(key)' has to be true or false, not \(node.kind)", at: node)
        return nil
    }
}

extension ReadingSession {
    func duration(_ node: SourceNode, _ what: String) -> Duration? {
        if let scalar = node.scalar, let duration = Amounts.duration(scalar.text) { return duration }
        let help = "write a number and its unit: 250ms, 1.5s, 2m, 1h"
        report(.badValue, "\(what) has to be a duration\(Self.instead(node))", at: node, help: help)
        return nil
    }

    func delay(_ node: SourceNode, _ what: String) -> Delay? {
        if let scalar = node.scalar, let range = Amounts.range(scalar.text) { return .range(range) }
        if case .map = node.content { return distribution(node, what) }
        let help = "write 2s, or 1s..3s with the smaller one first"
        report(
            .badValue,
            "\(what) has to be a duration or a range of durations\(Self.instead(node))",
            at: node,
            help: help
        )
        return nil
    }

    /// `{ mean: 2s, distribution: exponential }`
    private func distribution(_ node: SourceNode, _ what: String) -> Delay? {
        guard let map = MapReader(node, what, keys: ["mean", "distribution"], self) else { return nil }
        let mean = map.required("mean").flatMap { duration($0, "'mean'") }
        if let mean, mean <= .zero {
            report(.badValue, "'mean' has to be some time", at: map.place(ofKey: "mean"))
        }
        guard let shape = map.required("distribution"), let name = name(shape, "'distribution'") else { return nil }
        guard name == "exponential" else {
            let isNear = Spelling.nearest(to: name, in: ["exponential"]) != nil
            let help = isNear ? "did you mean 'exponential'?" : "for delays that are spread evenly write 1s..3s"
            report(.badValue, "'distribution' has to be 'exponential', not '\(name.prefix(40))'", at: shape, help: help)
            return nil
        }
        return mean.map { .exponential(mean: $0) }
    }

    /// `onFailure:`
    func failurePolicy(_ node: SourceNode) -> FailurePolicy? {
        guard let name = name(node, "'onFailure'") else { return nil }
        if let policy = FailurePolicy(rawValue: name) { return policy }
        let help = Spelling.nearest(to: name, in: ["leave", "continue", "abort"]).map { "did you mean '\($0)'?" }
        let message = "'onFailure' has to be leave, continue or abort, not '\(name.prefix(40))'"
        report(.badValue, message, at: node, help: help)
        return nil
    }

    func integer(_ node: SourceNode, _ what: String, from minimum: Int, through maximum: Int? = nil) -> Int? {
        if let scalar = node.scalar, scalar.style == .plain, case .number(let text) = CoreScalar(scalar.text),
            let integer = Int(text), integer >= minimum, integer <= maximum ?? 1_000_000_000
        {
            return integer
        }
        let bound = maximum.map { " to \($0)" } ?? ""
        report(.badValue, "\(what) has to be a whole number from \(minimum)\(bound)\(Self.instead(node))", at: node)
        return nil
    }

    /// A name that is written out, without templates.
    func name(_ node: SourceNode, _ what: String) -> String? {
        guard let scalar = node.scalar, !node.isNull, !scalar.text.isEmpty else {
            report(.wrongType, "\(what) has to be a name, not \(node.kind)", at: node)
            return nil
        }
        guard !scalar.text.contains("${") else {
            report(.badTemplate, "\(what) is fixed; a template cannot stand in it", at: node)
            return nil
        }
        return scalar.text
    }

    private static func instead(_ node: SourceNode) -> String {
        node.scalar.map { $0.text.isEmpty ? ", not nothing" : ", not '\($0.text.prefix(40))'" } ?? ", not \(node.kind)"
    }
}
