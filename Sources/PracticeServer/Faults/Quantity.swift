/// Values with a unit, as faults write them: `50ms`, `1.5s`, `10%`.
enum Quantity {
    /// Units and their nanoseconds, the longest text first where one ends in another.
    private static let units: [(text: String, nanoseconds: Double)] = [
        ("ms", 1e6), ("us", 1e3), ("µs", 1e3), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// A time of up to a year, or nil where the text is none.
    static func duration(_ text: Substring) -> Duration? {
        guard let unit = units.first(where: { text.hasSuffix($0.text) }) else { return nil }
        guard let number = decimal(text.dropLast(unit.text.count)) else { return nil }
        let nanoseconds = number * unit.nanoseconds
        guard nanoseconds <= 365 * 24 * 3600e9 else { return nil }
        return .nanoseconds(Int64(nanoseconds.rounded()))
    }

    /// A share from 0 to 1, written as a percentage; nil where the text is none.
    static func percentage(_ text: Substring) -> Double? {
        guard text.hasSuffix("%"), let number = decimal(text.dropLast()), number <= 100 else { return nil }
        return number / 100
    }

    /// A whole number of 1 or more, up to a million; nil where the text is none.
    static func count(_ text: Substring) -> Int? {
        guard text.allSatisfy(isDigit), let number = Int(text), (1...1_000_000).contains(number) else {
            return nil
        }
        return number
    }

    /// Units of sizes and their bytes, the longest text first where one ends in another.
    private static let sizes: [(text: String, bytes: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ]

    /// A number of bytes from 1 up to a terabyte, with or without a unit; nil where the text is none.
    static func size(_ text: Substring) -> Int? {
        let unit = sizes.first { text.hasSuffix($0.text) }
        let digits = text.dropLast(unit?.text.count ?? 0)
        guard !digits.isEmpty, digits.allSatisfy(isDigit), let number = Int(digits) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit?.bytes ?? 1)
        return overflow || !(1...1_000_000_000_000).contains(bytes) ? nil : bytes
    }

    static func text(bytes: Int) -> String {
        for unit in sizes.reversed() where bytes % unit.bytes == 0 { return "\(bytes / unit.bytes)\(unit.text)" }
        return "\(bytes)"
    }

    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        if microseconds % 1_000_000 == 0 { return "\(microseconds / 1_000_000)s" }
        if microseconds % 1_000 == 0 { return "\(microseconds / 1_000)ms" }
        return "\(microseconds)us"
    }

    static func text(percentage share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        if hundredths % 100 == 0 { return "\(hundredths / 100)%" }
        return "\(Double(hundredths) / 100)%"
    }

    /// Digits with at most one dot; no sign, no exponent, none of the other spellings that Double reads.
    private static func decimal(_ text: Substring) -> Double? {
        guard let first = text.first, isDigit(first), text.allSatisfy({ isDigit($0) || $0 == "." }) else { return nil }
        return Double(text)
    }
}

private func isDigit(_ character: Character) -> Bool {
    ("0"..."9").contains(character)
}
