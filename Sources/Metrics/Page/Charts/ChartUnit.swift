import Foundation

/// What the values of a chart are.
enum ChartUnit: String, Sendable {
    case milliseconds = "ms"
    case number = "n"
    case perSecond = "/s"
    case bytes = "B"
    case bytesPerSecond = "B/s"

    init(_ unit: MetricUnit) {
        switch unit {
        case .milliseconds: self = .milliseconds
        case .count: self = .number
        case .bytes: self = .bytes
        }
    }

    /// A value as people read it; the script of the page does the same.
    func text(_ value: Double) -> String {
        switch self {
        case .milliseconds: ValueText.time(microseconds: value * 1000)
        case .number: ValueText.number(value)
        case .perSecond: ValueText.number(value) + "/s"
        case .bytes: ValueText.bytes(value)
        case .bytesPerSecond: ValueText.bytes(value) + "/s"
        }
    }

    /// A value with four significant digits, for the script; never with an exponent.
    static func encoded(_ value: Double) -> String {
        guard value.isFinite else { return "" }
        let magnitude = abs(value)
        let places = magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 1 ? 3 : 4
        var text = ValueText.fixed(value, places)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text == "-0" ? "0" : text
    }
}

/// Times of the run as people read them: `0:42`, `1:05:09`.
enum ClockText {
    static func text(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 1e9)).rounded(.down))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        let pad = rest < 10 ? "0" : ""
        if hours == 0 { return "\(minutes):\(pad)\(rest)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(pad)\(rest)"
    }

    /// The same with tenths where there are any: `0:12.5`.
    static func exact(_ seconds: Double) -> String {
        let tenths = Int((max(0, min(seconds, 1e9)) * 10).rounded())
        return text(Double(tenths / 10)) + (tenths % 10 == 0 ? "" : ".\(tenths % 10)")
    }

    /// A length: `20 s`, `1 min 30 s`, `2 h 5 min`.
    static func length(_ seconds: Double) -> String {
        if seconds < 60 { return "\(ValueText.number((max(seconds, 0) * 10).rounded() / 10)) s" }
        let whole = Int(min(seconds, 1e9).rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        let parts = [(hours, "h"), (minutes, "min"), (rest, "s")].filter { $0.0 > 0 }
        return parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
