import NIOCore
import Testing

@testable import Wire

@Suite("Socket.IO binary packets")
struct SocketIOBinaryAssemblerTests {
    static let text = ByteBuffer(string: #"52-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)

    static func error<Result>(_ body: () throws -> Result) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? WireError)?.kind
        }
    }

    @Test("a packet is complete with its last attachment, and the next one starts afresh")
    func complete() throws {
        var assembler = SocketIOBinaryAssembler()
        let one = ByteBuffer(bytes: [1])
        let two = ByteBuffer()
        for _ in 0..<2 {
            try assembler.admitText()
            try assembler.begin(Self.text, attachments: 2)
            #expect(assembler.missingAttachments == 2)
            #expect(try assembler.append(one) == nil)
            #expect(assembler.missingAttachments == 1)
            #expect(try assembler.append(two) == .init(text: Self.text, attachments: [one, two]))
            #expect(assembler.missingAttachments == 0)
            #expect(assembler == SocketIOBinaryAssembler())
        }
    }

    @Test("a packet in text while attachments are awaited is a protocol error")
    func interrupted() throws {
        var assembler = SocketIOBinaryAssembler()
        try assembler.begin(Self.text, attachments: 2)
        #expect(Self.error { try assembler.admitText() } == "protocol")
        #expect(assembler == SocketIOBinaryAssembler())
        try assembler.begin(Self.text, attachments: 2)
        #expect(Self.error { try assembler.begin(Self.text, attachments: 1) } == "protocol")
        #expect(Self.error { try assembler.append(ByteBuffer(bytes: [1])) } == "protocol")
    }

    @Test("an attachment that nothing announced is a protocol error")
    func stray() throws {
        var assembler = SocketIOBinaryAssembler()
        #expect(Self.error { try assembler.append(ByteBuffer(bytes: [1])) } == "protocol")
        try assembler.begin(Self.text, attachments: 1)
        _ = try assembler.append(ByteBuffer(bytes: [1]))
        #expect(Self.error { try assembler.append(ByteBuffer(bytes: [1])) } == "protocol")
    }

    @Test("a packet announces at least one attachment and no more than the limit")
    func count() {
        var assembler = SocketIOBinaryAssembler(maximumAttachments: 3)
        #expect(Self.error { try assembler.begin(Self.text, attachments: 3) } == nil)
        assembler.reset()
        #expect(Self.error { try assembler.begin(Self.text, attachments: 4) } == "too_large")
        #expect(Self.error { try assembler.begin(Self.text, attachments: .max) } == "too_large")
        #expect(Self.error { try assembler.begin(Self.text, attachments: 0) } == "protocol")
        #expect(Self.error { try assembler.begin(Self.text, attachments: .min) } == "protocol")
        #expect(assembler.missingAttachments == 0)
    }

    @Test("a packet and its attachments together may be as long as the limit and not longer")
    func size() throws {
        let size = Self.text.readableBytes
        var assembler = SocketIOBinaryAssembler(maximumSize: size + 5)
        try assembler.begin(Self.text, attachments: 2)
        #expect(try assembler.append(ByteBuffer(bytes: [1, 2])) == nil)
        #expect(try assembler.append(ByteBuffer(bytes: [1, 2, 3])) != nil)

        try assembler.begin(Self.text, attachments: 2)
        #expect(try assembler.append(ByteBuffer(bytes: [1, 2, 3])) == nil)
        #expect(Self.error { try assembler.append(ByteBuffer(bytes: [1, 2, 3])) } == "too_large")
        #expect(assembler.missingAttachments == 0)

        var small = SocketIOBinaryAssembler(maximumSize: size - 1)
        #expect(Self.error { try small.begin(Self.text, attachments: 1) } == "too_large")
    }

    /// Frames of a server in which pings stand between a packet and its attachments.
    static func frames() -> [UInt8] {
        var wire = ByteBuffer()
        var packet = ByteBuffer()
        SocketIOPacketWriter.writeEvent(.main, name: "x", arguments: [.integer(1)], attachments: 2, to: &packet)
        WebSocketFrameEncoder.write(packet, opcode: .text, mask: nil, to: &wire)
        WebSocketFrameEncoder.write(ByteBuffer(bytes: [1, 0x1E, 0]), opcode: .binary, mask: nil, to: &wire)
        WebSocketFrameEncoder.write(ByteBuffer(string: "2"), opcode: .text, mask: nil, to: &wire)
        WebSocketFrameEncoder.write(ByteBuffer(), opcode: .ping, mask: nil, to: &wire)
        WebSocketFrameEncoder.write(ByteBuffer(), opcode: .binary, mask: nil, to: &wire)
        return wire.array
    }

    /// What a connection does with what it reads.
    static func read(_ pieces: [ArraySlice<UInt8>]) throws -> [SocketIOBinaryAssembler.Packet] {
        var decoder = WebSocketFrameDecoder()
        var assembler = SocketIOBinaryAssembler()
        var buffer = ByteBuffer()
        var packets: [SocketIOBinaryAssembler.Packet] = []
        for piece in pieces {
            buffer.writeBytes(piece)
            while let message = try decoder.next(&buffer) {
                switch message {
                case .text(var text):
                    guard text.readInteger(as: UInt8.self) == EngineIOPacketType.message.rawValue else { continue }
                    let attachments = try text.withUnsafeReadableBytes {
                        try SocketIOPacketView(parsing: $0, range: 0..<$0.count).attachments
                    }
                    try assembler.begin(text, attachments: attachments)
                case .binary(let bytes):
                    if let packet = try assembler.append(bytes) { packets.append(packet) }
                case .ping, .pong, .close:
                    break
                }
            }
        }
        return packets
    }

    @Test("however the bytes of the frames are cut, the packet and its attachments are the same")
    func pieces() throws {
        let text = #"52-["x",1,{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#
        let expected = SocketIOBinaryAssembler.Packet(
            text: ByteBuffer(string: text),
            attachments: [ByteBuffer(bytes: [1, 0x1E, 0]), ByteBuffer()]
        )
        for pieces in splits(of: Self.frames()) {
            #expect(try Self.read(pieces) == [expected])
        }
    }
}
