/// A value of a scenario file, with its place.
struct SourceNode: Sendable {
    indirect enum Content: Sendable {
        case scalar(SourceScalar)
        case list([SourceNode])
        case map([SourceEntry])
    }

    var line: Int
    var column: Int
    var content: Content

    var scalar: SourceScalar? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar
    }

    /// Nothing stands where a value is expected, or `null`.
    var isNull: Bool {
        guard let scalar, scalar.style == .plain else { return false }
        return CoreScalar(scalar.text) == .null
    }

    /// What it is, for sentences.
    var kind: String {
        switch content {
        case .list: "a list"
        case .map: "a map"
        case .scalar(let scalar):
            if scalar.style != .plain {
                "a text"
            } else {
                switch CoreScalar(scalar.text) {
                case .null: "nothing"
                case .bool: "'\(scalar.text)'"
                case .number: "a number"
                case .text: "a text"
                }
            }
        }
    }
}

/// A text of a scenario file as it was written.
struct SourceScalar: Sendable {
    enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    var text: String
    var style: Style
    var line: Int
    var column: Int
}

/// A key and its value.
struct SourceEntry: Sendable {
    var key: SourceScalar
    var value: SourceNode
}
