/// One line of a CSV file after RFC 4180, safe to open in a spreadsheet.
struct CSVRow {
    private(set) var line = ""
    private var isEmpty = true

    /// Adds a text; one that a spreadsheet would run as a formula gets a leading apostrophe.
    mutating func add(_ text: String) {
        var text = text
        if let first = text.unicodeScalars.first, Self.formulaStarts.contains(first) { text = "'" + text }
        add(cell: Self.quoted(text))
    }

    mutating func add(_ number: Int) {
        add(cell: String(number))
    }

    /// Adds a number with three decimals; a blank where there is none.
    mutating func add(_ number: Double?) {
        add(cell: number.map { ValueText.fixed($0, 3) } ?? "")
    }

    /// Adds a number of a server's metrics, whole or with its significant digits.
    mutating func add(scraped number: Double?) {
        add(cell: number.map { ScrapedText.number($0) } ?? "")
    }

    /// Adds a blank.
    mutating func addBlank() {
        add(cell: "")
    }

    /// Adds a value of a metric: times with three decimals, sizes whole; a blank where there is none.
    mutating func add(_ value: Double?, unit: MetricUnit) {
        if unit == .milliseconds {
            add(value)
        } else {
            add(cell: value.map { ValueText.fixed($0, 0) } ?? "")
        }
    }

    /// The line with its end.
    func terminated() -> String { line + "\r\n" }

    private mutating func add(cell: String) {
        if !isEmpty { line.append(",") }
        line += cell
        isEmpty = false
    }

    static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.append("\"") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
