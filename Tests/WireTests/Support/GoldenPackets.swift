import Foundation
import NIOCore
import Testing

@testable import Wire

/// The packets of Fixtures/Golden/packets.json, and what an implementation that is not ours made of them.
///
/// `golden.cjs` and `golden.py` beside it wrote node.json and python.json; they say how they are run.
struct GoldenPackets {
    /// One packet or frame: text, or the bytes of binary.
    enum Frame: Hashable {
        case text(String)
        case binary([UInt8])
    }

    struct Engine {
        var type: EngineIOPacketType
        /// Nil where the content is binary.
        var text: String?
        var binary: [UInt8]?
        var webSocket: Frame
        var polling: String
    }

    struct Payload {
        /// Places in `engine`.
        var packets: [Int]
        var text: String
    }

    struct Socket {
        var type: SocketIOPacketType
        var namespace: SocketIONamespace
        var id: Int?
        var event: String?
        var arguments: [JSONValue]
        /// Of a CONNECT or CONNECT_ERROR.
        var data: JSONValue?
        var text: String
        var attachments: [[UInt8]]
    }

    var engine: [Engine] = []
    var payloads: [Payload] = []
    var socket: [Socket] = []

    /// - Parameter implementation: `node` or `python`.
    init(_ implementation: String) throws {
        let given = try Self.read("packets")
        let made = try Self.read(implementation)
        for (given, made) in zip(try list("engine", given), try list("engine", made)) {
            engine.append(try Self.engine(given, made))
        }
        for (given, made) in zip(try list("payloads", given), try list("payloads", made)) {
            guard case .array(let places) = given, case .string(let text) = made else { throw Problem() }
            payloads.append(Payload(packets: places.compactMap(\.integer), text: text))
        }
        for (given, made) in zip(try list("socket", given), try list("socket", made)) {
            socket.append(try Self.socket(given, made))
        }
    }

    private struct Problem: Error {}
}

extension GoldenPackets {
    private static func read(_ name: String) throws -> JSONValue {
        let file = try fixtures().appendingPathComponent("Golden/\(name).json")
        return try JSONValue(parsing: Array(try Data(contentsOf: file)))
    }

    private func list(_ name: String, _ tree: JSONValue) throws -> [JSONValue] {
        guard case .array(let elements) = tree[name] else { throw Problem() }
        return elements
    }

    private static func engine(_ given: JSONValue, _ made: JSONValue) throws -> Engine {
        let names = ["open", "close", "ping", "pong", "message", "upgrade", "noop"]
        let name = try #require(given["type"]?.string)
        let place = try #require(names.firstIndex(of: name))
        let webSocket = try #require(made["webSocket"])
        let frame: Frame
        if let text = webSocket["text"]?.string {
            frame = .text(text)
        } else {
            let digits = try #require(webSocket["binary"]?.string)
            frame = .binary(hexadecimal(digits))
        }
        return Engine(
            type: try #require(EngineIOPacketType(rawValue: 0x30 + UInt8(place))),
            text: given["data"]?.string,
            binary: given["binary"]?.string.map(hexadecimal),
            webSocket: frame,
            polling: try #require(made["polling"]?.string)
        )
    }

    private static func socket(_ given: JSONValue, _ made: JSONValue) throws -> Socket {
        let names = ["CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR"]
        let name = try #require(given["type"]?.string)
        let place = try #require(names.firstIndex(of: name))
        var arguments: [JSONValue] = []
        if case .array(let elements)? = given["arguments"] { arguments = elements }
        guard case .array(let attachments)? = made["attachments"] else { throw Problem() }
        return Socket(
            type: try #require(SocketIOPacketType(rawValue: 0x30 + UInt8(place))),
            namespace: try #require(SocketIONamespace(given["namespace"]?.string ?? "/")),
            id: given["id"]?.integer,
            event: given["event"]?.string,
            arguments: arguments,
            data: given["data"],
            text: try #require(made["text"]?.string),
            attachments: attachments.compactMap(\.string).map(hexadecimal)
        )
    }
}

extension JSONValue {
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var integer: Int? {
        if case .integer(let integer) = self { integer } else { nil }
    }

    /// The value with placeholders where `{"$binary": HEXADECIMAL}` stands, whose bytes are appended.
    func deconstructed(_ attachments: inout [[UInt8]]) -> JSONValue {
        switch self {
        case .array(let elements):
            return .array(elements.map { $0.deconstructed(&attachments) })
        case .object(let members):
            if let text = self["$binary"]?.string {
                attachments.append(hexadecimal(text))
                return .object([
                    .init("_placeholder", .bool(true)), .init("num", .integer(attachments.count - 1)),
                ])
            }
            return .object(members.map { .init($0.name, $0.value.deconstructed(&attachments)) })
        case .null, .bool, .integer, .number, .string:
            return self
        }
    }
}
