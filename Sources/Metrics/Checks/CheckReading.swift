/// What the left side of a check reads.
struct CheckReading {
    var metric: String
    var kind: MetricKind
    var statistic: Check.Statistic?
    var isDivisible: Bool
    /// What a percentage compared with this count means; nil where it means nothing.
    var ratio: String?
}

extension Check.Statistic {
    /// Names to suggest.
    static let examples = ["count", "rate", "min", "mean", "max", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99"]

    /// A statistic by its name: `p99.9` is the percentile 99.9; nil for what is none.
    init?(_ word: String) {
        switch word {
        case "count": self = .count
        case "rate": self = .rate
        case "min": self = .min
        case "mean": self = .mean
        case "max": self = .max
        default:
            guard let digits = word.suffix(after: "p"), let percentile = DecimalNumber.parse(digits), percentile > 0,
                percentile < 100
            else { return nil }
            self = .percentile(percentile)
        }
    }
}

/// A plain decimal number: digits, with or without a point and more digits.
enum DecimalNumber {
    /// The number, or nil for anything else that `Double` would take: signs, exponents, `inf`, `0x1p3`.
    static func parse(_ text: String) -> Double? {
        var points = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                points += 1
            } else if !(0x30...0x39).contains(byte) {
                return nil
            }
        }
        guard points <= 1, text.utf8.count <= 30, text.first != ".", text.last != "." else { return nil }
        return Double(text)
    }
}
