/// Which indices of a sequence have come: a bit each.
struct IndexBitmap {
    /// The highest index that came, or -1.
    private(set) var highest = -1
    private(set) var count = 0
    /// The first 64 stand inline, for most streams are no longer.
    private var first: UInt64 = 0
    private var rest: [UInt64] = []

    /// How many indices below the highest did not come.
    var missing: Int {
        highest + 1 - count
    }

    /// Adds an index that is not negative.
    ///
    /// - Returns: False where it was there already.
    mutating func insert(_ index: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(index & 63)
        if index < 64 {
            guard first & bit == 0 else { return false }
            first |= bit
        } else {
            let word = index >> 6 - 1
            if word >= rest.count { rest.append(contentsOf: repeatElement(0, count: word + 1 - rest.count)) }
            guard rest[word] & bit == 0 else { return false }
            rest[word] |= bit
        }
        count += 1
        highest = max(highest, index)
        return true
    }
}
