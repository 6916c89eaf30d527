package import NIOCore

/// What stands in the JSON of a binary packet where one of its attachments belongs: `{"_placeholder":true,"num":0}`.
///
/// Source: socket.io-protocol, Readme.md, "Packet encoding"; socket.io-parser, lib/binary.ts.
package enum SocketIOPlaceholder {
    /// Appends the placeholder of the attachment with this number, which counts from 0.
    package static func write(_ number: Int, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(#"{"_placeholder":true,"num":"#)
        JSONWriter.writeInteger(number, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// The number of the attachment that this value of a packet stands for; nil where it is no placeholder.
    ///
    /// The number is what the peer wrote: it may be beyond the attachments that there are.
    package static func number(of value: JSONSlice, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard value.kind == .object, let mark = member("_placeholder", of: value, bytes), mark.kind == .bool,
            JSONScanner.bool(of: mark, in: bytes) == true, let number = member("num", of: value, bytes),
            number.kind == .number, let number = JSONScanner.integer(of: number, in: bytes), number >= 0
        else { return nil }
        return number
    }

    private static func member(
        _ name: StaticString,
        of object: JSONSlice,
        _ bytes: UnsafeRawBufferPointer
    ) -> JSONSlice? {
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return JSONScanner.member(named: name, of: object, in: bytes)
    }
}
