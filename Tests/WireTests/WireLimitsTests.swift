import NIOCore
import Testing

@testable import Wire

/// Each limit: what is just at it is read, what is one over it is `too_large`.
@Suite("Wire limits")
struct WireLimitsTests {
    static func limits(_ change: (inout WireLimits) -> Void) -> WireLimits {
        var limits = WireLimits()
        change(&limits)
        return limits
    }

    /// The kind of failure of what a server sends over WebSocket, nil where all was read.
    static func frames(_ frames: [[UInt8]], _ limits: WireLimits) -> String? {
        let bytes = frames.flatMap { $0 }
        let error = WebSocketFrameDecoderTests.read([bytes[...]], WebSocketFrameDecoder(limits: limits)).error
        return error.map { WireError($0).kind }
    }

    static func packet(_ text: String, _ limits: WireLimits) -> String? {
        withBytes(text) { bytes in
            do throws(WireError) {
                _ = try SocketIOPacketView(parsing: bytes, range: 0..<bytes.count, limits: limits)
                return nil
            } catch {
                return error.kind
            }
        }
    }

    @Test("the defaults are those that the documentation tells")
    func defaults() {
        let limits = WireLimits()
        #expect(limits.frame == 16 << 20)
        #expect(limits.message == 16 << 20)
        #expect(limits.fragments == 1024)
        #expect(limits.attachments == 64)
        #expect(limits.nesting == 128)
        #expect(limits.headers == 16 << 10)
        #expect(limits.body == 1 << 20)
    }

    @Test("bytes of a frame")
    func frame() {
        let limits = Self.limits { $0.frame = 100 }
        #expect(Self.frames([[0x82, 100], [UInt8](repeating: 1, count: 100)], limits) == nil)
        #expect(Self.frames([[0x82, 101]], limits) == "too_large")
    }

    @Test("bytes of a message of several frames")
    func message() {
        let limits = Self.limits { $0.message = 100 }
        let first = [0x02, 60] + [UInt8](repeating: 1, count: 60)
        #expect(Self.frames([first, [0x80, 40], [UInt8](repeating: 1, count: 40)], limits) == nil)
        #expect(Self.frames([first, [0x80, 41]], limits) == "too_large")
        #expect(Self.frames([[0x82, 101]], limits) == "too_large")
    }

    @Test("frames of a message")
    func fragments() {
        let limits = Self.limits { $0.fragments = 3 }
        #expect(Self.frames([[0x02, 0, 0x00, 0, 0x80, 0]], limits) == nil)
        #expect(Self.frames([[0x02, 0, 0x00, 0, 0x00, 0, 0x80, 0]], limits) == "too_large")
    }

    @Test("bytes of a polling payload")
    func payload() {
        let limits = Self.limits { $0.message = 9 }
        let reader = EngineIOPayloadReader(limits: limits)
        #expect(EngineIOPayloadReaderTests.read(Array("4abc\u{1E}4abc".utf8), reader).error == nil)
        #expect(
            EngineIOPayloadReaderTests.read(Array("4abc\u{1E}4abcd".utf8), reader)
                == EngineIOPayloadReaderTests.Reading(error: "too_large")
        )
    }

    @Test("bytes of a packet with its attachments")
    func attachedBytes() throws {
        let limits = Self.limits { $0.message = 100 }
        for (size, kind) in [(60, nil), (61, "too_large")] as [(Int, String?)] {
            var assembler = SocketIOBinaryAssembler(limits: limits)
            try assembler.begin(ByteBuffer(repeating: 0x20, count: 40), attachments: 1)
            let attachment = ByteBuffer(repeating: 1, count: size)
            #expect(SocketIOBinaryAssemblerTests.error { try assembler.append(attachment) } == kind)
        }
    }

    @Test("attachments of a packet")
    func attachments() {
        let limits = Self.limits { $0.attachments = 3 }
        #expect(Self.packet(#"53-["x"]"#, limits) == nil)
        #expect(Self.packet(#"54-["x"]"#, limits) == "too_large")
        #expect(Self.packet(#"5999999999-["x"]"#, limits) == "too_large")
        var assembler = SocketIOBinaryAssembler(limits: limits)
        #expect(SocketIOBinaryAssemblerTests.error { try assembler.begin(ByteBuffer(), attachments: 3) } == nil)
        assembler.reset()
        #expect(SocketIOBinaryAssemblerTests.error { try assembler.begin(ByteBuffer(), attachments: 4) } == "too_large")
        let none = Self.limits { $0.attachments = 0 }
        #expect(Self.packet(#"51-["x"]"#, none) == "too_large")
    }

    @Test("nesting of what a packet carries")
    func nesting() {
        let limits = Self.limits { $0.nesting = 5 }
        func event(_ depth: Int) -> String {
            "2[\"x\"," + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "]"
        }
        #expect(Self.packet(event(5), limits) == nil)
        #expect(Self.packet(event(6), limits) == "too_large")
        #expect(Self.packet(event(128), Self.limits { $0.nesting = 1000 }) == nil)
        #expect(Self.packet(event(129), Self.limits { $0.nesting = 1000 }) == "too_large")
    }

    @Test("nesting of a document by itself")
    func document() {
        func kind(_ text: String) -> String? {
            withBytes(text) { bytes in
                do throws(JSONError) {
                    try JSONScanner.validate(bytes, maximumDepth: 2)
                    return nil
                } catch {
                    return WireError(error, "The message").kind
                }
            }
        }
        #expect(kind("[[]]") == nil)
        #expect(kind(#"[{"a":{}}]"#) == "too_large")
        #expect(kind("[[") == "protocol")
    }

    @Test("bytes of the head of an answer")
    func headers() throws {
        let answer = WebSocketHandshakeTests.accepted + "\r\n"
        let size = answer.utf8.count
        for (limit, kind) in [(size, nil), (size - 1, "too_large")] as [(Int, String?)] {
            for pieces in splits(of: Array(answer.utf8)) {
                var handshake = try WebSocketHandshakeTests.handshake(limit: limit)
                var buffer = ByteBuffer()
                for piece in pieces {
                    buffer.writeBytes(piece)
                    _ = handshake.receive(&buffer)
                }
                #expect(handshake.failure?.kind == kind)
            }
        }
    }
}
