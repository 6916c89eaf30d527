package import NIOCore

/// Writes Engine.IO 4 packets as the payload of a text frame.
package enum EngineIOPacketWriter {
    /// Appends the open packet of a server.
    package static func writeOpen(_ open: EngineIOOpen, to buffer: inout ByteBuffer) {
        write(.open, to: &buffer)
        var members: [JSONValue.Member] = [
            .init("sid", .string(open.sid)),
            .init("upgrades", .array(open.upgrades.map { .string($0) })),
            .init("pingInterval", .number(milliseconds(open.pingInterval))),
            .init("pingTimeout", .number(milliseconds(open.pingTimeout))),
        ]
        if let maxPayload = open.maxPayload { members.append(.init("maxPayload", .integer(maxPayload))) }
        JSONValue.object(members).write(to: &buffer)
    }

    /// Appends the type of a packet; its content, if it has any, is appended after it.
    package static func write(_ type: EngineIOPacketType, to buffer: inout ByteBuffer) {
        buffer.writeInteger(type.rawValue)
    }

    /// Appends the pong that answers a ping with this content.
    package static func writePong(_ content: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) {
        write(.pong, to: &buffer)
        buffer.writeBytes(content)
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1000 + Double(attoseconds) / 1e15
    }
}
