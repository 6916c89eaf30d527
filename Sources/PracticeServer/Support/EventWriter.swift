import NIOCore
import Wire

/// Composes one event whose payload is an object, byte by byte.
///
/// No tree is built: the server sends tens of thousands of events a second beside the load generator.
struct EventWriter {
    private var buffer: ByteBuffer
    private var needsComma = false

    /// What a server's frame header takes at most; NIOWebSocket puts it there, so that a frame is one write.
    static let headerRoom = 10

    /// An event of the main namespace.
    init(event name: StaticString, capacity: Int = 192) {
        buffer = Self.messageBuffer(capacity: capacity)
        SocketIOPacketWriter.beginEvent(.main, id: nil, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\",{")
    }

    /// An empty buffer with room before it for a frame's header.
    static func messageBuffer(capacity: Int) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: headerRoom + capacity)
        buffer.moveWriterIndex(to: headerRoom)
        buffer.moveReaderIndex(to: headerRoom)
        return buffer
    }

    /// An object alone, such as the body of an HTTP response.
    init(objectWithCapacity capacity: Int = 128) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeInteger(UInt8(ascii: "{"))
    }

    /// Ends an event and gives it away.
    mutating func finishEvent() -> ByteBuffer {
        buffer.writeStaticString("}]")
        return take()
    }

    /// Ends an object that stands alone and gives it away.
    mutating func finishObject() -> ByteBuffer {
        buffer.writeInteger(UInt8(ascii: "}"))
        return take()
    }

    /// Keeps no reference: a frame's header is put before a message only where nobody else holds it.
    private mutating func take() -> ByteBuffer {
        let finished = buffer
        buffer = ByteBuffer()
        return finished
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
