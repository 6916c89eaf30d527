/// One Socket.IO 5 packet where it lies: the offsets of its parts, from the start of the buffer.
///
/// The payload is valid JSON of the shape that the type wants, as the official parser checks it.
/// Source: socket.io-protocol, Readme.md, "Packet encoding"; socket.io-parser, lib/index.ts.
package struct SocketIOPacketView: Hashable, Sendable {
    package var type: SocketIOPacketType
    /// How many binary messages follow that belong to this packet; 0 unless the type is a binary one.
    package var attachments: Int
    /// The name with its slash; nil for the main namespace.
    package var namespace: Range<Int>?
    /// The id that an event asks to be acknowledged with, or that is acknowledged.
    package var id: Int?
    /// The JSON; nil where the packet has none.
    package var payload: JSONSlice?
    /// Of an event: its name, a string (or, as the official parser allows, a number).
    package var name: JSONSlice?
    /// Of an event or acknowledgement: the first argument, or nil where it has none.
    package var firstArgument: JSONSlice?

    /// The most binary messages that one packet may announce, unless the caller says otherwise.
    package static var maximumAttachments: Int { WireLimits().attachments }

    /// Of an event or acknowledgement: the array that holds the arguments; of an event, after its name.
    package var list: Range<Int>? {
        payload?.kind == .array ? payload?.range : nil
    }

    /// How many elements of `list` stand before the first argument.
    package var skipped: Int {
        name == nil ? 0 : 1
    }

    /// Reads the packet in this range, which is the content of an Engine.IO message.
    ///
    /// - Parameters:
    ///   - maximumDepth: how deep arrays and objects may lie in each other; values above 128 count as 128.
    ///   - maximumAttachments: how many binary messages the packet may announce.
    package init(
        parsing bytes: UnsafeRawBufferPointer,
        range: Range<Int>,
        maximumDepth: Int = WireLimits().nesting,
        maximumAttachments: Int = SocketIOPacketView.maximumAttachments
    ) throws(WireError) {
        guard let base = bytes.baseAddress, let range = JSONScanner.clamp(range, to: bytes), !range.isEmpty,
            let type = SocketIOPacketType(rawValue: base.byte(range.lowerBound))
        else { throw Self.error("A packet has no type that Socket.IO 5 knows.") }
        self.type = type
        var reader = SocketIOPrefixReader(base: base, at: range.lowerBound &+ 1, end: range.upperBound)
        attachments = 0
        if type == .binaryEvent || type == .binaryAck {
            attachments = try reader.attachments(limit: maximumAttachments)
        }
        namespace = reader.namespace()
        id = try reader.id()
        if reader.at < range.upperBound {
            do throws(JSONError) {
                payload = try JSONScanner.validate(
                    bytes,
                    range: reader.at..<range.upperBound,
                    maximumDepth: maximumDepth
                )
            } catch {
                throw WireError(error, "The payload of a packet")
            }
        }
        try checkShape(bytes)
    }

    /// Reads the packet in this range, which is the content of an Engine.IO message.
    package init(parsing bytes: UnsafeRawBufferPointer, range: Range<Int>, limits: WireLimits) throws(WireError) {
        try self.init(
            parsing: bytes,
            range: range,
            maximumDepth: limits.nesting,
            maximumAttachments: limits.attachments
        )
    }

    static func error(_ sentence: String) -> WireError {
        WireError(.protocolViolation, sentence)
    }
}

extension SocketIOPacketView {
    private mutating func checkShape(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
        switch type {
        case .event, .binaryEvent:
            guard let payload, payload.kind == .array,
                let name = JSONScanner.firstElement(ofArrayAt: payload.range, in: bytes),
                name.kind == .string || name.kind == .number
            else { throw Self.error("The payload of an event is no array that starts with a name.") }
            if Self.isReserved(name, bytes) {
                throw Self.error("The name of an event is one that Socket.IO keeps for itself.")
            }
            self.name = name
            firstArgument = JSONScanner.nextElement(after: name, in: bytes)
        case .ack, .binaryAck:
            guard let payload, payload.kind == .array else {
                throw Self.error("The payload of an acknowledgement is no array.")
            }
            guard id != nil else { throw Self.error("An acknowledgement has no id.") }
            firstArgument = JSONScanner.firstElement(ofArrayAt: payload.range, in: bytes)
        case .connect:
            guard payload == nil || payload?.kind == .object else {
                throw Self.error("The payload of a CONNECT is no object.")
            }
        case .connectError:
            guard let payload, payload.kind == .object || payload.kind == .string else {
                throw Self.error("The payload of a CONNECT_ERROR is neither an object nor a string.")
            }
        case .disconnect:
            guard payload == nil else { throw Self.error("A DISCONNECT has a payload.") }
        }
    }

    /// Names that the official parser refuses in an event: `RESERVED_EVENTS` of socket.io-parser.
    private static func isReserved(_ name: JSONSlice, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard name.kind == .string, name.range.count >= 9 else { return false }
        switch bytes[name.range.lowerBound &+ 1] {
        case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "\\"):
            return isText("connect", name, bytes) || isText("connect_error", name, bytes)
                || isText("disconnect", name, bytes) || isText("disconnecting", name, bytes)
                || isText("newListener", name, bytes) || isText("removeListener", name, bytes)
        default:
            return false
        }
    }

    private static func isText(_ text: StaticString, _ name: JSONSlice, _ bytes: UnsafeRawBufferPointer) -> Bool {
        JSONScanner.equals(
            name,
            in: bytes,
            utf8: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }
}
