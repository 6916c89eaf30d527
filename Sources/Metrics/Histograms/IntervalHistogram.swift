/// The samples of one metric since the last snapshot, with 32-bit counts.
///
/// A place would need four billion samples within one interval, about a second, to overflow.
package struct IntervalHistogram: Sendable {
    private(set) var places = PlaceWindow<UInt32>()
    package private(set) var count = 0
    /// The smallest value; `Int.max` while `count` is 0.
    package private(set) var min = Int.max
    package private(set) var max = 0
    /// Values beyond the highest that is kept, counted as that one.
    package private(set) var clamped = 0
    private(set) var sum: UInt64 = 0
    private(set) var squares: UInt128 = 0

    package init() {}

    /// Adds one value; a negative one counts as 0.
    @inline(__always)
    package mutating func record(_ value: Int) {
        var value = value
        if value < 0 {
            value = 0
        } else if value > HistogramLayout.highest {
            value = HistogramLayout.highest
            clamped &+= 1
        }
        places.add(1, at: HistogramLayout.index(of: value))
        count &+= 1
        if value < min { min = value }
        if value > max { max = value }
        let wide = UInt64(truncatingIfNeeded: value)
        sum &+= wide
        squares &+= UInt128(wide &* wide)
    }

    /// The places that are not 0, or nil while there are none.
    var touched: ClosedRange<Int>? {
        count > 0 ? HistogramLayout.index(of: min)...HistogramLayout.index(of: max) : nil
    }

    /// Takes what was recorded out, leaving this one empty but with its memory.
    ///
    /// Only the touched range is copied and cleared.
    mutating func drain() -> IntervalHistogram {
        guard let touched else { return IntervalHistogram() }
        var taken = IntervalHistogram()
        taken.places = places.take(touched)
        taken.count = count
        taken.min = min
        taken.max = max
        taken.clamped = clamped
        taken.sum = sum
        taken.squares = squares
        count = 0
        min = .max
        max = 0
        clamped = 0
        sum = 0
        squares = 0
        return taken
    }
}
