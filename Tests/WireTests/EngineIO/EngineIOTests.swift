import NIOCore
import Testing

@testable import Wire

@Suite("Engine.IO")
struct EngineIOTests {
    /// The sample session of socket.io-protocol, Readme.md (commit 4f633dd).
    static let openPacket =
        #"0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":5000,"maxPayload":1000000}"#

    static func opened() throws -> EngineIOSession {
        var session = EngineIOSession()
        _ = try withBytes(openPacket) { try session.receive($0) }
        return session
    }

    @Test("the open packet of the sample session")
    func open() throws {
        var session = EngineIOSession()
        #expect(!session.isOpen)
        let action = try withBytes(Self.openPacket) { try session.receive($0) }
        let expected = EngineIOOpen(
            sid: "lv_VI97HAXpY6yYWAAAC",
            pingInterval: .seconds(25),
            pingTimeout: .seconds(5),
            maxPayload: 1_000_000,
            upgrades: ["websocket"]
        )
        #expect(action == .opened(expected))
        #expect(session.isOpen)
        #expect(session.heartbeatDeadline == .seconds(30))
        #expect(EngineIOSession(opened: expected) == session)
    }

    @Test("what is written as an open packet is what was read")
    func write() {
        var buffer = ByteBuffer()
        let open = EngineIOOpen(
            sid: "lv_VI97HAXpY6yYWAAAC",
            pingInterval: .seconds(25),
            pingTimeout: .seconds(5),
            maxPayload: 1_000_000,
            upgrades: ["websocket"]
        )
        EngineIOPacketWriter.writeOpen(open, to: &buffer)
        #expect(String(buffer: buffer) == Self.openPacket)
    }

    @Test(
        "packets of an open session",
        arguments: [
            ("4hello", .message(1..<6)), ("4", .message(1..<1)), ("2", .ping(1..<1)), ("2probe", .ping(1..<6)),
            ("3", .none), ("6", .none), ("1", .close),
        ] as [(String, EngineIOSession.Action)]
    )
    func packets(packet: String, action: EngineIOSession.Action) throws {
        var session = try Self.opened()
        #expect(try withBytes(packet) { try session.receive($0) } == action)
        #expect(session.isOpen == (action != .close))
    }

    @Test("a ping is answered with its content")
    func pong() throws {
        var session = try Self.opened()
        let answer = try withBytes("2probe") { bytes in
            guard case .ping(let range) = try session.receive(bytes) else { return "no ping" }
            var buffer = ByteBuffer()
            EngineIOPacketWriter.writePong(UnsafeRawBufferPointer(rebasing: bytes[range]), to: &buffer)
            return String(buffer: buffer)
        }
        #expect(answer == "3probe")
    }

    @Test("what an open session must not get ends it", arguments: ["", "7", "abc", "5", openPacket, " 4x", "b4"])
    func violations(packet: String) throws {
        var session = try Self.opened()
        let error = withBytes(packet) { bytes in
            #expect(throws: WireError.self) { try session.receive(bytes) }
        }
        #expect(error?.kind == "protocol")
        #expect(!session.isOpen)
        #expect(try withBytes("4late") { try session.receive($0) } == .none)
    }

    @Test("nothing but open or close comes first", arguments: ["2", "3", "4x", "5", "6", "9", ""])
    func beforeOpen(packet: String) throws {
        var session = EngineIOSession()
        withBytes(packet) { bytes in
            _ = #expect(throws: WireError.self) { try session.receive(bytes) }
        }
        var closed = EngineIOSession()
        #expect(try withBytes("1") { try closed.receive($0) } == .close)
    }

    @Test(
        "an open packet without sense is an error",
        arguments: [
            "0", "0{", "0[]", "0null", #"0{"sid":"a","pingInterval":1}"#, #"0{"pingInterval":1,"pingTimeout":1}"#,
            #"0{"sid":1,"pingInterval":1,"pingTimeout":1}"#, #"0{"sid":"","pingInterval":1,"pingTimeout":1}"#,
            #"0{"sid":"a","pingInterval":-1,"pingTimeout":1}"#, #"0{"sid":"a","pingInterval":1,"pingTimeout":-0.5}"#,
            #"0{"sid":"a","pingInterval":"1","pingTimeout":1}"#, #"0{"sid":"a","pingInterval":1,"pingTimeout":null}"#,
            #"0{"sid":"a","pingInterval":1,"pingTimeout":1,"maxPayload":-1}"#,
            #"0{"sid":"a","pingInterval":1,"pingTimeout":1,"maxPayload":"x"}"#,
            #"0{"sid":"a","pingInterval":1,"pingTimeout":1,"upgrades":"websocket"}"#,
            #"0{"sid":"a","pingInterval":1,"pingTimeout":1,"upgrades":[1]}"#,
            "0{\"sid\":\"\(String(repeating: "a", count: 1025))\",\"pingInterval\":1,\"pingTimeout\":1}",
            "0{\"sid\":\"a\",\"pingInterval\":1,\"pingTimeout\":1,\"upgrades\":[\(String(repeating: "\"a\",", count: 16))\"a\"]}",
            "0" + String(repeating: "[", count: 100_000),
        ]
    )
    func badOpen(packet: String) {
        var session = EngineIOSession()
        let error = withBytes(packet) { bytes in
            #expect(throws: WireError.self) { try session.receive(bytes) }
        }
        #expect(error?.kind == "protocol")
    }

    @Test("times are clamped and may be fractions, and what is left out has no limit")
    func clamped() throws {
        let open = try withBytes(
            #"0{"sid":"a","pingInterval":1e300,"pingTimeout":0.25}"#
        ) { try EngineIOOpen(parsing: $0, range: 1..<$0.count) }
        #expect(open.pingInterval == .milliseconds(2_147_483_647))
        #expect(open.pingTimeout == .microseconds(250))
        #expect(open.maxPayload == nil)
        #expect(open.upgrades.isEmpty)
        let other = try withBytes(
            #"0{"sid":"a","pingInterval":99999999999,"pingTimeout":0,"maxPayload":1e300}"#
        ) { try EngineIOOpen(parsing: $0, range: 1..<$0.count) }
        #expect(other.pingInterval == .milliseconds(2_147_483_647))
        #expect(other.pingTimeout == .zero)
        #expect(other.maxPayload == .max)
    }

    @Test("a mutated open packet never crashes")
    func mutation() {
        var generator = SeededGenerator(seed: 12)
        var opened = 0
        for _ in 0..<2000 {
            let mutant = generator.mutate(Array(Self.openPacket.utf8), alphabet: Array("0123456-e.\"{}[],:n".utf8))
            withBytes(mutant) { bytes in
                var session = EngineIOSession()
                if case .opened = try? session.receive(bytes) { opened += 1 }
            }
        }
        #expect(opened > 100 && opened < 1900)
    }
}
