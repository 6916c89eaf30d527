/// Steps through the content of a JSON string and undoes its escapes.
///
/// Lone surrogates, and escapes that JSON does not know, become U+FFFD.
struct JSONUnescaper {
    enum Piece {
        /// Bytes that stand for themselves.
        case run(Range<Int>)
        /// The scalar that an escape stands for.
        case scalar(UInt32)
    }

    private let base: UnsafeRawPointer
    private let end: Int
    private var at: Int

    /// The content between the quotes.
    init(base: UnsafeRawPointer, _ start: Int, _ end: Int) {
        self.base = base
        at = start
        self.end = end
    }

    mutating func next() -> Piece? {
        guard at < end else { return nil }
        if base.byte(at) == UInt8(ascii: "\\") {
            at &+= 1
            return .scalar(escape())
        }
        let start = at
        while at < end, base.byte(at) != UInt8(ascii: "\\") { at &+= 1 }
        return .run(start..<at)
    }

    /// Whether the unescaped content is these bytes.
    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        var copy = self
        var matched = 0
        while let piece = copy.next() {
            switch piece {
            case .run(let range):
                guard other.count &- matched >= range.count else { return false }
                let part = UnsafeRawBufferPointer(rebasing: other[matched..<(matched &+ range.count)])
                guard isEqual(base + range.lowerBound, part) else { return false }
                matched &+= range.count
            case .scalar(let scalar):
                var (bytes, count) = UTF8Text.encode(scalar)
                guard other.count &- matched >= count else { return false }
                while count > 0 {
                    guard other[matched] == UInt8(truncatingIfNeeded: bytes) else { return false }
                    bytes &>>= 8
                    matched &+= 1
                    count &-= 1
                }
            }
        }
        return matched == other.count
    }

    private mutating func escape() -> UInt32 {
        guard at < end else { return replacement }
        let byte = base.byte(at)
        at &+= 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(byte)
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return codePoint()
        default: return replacement
        }
    }

    /// Reads after `\u`; a high surrogate takes the low one that follows it along.
    private mutating func codePoint() -> UInt32 {
        guard let unit = unit(at: at) else { return replacement }
        at &+= 4
        guard unit & 0xF800 == 0xD800 else { return unit }
        guard unit < 0xDC00, end &- at >= 6, base.byte(at) == UInt8(ascii: "\\"),
            base.byte(at &+ 1) == UInt8(ascii: "u"), let low = self.unit(at: at &+ 2), low & 0xFC00 == 0xDC00
        else { return replacement }
        at &+= 6
        return 0x10000 &+ ((unit & 0x3FF) &<< 10) &+ (low & 0x3FF)
    }

    private func unit(at offset: Int) -> UInt32? {
        guard end &- offset >= 4 else { return nil }
        var unit: UInt32 = 0
        for index in 0..<4 {
            guard let digit = Self.hexadecimal(base.byte(offset &+ index)) else { return nil }
            unit = (unit &<< 4) | digit
        }
        return unit
    }

    @inline(__always)
    static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }
}

private var replacement: UInt32 { 0xFFFD }
