import Foundation

/// JSON that is put together piece by piece: the live page's events are many small numbers, which a coder would make long.
struct JSONText {
    private(set) var text = ""
    private var needsComma = false

    // MARK: Structure

    mutating func object(_ key: String? = nil, _ content: (inout JSONText) -> Void) {
        nest(key, "{", "}", content)
    }

    mutating func array(_ key: String? = nil, _ content: (inout JSONText) -> Void) {
        nest(key, "[", "]", content)
    }

    private mutating func nest(_ key: String?, _ open: String, _ close: String, _ content: (inout JSONText) -> Void) {
        begin(key)
        text += open
        needsComma = false
        content(&self)
        text += close
        needsComma = true
    }

    // MARK: Values

    mutating func add(_ key: String? = nil, _ value: String) {
        begin(key)
        text += Self.quoted(value)
    }

    mutating func add(_ key: String? = nil, _ value: Int) {
        begin(key)
        text += String(value)
    }

    mutating func add(_ key: String? = nil, _ value: Bool) {
        begin(key)
        text += value ? "true" : "false"
    }

    /// A number with four significant digits; null for none and for what JSON has no words for.
    mutating func add(_ key: String? = nil, _ value: Double?) {
        begin(key)
        text += value.map(Self.number) ?? "null"
    }

    private mutating func begin(_ key: String?) {
        if needsComma { text += "," }
        needsComma = true
        if let key { text += Self.quoted(key) + ":" }
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e18 else { return "null" }
        if value == value.rounded() { return String(Int(value)) }
        let magnitude = abs(value)
        let scale: Double =
            magnitude >= 1000 ? 1 : magnitude >= 100 ? 10 : magnitude >= 10 ? 100 : magnitude >= 1 ? 1e3 : 1e5
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
    }

    /// A string of JSON that may also stand in a script of a page.
    private static func quoted(_ value: String) -> String {
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "<", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}", "\u{7F}":
                quoted += "\\u" + String(format: "%04x", scalar.value)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
