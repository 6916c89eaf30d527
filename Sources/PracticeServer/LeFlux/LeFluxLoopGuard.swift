/// Sees when a task gets nowhere: the same click three times in a row, the same page twice, or three plans that only
/// scroll.
struct LeFluxLoopGuard {
    /// What of a plan can go round.
    enum Move: Hashable {
        case click(element: Int)
        case navigation
        case scroll

        /// How many in a row are too many.
        var limit: Int {
            switch self {
            case .click, .scroll: 3
            case .navigation: 2
            }
        }
    }

    private var last: Move?
    private var count = 0

    /// Notes a plan that was sent; nil for one that may come as often as it likes.
    mutating func note(_ move: Move?) {
        count = move == last ? count + 1 : 1
        last = move
    }

    var isStuck: Bool {
        guard let last else { return false }
        return count >= last.limit
    }
}
