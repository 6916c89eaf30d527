import NIOCore
import Wire

/// Composes one event whose payload is an object, byte by byte.
///
/// No tree is built: the server sends tens of thousands of events a second beside the load generator.
struct EventWriter {
    private var buffer: ByteBuffer
    private var needsComma = false

    /// An event of the main namespace.
    init(event name: StaticString, capacity: Int = 192) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        SocketIOPacketWriter.beginEvent(.main, id: nil, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\",{")
    }

    /// An object alone, such as the body of an HTTP response.
    init(objectWithCapacity capacity: Int = 128) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeInteger(UInt8(ascii: "{"))
    }

    /// Ends an event: a whole Engine.IO message.
    mutating func finishEvent() -> ByteBuffer {
        buffer.writeStaticString("}]")
        return buffer
    }

    /// Ends an object that stands alone.
    mutating func finishObject() -> ByteBuffer {
        buffer.writeInteger(UInt8(ascii: "}"))
        return buffer
    }

    mutating func member(_ name: StaticString, _ value: StaticString) {
        begin(name)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(value)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    mutating func member(_ name: StaticString, string value: String) {
        begin(name)
        JSONWriter.writeString(value, to: &buffer)
    }

    /// A string of a fixed part and a number.
    mutating func member(_ name: StaticString, prefix: StaticString, number: Int) {
        begin(name)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(prefix)
        JSONWriter.writeInteger(number, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    mutating func member(_ name: StaticString, _ value: Int) {
        begin(name)
        JSONWriter.writeInteger(value, to: &buffer)
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        begin(name)
        buffer.writeStaticString(value ? "true" : "false")
    }

    /// A value that is rendered already.
    mutating func member(_ name: StaticString, rendered value: ByteBuffer) {
        begin(name)
        buffer.writeImmutableBuffer(value)
    }

    /// A string whose content the closure writes, escaped already.
    mutating func member(_ name: StaticString, text write: (inout ByteBuffer) -> Void) {
        begin(name)
        buffer.writeInteger(UInt8(ascii: "\""))
        write(&buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    mutating func beginArray(_ name: StaticString) {
        begin(name)
        buffer.writeInteger(UInt8(ascii: "["))
        needsComma = false
    }

    /// A string as an element of an array.
    mutating func element(_ value: StaticString) {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(value)
        buffer.writeInteger(UInt8(ascii: "\""))
        needsComma = true
    }

    mutating func endArray() {
        buffer.writeInteger(UInt8(ascii: "]"))
        needsComma = true
    }

    /// An object as a member.
    mutating func beginObject(_ name: StaticString) {
        begin(name)
        buffer.writeInteger(UInt8(ascii: "{"))
        needsComma = false
    }

    /// An object as an element of an array.
    mutating func beginObject() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        buffer.writeInteger(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func endObject() {
        buffer.writeInteger(UInt8(ascii: "}"))
        needsComma = true
    }

    private mutating func begin(_ name: StaticString) {
        buffer.writeStaticString(needsComma ? ",\"" : "\"")
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = true
    }
}
