package import NIOCore

/// Base64 with padding. Source: RFC 4648, section 4.
package enum Base64 {
    /// How many characters so many bytes become; the largest `Int` where that does not fit.
    package static func encodedCount(_ count: Int) -> Int {
        let (length, overflows) = (count / 3 &+ (count % 3 == 0 ? 0 : 1)).multipliedReportingOverflow(by: 4)
        return overflows ? .max : length
    }

    /// How many bytes a text of this shape stands for; nil where no strict encoder writes a text of that length.
    ///
    /// Looks at the length and the padding only.
    package static func decodedCount(_ text: UnsafeRawBufferPointer) -> Int? {
        guard text.count % 4 == 0 else { return nil }
        guard text.count > 0 else { return 0 }
        let missing = text[text.count &- 1] != padding ? 0 : text[text.count &- 2] != padding ? 1 : 2
        return text.count / 4 &* 3 &- missing
    }

    /// Appends the characters that stand for these bytes.
    package static func encode(_ bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: encodedCount(bytes.count)) { target in
            encode(base, bytes.count, to: target)
        }
    }

    /// Appends the bytes that this text stands for; false, and nothing appended, where it is not strict base64.
    ///
    /// Strict: only the 64 characters, padding that makes it whole, and no bits left over behind the last byte.
    package static func decode(_ text: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) -> Bool {
        guard let count = decodedCount(text) else { return false }
        guard let base = text.baseAddress, count > 0 else { return text.count == 0 }
        let written = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
            decode(base, text.count, count, to: target) ? count : 0
        }
        return written == count
    }

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text = ByteBuffer()
        bytes.withUnsafeBytes { encode($0, to: &text) }
        return Array(text.readableBytesView)
    }

    private static var padding: UInt8 { UInt8(ascii: "=") }
}

extension Base64 {
    private static func encode(
        _ base: UnsafeRawPointer,
        _ count: Int,
        to target: UnsafeMutableRawBufferPointer
    ) -> Int {
        var from = 0
        var to = 0
        while count &- from >= 3 {
            let group =
                UInt32(base.byte(from)) &<< 16 | UInt32(base.byte(from &+ 1)) &<< 8 | UInt32(base.byte(from &+ 2))
            target[to] = character(group &>> 18)
            target[to &+ 1] = character(group &>> 12)
            target[to &+ 2] = character(group &>> 6)
            target[to &+ 3] = character(group)
            from &+= 3
            to &+= 4
        }
        let left = count &- from
        if left > 0 {
            let group = UInt32(base.byte(from)) &<< 16 | (left > 1 ? UInt32(base.byte(from &+ 1)) &<< 8 : 0)
            target[to] = character(group &>> 18)
            target[to &+ 1] = character(group &>> 12)
            target[to &+ 2] = left > 1 ? character(group &>> 6) : padding
            target[to &+ 3] = padding
            to &+= 4
        }
        return to
    }

    /// - Parameters:
    ///   - length: of the text, a multiple of four.
    ///   - count: what `decodedCount` says of it; 1 or more.
    private static func decode(
        _ base: UnsafeRawPointer,
        _ length: Int,
        _ count: Int,
        to target: UnsafeMutableRawBufferPointer
    ) -> Bool {
        var from = 0
        var to = 0
        while count &- to >= 3 {
            guard
                let group = group(
                    value(base.byte(from)),
                    value(base.byte(from &+ 1)),
                    value(base.byte(from &+ 2)),
                    value(base.byte(from &+ 3))
                )
            else { return false }
            target[to] = UInt8(truncatingIfNeeded: group &>> 16)
            target[to &+ 1] = UInt8(truncatingIfNeeded: group &>> 8)
            target[to &+ 2] = UInt8(truncatingIfNeeded: group)
            from &+= 4
            to &+= 3
        }
        guard from < length else { return true }
        // One or two bytes are left, and padding behind them.
        let isOne = count &- to == 1
        guard
            let group = group(
                value(base.byte(from)),
                value(base.byte(from &+ 1)),
                isOne ? 0 : value(base.byte(from &+ 2)),
                0
            ), group & (isOne ? 0xFFFF : 0xFF) == 0
        else { return false }
        target[to] = UInt8(truncatingIfNeeded: group &>> 16)
        if !isOne { target[to &+ 1] = UInt8(truncatingIfNeeded: group &>> 8) }
        return true
    }

    /// The 24 bits of four characters; nil where one of them is none of the 64.
    @inline(__always)
    private static func group(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> UInt32? {
        if (first | second | third | fourth) & unknown != 0 { return nil }
        return UInt32(first) &<< 18 | UInt32(second) &<< 12 | UInt32(third) &<< 6 | UInt32(fourth)
    }

    /// The six bits of a character, or `unknown`.
    @inline(__always)
    private static func value(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte &- UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte &- UInt8(ascii: "a") &+ 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0") &+ 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: unknown
        }
    }

    private static var unknown: UInt8 { 0x80 }

    @inline(__always)
    private static func character(_ value: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value & 0x3F)
        return switch value {
        case ..<26: UInt8(ascii: "A") &+ value
        case ..<52: UInt8(ascii: "a") &+ value &- 26
        case ..<62: UInt8(ascii: "0") &+ value &- 52
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}
