/// Counts of errors by kind and group, with a bound on the number of kinds.
struct ErrorNames {
    /// How many kinds there can be; further ones count as `other`.
    static let limit = 64
    /// Bytes of an example that are kept.
    static let exampleLimit = 300

    private struct Key: Hashable {
        var kind: String
        var group: Int
    }

    private struct Count {
        var interval = 0
        /// The second of the first one in this interval.
        var firstSecond: Int
        var example: String
    }

    private var kinds: Set<String> = []
    private var counts: [Key: Count] = [:]

    mutating func count(_ kind: String, group: Int, second: Int, example: () -> String) {
        if advance(kind, group: group, second: second) { return }
        var kind = kind
        if !kinds.contains(kind) {
            if kinds.count < Self.limit {
                kinds.insert(kind)
            } else {
                kind = "other"
                if advance(kind, group: group, second: second) { return }
            }
        }
        let text = EscapedText.make(example(), limit: Self.exampleLimit)
        counts[Key(kind: kind, group: group)] = Count(interval: 1, firstSecond: second, example: text)
    }

    /// What moved since the last time.
    mutating func drain() -> [Snapshot.ErrorEntry] {
        var entries: [Snapshot.ErrorEntry] = []
        for index in counts.values.indices where counts.values[index].interval > 0 {
            let key = counts.keys[index]
            entries.append(
                Snapshot.ErrorEntry(
                    kind: key.kind,
                    group: key.group,
                    count: counts.values[index].interval,
                    firstSecond: counts.values[index].firstSecond,
                    example: counts.values[index].example
                )
            )
            counts.values[index].interval = 0
        }
        return entries
    }

    /// Counts one more of a kind that was seen in this group before; says whether it was.
    private mutating func advance(_ kind: String, group: Int, second: Int) -> Bool {
        guard let index = counts.index(forKey: Key(kind: kind, group: group)) else { return false }
        if counts.values[index].interval == 0 { counts.values[index].firstSecond = second }
        counts.values[index].interval &+= 1
        return true
    }
}
