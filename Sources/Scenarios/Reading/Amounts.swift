/// Durations, ranges and rates as a scenario writes them.
enum Amounts {
    /// `250ms`, `1.5s`, `2m`, `1h`; nil where it is none of these or longer than 10,000 hours.
    static func duration(_ text: some StringProtocol) -> Duration? {
        let digits = text.prefix { $0.isASCIIDigit || $0 == "." }
        guard case .number(let number) = CoreScalar(String(digits)), let value = Double(number) else { return nil }
        let factor: Double
        switch text.dropFirst(digits.count) {
        case "ms": factor = 1e6
        case "s": factor = 1e9
        case "m": factor = 60e9
        case "h": factor = 3600e9
        default: return nil
        }
        let nanoseconds = (value * factor).rounded()
        guard nanoseconds <= maximumNanoseconds else { return nil }
        return .nanoseconds(Int64(nanoseconds))
    }

    /// 10,000 hours.
    static let maximumNanoseconds = 36e15

    /// `1s..3s`, or one duration for both ends; nil also where the ends are the wrong way round.
    static func range(_ text: String) -> DelayRange? {
        let (first, second) = ends(text)
        guard let lower = duration(first) else { return nil }
        guard let second else { return DelayRange(lower: lower, upper: lower) }
        guard let upper = duration(second), lower <= upper else { return nil }
        return DelayRange(lower: lower, upper: upper)
    }

    /// `20/s`, `100/m`, `20/s..100/s`: per second, from and to; the second end is nil where there is only one.
    static func rates(_ text: String) -> (from: Double, to: Double?)? {
        let (first, second) = ends(text)
        guard let from = rate(first) else { return nil }
        guard let second else { return (from, nil) }
        return rate(second).map { (from, $0) }
    }

    /// `512`, `64KB`, `16MB`, `1GB`, and with powers of 1024 `64KiB`, `16MiB`, `1GiB`; nil where it is none of these.
    static func size(_ text: String) -> Int? {
        let digits = text.prefix(while: \.isASCIIDigit)
        guard let number = Int(digits) else { return nil }
        guard let factor = sizeUnits[String(text.dropFirst(digits.count))] else { return nil }
        let (size, isTooLarge) = number.multipliedReportingOverflow(by: factor)
        return isTooLarge ? nil : size
    }

    /// `2KB/s`: bytes per second; nil where it is none, or not one byte.
    static func byteRate(_ text: String) -> Int? {
        guard text.hasSuffix("/s"), let size = size(String(text.dropLast(2))), size > 0 else { return nil }
        return size
    }

    /// `80%`, above 0 and at most 1; nil where it is none of these.
    static func share(_ text: String) -> Double? {
        let digits = text.prefix { $0.isASCIIDigit || $0 == "." }
        guard case .number(let number) = CoreScalar(String(digits)), let percent = Double(number),
            text.dropFirst(digits.count) == "%", percent > 0, percent <= 100
        else { return nil }
        return percent / 100
    }

    /// A size as a scenario writes it: `64KB`.
    static func text(ofSize size: Int) -> String {
        let unit = sizeUnits.filter { size >= $0.value && size % $0.value == 0 }.max { $0.value < $1.value }
        return unit.map { "\(size / $0.value)\($0.key)" } ?? "\(size)"
    }

    private static let sizeUnits = [
        "": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
    ]

    private static func rate(_ text: Substring) -> Double? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, case .number(let number) = CoreScalar(String(parts[0])), let value = Double(number),
            value >= 0, value <= 1e6
        else { return nil }
        switch parts[1] {
        case "s": return value
        case "m": return value / 60
        case "h": return value / 3600
        default: return nil
        }
    }

    private static func ends(_ text: String) -> (Substring, Substring?) {
        guard let dots = text.firstRange(of: "..") else { return (Substring(text), nil) }
        return (text[..<dots.lowerBound], text[dots.upperBound...])
    }
}

extension Duration {
    /// As a scenario writes it: `250ms`, `1.5s`, `2m`.
    var scenarioText: String {
        let (seconds, attoseconds) = components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        func shown(_ value: Double, _ unit: String) -> String {
            let rounded = (value * 1000).rounded() / 1000
            return (rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)") + unit
        }
        if milliseconds == 0 { return "0s" }
        if milliseconds < 1000 { return shown(milliseconds, "ms") }
        let isWhole = { (unit: Double) in milliseconds.truncatingRemainder(dividingBy: unit) == 0 }
        if isWhole(3_600_000) { return shown(milliseconds / 3_600_000, "h") }
        if isWhole(60_000) { return shown(milliseconds / 60_000, "m") }
        return shown(milliseconds / 1000, "s")
    }
}
