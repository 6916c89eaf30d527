/// Times as a person would write them.
enum RoundTime {
    /// Two digits: 2643 → 2600, 187 → 190; below 10 ms nothing.
    static func think(_ milliseconds: Double) -> Double {
        guard milliseconds >= 10 else { return 0 }
        var unit = 1.0
        while milliseconds / unit >= 100 { unit *= 10 }
        return (milliseconds / unit).rounded() * unit
    }

    /// Three times as long as it took, in whole seconds; nil where the language's ten will do.
    static func within(_ milliseconds: Double) -> Double? {
        guard milliseconds > 3300 else { return nil }
        let seconds = (milliseconds * 3 / 1000).rounded(.up)
        return (seconds <= 60 ? (seconds / 5).rounded(.up) * 5 : (seconds / 30).rounded(.up) * 30) * 1000
    }

    /// `1s..3s`
    static func text(_ lower: Double, _ upper: Double) -> String {
        let first = text(lower)
        let second = text(upper)
        return first == second ? first : "\(first)..\(second)"
    }

    static func text(_ milliseconds: Double) -> String {
        Duration.milliseconds(Int64(min(max(milliseconds.rounded(), 0), 3e10))).scenarioText
    }
}
