/// Texts in XML 1.0.
enum XMLText {
    /// Text between tags.
    static func content(_ text: String) -> String {
        escaped(text, isAttribute: false)
    }

    /// An opening tag, or with `isEmpty` a whole element.
    static func tag(_ name: String, _ attributes: [(String, String)], isEmpty: Bool = false) -> String {
        let text = attributes.map { " \($0)=\"\(escaped($1, isAttribute: true))\"" }.joined()
        return "<\(name)\(text)\(isEmpty ? "/" : "")>"
    }

    private static func escaped(_ text: String, isAttribute: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"" where isAttribute: escaped += "&quot;"
            // Else a reader would make blanks of them, or one line end of two characters.
            case "\t" where isAttribute, "\n" where isAttribute, "\r": escaped += "&#\(scalar.value);"
            case _ where !isAllowed(scalar): escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Whether XML 1.0 has the character at all (section 2.2).
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
