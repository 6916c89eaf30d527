/// Texts that were said before, and where one of them is part of another text.
///
/// A recording may have as many as messages: they are looked up, not tried one after the other.
struct KnownParts {
    /// Bytes that a text needs to be worth looking for.
    static let minimumLength = 8

    private var texts: Set<[UInt8]> = []
    /// The lengths of the texts that begin with these bytes, the greatest first.
    private var lengths: [UInt64: [Int]] = [:]

    /// Adds a text; one that is too short is none.
    mutating func insert(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.minimumLength, texts.insert(bytes).inserted else { return }
        let start = Self.start(bytes, 0)
        let known = lengths[start, default: []]
        guard !known.contains(bytes.count) else { return }
        lengths[start] = (known + [bytes.count]).sorted(by: >)
    }

    /// The longest known text that is part of this one, and where it stands first; of equally long ones the first in the
    /// order of their bytes.
    func longest(in text: String) -> (part: String, range: Range<String.Index>)? {
        guard !texts.isEmpty, text.utf8.count >= Self.minimumLength else { return nil }
        let bytes = Array(text.utf8)
        var found: (part: [UInt8], offset: Int)?
        for offset in 0...(bytes.count - Self.minimumLength) {
            for length in lengths[Self.start(bytes, offset)] ?? [] where offset + length <= bytes.count {
                let least = found?.part.count ?? 0
                if length < least { break }
                let part = Array(bytes[offset..<offset + length])
                guard texts.contains(part) else { continue }
                if length > least || part.lexicographicallyPrecedes(found?.part ?? []) { found = (part, offset) }
                break
            }
        }
        return found.map { found in
            let lower = text.utf8.index(text.startIndex, offsetBy: found.offset)
            let range = lower..<text.utf8.index(lower, offsetBy: found.part.count)
            return (String(decoding: found.part, as: UTF8.self), range)
        }
    }

    /// The first bytes of a text from this place on.
    private static func start(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        bytes[offset..<offset + minimumLength].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
