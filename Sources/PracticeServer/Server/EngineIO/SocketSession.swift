import Wire

/// The server's side of one Engine.IO 4 session with Socket.IO 5 on it, packet by packet.
///
/// Whatever the official server ends a connection for is a violation here too. Source: socketio/socket.io,
/// packages/engine.io/lib/socket.ts, `onPacket`; packages/socket.io/lib/client.ts, `ondecoded`; and
/// packages/socket.io-parser/lib/index.ts, `Decoder`.
struct SocketSession {
    enum Action: Equatable {
        case none
        case pong
        /// The client joins a namespace; its credentials where they lie in the packet.
        case join(namespace: Int, auth: JSONSlice?)
        /// The client wants a namespace that does not exist.
        case refuse(namespace: String)
        case event(Event)
        case acknowledgement(Acknowledgement)
        /// The client leaves the namespace; the connection stays.
        case leave(namespace: Int)
        /// A message of Engine.IO alone.
        case message
        /// The client ends the connection.
        case close
        /// The client broke the protocol of Socket.IO; in a few words, how.
        case violation(String)
        /// The client broke the protocol of Engine.IO: the session is gone at once.
        case malformed(String)
    }

    /// An event where it lies in the packet.
    struct Event: Equatable {
        var namespace = 0
        var name: String
        var firstArgument: JSONSlice?
        /// What stands between the name and the end of the list: the arguments as they came.
        var arguments: Range<Int>
        /// The id under which an acknowledgement is wanted.
        var id: Int?
    }

    /// An acknowledgement where it lies in the packet.
    struct Acknowledgement: Equatable {
        var namespace = 0
        var id: Int
        var arguments: Range<Int>
    }

    /// How many binary messages a packet may announce; the official parser's `maxAttachments`.
    static let attachmentLimit = 10

    private let namespaces: NamespaceList
    /// Whether there is no Socket.IO on it.
    private let isRaw: Bool
    /// Bit n stands for namespace n.
    private var joined: UInt64 = 0
    private var awaitsPong = false
    /// How many binary messages the packet that came last still lacks.
    private(set) var missingAttachments = 0

    init(_ namespaces: NamespaceList, isRaw: Bool = false) {
        self.namespaces = namespaces
        self.isRaw = isRaw
    }

    /// The namespaces that are joined, by their places.
    var joinedNamespaces: [Int] {
        namespaces.names.indices.filter(isJoined)
    }

    func isJoined(_ namespace: Int) -> Bool {
        joined & (1 << UInt64(truncatingIfNeeded: namespace)) != 0
    }

    /// Forgets that a namespace was joined.
    mutating func leave(_ namespace: Int) {
        joined &= ~(1 << UInt64(truncatingIfNeeded: namespace))
    }

    /// Forgets that any namespace was joined.
    mutating func leaveAll() {
        joined = 0
    }

    /// Notes that a ping was sent.
    mutating func pinged() {
        awaitsPong = true
    }

    /// Whether the last ping was not answered yet.
    var isPongDue: Bool { awaitsPong }

    /// Takes one packet in text: the payload of one text frame.
    mutating func receive(_ packet: UnsafeRawBufferPointer) -> Action {
        guard let first = packet.first, let type = EngineIOPacketType(rawValue: first) else {
            return .malformed("unknown packet type")
        }
        switch type {
        case .message: return isRaw ? .message : message(packet)
        case .pong:
            awaitsPong = false
            return .pong
        case .close: return .close
        case .ping: return .malformed("a ping is the server's to send")
        case .open, .upgrade, .noop: return .none
        }
    }

    /// Takes one binary message; nil where it is an attachment that a packet waits for.
    mutating func receiveBinary() -> Action? {
        if isRaw { return .message }
        guard missingAttachments > 0 else { return .violation("a binary message that belongs to no packet") }
        missingAttachments -= 1
        return nil
    }

    private mutating func message(_ packet: UnsafeRawBufferPointer) -> Action {
        guard missingAttachments == 0 else { return .violation("attachments have to come first") }
        let view: SocketIOPacketView
        do throws(WireError) {
            view = try SocketIOPacketView(
                parsing: packet,
                range: 1..<packet.count,
                maximumAttachments: Self.attachmentLimit
            )
        } catch {
            return .violation(error.sentence)
        }
        guard let namespace = namespaces.place(of: view.namespace, in: packet) else {
            guard view.type == .connect else { return .violation("a packet for a namespace that was not joined") }
            let name = view.namespace.map { String(decoding: packet[$0].prefix(256), as: UTF8.self) }
            return .refuse(namespace: name ?? "/")
        }
        if view.type == .connect {
            guard !isJoined(namespace) else { return .violation("the namespace was joined already") }
            joined |= 1 << UInt64(truncatingIfNeeded: namespace)
            return .join(namespace: namespace, auth: view.payload)
        }
        guard isJoined(namespace) else { return .violation("a packet for a namespace that was not joined") }
        missingAttachments = view.attachments
        switch view.type {
        case .event, .binaryEvent: return event(view, namespace, packet)
        case .ack, .binaryAck: return acknowledgement(view, namespace)
        case .disconnect:
            joined &= ~(1 << UInt64(truncatingIfNeeded: namespace))
            return .leave(namespace: namespace)
        case .connect, .connectError: return .violation("a packet that may not come now")
        }
    }

    private func event(_ view: SocketIOPacketView, _ namespace: Int, _ packet: UnsafeRawBufferPointer) -> Action {
        guard let name = view.name, let list = view.list else { return .violation("an event without a name") }
        let text = JSONScanner.string(of: name, in: packet) ?? String(decoding: packet[name.range], as: UTF8.self)
        let end = list.upperBound - 1
        let arguments = (view.firstArgument?.range.lowerBound ?? end)..<end
        return .event(
            Event(
                namespace: namespace,
                name: text,
                firstArgument: view.firstArgument,
                arguments: arguments,
                id: view.id
            )
        )
    }

    private func acknowledgement(_ view: SocketIOPacketView, _ namespace: Int) -> Action {
        guard let id = view.id, let list = view.list else { return .violation("an acknowledgement without an id") }
        let end = list.upperBound - 1
        let arguments = (view.firstArgument?.range.lowerBound ?? end)..<end
        return .acknowledgement(Acknowledgement(namespace: namespace, id: id, arguments: arguments))
    }
}
