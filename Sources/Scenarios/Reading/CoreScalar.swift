import Wire

/// What a plain scalar means in YAML 1.2's core schema (chapter 10.3.2), whatever YAML 1.1 thought of it.
///
/// `NO`, `12:30` and `2026-01-01` are texts, `010` is ten.
enum CoreScalar: Hashable {
    case null
    case bool(Bool)
    /// A number as JSON writes it; one that is valid JSON stays as it is written.
    case number(String)
    case text

    init(_ text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default: self = Self.number(in: text).map(Self.number) ?? .text
        }
    }

    /// The value, or nil for a text.
    var value: JSONValue? {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .number(let text):
            if let integer = Int(text) { .integer(integer) } else { Double(text).map(JSONValue.number) }
        case .text: nil
        }
    }

    private static func number(in text: String) -> String? {
        var rest = Substring(text)
        if let radix = [("0o", 8), ("0x", 16)].first(where: { rest.hasPrefix($0.0) }) {
            let digits = rest.dropFirst(2)
            // `Int(_:radix:)` takes a sign, the schema does not.
            guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else {
                return nil
            }
            return Int(digits, radix: radix.1).map(String.init)
        }
        var result = ""
        if let sign = rest.first, sign == "-" || sign == "+" {
            if sign == "-" { result = "-" }
            rest.removeFirst()
        }
        let whole = rest.prefix(while: \.isASCIIDigit)
        rest = rest.dropFirst(whole.count)
        var fraction: Substring?
        if rest.first == "." {
            rest.removeFirst()
            let digits = rest.prefix(while: \.isASCIIDigit)
            rest = rest.dropFirst(digits.count)
            fraction = digits
        }
        guard !whole.isEmpty || fraction?.isEmpty == false else { return nil }
        var exponent: Substring?
        if let mark = rest.first, mark == "e" || mark == "E" {
            var digits = rest.dropFirst()
            if let sign = digits.first, sign == "-" || sign == "+" { digits.removeFirst() }
            guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return nil }
            exponent = rest
            rest = ""
        }
        guard rest.isEmpty else { return nil }
        let significant = whole.drop { $0 == "0" }
        result += significant.isEmpty ? "0" : significant
        if let fraction, !fraction.isEmpty { result += ".\(fraction)" }
        if let exponent { result += exponent }
        return result
    }
}

extension Character {
    /// One of 0 to 9.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
