/// Text laid out in columns for a terminal of 100 columns.
enum TerminalText {
    static let width = 100

    enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case bold = "1"
        case dim = "2"
    }

    /// The text in a colour, where colours are wanted; it adds no columns.
    static func coloured(_ text: String, _ colour: Colour, if wanted: Bool) -> String {
        wanted ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The text in so many columns, to the left.
    static func left(_ text: String, _ columns: Int) -> String {
        let text = cut(text, columns)
        return text + String(repeating: " ", count: columns - text.count)
    }

    /// The text in so many columns, to the right.
    static func right(_ text: String, _ columns: Int) -> String {
        let text = cut(text, columns)
        return String(repeating: " ", count: columns - text.count) + text
    }

    /// At most so many columns, with an ellipsis where something is cut.
    static func cut(_ text: String, _ columns: Int) -> String {
        text.count <= columns ? text : String(text.prefix(max(columns - 1, 0))) + "…"
    }

    /// The words in lines of at most `columns` columns; all but the first begin with `indent` blanks.
    static func wrapped(_ text: String, indent: Int, columns: Int = width) -> [String] {
        var lines: [String] = []
        var line = ""
        let margin = String(repeating: " ", count: indent)
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            let start = lines.isEmpty ? "" : margin
            let piece = cut(String(word), columns - indent)
            if line.isEmpty {
                line = start + piece
            } else if line.count + 1 + piece.count <= columns {
                line += " " + piece
            } else {
                lines.append(line)
                line = margin + piece
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
