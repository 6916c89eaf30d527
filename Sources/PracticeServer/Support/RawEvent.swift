import NIOCore
import Wire

/// Composes events and acknowledgements whose arguments are rendered already: whole Engine.IO messages.
enum RawEvent {
    /// - Parameters:
    ///   - id: Under which the client is asked to acknowledge it.
    ///   - arguments: Without the brackets around them; may be empty.
    ///   - attachments: How many binary messages the arguments have placeholders for.
    static func event(
        _ name: StaticString,
        _ namespace: SocketIONamespace,
        id: Int? = nil,
        arguments: ByteBuffer,
        attachments: Int = 0
    ) -> ByteBuffer {
        var message = ByteBufferAllocator().buffer(capacity: 64 + arguments.readableBytes)
        SocketIOPacketWriter.beginEvent(namespace, id: id, attachments: attachments, to: &message)
        message.writeInteger(UInt8(ascii: "\""))
        message.writeStaticString(name)
        message.writeInteger(UInt8(ascii: "\""))
        if arguments.readableBytes > 0 {
            message.writeInteger(UInt8(ascii: ","))
            message.writeImmutableBuffer(arguments)
        }
        message.writeInteger(UInt8(ascii: "]"))
        return message
    }

    static func acknowledgement(
        _ namespace: SocketIONamespace,
        id: Int,
        arguments: ByteBuffer,
        attachments: Int = 0
    ) -> ByteBuffer {
        var message = ByteBufferAllocator().buffer(capacity: 32 + arguments.readableBytes)
        SocketIOPacketWriter.beginAck(namespace, id: id, attachments: attachments, to: &message)
        message.writeImmutableBuffer(arguments)
        message.writeInteger(UInt8(ascii: "]"))
        return message
    }
}
