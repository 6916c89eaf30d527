/// Picks a share of what passes, spread evenly: of any k that passed, k · share rounded down were picked.
struct Share: Sendable {
    private let millionths: Int
    private var owed = 0

    /// - Parameter fraction: From 0 to 1.
    init(_ fraction: Double) {
        millionths = Int((min(max(fraction, 0), 1) * 1_000_000).rounded())
    }

    mutating func pick() -> Bool {
        owed += millionths
        guard owed >= 1_000_000 else { return false }
        owed -= 1_000_000
        return true
    }
}
