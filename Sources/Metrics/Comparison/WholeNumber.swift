/// Whole numbers of what files say, which may be anything.
enum WholeNumber {
    /// More than anything that is measured; sums of a thousand of them are whole numbers still.
    static let most = 1_000_000_000_000_000

    /// The nearest from 0 to `most`; 0 of no number.
    static func clamped(_ value: Double) -> Int {
        value > 0 ? Int(min(value, Double(most))) : 0
    }

    static func clamped(_ value: Int) -> Int { min(max(value, 0), most) }
}
