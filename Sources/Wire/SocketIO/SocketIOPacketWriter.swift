package import NIOCore

/// Writes Socket.IO 5 packets as the payload of a text frame: the Engine.IO type `4` stands before each.
package enum SocketIOPacketWriter {
    /// Appends a client's CONNECT, with its rendered JSON object of credentials if it has any.
    package static func writeConnect(_ namespace: SocketIONamespace, auth: ByteBuffer?, to buffer: inout ByteBuffer) {
        writeHead(.connect, namespace, id: nil, to: &buffer)
        if let auth { buffer.writeImmutableBuffer(auth) }
    }

    /// Appends a server's answer to a CONNECT that it accepts.
    package static func writeConnected(_ namespace: SocketIONamespace, sid: String, to buffer: inout ByteBuffer) {
        writeHead(.connect, namespace, id: nil, to: &buffer)
        buffer.writeStaticString("{\"sid\":")
        JSONWriter.writeString(sid, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// Appends a server's answer to a CONNECT that it turns down.
    ///
    /// - Parameter data: what else the server has to say, as `Error.data` of the official one.
    package static func writeConnectError(
        _ namespace: SocketIONamespace,
        message: String,
        data: JSONValue? = nil,
        to buffer: inout ByteBuffer
    ) {
        writeHead(.connectError, namespace, id: nil, to: &buffer)
        buffer.writeStaticString("{\"message\":")
        JSONWriter.writeString(message, to: &buffer)
        if let data {
            buffer.writeStaticString(",\"data\":")
            data.write(to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// Appends a DISCONNECT.
    package static func writeDisconnect(_ namespace: SocketIONamespace, to buffer: inout ByteBuffer) {
        writeHead(.disconnect, namespace, id: nil, to: &buffer)
    }

    /// Appends an event up to and with its `[`; the caller appends the name, the arguments and the `]`.
    ///
    /// - Parameter attachments: how many binary messages follow; their places among the arguments are for
    ///   `SocketIOPlaceholder.write`.
    package static func beginEvent(
        _ namespace: SocketIONamespace,
        id: Int?,
        attachments: Int = 0,
        to buffer: inout ByteBuffer
    ) {
        writeHead(attachments > 0 ? .binaryEvent : .event, namespace, id: id, attachments: attachments, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "["))
    }

    /// Appends an acknowledgement up to and with its `[`; the caller appends the arguments and the `]`.
    ///
    /// - Parameter attachments: how many binary messages follow, as with an event.
    package static func beginAck(
        _ namespace: SocketIONamespace,
        id: Int,
        attachments: Int = 0,
        to buffer: inout ByteBuffer
    ) {
        writeHead(attachments > 0 ? .binaryAck : .ack, namespace, id: id, attachments: attachments, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "["))
    }

    /// Appends a whole event.
    ///
    /// - Parameter attachments: how many binary messages follow: their placeholders stand behind the arguments.
    package static func writeEvent(
        _ namespace: SocketIONamespace,
        id: Int? = nil,
        name: String,
        arguments: [JSONValue],
        attachments: Int = 0,
        to buffer: inout ByteBuffer
    ) {
        beginEvent(namespace, id: id, attachments: attachments, to: &buffer)
        JSONWriter.writeString(name, to: &buffer)
        writeList(arguments, attachments, isStarted: true, to: &buffer)
    }

    /// Appends a whole acknowledgement.
    ///
    /// - Parameter attachments: how many binary messages follow: their placeholders stand behind the arguments.
    package static func writeAck(
        _ namespace: SocketIONamespace,
        id: Int,
        arguments: [JSONValue],
        attachments: Int = 0,
        to buffer: inout ByteBuffer
    ) {
        beginAck(namespace, id: id, attachments: attachments, to: &buffer)
        writeList(arguments, attachments, isStarted: false, to: &buffer)
    }

    private static func writeList(
        _ arguments: [JSONValue],
        _ attachments: Int,
        isStarted: Bool,
        to buffer: inout ByteBuffer
    ) {
        var isStarted = isStarted
        for argument in arguments {
            if isStarted { buffer.writeInteger(UInt8(ascii: ",")) }
            argument.write(to: &buffer)
            isStarted = true
        }
        for number in 0..<max(attachments, 0) {
            if isStarted { buffer.writeInteger(UInt8(ascii: ",")) }
            SocketIOPlaceholder.write(number, to: &buffer)
            isStarted = true
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }

    private static func writeHead(
        _ type: SocketIOPacketType,
        _ namespace: SocketIONamespace,
        id: Int?,
        attachments: Int = 0,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeInteger(EngineIOPacketType.message.rawValue)
        buffer.writeInteger(type.rawValue)
        if attachments > 0 {
            JSONWriter.writeInteger(attachments, to: &buffer)
            buffer.writeInteger(UInt8(ascii: "-"))
        }
        if !namespace.isMain {
            buffer.writeBytes(namespace.bytes)
            buffer.writeInteger(UInt8(ascii: ","))
        }
        if let id { JSONWriter.writeInteger(id, to: &buffer) }
    }
}
