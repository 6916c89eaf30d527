import Wire

/// A packet of Engine.IO with what Socket.IO says in it, in words.
enum PacketWords {
    /// Nil for heartbeats and what else only keeps the session going.
    static func of(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> String? {
        guard let first = range.first, let type = EngineIOPacketType(rawValue: bytes[first]) else {
            return range.isEmpty ? nil : text(bytes, range)
        }
        let content = (first + 1)..<range.upperBound
        switch type {
        case .ping, .pong, .noop: return nil
        case .upgrade: return "upgrade to websocket"
        case .close: return "close the session"
        case .open:
            let open = try? EngineIOOpen(parsing: bytes, range: content)
            return open.map { "session with pings every \($0.pingInterval)" } ?? "open \(text(bytes, content))"
        case .message:
            guard let packet = try? SocketIOPacketView(parsing: bytes, range: content) else {
                return text(bytes, content)
            }
            return words(for: packet, bytes)
        }
    }

    private static func words(for packet: SocketIOPacketView, _ bytes: UnsafeRawBufferPointer) -> String {
        let namespace = packet.namespace.map { " \(text(bytes, $0))" } ?? ""
        let payload = packet.payload.map { " \(text(bytes, $0.range))" } ?? ""
        switch packet.type {
        case .connect: return "connect\(namespace)\(payload)"
        case .disconnect: return "disconnect\(namespace)"
        case .connectError: return "connect error\(namespace)\(payload)"
        case .event, .binaryEvent:
            let name = packet.name.map { text(bytes, $0.range) } ?? ""
            let bare =
                name.hasPrefix("\"") && name.hasSuffix("\"") && name.count > 2
                ? String(name.dropFirst().dropLast()) : name
            let asked = packet.id.map { " (acknowledge \($0))" } ?? ""
            return "emit\(namespace) \(bare)\(asked)\(arguments(packet, bytes))"
        case .ack, .binaryAck:
            return "acknowledge\(namespace) \(packet.id.map(String.init) ?? "")\(payload)"
        }
    }

    /// The arguments as they stand, from the first one to the end of the array.
    private static func arguments(_ packet: SocketIOPacketView, _ bytes: UnsafeRawBufferPointer) -> String {
        guard let first = packet.firstArgument, let list = packet.list else { return "" }
        return " \(text(bytes, first.range.lowerBound..<max(first.range.upperBound, list.upperBound - 1)))"
    }

    /// The start of it: a line has no room for more.
    private static func text(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range].prefix(1024)), as: UTF8.self)
    }
}
