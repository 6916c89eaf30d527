/// How a report writes values.
enum ReportText {
    /// A value of a metric in its unit; nothing where there is none.
    static func value(_ value: Double?, _ unit: String) -> HTMLText {
        guard let value else { return "" }
        return HTMLText(text(value, unit))
    }

    static func text(_ value: Double, _ unit: String) -> String {
        switch MetricUnit(rawValue: unit) {
        case .milliseconds: ValueText.time(microseconds: value * 1000)
        case .bytes: ValueText.bytes(value)
        case .count, nil: ValueText.number(value)
        }
    }

    static func count(_ count: Int) -> HTMLText { HTMLText(ValueText.grouped(count)) }

    /// A sum that ends at the largest number there is: files may hold any.
    static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? (one < 0 ? .min : .max) : sum
    }

    /// A count, faint where it is 0, so that the others stand out.
    static func deviation(_ count: Int) -> HTMLText {
        count == 0 ? "<span class=\"muted\">0</span>" : "<strong>\(ValueText.grouped(count))</strong>"
    }

    static func seconds(_ seconds: Double) -> String { ValueText.time(microseconds: max(seconds, 0) * 1e6) }

    /// `1 client`, `2,000 clients`.
    static func plural(_ count: Int, _ noun: String, _ many: String? = nil) -> String {
        "\(ValueText.grouped(count)) \(count == 1 ? noun : many ?? noun + "s")"
    }

    static func percentile(_ metric: SummaryFile.Metric?, _ name: String) -> HTMLText {
        value(metric?.percentiles[name], metric?.unit ?? "")
    }

    /// A sentence of the files: it gets a full stop, and what stands in backquotes is code.
    static func sentence(_ text: String) -> HTMLText {
        let whole = text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
        let parts = whole.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return HTMLText(whole) }
        return parts.enumerated().map { place, part -> HTMLText in
            place % 2 == 1 ? "<code>\(part)</code>" : HTMLText(part)
        }.joined()
    }

    /// The first characters of a text that is too long for a page.
    static func cut(_ text: String, _ characters: Int) -> String {
        text.count <= characters ? text : text.prefix(characters - 1) + "…"
    }

    /// Words of a command line as a shell takes them.
    static func shell(_ words: [String]) -> String {
        words.map(quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-_./:,@%+=".utf8.contains(byte)
            }
        }
        if plain, !word.isEmpty { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
