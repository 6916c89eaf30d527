/// Finds what was probably meant.
enum Spelling {
    /// The candidate with the fewest edits, or nil where even that has too many to be a slip.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let limit = max(1, word.count / 3)
        return
            candidates
            .map { (candidate: $0, edits: edits(Array(word.utf8.prefix(64)), Array($0.utf8))) }
            .filter { $0.edits <= limit }
            .min { $0.edits < $1.edits }?
            .candidate
    }

    /// Insertions, deletions and replacements from one to the other (Levenshtein).
    private static func edits(_ from: [UInt8], _ to: [UInt8]) -> Int {
        var previous = Array(0...to.count)
        for (row, byte) in from.enumerated() {
            var current = [row + 1]
            for (column, other) in to.enumerated() {
                let replaced = previous[column] + (byte == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[to.count]
    }
}
