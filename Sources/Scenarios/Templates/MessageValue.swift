import NIOCore
package import Wire

/// What a path leads to in a received message.
package enum MessageValue: Hashable, Sendable {
    /// A JSON value.
    case json(JSONSlice)
    /// The whole of a message without a known form: these bytes are the text itself.
    case text(Range<Int>)
}

extension MessageValue {
    /// Where its bytes stand in the message.
    package var range: Range<Int> {
        switch self {
        case .json(let slice): slice.range
        case .text(let range): range
        }
    }

    /// The value as a tree; a text is a string.
    package func tree(in bytes: UnsafeRawBufferPointer) -> JSONValue {
        switch self {
        case .json(let slice): JSONValue(slice, in: bytes)
        case .text(let range): .string(String(decoding: Self.part(range, of: bytes), as: UTF8.self))
        }
    }

    /// Appends the value as JSON; what was received as JSON is copied.
    func appendJSON(in bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) {
        switch self {
        case .json(let slice):
            guard let text = JSONScanner.text(of: slice, in: bytes) else { return }
            buffer.writeBytes(text)
        case .text(let range):
            buffer.writeInteger(UInt8(ascii: "\""))
            JSONWriter.writeStringContent(Self.part(range, of: bytes), to: &buffer)
            buffer.writeInteger(UInt8(ascii: "\""))
        }
    }

    private static func part(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)])
    }
}

extension JSONValue {
    /// Whether it is the same as what was found in a message; without a tree unless it is an array or an object.
    func isSame(as found: MessageValue?, in bytes: UnsafeRawBufferPointer) -> Bool {
        switch found {
        case nil: return self == .null
        case .json(let slice): return isSame(as: slice, in: bytes)
        case .text(let range):
            guard case .string(let text) = self else { return false }
            return text.utf8.elementsEqual(bytes[range.clamped(to: 0..<bytes.count)])
        }
    }
}
