import Wire

/// The server's side of one Engine.IO 4 session over WebSocket with Socket.IO 5 on it, packet by packet.
///
/// Only the main namespace exists, and binary packets are not taken. Whatever the official server ends a connection
/// for is a violation here too. Source: socketio/socket.io, packages/engine.io/lib/socket.ts, `onPacket`, and
/// packages/socket.io/lib/client.ts, `ondecoded`.
struct SocketSession {
    enum Action: Equatable {
        case none
        case pong
        /// The client joins the main namespace.
        case join
        /// The client wants a namespace that does not exist.
        case refuse(namespace: String)
        case event(Event)
        /// The client leaves the namespace; the connection stays.
        case leave
        /// The client ends the connection.
        case close
        /// The client broke the protocol; in a few words, how.
        case violation(String)
    }

    /// An event where it lies in the packet.
    struct Event: Equatable {
        var name: String
        var firstArgument: JSONSlice?
        /// What stands between the name and the end of the list: the arguments as they came.
        var arguments: Range<Int>
        /// The id under which an acknowledgement is wanted.
        var id: Int?
    }

    private(set) var isJoined = false
    private var awaitsPong = false

    /// Notes that a ping was sent.
    mutating func pinged() {
        awaitsPong = true
    }

    /// Whether the last ping was not answered yet.
    var isPongDue: Bool { awaitsPong }

    /// Takes one packet: the payload of one text frame.
    mutating func receive(_ packet: UnsafeRawBufferPointer) -> Action {
        guard let first = packet.first, let type = EngineIOPacketType(rawValue: first) else {
            return .violation("unknown packet type")
        }
        switch type {
        case .message: return message(packet)
        case .pong:
            awaitsPong = false
            return .pong
        case .close: return .close
        case .ping: return .violation("a ping is the server's to send")
        case .open, .upgrade, .noop: return .none
        }
    }

    private mutating func message(_ packet: UnsafeRawBufferPointer) -> Action {
        let view: SocketIOPacketView
        do throws(WireError) {
            view = try SocketIOPacketView(parsing: packet, range: 1..<packet.count)
        } catch {
            return .violation(error.sentence)
        }
        if let namespace = view.namespace {
            guard view.type == .connect else { return .violation("a packet for a namespace that was not joined") }
            return .refuse(namespace: String(decoding: packet[namespace].prefix(256), as: UTF8.self))
        }
        switch view.type {
        case .connect:
            guard !isJoined else { return .violation("the namespace was joined already") }
            isJoined = true
            return .join
        case .event where isJoined: return event(view, packet)
        case .ack where isJoined: return .none
        case .disconnect where isJoined:
            isJoined = false
            return .leave
        case .binaryEvent, .binaryAck: return .violation("binary packets are not taken")
        case .event, .ack, .disconnect, .connectError: return .violation("a packet that may not come now")
        }
    }

    private func event(_ view: SocketIOPacketView, _ packet: UnsafeRawBufferPointer) -> Action {
        guard let name = view.name, let list = view.list else { return .violation("an event without a name") }
        let text = JSONScanner.string(of: name, in: packet) ?? String(decoding: packet[name.range], as: UTF8.self)
        let end = list.upperBound - 1
        let arguments = (view.firstArgument?.range.lowerBound ?? end)..<end
        return .event(Event(name: text, firstArgument: view.firstArgument, arguments: arguments, id: view.id))
    }
}
