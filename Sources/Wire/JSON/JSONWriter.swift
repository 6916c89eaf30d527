package import NIOCore

/// Writes the parts of JSON straight into a buffer.
package enum JSONWriter {
    /// Appends the text as a JSON string, quotes included.
    package static func writeString(_ text: String, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "\""))
        writeStringContent(text, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// Appends what stands between the quotes of the text as a JSON string.
    package static func writeStringContent(_ text: String, to buffer: inout ByteBuffer) {
        // A native string lends its bytes; only one bridged from Objective-C is copied first.
        var text = text
        text.withUTF8 { writeStringContent(UnsafeRawBufferPointer($0), to: &buffer) }
    }

    /// The same for bytes that are UTF-8: escapes quotes, backslashes and control characters, nothing else.
    package static func writeStringContent(_ bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) {
        let growth = growth(of: bytes)
        if growth == 0 {
            buffer.writeBytes(bytes)
            return
        }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count &+ growth) { target in
            var at = 0
            for byte in bytes {
                target[at] = byte
                at &+= self.growth(of: byte) == 0 ? 1 : writeEscape(byte, target, at)
            }
            return at
        }
    }

    /// Appends a whole number.
    package static func writeInteger(_ value: Int, to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { target in
            var magnitude = value.magnitude
            var count = value < 0 ? 1 : 0
            var left = magnitude
            repeat {
                count &+= 1
                left /= 10
            } while left > 0
            var at = count
            repeat {
                at &-= 1
                target[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            } while magnitude > 0
            if value < 0 { target[0] = UInt8(ascii: "-") }
            return count
        }
    }

    /// Appends the shortest decimal that reads back as this number, without `.0` where it is a whole one.
    ///
    /// As with `JSON.stringify`, what is no finite number becomes null and -0 becomes 0.
    package static func writeNumber(_ value: Double, to buffer: inout ByteBuffer) {
        guard value.isFinite else {
            buffer.writeStaticString("null")
            return
        }
        if value.magnitude < 0x1p53, value.rounded(.towardZero) == value {
            writeInteger(Int(value), to: &buffer)
            return
        }
        let text = value.description
        buffer.writeString(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }
}

extension JSONWriter {
    /// How many bytes longer the text becomes when it is escaped.
    private static func growth(of bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        let end = bytes.count
        var at = 0
        var growth = 0
        while at < end {
            if end &- at >= 8 {
                let word = ByteScan.word(base, at)
                let mask =
                    ByteScan.equal(word, to: UInt8(ascii: "\"")) | ByteScan.equal(word, to: UInt8(ascii: "\\"))
                    | ByteScan.control(word)
                if mask == 0 {
                    at &+= 8
                    continue
                }
                at &+= ByteScan.firstIndex(in: mask)
            }
            growth &+= self.growth(of: base.byte(at))
            at &+= 1
        }
        return growth
    }

    @inline(__always)
    private static func growth(of byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: 1
        case ..<0x20: 5
        default: 0
        }
    }

    /// Writes the escape of a byte that needs one; returns its length.
    private static func writeEscape(_ byte: UInt8, _ target: UnsafeMutableRawBufferPointer, _ at: Int) -> Int {
        target[at] = UInt8(ascii: "\\")
        switch byte {
        case 0x08: target[at &+ 1] = UInt8(ascii: "b")
        case 0x09: target[at &+ 1] = UInt8(ascii: "t")
        case 0x0A: target[at &+ 1] = UInt8(ascii: "n")
        case 0x0C: target[at &+ 1] = UInt8(ascii: "f")
        case 0x0D: target[at &+ 1] = UInt8(ascii: "r")
        case ..<0x20:
            target[at &+ 1] = UInt8(ascii: "u")
            target[at &+ 2] = UInt8(ascii: "0")
            target[at &+ 3] = UInt8(ascii: "0")
            target[at &+ 4] = byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1")
            let digit = byte & 0xF
            target[at &+ 5] = digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10
            return 6
        default: target[at &+ 1] = byte
        }
        return 2
    }
}
