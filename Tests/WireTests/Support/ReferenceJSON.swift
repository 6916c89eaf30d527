/// The grammar of RFC 8259 written down rule by rule, slow and plain, to compare the scanner with.
struct ReferenceJSON {
    private var text: Substring.UnicodeScalarView

    /// Whether the bytes are one JSON text in UTF-8.
    static func accepts(_ bytes: [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        var reader = ReferenceJSON(text: Substring(text).unicodeScalars)
        return reader.element(depth: 0) && reader.text.isEmpty
    }

    // JSON-text = ws value ws
    private mutating func element(depth: Int) -> Bool {
        space()
        guard value(depth: depth) else { return false }
        space()
        return true
    }

    private mutating func value(depth: Int) -> Bool {
        switch text.first {
        case "{": return depth < 128 && list("{", "}") { $0.member(depth: depth + 1) }
        case "[": return depth < 128 && list("[", "]") { $0.element(depth: depth + 1) }
        case "\"": return string()
        case "t": return take("true")
        case "f": return take("false")
        case "n": return take("null")
        default: return number()
        }
    }

    private mutating func list(_ open: String, _ close: String, _ item: (inout Self) -> Bool) -> Bool {
        guard take(open) else { return false }
        space()
        if take(close) { return true }
        repeat {
            guard item(&self) else { return false }
        } while take(",")
        return take(close)
    }

    private mutating func member(depth: Int) -> Bool {
        space()
        guard string() else { return false }
        space()
        return take(":") && element(depth: depth)
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let scalar = text.popFirst() {
            switch scalar {
            case "\"": return true
            case "\\": guard escape() else { return false }
            default: if scalar.value < 0x20 { return false }
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        guard let scalar = text.popFirst() else { return false }
        if scalar != "u" { return "\"\\/bfnrt".unicodeScalars.contains(scalar) }
        for _ in 0..<4 {
            guard let digit = text.popFirst(), digit.properties.isASCIIHexDigit else { return false }
        }
        return true
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0"), !digits() { return false }
        if take("."), !digits() { return false }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return digits()
        }
        return true
    }

    private mutating func digits() -> Bool {
        let before = text.count
        while let scalar = text.first, ("0"..."9").contains(scalar) { text.removeFirst() }
        return text.count < before
    }

    private mutating func space() {
        while let scalar = text.first, " \t\n\r".unicodeScalars.contains(scalar) { text.removeFirst() }
    }

    private mutating func take(_ expected: String) -> Bool {
        guard text.starts(with: expected.unicodeScalars) else { return false }
        text.removeFirst(expected.unicodeScalars.count)
        return true
    }
}
