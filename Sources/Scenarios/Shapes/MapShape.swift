/// A map of the language: the keys that may stand in it, and what stands at each.
///
/// The reader takes values out of a map by these keys and by nothing else, so it cannot know a key that is not here; the
/// JSON Schema for editors is made of the same.
protocol MapShape: RawRepresentable<String>, CaseIterable, Hashable, Sendable where AllCases == [Self] {
    /// What the map is, in one sentence.
    static var summary: String { get }
    /// Keys of which at least one has to be there; empty where the map may do without.
    static var alternatives: [Self] { get }
    /// No more than one key may stand there.
    static var isChoice: Bool { get }

    /// What stands at the key.
    var field: Field { get }
}

extension MapShape {
    static var alternatives: [Self] { [] }
    static var isChoice: Bool { false }

    /// The keys as the file writes them.
    static var names: [String] { allCases.map(\.rawValue) }

    /// The map's name in the schema: `envelopeRule` for `EnvelopeRuleKey`.
    static var definition: String {
        let name = String(describing: Self.self).dropLast("Key".count)
        guard name != name.uppercased() else { return name.lowercased() }
        return name.prefix(1).lowercased() + name.dropFirst()
    }
}

/// A map of the language as a value.
struct ShapeDescription: Sendable {
    /// The map's name in the schema.
    var name: String
    var summary: String
    var fields: [(key: String, field: Field)]
    var alternatives: [String]
    var isChoice: Bool
}

extension MapShape {
    static var described: ShapeDescription {
        ShapeDescription(
            name: definition,
            summary: summary,
            fields: allCases.map { ($0.rawValue, $0.field) },
            alternatives: alternatives.map(\.rawValue),
            isChoice: isChoice
        )
    }
}

/// What stands at a key.
struct Field: Sendable {
    /// Whether the key has to be there.
    enum Presence: Hashable, Sendable {
        case optional
        /// It is missing in any map without it.
        case required
        /// It may be missing, depending on what stands beside it or in another map that this one is merged with.
        case dependent
    }

    var value: ValueShape
    var presence: Presence
    /// What it does, in sentences for whoever writes a scenario.
    var summary: String
    private var ownExamples: [String]

    /// YAML that may stand there, each on one line; where none is given, that of the value's kind.
    var examples: [String] { ownExamples.isEmpty ? value.examples : ownExamples }

    init(_ value: ValueShape, _ presence: Presence, _ summary: String, _ examples: String...) {
        self.value = value
        self.presence = presence
        self.summary = summary
        ownExamples = examples
    }

    init(_ value: ValueShape, _ summary: String, _ examples: String...) {
        self.value = value
        self.presence = .optional
        self.summary = summary
        ownExamples = examples
    }

    /// The same, where it has to be there.
    var required: Field {
        var field = self
        field.presence = .required
        return field
    }
}
