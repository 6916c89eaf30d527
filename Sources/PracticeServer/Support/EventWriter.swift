import NIOCore

/// Composes one event whose payload is an object, byte by byte.
///
/// No tree is built: the server sends tens of thousands of events a second beside the load generator.
struct EventWriter {
    private var buffer: ByteBuffer
    private var needsComma = false

    /// What a server's frame header takes at most; NIOWebSocket puts it there, so that a frame is one write.
    static let headerRoom = 10

    /// An Engine.IO message (`4`) with a Socket.IO event (`2`) of the main namespace.
    init(event name: StaticString, capacity: Int = 192) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.moveWriterIndex(to: Self.headerRoom)
        buffer.moveReaderIndex(to: Self.headerRoom)
        buffer.writeStaticString("42[\"")
        buffer.writeStaticString(name)
        buffer.writeStaticString("\",{")
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
        buffer.writeJSONString(value)
    }

    /// A string of a fixed part and a number.
    mutating func member(_ name: StaticString, prefix: StaticString, number: UInt64) {
        begin(name)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(prefix)
        buffer.writeDecimal(number)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    mutating func member(_ name: StaticString, _ value: Int) {
        begin(name)
        if value < 0 { buffer.writeInteger(UInt8(ascii: "-")) }
        buffer.writeDecimal(UInt64(value.magnitude))
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
