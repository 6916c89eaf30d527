import Wire

extension SourceNode {
    /// The value as JSON means it, templates as texts.
    var json: JSONValue {
        switch content {
        case .scalar(let scalar):
            let value = scalar.style == .plain ? CoreScalar(scalar.text).value : nil
            return value ?? .string(scalar.text)
        case .list(let elements):
            return .array(elements.map(\.json))
        case .map(let entries):
            return .object(entries.map { JSONValue.Member($0.key.text, $0.value.json) })
        }
    }
}
