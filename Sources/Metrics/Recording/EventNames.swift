/// Counts of events that the scenario does not mention, with a bound on the number of names.
///
/// Names are compared as bytes: a server that pushes many of them costs no string for each.
struct EventNames {
    /// How many names there can be; further ones count as `other`.
    static let limit = 100
    /// Bytes of a name that tell it apart.
    static let nameLimit = 128

    private struct Entry {
        var hash: UInt64
        var group: Int
        var bytes: [UInt8]
        var interval: Int
    }

    private var entries: [Entry] = []
    private var names = 0
    /// Per group, events whose names were too many.
    private var others: [Int] = []

    mutating func count(_ name: UnsafeRawBufferPointer, group: Int) {
        let name = UnsafeRawBufferPointer(rebasing: name.prefix(Self.nameLimit))
        let hash = Self.hash(name)
        var isKnown = false
        for index in entries.indices where entries[index].hash == hash && Self.equal(entries[index].bytes, name) {
            isKnown = true
            if entries[index].group == group {
                entries[index].interval &+= 1
                return
            }
        }
        guard isKnown || names < Self.limit else {
            while others.count <= group { others.append(0) }
            others[group] &+= 1
            return
        }
        if !isKnown { names += 1 }
        entries.append(Entry(hash: hash, group: group, bytes: Array(name), interval: 1))
    }

    /// What moved since the last time.
    mutating func drain() -> [Snapshot.NamedCount] {
        var counts: [Snapshot.NamedCount] = []
        for index in entries.indices where entries[index].interval > 0 {
            let text = EscapedText.make(String(decoding: entries[index].bytes, as: UTF8.self), limit: Self.nameLimit)
            counts.append(Snapshot.NamedCount(name: text, group: entries[index].group, count: entries[index].interval))
            entries[index].interval = 0
        }
        for group in others.indices where others[group] > 0 {
            counts.append(Snapshot.NamedCount(name: "other", group: group, count: others[group]))
            others[group] = 0
        }
        return counts
    }

    /// FNV-1a; equality is still decided by the bytes.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    private static func equal(_ bytes: [UInt8], _ other: UnsafeRawBufferPointer) -> Bool {
        bytes.count == other.count && bytes.elementsEqual(other)
    }
}
