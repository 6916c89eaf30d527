/// Looks at eight bytes of text at a time (SIMD within a register).
///
/// Every mask has the top bit of a byte set where the byte meets the condition. Above the first such byte a mask
/// may have false positives (a borrow runs upwards), so only `firstIndex(in:)` of a mask means anything.
enum ByteScan {
    @inline(__always)
    static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    static func equal(_ word: UInt64, to byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & tops
    }

    /// Control characters U+0000 to U+001F.
    @inline(__always)
    static func control(_ word: UInt64) -> UInt64 {
        (word &- ones &* 0x20) & ~word & tops
    }

    @inline(__always)
    static func nonASCII(_ word: UInt64) -> UInt64 {
        word & tops
    }

    /// The place of the first byte that is marked in a mask which is not 0.
    @inline(__always)
    static func firstIndex(in mask: UInt64) -> Int {
        mask.trailingZeroBitCount &>> 3
    }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var tops: UInt64 { 0x8080_8080_8080_8080 }
}

extension UnsafeRawPointer {
    /// The byte at an offset that the caller has compared with the end.
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 {
        load(fromByteOffset: offset, as: UInt8.self)
    }
}

/// Whether the bytes from here on are these.
@inline(__always)
func isEqual(_ pointer: UnsafeRawPointer, _ other: UnsafeRawBufferPointer) -> Bool {
    let count = other.count
    guard let base = other.baseAddress else { return true }
    var at = 0
    while count &- at >= 8 {
        if ByteScan.word(pointer, at) != ByteScan.word(base, at) { return false }
        at &+= 8
    }
    while at < count {
        if pointer.byte(at) != base.byte(at) { return false }
        at &+= 1
    }
    return true
}
