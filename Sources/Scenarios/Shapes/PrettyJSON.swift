import Wire

/// JSON for people: indented, with what is short on one line.
enum PrettyJSON {
    /// The value, without a line end at the end.
    static func text(of value: JSONValue) -> String {
        text(of: value, indent: "", room: 118)
    }

    private static func text(of value: JSONValue, indent: String, room: Int) -> String {
        let compact = oneLine(value)
        guard compact.count > room - indent.count else { return compact }
        let inner = indent + "  "
        switch value {
        case .array(let elements):
            let lines = elements.map { inner + text(of: $0, indent: inner, room: room) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .object(let members):
            let lines = members.map { member in
                let name = JSONValue.string(member.name).jsonText
                return "\(inner)\(name): " + text(of: member.value, indent: inner, room: room - name.count - 2)
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .null, .bool, .integer, .number, .string:
            return compact
        }
    }

    private static func oneLine(_ value: JSONValue) -> String {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            "[\(elements.map(oneLine).joined(separator: ", "))]"
        case .object(let members) where !members.isEmpty:
            "{ \(members.map { "\(JSONValue.string($0.name).jsonText): \(oneLine($0.value))" }.joined(separator: ", ")) }"
        default:
            value.jsonText
        }
    }
}
