/// A map of the file whose keys are known: reports the others.
struct MapReader<Key: MapShape> {
    let session: ReadingSession
    let node: SourceNode
    let what: String
    private var entries: [Key: SourceEntry] = [:]
    /// Keys that are likely to stand there misspelled, so that they are not called missing too.
    private(set) var misspelled: Set<Key> = []

    /// Nil, and reported, where the node is no map.
    ///
    /// - Parameters:
    ///   - what: What the map is, for sentences: `the target`.
    ///   - ignoring: Keys without a meaning here that somebody else reports.
    init?(_ node: SourceNode, _ what: String, _ session: ReadingSession, ignoring: [String] = []) {
        self.session = session
        self.node = node
        self.what = what
        guard case .map(let entries) = node.content else {
            session.report(.wrongType, "\(what) has to be a map, not \(node.kind)", at: node)
            return nil
        }
        for entry in entries {
            let name = entry.key.text
            let place = session.source.place(of: entry.key)
            if let key = Key(rawValue: name) {
                self.entries[key] = entry
            } else if !ignoring.contains(name) {
                // What is missing beside faults that are not said is not said either.
                let nearest = session.nearest(to: name, in: Key.names)
                if let key = nearest.flatMap(Key.init(rawValue:)) { misspelled.insert(key) }
                session.report(
                    .unknownKey,
                    "'\(name)' is unknown in \(what)",
                    at: place,
                    help: nearest.map { "did you mean '\($0)'?" } ?? "known here: \(Key.names.joined(separator: ", "))"
                )
            }
        }
    }

    /// The value of a key; nil where it does not stand there.
    subscript(key: Key) -> SourceNode? { entries[key]?.value }

    /// The key stands there.
    func has(_ key: Key) -> Bool { entries[key] != nil }

    /// The place of a key that stands there.
    func place(of key: Key) -> SourcePlace {
        entries[key].map { session.source.place(of: $0.key) } ?? session.source.place(of: node)
    }

    /// The value of a key that has to be there.
    func required(_ key: Key) -> SourceNode? {
        assert(key.field.presence != .optional, "the shape says that '\(key.rawValue)' may be missing")
        if let value = self[key] { return value }
        guard !misspelled.contains(key) else { return nil }
        session.report(.missing, "'\(key.rawValue)' is missing in \(what)", at: node)
        return nil
    }
}

extension MapReader {
    func duration(_ key: Key) -> Duration? {
        guard let node = self[key] else { return nil }
        return session.duration(node, "'\(key.rawValue)'")
    }

    /// A duration that is not nothing.
    func someTime(_ key: Key) -> Duration? {
        let duration = duration(key)
        if let duration, duration <= .zero {
            session.report(.badValue, "'\(key.rawValue)' has to be some time", at: place(of: key))
        }
        return duration
    }

    /// A whole number within the bounds of the shape.
    func integer(_ key: Key) -> Int? {
        guard let node = self[key] else { return nil }
        guard case .integer(let minimum, let maximum) = key.field.value else {
            assertionFailure("the shape says that '\(key.rawValue)' is no whole number")
            return nil
        }
        return session.integer(node, "'\(key.rawValue)'", from: minimum, through: maximum)
    }

    /// A number within the bounds of the shape.
    func number(_ key: Key) -> Double? {
        guard let node = self[key] else { return nil }
        guard case .number(let minimum, let maximum) = key.field.value else {
            assertionFailure("the shape says that '\(key.rawValue)' is no number")
            return nil
        }
        return session.number(node, "'\(key.rawValue)'", from: minimum, through: maximum)
    }

    /// A part of a whole, above 0 and at most 1.
    func share(_ key: Key) -> Double? {
        guard let node = self[key] else { return nil }
        return session.share(node, "'\(key.rawValue)'")
    }

    /// Bytes per second.
    func byteRate(_ key: Key) -> Int? {
        guard let node = self[key] else { return nil }
        return session.byteRate(node, "'\(key.rawValue)'")
    }

    /// A number of bytes.
    func size(_ key: Key, from minimum: Int = 1, through maximum: Int) -> Int? {
        guard let node = self[key] else { return nil }
        return session.size(node, "'\(key.rawValue)'", from: minimum, through: maximum)
    }

    /// `true` or `false`.
    func flag(_ key: Key) -> Bool? {
        guard let node = self[key] else { return nil }
        if let scalar = node.scalar, scalar.style == .plain, case .bool(let flag) = CoreScalar(scalar.text) {
            return flag
        }
        session.report(.wrongType, "'\(key.rawValue)' has to be true or false, not \(node.kind)", at: node)
        return nil
    }

    /// One of a few words.
    func word<Word>(_ key: Key, _ type: Word.Type = Word.self) -> Word?
    where Word: RawRepresentable<String>, Word: CaseIterable {
        guard let node = self[key] else { return nil }
        return session.word(node, "'\(key.rawValue)'", type)
    }
}
