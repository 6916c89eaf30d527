import Foundation

/// Numbers of a server's metrics, whose units nobody here knows: seconds with six decimals are as likely as gigabytes.
enum ScrapedText {
    /// A whole number in full, another with so many significant digits.
    static func number(_ value: Double, digits: Int = 6) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return String(format: "%.\(digits)g", value)
    }

    /// The number with nine significant digits, whole ones in full.
    static func rounded(_ value: Double) -> Double {
        value.isFinite ? Double(number(value, digits: 9)) ?? 0 : 0
    }
}
