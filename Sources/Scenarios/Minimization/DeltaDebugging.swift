/// Delta debugging over a list of parts: finds some that cannot be spared, by trying without others.
///
/// A part is spared if what is left still fails. All parts are tried at once, then halves, quarters …, from the last
/// to the first, since what comes later builds on what came before, and at last each alone, until none of those left can be
/// spared (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002; of its two questions only the one
/// about complements, since scenarios that start in the middle rarely do anything). It asks for one trial after the
/// other and knows nothing of what the parts are.
struct DeltaDebugging: Hashable, Sendable {
    /// The parts that are not spared so far, in order.
    private(set) var kept: [Int]
    /// How many parts are tried at once.
    private var size: Int
    /// Behind the chunk that is on trial: places in `kept`.
    private var end: Int
    private var sparedInSweep = false

    init(count: Int) {
        kept = Array(0..<count)
        size = count
        end = count
    }

    /// The parts to be kept in the next trial; nil when none of those left can be spared.
    var candidate: [Int]? {
        guard !kept.isEmpty, size > 0 else { return nil }
        return Array(kept[..<max(0, end - size)] + kept[end...])
    }

    /// Takes the verdict on the candidate.
    ///
    /// - Parameter fails: Whether it still fails, so that what it leaves out is spared.
    mutating func take(fails: Bool) {
        guard let candidate else { return }
        let start = max(0, end - size)
        if fails {
            kept = candidate
            sparedInSweep = true
        }
        end = start
        if end == 0 { sweep() }
    }

    /// Goes on with smaller chunks; with those of one part until a whole sweep has spared none.
    private mutating func sweep() {
        end = kept.count
        if size > 1 {
            size = min((size + 1) / 2, max(kept.count, 1))
        } else if !sparedInSweep {
            size = 0
        }
        sparedInSweep = false
    }
}
