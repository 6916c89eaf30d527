/// Texts that may be part of others: which one stands in a text is found in one pass, however many there are.
struct KnownTexts {
    /// Shorter ones are words, and no parts that one would know again.
    static let shortest = 8

    /// By their first eight bytes, then by their length, the longest first.
    private var byStart: [UInt64: [(length: Int, texts: Set<ArraySlice<UInt8>>)]] = [:]

    mutating func insert(_ text: String) {
        let bytes = Array(text.utf8)[...]
        guard bytes.count >= Self.shortest else { return }
        let start = Self.word(bytes, 0)
        var lengths = byStart.removeValue(forKey: start) ?? []
        if let place = lengths.firstIndex(where: { $0.length <= bytes.count }) {
            if lengths[place].length == bytes.count {
                lengths[place].texts.insert(bytes)
            } else {
                lengths.insert((bytes.count, [bytes]), at: place)
            }
        } else {
            lengths.append((bytes.count, [bytes]))
        }
        byStart[start] = lengths
    }

    /// Where the longest of the texts stands in another; the first place of several.
    func longest(in text: String) -> Range<String.Index>? {
        guard !byStart.isEmpty else { return nil }
        let bytes = Array(text.utf8)[...]
        guard bytes.count >= Self.shortest else { return nil }
        var best: Range<Int>?
        var word = Self.word(bytes, 0)
        var at = 0
        while true {
            for (length, texts) in byStart[word] ?? []
            where length > best?.count ?? 0 && at + length <= bytes.count && texts.contains(bytes[at..<at + length]) {
                best = at..<at + length
                break
            }
            guard at + Self.shortest < bytes.count else { break }
            word = word >> 8 | UInt64(bytes[at + Self.shortest]) << 56
            at += 1
        }
        return best.map { range in
            let lower = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
            return lower..<text.utf8.index(lower, offsetBy: range.count)
        }
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ at: Int) -> UInt64 {
        bytes[at..<at + shortest].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
