import NIOCore
import Testing

@testable import Wire

@Suite("Engine.IO payloads, written")
struct EngineIOPayloadWriterTests {
    /// Writes all packets in as many payloads as they need.
    static func payloads(_ packets: [EngineIOPacket], maxPayload: Int?, maximumPackets: Int = 16) -> [String] {
        var queue = packets[...]
        var payloads: [String] = []
        while !queue.isEmpty {
            var writer = EngineIOPayloadWriter(maxPayload: maxPayload, maximumPackets: maximumPackets)
            var body = ByteBuffer()
            while let packet = queue.first, writer.append(packet, to: &body) { queue.removeFirst() }
            #expect(writer.count > 0, "no progress")
            #expect(writer.size == body.readableBytes)
            payloads.append(String(buffer: body))
        }
        return payloads
    }

    static func text(_ packet: String) -> EngineIOPacket {
        .text(ByteBuffer(string: packet))
    }

    @Test("packets are joined, binary ones as base64")
    func joined() {
        let packets = [Self.text("4hello"), .binary(ByteBuffer(bytes: [1, 2, 3, 4])), Self.text("3")]
        #expect(Self.payloads(packets, maxPayload: nil) == ["4hello\u{1E}bAQIDBA==\u{1E}3"])
        #expect(packets.map(\.pollingSize) == [6, 9, 1])
        #expect(Self.payloads([.binary(ByteBuffer())], maxPayload: nil) == ["b"])
    }

    @Test("a payload is as long as the server takes and not longer")
    func limit() {
        let packets = ["4aa", "4bb", "4cc"].map(Self.text)
        #expect(Self.payloads(packets, maxPayload: 11) == ["4aa\u{1E}4bb\u{1E}4cc"])
        #expect(Self.payloads(packets, maxPayload: 10) == ["4aa\u{1E}4bb", "4cc"])
        #expect(Self.payloads(packets, maxPayload: 7) == ["4aa\u{1E}4bb", "4cc"])
        #expect(Self.payloads(packets, maxPayload: 6) == ["4aa", "4bb", "4cc"])
        let binary = [Self.text("4"), .binary(ByteBuffer(bytes: [1, 2, 3]))]
        #expect(Self.payloads(binary, maxPayload: 7) == ["4\u{1E}bAQID"])
        #expect(Self.payloads(binary, maxPayload: 6) == ["4", "bAQID"])
    }

    @Test("a packet that is too long by itself goes alone")
    func alone() {
        let packets = ["4a", "4far too long", "4b", "4c"].map(Self.text)
        #expect(Self.payloads(packets, maxPayload: 5) == ["4a", "4far too long", "4b\u{1E}4c"])
    }

    @Test("no limit, or 0, lets everything in that the number of packets allows", arguments: [nil, 0, -1])
    func unlimited(maxPayload: Int?) {
        let packets = Array(repeating: Self.text("4a"), count: 40)
        #expect(Self.payloads(packets, maxPayload: maxPayload).map { $0.count } == [47, 47, 23])
        #expect(Self.payloads(packets, maxPayload: maxPayload, maximumPackets: 0).count == 40)
        #expect(Self.payloads(packets, maxPayload: maxPayload, maximumPackets: .max).count == 1)
    }

    @Test("sizes beyond what can be counted do not fit")
    func overflow() {
        var writer = EngineIOPayloadWriter(maxPayload: nil)
        var body = ByteBuffer()
        #expect(writer.fits(.max))
        #expect(writer.append(text: ByteBuffer(string: "4"), to: &body))
        #expect(!writer.fits(.max))
        #expect(!writer.fits(.max - 1))
        #expect(writer.fits(.max - 2))
        #expect(EngineIOPayloadWriter.size(ofBinary: .max) == .max)
    }

    @Test("what was written is read again, whatever the limit")
    func roundTrip() {
        var generator = SeededGenerator(seed: 30)
        for _ in 0..<200 {
            let packets = (0..<Int.random(in: 1...30, using: &generator)).map { _ -> EngineIOPacket in
                let bytes = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
                return generator.chance(50)
                    ? .binary(ByteBuffer(bytes: bytes)) : Self.text("4" + bytes.map(String.init).joined())
            }
            let limit = Int.random(in: 1...120, using: &generator)
            let payloads = Self.payloads(packets, maxPayload: limit)
            var items: [EngineIOPayloadReaderTests.Item] = []
            for payload in payloads {
                let reading = EngineIOPayloadReaderTests.read(payload)
                #expect(reading.error == nil)
                #expect(payload.utf8.count <= limit || reading.items.count == 1)
                items += reading.items
            }
            let expected = packets.map { packet -> EngineIOPayloadReaderTests.Item in
                switch packet {
                case .text(let text): .text(String(buffer: text))
                case .binary(let bytes): .binary(bytes.array)
                }
            }
            #expect(items == expected)
        }
    }
}
