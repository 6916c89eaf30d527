/// UTF-8 as bytes: what is well formed (RFC 3629), and how a scalar is written.
package enum UTF8Text {
    /// Whether all of it is well-formed UTF-8: nothing overlong, no surrogates, nothing above U+10FFFF.
    package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let end = bytes.count
        var at = 0
        while at < end {
            if end &- at >= 8 {
                let mask = ByteScan.nonASCII(ByteScan.word(base, at))
                if mask == 0 {
                    at &+= 8
                    continue
                }
                at &+= ByteScan.firstIndex(in: mask)
            } else if base.byte(at) < 0x80 {
                at &+= 1
                continue
            }
            let length = sequenceLength(base, at, end)
            if length == 0 { return false }
            at &+= length
        }
        return true
    }

    /// The length of the well-formed sequence of two to four bytes that starts here, or 0.
    @inline(__always)
    static func sequenceLength(_ base: UnsafeRawPointer, _ at: Int, _ end: Int) -> Int {
        let lead = base.byte(at)
        let left = end &- at
        if lead < 0xC2 { return 0 }
        if lead < 0xE0 {
            return left >= 2 && isContinuation(base.byte(at &+ 1)) ? 2 : 0
        }
        if lead < 0xF0 {
            guard left >= 3, isContinuation(base.byte(at &+ 1)), isContinuation(base.byte(at &+ 2)) else { return 0 }
            let second = base.byte(at &+ 1)
            if lead == 0xE0, second < 0xA0 { return 0 }
            if lead == 0xED, second > 0x9F { return 0 }
            return 3
        }
        guard lead < 0xF5, left >= 4, isContinuation(base.byte(at &+ 1)), isContinuation(base.byte(at &+ 2)),
            isContinuation(base.byte(at &+ 3))
        else { return 0 }
        let second = base.byte(at &+ 1)
        if lead == 0xF0, second < 0x90 { return 0 }
        if lead == 0xF4, second > 0x8F { return 0 }
        return 4
    }

    /// The UTF-8 of a scalar: its bytes, the first one lowest, and how many there are.
    ///
    /// The value is a scalar: at most U+10FFFF and no surrogate.
    @inline(__always)
    static func encode(_ scalar: UInt32) -> (bytes: UInt32, count: Int) {
        if scalar < 0x80 { return (scalar, 1) }
        let last = 0x80 | (scalar & 0x3F)
        if scalar < 0x800 { return (0xC0 | (scalar &>> 6) | (last &<< 8), 2) }
        let third = 0x80 | ((scalar &>> 6) & 0x3F)
        if scalar < 0x10000 { return (0xE0 | (scalar &>> 12) | (third &<< 8) | (last &<< 16), 3) }
        let second = 0x80 | ((scalar &>> 12) & 0x3F)
        return (0xF0 | (scalar &>> 18) | (second &<< 8) | (third &<< 16) | (last &<< 24), 4)
    }

    @inline(__always)
    private static func isContinuation(_ byte: UInt8) -> Bool {
        byte & 0xC0 == 0x80
    }
}
