import NIOCore
import Testing

@testable import Wire

@Suite("Engine.IO payloads, read")
struct EngineIOPayloadReaderTests {
    /// A packet with its bytes: text as it stands, binary decoded.
    enum Item: Equatable {
        case text(String)
        case binary([UInt8])
    }

    /// What a payload holds before its end or its error.
    struct Reading: Equatable {
        var items: [Item] = []
        var error: String?
    }

    static func read(
        _ payload: [UInt8],
        _ reader: EngineIOPayloadReader = EngineIOPayloadReader(),
        limit: Int = 1 << 20
    ) -> Reading {
        var reading = Reading()
        var reader = reader
        withBytes(payload) { bytes in
            do throws(WireError) {
                while let packet = try reader.next(bytes) {
                    switch packet {
                    case .text(let range):
                        reading.items.append(.text(String(decoding: bytes[range], as: UTF8.self)))
                    case .binary(let range):
                        var buffer = ByteBuffer()
                        try EngineIOPayloadReader.decode(range, in: bytes, limit: limit, to: &buffer)
                        reading.items.append(.binary(buffer.array))
                    }
                }
            } catch {
                reading.error = error.kind
            }
        }
        return reading
    }

    static func read(_ payload: String) -> Reading {
        read(Array(payload.utf8))
    }

    @Test("the examples of engine.io-protocol, README.md")
    func examples() {
        #expect(
            Self.read("4hello\u{1E}2\u{1E}4world")
                == Reading(items: [.text("4hello"), .text("2"), .text("4world")])
        )
        #expect(
            Self.read("4hello\u{1E}bAQIDBA==")
                == Reading(items: [.text("4hello"), .binary([1, 2, 3, 4])])
        )
    }

    @Test("a single packet, an empty message and an empty binary message")
    func small() {
        #expect(Self.read("6") == Reading(items: [.text("6")]))
        #expect(Self.read("4\u{1E}4") == Reading(items: [.text("4"), .text("4")]))
        #expect(Self.read("b") == Reading(items: [.binary([])]))
        #expect(Self.read("b\u{1E}bAA==\u{1E}2") == Reading(items: [.binary([]), .binary([0]), .text("2")]))
    }

    @Test("an empty packet, or an empty payload, is a protocol error", arguments: ["", "\u{1E}", "\u{1E}2"])
    func empty(payload: String) {
        #expect(Self.read(payload) == Reading(error: "protocol"))
    }

    @Test("after an error nothing more is read")
    func end() throws {
        try withBytes("2\u{1E}\u{1E}4a") { bytes throws in
            var reader = EngineIOPayloadReader()
            #expect(try reader.next(bytes) == .text(0..<1))
            #expect(throws: WireError.self) { try reader.next(bytes) }
            #expect(try reader.next(bytes) == nil)
        }
    }

    @Test("what came before an empty packet was read", arguments: ["2\u{1E}", "2\u{1E}\u{1E}4a"])
    func emptyLater(payload: String) {
        #expect(Self.read(payload) == Reading(items: [.text("2")], error: "protocol"))
    }

    @Test(
        "binary that is no strict base64 is a protocol error",
        arguments: ["bA", "bAQI", "bAQ==AQ==", "bA\nAA", "bé12"]
    )
    func badBase64(payload: String) {
        #expect(Self.read(payload) == Reading(error: "protocol"))
    }

    @Test("a packet starts and ends at its separator wherever that stands")
    func places() {
        for first in 1..<40 {
            for second in 1..<40 {
                let texts = [String(repeating: "4", count: first), String(repeating: "2", count: second)]
                let reading = Self.read(texts.joined(separator: "\u{1E}"))
                #expect(reading == Reading(items: texts.map { .text($0) }))
            }
        }
    }

    @Test("a payload may have as many packets as the limit and not one more")
    func packetLimit() {
        let payload = Array(repeating: "2", count: 5).joined(separator: "\u{1E}")
        let most = EngineIOPayloadReader(maximumPackets: 5)
        #expect(Self.read(Array(payload.utf8), most).items.count == 5)
        #expect(Self.read(Array(payload.utf8), most).error == nil)
        let fewer = EngineIOPayloadReader(maximumPackets: 4)
        #expect(
            Self.read(Array(payload.utf8), fewer)
                == Reading(items: .init(repeating: .text("2"), count: 4), error: "too_large")
        )

        let many = [UInt8](repeating: 0x1E, count: 2 * 4096 + 1).enumerated().map { $0 % 2 == 0 ? 0x32 : $1 }
        let reading = Self.read(many)
        #expect(reading.items.count == 4096)
        #expect(reading.error == "too_large")
    }

    @Test("a binary message may be as long as the limit and not longer")
    func binaryLimit() {
        let payload = Array("bAQIDBA==".utf8)
        #expect(Self.read(payload, limit: 4) == Reading(items: [.binary([1, 2, 3, 4])]))
        #expect(Self.read(payload, limit: 3) == Reading(error: "too_large"))
    }

    @Test("ranges outside of the payload decode to nothing")
    func ranges() {
        withBytes("bAQID") { bytes in
            for range in [0..<6, 4..<9, -4..<0] {
                var buffer = ByteBuffer()
                #expect(throws: WireError.self) { try EngineIOPayloadReader.decode(range, in: bytes, to: &buffer) }
                #expect(buffer.readableBytes == 0)
            }
        }
    }

    @Test("a session takes the packets of a payload, the open packet first")
    func session() throws {
        let payload = "\(EngineIOTests.openPacket)\u{1E}40{\"sid\":\"x\"}\u{1E}2\u{1E}6\u{1E}1"
        var session = EngineIOSession()
        var actions: [EngineIOSession.Action] = []
        try withBytes(payload) { bytes in
            var reader = EngineIOPayloadReader()
            while let packet = try reader.next(bytes) {
                guard case .text(let range) = packet else { continue }
                actions.append(try session.receive(UnsafeRawBufferPointer(rebasing: bytes[range])))
            }
        }
        #expect(actions.count == 5)
        #expect(Array(actions.dropFirst()) == [.message(1..<13), .ping(1..<1), .none, .close])
    }
}
