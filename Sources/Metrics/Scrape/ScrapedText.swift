import Foundation

/// Numbers of a server's metrics, whose units nobody here knows: seconds with six decimals are as likely as gigabytes.
enum ScrapedText {
    /// A whole number in full, another with nine significant digits.
    static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return String(format: "%.9g", value)
    }

    /// The number that `number` writes.
    static func rounded(_ value: Double) -> Double {
        value.isFinite ? Double(number(value)) ?? 0 : 0
    }
}
