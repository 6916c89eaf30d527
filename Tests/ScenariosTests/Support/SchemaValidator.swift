import Testing
import Wire

@testable import Scenarios

/// As much of JSON Schema, draft 7, as the schema of scenarios uses; a keyword that it does not know is a failure.
///
/// The same files go through the validator of others in the interop tests.
struct SchemaValidator {
    private let root: JSONValue

    init(_ schema: JSONValue) {
        root = schema
    }

    /// Whether the value is as the schema says.
    func accepts(_ value: JSONValue) -> Bool {
        accepts(value, root)
    }

    /// Whether the value is as a definition of the schema says.
    func accepts(_ value: JSONValue, as definition: String) -> Bool {
        guard let schema = root["definitions"]?[definition] else { return false }
        return accepts(value, schema)
    }

    private func accepts(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        guard case .object(let keywords) = schema else {
            Issue.record("no schema: \(schema.jsonText)")
            return false
        }
        return keywords.allSatisfy { accepts(value, $0.name, $0.value, beside: schema) }
    }

    private func accepts(_ value: JSONValue, _ keyword: String, _ given: JSONValue, beside schema: JSONValue) -> Bool {
        switch keyword {
        case "$schema", "title", "description", "examples", "definitions":
            return true
        case "$ref":
            guard case .string(let path) = given, path.hasPrefix("#/definitions/"),
                let target = root["definitions"]?[String(path.dropFirst("#/definitions/".count))]
            else {
                Issue.record("a reference to nothing: \(given.jsonText)")
                return false
            }
            return accepts(value, target)
        case "type":
            return given.elements.isEmpty ? isType(value, given) : given.elements.contains { isType(value, $0) }
        case "enum": return given.elements.contains(value)
        case "anyOf": return given.elements.contains { accepts(value, $0) }
        case "allOf": return given.elements.allSatisfy { accepts(value, $0) }
        case "pattern":
            guard case .string(let text) = value, case .string(let pattern) = given else { return true }
            guard let expression = try? Regex(pattern) else {
                Issue.record("no pattern: \(pattern)")
                return false
            }
            return text.firstMatch(of: expression) != nil
        case "minimum": return value.number.map { $0 >= given.number ?? .infinity } ?? true
        case "maximum": return value.number.map { $0 <= given.number ?? -.infinity } ?? true
        case "minItems": return value.isArray ? value.elements.count >= given.integer ?? .max : true
        case "maxProperties": return value.members.count <= given.integer ?? .min
        case "required": return value.isObject ? given.elements.allSatisfy { value[$0.text] != nil } : true
        case "items": return value.elements.allSatisfy { accepts($0, given) }
        case "properties":
            return value.members.allSatisfy { member in given[member.name].map { accepts(member.value, $0) } ?? true }
        case "propertyNames": return value.members.allSatisfy { accepts(.string($0.name), given) }
        case "additionalProperties":
            let others = value.members.filter { schema["properties"]?[$0.name] == nil }
            return given == .bool(false) ? others.isEmpty : others.allSatisfy { accepts($0.value, given) }
        default:
            Issue.record("the validator does not know '\(keyword)'")
            return false
        }
    }

    private func isType(_ value: JSONValue, _ type: JSONValue) -> Bool {
        switch (type.text, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object): true
        case ("integer", .integer), ("number", .integer), ("number", .number): true
        default: false
        }
    }
}

extension JSONValue {
    fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
    fileprivate var members: [Member] { if case .object(let members) = self { members } else { [] } }
    fileprivate var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }
    fileprivate var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
    fileprivate var text: String { if case .string(let text) = self { text } else { "" } }
    fileprivate var isArray: Bool { if case .array = self { true } else { false } }
    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}
