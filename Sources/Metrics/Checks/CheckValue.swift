/// The right side of a check: a number and its unit.
struct CheckValue {
    private let number: Double
    private let unit: String
    private let text: String
    private let range: Range<Int>

    private static let microseconds: [String: Double] = [
        "us": 1, "µs": 1, "μs": 1, "ms": 1e3, "s": 1e6, "m": 60e6, "h": 3600e6,
    ]
    private static let bytes: [String: Double] = [
        "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824,
    ]

    /// Whether a word is a unit that may stand after its number.
    static func isUnit(_ word: String) -> Bool {
        word == "%" || word == "/s" || microseconds[word] != nil || bytes[word] != nil
    }

    init(_ text: String, range: Range<Int>) throws(CheckSyntaxError) {
        let digits = text.prefix { $0 == "." || ("0"..."9").contains($0) }
        let unit = text[digits.endIndex...].drop { $0 == " " || $0 == "\t" }
        guard let number = DecimalNumber.parse(String(digits)) else {
            throw CheckSyntaxError(
                range: range,
                message: "`\(text)` is not a number with a unit, such as 250ms, 5% or 0."
            )
        }
        guard unit.isEmpty || Self.isUnit(String(unit)) else {
            throw CheckSyntaxError(
                range: (range.upperBound - unit.utf8.count)..<range.upperBound,
                message: "`\(unit)` is not a unit; times have us, ms, s, m or h, ratios %, bytes KB, MB or GB.",
                suggestion: Self.microseconds.keys.contains(unit.lowercased()) ? "\(digits)\(unit.lowercased())" : nil
            )
        }
        self.number = number
        self.unit = String(unit)
        self.text = text
        self.range = range
    }

    /// The number in the unit in which the metric is kept.
    ///
    /// A percentage compared with `NAME.failed` means `NAME.failed.rate`, and changes the reading to it.
    func threshold(for reading: inout CheckReading, named name: Range<Int>) throws(CheckSyntaxError) -> Double {
        switch (reading.kind, reading.statistic) {
        case (.time, nil):
            throw CheckSyntaxError(
                range: name.upperBound..<name.upperBound,
                message: "`\(reading.metric)` is a distribution; say which statistic of it is meant.",
                suggestion: "\(reading.metric).p95"
            )
        case (.size, nil):
            throw CheckSyntaxError(
                range: name.upperBound..<name.upperBound,
                message: "`\(reading.metric)` is a distribution; say which statistic of it is meant.",
                suggestion: "\(reading.metric).max"
            )
        case (_, .count), (.count, nil): return try count(&reading)
        case (_, .rate): return try plain(allowing: "/s")
        case (.time, _), (.duration, _): return try time(reading)
        case (.size, _), (.bytes, _): return try size(reading)
        case (.ratio, _): return try ratio(reading)
        case (.count, _): return try plain()
        }
    }

    private func count(_ reading: inout CheckReading) throws(CheckSyntaxError) -> Double {
        guard unit == "%" else { return try plain() }
        if reading.kind == .count, reading.statistic == nil, let ratio = reading.ratio {
            reading.metric = ratio
            reading.kind = .ratio
            return number / 100
        }
        throw wrongUnit("`\(reading.metric)` is a count, which a percentage says nothing about.")
    }

    private func time(_ reading: CheckReading) throws(CheckSyntaxError) -> Double {
        if let factor = Self.microseconds[unit] { return number * factor }
        throw wrongUnit(
            unit.isEmpty
                ? "A time needs its unit." : "`\(reading.metric)` is a time, and `\(unit)` is no unit of time.",
            suggestion: unit.isEmpty ? "\(text)ms" : nil
        )
    }

    private func ratio(_ reading: CheckReading) throws(CheckSyntaxError) -> Double {
        if unit == "%" { return number / 100 }
        if unit.isEmpty, number == 0 { return 0 }
        throw wrongUnit(
            "`\(reading.metric)` is a part of a whole; compare it with a percentage.",
            suggestion: unit.isEmpty ? "\(text)%" : nil
        )
    }

    private func size(_ reading: CheckReading) throws(CheckSyntaxError) -> Double {
        if unit.isEmpty { return number }
        if let factor = Self.bytes[unit] { return number * factor }
        throw wrongUnit("`\(reading.metric)` is a size, and `\(unit)` is no unit of it.")
    }

    private func plain(allowing allowed: String = "") throws(CheckSyntaxError) -> Double {
        if unit.isEmpty || unit == allowed { return number }
        throw wrongUnit("`\(unit)` does not belong here; this is a plain number.", suggestion: "\(number)")
    }

    private func wrongUnit(_ message: String, suggestion: String? = nil) -> CheckSyntaxError {
        CheckSyntaxError(range: range, message: message, suggestion: suggestion)
    }
}
