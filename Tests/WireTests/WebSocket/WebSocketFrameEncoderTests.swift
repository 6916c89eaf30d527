import NIOCore
import Testing

@testable import Wire

@Suite("WebSocket frames, writing")
struct WebSocketFrameEncoderTests {
    @Test("the frames that RFC 6455, section 5.7, shows")
    func examples() {
        var buffer = ByteBuffer()
        WebSocketFrameEncoder.write(ByteBuffer(string: "Hello"), opcode: .text, mask: nil, to: &buffer)
        #expect(buffer.array == hexadecimal("81 05 48 65 6c 6c 6f"))
        buffer.clear()
        WebSocketFrameEncoder.write(ByteBuffer(string: "Hello"), opcode: .text, mask: 0x37FA_213D, to: &buffer)
        #expect(buffer.array == hexadecimal("81 85 37 fa 21 3d 7f 9f 4d 51 58"))
        buffer.clear()
        WebSocketFrameEncoder.writePong(ByteBuffer(string: "Hello"), mask: 0x37FA_213D, to: &buffer)
        #expect(buffer.array == hexadecimal("8a 85 37 fa 21 3d 7f 9f 4d 51 58"))
        buffer.clear()
        let long = ByteBuffer(repeating: 7, count: 65536)
        WebSocketFrameEncoder.write(long, opcode: .binary, mask: nil, to: &buffer)
        #expect(buffer.array == hexadecimal("82 7F 00 00 00 00 00 01 00 00") + long.array)
    }

    static let sizes = [0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, 70001]

    @Test("frames of every length, first in the buffer or behind others, read back as they were written")
    func roundTrip() throws {
        for mask in [nil, 0xA1B2_C3D4 as UInt32] {
            for size in Self.sizes {
                var buffer = ByteBuffer()
                let payload = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
                for opcode in [WebSocketOpcode.binary, .text, .binary] {
                    WebSocketFrameEncoder.write(payload, opcode: opcode, mask: mask, to: &buffer)
                }
                for opcode in [WebSocketOpcode.binary, .text, .binary] {
                    #expect(try Self.readFrame(&buffer) == Frame(opcode: opcode.rawValue | 0x80, mask, payload.array))
                }
                #expect(buffer.readableBytes == 0)
            }
        }
    }

    @Test("a frame that is first in its buffer is rendered in place, whatever was read from the buffer before")
    func inPlace() throws {
        var buffer = ByteBuffer(string: "old")
        buffer.moveReaderIndex(forwardBy: 3)
        buffer.reserveCapacity(1024)
        let capacity = buffer.capacity
        let start = WebSocketFrameEncoder.begin(&buffer)
        buffer.writeString("42[\"a\"]")
        let end = buffer.writerIndex
        WebSocketFrameEncoder.finish(&buffer, start: start, opcode: .text, mask: 5)
        #expect(buffer.writerIndex == end)
        #expect(buffer.capacity == capacity)
        #expect(try Self.readFrame(&buffer) == Frame(opcode: 0x81, 5, Array("42[\"a\"]".utf8)))
    }

    @Test("what a server writes is what a client reads")
    func decoded() throws {
        var buffer = ByteBuffer()
        WebSocketFrameEncoder.write(ByteBuffer(string: "é"), opcode: .text, mask: nil, to: &buffer)
        WebSocketFrameEncoder.write(ByteBuffer(string: "p"), opcode: .ping, mask: nil, to: &buffer)
        WebSocketFrameEncoder.writeClose(code: 4001, reason: "why", mask: nil, to: &buffer)
        var decoder = WebSocketFrameDecoder()
        #expect(try decoder.next(&buffer) == .text(ByteBuffer(string: "é")))
        #expect(try decoder.next(&buffer) == .ping(ByteBuffer(string: "p")))
        #expect(try decoder.next(&buffer) == .close(code: 4001, reason: "why"))
    }

    @Test("a close frame without a code is empty, and a long reason is cut between characters")
    func close() throws {
        var buffer = ByteBuffer()
        WebSocketFrameEncoder.writeClose(code: nil, reason: "unsaid", mask: 1, to: &buffer)
        #expect(try Self.readFrame(&buffer) == Frame(opcode: 0x88, 1, []))
        WebSocketFrameEncoder.writeClose(code: 1000, reason: String(repeating: "é", count: 100), mask: nil, to: &buffer)
        let expected = [0x03, 0xE8] + Array(String(repeating: "é", count: 61).utf8)
        #expect(try Self.readFrame(&buffer) == Frame(opcode: 0x88, nil, expected))
    }

    @Test("masking eight bytes at a time is masking byte by byte")
    func mask() {
        var generator = SeededGenerator(seed: 5)
        for size in 0..<40 {
            let key = UInt32.random(in: 0 ... .max, using: &generator)
            let original = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for offset in 0...min(3, size) {
                var masked = original
                masked.withUnsafeMutableBytes {
                    WebSocketMask.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: $0[offset...]))
                }
                let expected = original.enumerated().map { index, byte in
                    index < offset
                        ? byte : byte ^ UInt8(truncatingIfNeeded: key >> (24 - 8 * UInt32((index - offset) % 4)))
                }
                #expect(masked == expected)
            }
        }
    }

    @Test("keys repeat with the seed and differ without it")
    func keys() {
        var one = MaskKeySource(seed: 1)
        var same = MaskKeySource(seed: 1)
        var other = MaskKeySource(seed: 2)
        let keys = (0..<1000).map { _ in one.next() }
        #expect(keys == (0..<1000).map { _ in same.next() })
        #expect(Set(keys).count > 995)
        #expect(Set(keys).isDisjoint(with: (0..<10).map { _ in other.next() }))
        #expect(one.nextNonce() == same.nextNonce())
        for bit in 0..<32 {
            let count = keys.filter { $0 >> bit & 1 == 1 }.count
            #expect(count > 400 && count < 600)
        }
    }

    struct Frame: Equatable {
        var opcode: UInt8
        var mask: UInt32?
        var payload: [UInt8]

        init(opcode: UInt8, _ mask: UInt32?, _ payload: [UInt8]) {
            self.opcode = opcode
            self.mask = mask
            self.payload = payload
        }
    }

    /// Reads a frame byte by byte, unlike the code under test.
    static func readFrame(_ buffer: inout ByteBuffer) throws -> Frame {
        let opcode = try integer(&buffer, UInt8.self)
        let second = try integer(&buffer, UInt8.self)
        let count =
            switch second & 0x7F {
            case 126: Int(try integer(&buffer, UInt16.self))
            case 127: Int(try integer(&buffer, UInt64.self))
            default: Int(second & 0x7F)
            }
        let mask: UInt32? = second & 0x80 == 0 ? nil : try integer(&buffer, UInt32.self)
        let bytes = buffer.readBytes(length: count)
        var payload = try #require(bytes)
        if let mask {
            for index in payload.indices {
                payload[index] ^= UInt8(truncatingIfNeeded: mask >> (24 - 8 * UInt32(index % 4)))
            }
        }
        return Frame(opcode: opcode, mask, payload)
    }

    private static func integer<Value: FixedWidthInteger>(_ buffer: inout ByteBuffer, _: Value.Type) throws -> Value {
        let value = buffer.readInteger(as: Value.self)
        return try #require(value)
    }
}
