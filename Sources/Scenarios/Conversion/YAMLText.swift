import Wire

/// Writes values as YAML that the scenario reader reads back the same.
enum YAMLText {
    /// How long a line may be.
    static let width = 118

    /// A scalar, in quotes where it would mean something else without.
    ///
    /// - Parameter inFlow: Whether it stands inside of brackets.
    static func scalar(_ text: String, inFlow: Bool) -> String {
        isPlain(text, inFlow: inFlow) ? text : quoted(text)
    }

    private static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        guard case .text = CoreScalar(text), let first = text.first, let last = text.last else { return false }
        if isAmount(text) { return true }
        let hasTemplate = text.contains("${")
        if hasTemplate, inFlow { return false }
        guard first.isASCII, first.isLetter || first == "_" || first == "/" || hasTemplate && first == "$", last != " ",
            last != ":"
        else { return false }
        var previous: Character = " "
        for character in text {
            let isPlain =
                character.isASCII
                && (character.isLetter || character.isNumber || "_-./= ".contains(character)
                    || hasTemplate && "${}()".contains(character) || character == ":" && !inFlow && previous != " ")
            guard isPlain, !(character == " " && previous == ":") else { return false }
            previous = character
        }
        return true
    }

    /// `250ms`, `1.5s..3s`, `20/s`, `64KiB`.
    private static func isAmount(_ text: String) -> Bool {
        // Most texts are none; a recording has many.
        guard let first = text.utf8.first, isDigit(first) else { return false }
        var rest = text.utf8[...]
        guard takeAmount(&rest) else { return false }
        if rest.isEmpty { return true }
        guard rest.starts(with: "..".utf8) else { return false }
        rest = rest.dropFirst(2)
        return takeAmount(&rest) && rest.isEmpty
    }

    /// Takes digits, perhaps a fraction, perhaps a slash, and a unit of one to three letters.
    private static func takeAmount(_ rest: inout Substring.UTF8View) -> Bool {
        guard takeDigits(&rest) else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits(&rest) else { return false }
        }
        if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
        let unit = rest.prefix {
            $0 == UInt8(ascii: "%") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
        }
        rest = rest[unit.endIndex...]
        return (1...3).contains(unit.count)
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> Bool {
        let digits = rest.prefix(while: isDigit)
        rest = rest[digits.endIndex...]
        return !digits.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                // What YAML does not count among the printable characters, or takes for an end of line.
                let isPrintable = (0x20..<0x7F).contains(scalar.value) || scalar.value >= 0xA0
                if isPrintable, ![0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value) {
                    result.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }

    /// A value on one line.
    static func flow(_ value: JSONValue) -> String {
        if let time = value.time { return RoundTime.text(time.lower, time.upper) }
        switch value {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .integer(let number): return "\(number)"
        case .number: return value.jsonText
        case .string(let text): return scalar(text, inFlow: true)
        case .array(let elements):
            return elements.isEmpty ? "[]" : "[ \(elements.map(flow).joined(separator: ", ")) ]"
        case .object(let members):
            let pairs = members.map { "\(scalar($0.name, inFlow: true)): \(flow($0.value))" }
            return pairs.isEmpty ? "{}" : "{ \(pairs.joined(separator: ", ")) }"
        }
    }

    /// The lines of a value behind `key:`, the first of them without its line's start.
    ///
    /// - Parameter indent: Spaces before the key.
    static func value(_ value: JSONValue, indent: Int, used: Int) -> [String] {
        if case .string(let text) = value { return [scalar(text, inFlow: false)] }
        let line = flow(value)
        if value.isScalar || value.time != nil || indent + used + line.unicodeScalars.count <= width { return [line] }
        return [""] + block(value, indent: indent + 2)
    }

    /// The lines of an array or an object, a member each.
    static func block(_ value: JSONValue, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .array(let elements):
            return elements.flatMap { element -> [String] in
                let lines = self.value(element, indent: indent, used: 2)
                guard lines[0].isEmpty else { return ["\(margin)- \(lines[0])"] }
                // The first member stands behind the dash.
                let first = lines[1].drop { $0 == " " }
                return ["\(margin)- \(first)"] + lines.dropFirst(2)
            }
        case .object(let members):
            return members.flatMap { member -> [String] in
                let key = scalar(member.name, inFlow: true)
                let lines = self.value(member.value, indent: indent, used: key.count + 2)
                return ["\(margin)\(key):\(lines[0].isEmpty ? "" : " ")\(lines[0])"] + lines.dropFirst()
            }
        default:
            return ["\(margin)\(flow(value))"]
        }
    }
}
