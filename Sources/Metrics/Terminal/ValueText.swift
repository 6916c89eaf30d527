import Foundation

/// Numbers as people read them.
package enum ValueText {
    /// A time with three significant digits and the unit that fits: `820 µs`, `12.3 ms`, `1.42 s`.
    package static func time(microseconds: Double) -> String {
        switch microseconds {
        case ..<999.5: "\(digits(microseconds)) µs"
        case ..<999_500: "\(digits(microseconds / 1e3)) ms"
        default: "\(digits(microseconds / 1e6)) s"
        }
    }

    /// A part of a whole: `0.12 %`, `5 %`.
    package static func percent(_ ratio: Double) -> String {
        "\(digits(ratio * 100)) %"
    }

    /// A whole number in full, another with up to three significant digits.
    package static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return grouped(Int(value)) }
        return abs(value) >= 1000 ? grouped(Int(min(max(value.rounded(), -1e15), 1e15))) : digits(value)
    }

    /// Bytes with three significant digits, in steps of a thousand.
    package static func bytes(_ value: Double) -> String {
        switch value {
        case ..<999.5: "\(digits(value)) B"
        case ..<999_500: "\(digits(value / 1e3)) KB"
        case ..<999_500_000: "\(digits(value / 1e6)) MB"
        default: "\(digits(value / 1e9)) GB"
        }
    }

    /// A whole number with a comma between thousands.
    package static func grouped(_ value: Int) -> String {
        var text = ""
        let digits = String(value.magnitude)
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-\(text)" : text
    }

    /// A number with this many places after the point.
    static func fixed(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    private static func digits(_ value: Double) -> String {
        let magnitude = abs(value)
        let places = magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : magnitude >= 0.9995 ? 2 : 3
        var text = fixed(value, places)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text
    }
}
