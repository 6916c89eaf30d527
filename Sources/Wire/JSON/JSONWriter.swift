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
        guard let base = bytes.baseAddress else { return }
        let end = bytes.count
        var start = 0
        while start < end {
            let stop = firstEscaped(base, start, end)
            if stop > start {
                buffer.writeBytes(UnsafeRawBufferPointer(start: base + start, count: stop &- start))
            }
            guard stop < end else { return }
            writeEscape(base.byte(stop), to: &buffer)
            start = stop &+ 1
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
    private static func firstEscaped(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
        var at = start
        while end &- at >= 8 {
            let word = ByteScan.word(base, at)
            let mask =
                ByteScan.equal(word, to: UInt8(ascii: "\"")) | ByteScan.equal(word, to: UInt8(ascii: "\\"))
                | ByteScan.control(word)
            if mask != 0 { return at &+ ByteScan.firstIndex(in: mask) }
            at &+= 8
        }
        while at < end {
            let byte = base.byte(at)
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            at &+= 1
        }
        return at
    }

    private static func writeEscape(_ byte: UInt8, to buffer: inout ByteBuffer) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case 0x08: buffer.writeStaticString("\\b")
        case 0x09: buffer.writeStaticString("\\t")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0C: buffer.writeStaticString("\\f")
        case 0x0D: buffer.writeStaticString("\\r")
        default:
            buffer.writeStaticString(byte < 0x10 ? "\\u000" : "\\u001")
            let digit = byte & 0xF
            buffer.writeInteger(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10)
        }
    }
}
