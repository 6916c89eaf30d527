import NIOCore
import Testing

@testable import LoadRunner

@Suite("Reading along with a WebSocket")
struct WebSocketTapTests {
    /// A frame, masked where there is a key.
    static func frame(_ first: UInt8, _ payload: [UInt8], mask: [UInt8]? = nil) -> [UInt8] {
        var bytes: [UInt8] = [first]
        let bit: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: bytes.append(bit | UInt8(payload.count))
        case ..<65_536: bytes += [bit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [bit | 127] + (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
        }
        guard let mask else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    private func read(_ parts: [ArraySlice<UInt8>], limit: Int = 1 << 20) -> [String] {
        var tap = WebSocketTap(limit: limit)
        var said: [String] = []
        for part in parts {
            tap.read(ByteBuffer(bytes: part)) { event in
                switch event {
                case .message(let copy, let isText):
                    said.append("\(isText) \(String(buffer: copy.bytes)) \(copy.total)")
                case .ping(let payload): said.append("ping \(String(buffer: payload))")
                case .pong(let payload): said.append("pong \(String(buffer: payload))")
                case .close(let code, let reason): said.append("close \(code.map(String.init) ?? "-") \(reason)")
                case .broken: said.append("broken")
                }
            }
        }
        return said
    }

    @Test(
        "messages are read wherever the bytes are cut in two, masked or not",
        arguments: [nil, [1, 2, 3, 4]] as [[UInt8]?]
    )
    func splits(mask: [UInt8]?) {
        let long = [UInt8](repeating: 0x61, count: 130)
        let bytes =
            Self.frame(0x81, Array("hello".utf8), mask: mask) + Self.frame(0x01, Array("a".utf8), mask: mask)
            + Self.frame(0x89, Array("now".utf8), mask: mask) + Self.frame(0x00, Array("bc".utf8), mask: mask)
            + Self.frame(0x80, [], mask: mask) + Self.frame(0x82, long, mask: mask) + Self.frame(0x8A, [], mask: mask)
            + Self.frame(0x88, [0x03, 0xE8] + Array("bye".utf8), mask: mask)
        let expected = [
            "true hello 5", "ping now", "true abc 3", "false \(String(repeating: "a", count: 130)) 130", "pong ",
            "close 1000 bye",
        ]
        for cut in 0...bytes.count { #expect(read([bytes[..<cut], bytes[cut...]]) == expected) }
        #expect(read(bytes.indices.map { bytes[$0...$0] }) == expected)
    }

    @Test("no more of a message is kept than the limit, whatever frames it comes in")
    func limit() {
        let bytes = Self.frame(0x01, Array("abc".utf8)) + Self.frame(0x80, Array("defg".utf8), mask: [9, 9, 9, 9])
        #expect(read([bytes[...]], limit: 4) == ["true abcd 7"])
        let huge = Self.frame(0x82, [UInt8](repeating: 0x61, count: 70_000), mask: [5, 6, 7, 8])
        #expect(read([huge[...]], limit: 2) == ["false aa 70000"])
    }

    @Test(
        "what breaks the protocol ends the reading",
        arguments: [
            [0xC1, 0x00], [0x83, 0x00], [0x80, 0x00], [0x09, 0x00], [0x89, 0x7E, 0x00, 0x7F], [0x01, 0x00, 0x81, 0x00],
            [0x82, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]]
    )
    func broken(_ bytes: [UInt8]) {
        #expect(read([bytes[...], Self.frame(0x81, [0x61])[...]]) == ["broken"])
    }
}
