/// "Did you mean": which known name was meant by an unknown one.
package enum Spelling {
    /// The nearest of the candidates, or nil where none is near.
    package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        let folded = simplified(word)
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let other = simplified(candidate)
            let distance = folded == other ? 0 : distance(folded, other)
            let allowed = max(1, min(folded.count, other.count) / 3)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Whether two different names are likely to be one, misspelled.
    ///
    /// One letter more, fewer, other or swapped, or only another case or other separators. A digit that differs is a number.
    static func isSlip(_ left: String, _ right: String) -> Bool {
        guard left != right, min(left.count, right.count) >= 5 else { return false }
        if simplified(left) == simplified(right) { return true }
        guard Array(left).filter(\.isNumber) == Array(right).filter(\.isNumber) else { return false }
        return distance(Array(left.unicodeScalars), Array(right.unicodeScalars)) == 1
    }

    /// Without case and separators.
    private static func simplified(_ word: String) -> [Unicode.Scalar] {
        word.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    /// How many letters have to be changed, added, removed or swapped (optimal string alignment distance).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        guard left.count <= 64, right.count <= 64 else { return .max }
        var older: [Int] = []
        var old = Array(0...right.count)
        for row in 0..<left.count {
            var new = [row + 1]
            for column in 0..<right.count {
                let isSame = left[row] == right[column]
                var cost = min(old[column] + (isSame ? 0 : 1), old[column + 1] + 1, new[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, older[column - 1] + 1)
                }
                new.append(cost)
            }
            older = old
            old = new
        }
        return old[right.count]
    }
}
