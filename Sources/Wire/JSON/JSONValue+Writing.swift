package import NIOCore

extension JSONValue {
    /// Appends the value as JSON without whitespace.
    package func write(to buffer: inout ByteBuffer) {
        switch self {
        case .null:
            buffer.writeStaticString("null")
        case .bool(let flag):
            buffer.writeStaticString(flag ? "true" : "false")
        case .integer(let integer):
            JSONWriter.writeInteger(integer, to: &buffer)
        case .number(let number):
            JSONWriter.writeNumber(number, to: &buffer)
        case .string(let text):
            JSONWriter.writeString(text, to: &buffer)
        case .array(let elements):
            buffer.writeInteger(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
                element.write(to: &buffer)
            }
            buffer.writeInteger(UInt8(ascii: "]"))
        case .object(let members):
            buffer.writeInteger(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
                JSONWriter.writeString(member.name, to: &buffer)
                buffer.writeInteger(UInt8(ascii: ":"))
                member.value.write(to: &buffer)
            }
            buffer.writeInteger(UInt8(ascii: "}"))
        }
    }

    /// The value as JSON without whitespace.
    package var jsonText: String {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return String(buffer: buffer)
    }
}
