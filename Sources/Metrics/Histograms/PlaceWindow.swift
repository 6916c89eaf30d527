/// A stretch of the places of a histogram: `counts[0]` is the place `offset`, what lies outside is 0.
///
/// It grows at either end in blocks of 256 places, so that a histogram of a few milliseconds costs about a kilobyte
/// and not the 188 of the whole range.
struct PlaceWindow<Count: FixedWidthInteger & Sendable>: Sendable {
    private(set) var offset = 0
    private(set) var counts: [Count] = []

    init() {}

    /// A window that holds exactly these counts.
    init(offset: Int, counts: [Count]) {
        self.offset = offset
        self.counts = counts
    }

    /// The count at a place of the layout.
    @inline(__always)
    subscript(index: Int) -> Count {
        let position = index &- offset
        return UInt(bitPattern: position) < UInt(bitPattern: counts.count) ? counts[position] : 0
    }

    /// Adds to the count at a place of the layout.
    @inline(__always)
    mutating func add(_ count: Count, at index: Int) {
        if UInt(bitPattern: index &- offset) >= UInt(bitPattern: counts.count) {
            grow(toHold: index...index)
        }
        counts[index &- offset] &+= count
    }

    /// Adds every count of a range of places of another window, which holds that range.
    mutating func add<Other>(_ other: PlaceWindow<Other>, in range: ClosedRange<Int>) {
        if range.lowerBound < offset || range.upperBound >= offset + counts.count {
            grow(toHold: range)
        }
        let base = offset
        counts.withUnsafeMutableBufferPointer { mine in
            other.counts.withUnsafeBufferPointer { theirs in
                for index in range {
                    mine[index - base] &+= Count(truncatingIfNeeded: theirs[index - other.offset])
                }
            }
        }
    }

    /// Copies a range of places out, and clears them here.
    mutating func take(_ range: ClosedRange<Int>) -> PlaceWindow {
        let positions = (range.lowerBound - offset)...(range.upperBound - offset)
        let taken = PlaceWindow(offset: range.lowerBound, counts: Array(counts[positions]))
        counts.withUnsafeMutableBufferPointer { places in
            for position in positions { places[position] = 0 }
        }
        return taken
    }

    @inline(never)
    private mutating func grow(toHold range: ClosedRange<Int>) {
        var lower = range.lowerBound & ~255
        var upper = min((range.upperBound | 255) + 1, HistogramLayout.length)
        if !counts.isEmpty {
            lower = min(lower, offset)
            upper = max(upper, offset + counts.count)
        }
        var grown: [Count] = []
        grown.reserveCapacity(upper - lower)
        if counts.isEmpty {
            grown.append(contentsOf: repeatElement(0, count: upper - lower))
        } else {
            grown.append(contentsOf: repeatElement(0, count: offset - lower))
            grown.append(contentsOf: counts)
            grown.append(contentsOf: repeatElement(0, count: upper - offset - counts.count))
        }
        counts = grown
        offset = lower
    }
}
