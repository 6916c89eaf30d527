import NIOCore
import Wire

/// Reads the packets of one Engine.IO session.
struct SocketIOTurns {
    /// Also what the server says that a scenario cannot name.
    private let hearsAll: Bool
    private var outgoing = SocketIOBinaryAssembler(maximumSize: Self.largest)
    private var incoming = SocketIOBinaryAssembler(maximumSize: Self.largest)
    /// The turns that asked for an acknowledgement, by its namespace and id.
    private var asked: [String: Int] = [:]
    /// The same of the server's.
    private var askedBack: [String: Int] = [:]
    private var connected = false

    private static let largest = 1 << 30

    init(hearsAll: Bool) {
        self.hearsAll = hearsAll
    }

    /// Packets whose attachments have not all come.
    var unfinished: Int { [outgoing, incoming].count { $0.missingAttachments > 0 } }

    /// Takes a message; false where it cannot be read.
    mutating func take(_ body: RecordedBody, isOut: Bool, _ time: Double, _ into: inout Conversation) -> Bool {
        if body.isBinary {
            guard let packet = try? isOut ? outgoing.append(body.bytes) : incoming.append(body.bytes) else {
                return isOut ? outgoing.missingAttachments > 0 : incoming.missingAttachments > 0
            }
            return self.packet(packet.text, attachments: packet.attachments, isOut: isOut, time, &into)
        }
        var bytes = body.bytes
        guard let type = bytes.readInteger(as: UInt8.self) else { return false }
        switch EngineIOPacketType(rawValue: type) {
        case .message?: return packet(bytes, attachments: [], isOut: isOut, time, &into)
        case .close?:
            end(isOut, time, &into)
            return true
        case nil: return false
        default: return true
        }
    }

    private func end(_ isOut: Bool, _ time: Double, _ into: inout Conversation) {
        into.turns.append(Turn(time: time, act: isOut ? .disconnect : .closed(code: 1005)))
    }

    private mutating func packet(
        _ bytes: ByteBuffer,
        attachments: [ByteBuffer],
        isOut: Bool,
        _ time: Double,
        _ into: inout Conversation
    ) -> Bool {
        let parsed = bytes.withUnsafeReadableBytes { all -> (SocketIOPacketView, String, JSONValue?)? in
            guard let view = try? SocketIOPacketView(parsing: all, range: 0..<all.count),
                Self.isShallow(view, in: all)
            else { return nil }
            let namespace = view.namespace.map { String(decoding: all[$0], as: UTF8.self) } ?? "/"
            return (view, namespace, view.payload.map { JSONValue($0, in: all) })
        }
        guard let (view, namespace, payload) = parsed else { return false }
        if view.attachments > attachments.count {
            // Read again when the last of its attachments has come.
            if isOut { return (try? outgoing.begin(bytes, attachments: view.attachments)) != nil }
            return (try? incoming.begin(bytes, attachments: view.attachments)) != nil
        }
        return take(view, namespace, payload, attachments, isOut: isOut, time, &into)
    }

    /// Whether a scenario can say it.
    private static func isShallow(_ view: SocketIOPacketView, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard let payload = view.payload else { return true }
        let depth = ConversationReader.maximumDepth
        return (try? JSONScanner.validate(bytes, range: payload.range, maximumDepth: depth)) != nil
    }

    private mutating func take(
        _ view: SocketIOPacketView,
        _ namespace: String,
        _ payload: JSONValue?,
        _ attachments: [ByteBuffer],
        isOut: Bool,
        _ time: Double,
        _ into: inout Conversation
    ) -> Bool {
        let list = payload?.elements ?? []
        switch view.type {
        case .connect:
            guard isOut, !connected else { return true }
            connected = true
            into.namespace = namespace
            if let place = into.turns.lastIndex(where: { if case .connect = $0.act { true } else { false } }),
                case .connect(let opening, _) = into.turns[place].act
            {
                into.turns[place].act = .connect(opening, auth: payload)
            }
        case .connectError:
            into.turns.append(Turn(time: time, act: .refused(status: nil)))
        case .disconnect:
            if namespace == into.namespace { end(isOut, time, &into) }
        case .event, .binaryEvent:
            guard let name = list.first else { return true }
            let text = name.textValue ?? name.jsonText
            guard canBeNamed(text, isOut: isOut) else { return false }
            let said = Said(
                event: namespace == into.namespace ? text : "\(namespace),\(text)",
                arguments: Array(list.dropFirst()),
                asksForAcknowledgement: view.id != nil,
                binary: attachments
            )
            into.turns.append(Turn(time: time, act: isOut ? .sent(said) : .received(said)))
            guard let id = view.id else { return true }
            let key = "\(namespace),\(id)"
            if isOut { asked[key] = into.turns.count - 1 } else { askedBack[key] = into.turns.count - 1 }
        case .ack, .binaryAck:
            if isOut {
                let turn = view.id.flatMap { askedBack.removeValue(forKey: "\(namespace),\($0)") }
                into.turns.append(Turn(time: time, act: .acknowledge(turn: turn, arguments: list, binary: attachments)))
            } else if let id = view.id, let turn = asked.removeValue(forKey: "\(namespace),\(id)") {
                into.turns.append(Turn(time: time, act: .acknowledged(turn: turn, arguments: list)))
            }
        }
        return true
    }

    /// Whether a scenario can name an event: Socket.IO keeps some names to itself, and scenarios two.
    private func canBeNamed(_ name: String, isOut: Bool) -> Bool {
        if isOut { return !name.isEmpty && !StepReader.reservedEvents.contains(name) }
        return hearsAll || !name.isEmpty && !["closed", "refused"].contains(name)
    }
}
