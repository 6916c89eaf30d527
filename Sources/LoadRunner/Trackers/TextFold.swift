/// The text of a chunked reply, joined in index order, kept as its length and a hash of 64 bits.
///
/// That is enough to say whether it equals the whole text or is a prefix of it. Only a text that came too early is
/// kept itself, until those before it are there.
struct TextFold {
    /// How the joined text stands to the whole one.
    enum Relation: Hashable {
        case equal, prefix, different
    }

    /// Texts that came too early are kept up to this many bytes, and this many of them; past either the stream is not
    /// compared.
    static let pendingLimit = 256 * 1024
    static let pendingCount = 1024

    private var hash = offsetBasis
    private var length = 0
    private var nextIndex = 0
    private var pending: [Int: [UInt8]] = [:]
    private var pendingBytes = 0
    private var isIncomparable = false

    /// Adds the text of the chunk with this index; each index is added once.
    mutating func add(_ content: UnsafeRawBufferPointer, at index: Int) {
        guard index == nextIndex else {
            pendingBytes += content.count
            guard pendingBytes <= Self.pendingLimit, pending.count < Self.pendingCount else {
                isIncomparable = true
                pending = [:]
                return
            }
            if !isIncomparable { pending[index] = [UInt8](content) }
            return
        }
        fold(content)
        while !pending.isEmpty, let following = pending.removeValue(forKey: nextIndex) {
            pendingBytes -= following.count
            following.withUnsafeBytes { fold($0) }
        }
    }

    /// Compares what was joined so far with the whole text.
    func compare(with final: UnsafeRawBufferPointer) -> Relation {
        if isIncomparable { return .equal }
        guard length <= final.count else { return .different }
        let start = UnsafeRawBufferPointer(rebasing: final[..<length])
        guard Self.hash(start, from: Self.offsetBasis) == hash else { return .different }
        return length == final.count ? .equal : .prefix
    }

    private mutating func fold(_ content: UnsafeRawBufferPointer) {
        hash = Self.hash(content, from: hash)
        length += content.count
        nextIndex += 1
    }

    /// FNV-1a, 64 bits.
    private static let offsetBasis: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func hash(_ bytes: UnsafeRawBufferPointer, from start: UInt64) -> UInt64 {
        bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
