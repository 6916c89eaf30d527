import NIOCore
import Testing

@testable import Wire

/// Random and mutated bytes for every decoder: none traps, all come to an end, and how the bytes are cut changes nothing.
///
/// The mutants of the handshake are in WebSocketHandshakeTests, those of base64 in Base64Tests.
@Suite("Hostile input")
struct HostileInputTests {
    static let placeholder = #"{"_placeholder":true,"num":0}"#

    static func random(_ generator: inout SeededGenerator, alphabet: [UInt8], upTo count: Int) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &generator)).map { _ in
            generator.chance(85)
                ? alphabet.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
        }
    }

    /// What a payload holds, in the plainest way: cut at every separator first.
    static func reference(_ payload: [UInt8]) -> EngineIOPayloadReaderTests.Reading {
        var reading = EngineIOPayloadReaderTests.Reading()
        for packet in payload.split(separator: 0x1E, omittingEmptySubsequences: false) {
            guard let first = packet.first else {
                reading.error = "protocol"
                return reading
            }
            if first != UInt8(ascii: "b") {
                reading.items.append(.text(String(decoding: packet, as: UTF8.self)))
            } else if let bytes = Base64Tests.decode(Array(packet.dropFirst())) {
                reading.items.append(.binary(bytes))
            } else {
                reading.error = "protocol"
                return reading
            }
        }
        return reading
    }

    @Test("a payload is read as if it were cut at every separator first")
    func payloads() {
        var generator = SeededGenerator(seed: 0x1E)
        let seeds = ["4hello\u{1E}bAQIDBA==\u{1E}2\u{1E}451-[\"x\"]\u{1E}bAA==", "6", "4\u{1E}b\u{1E}4"]
        let alphabet = Array("b4A=Q\u{1E}\u{1E}/+2".utf8)
        var whole = 0
        for round in 0..<6000 {
            let payload =
                round % 2 == 0
                ? generator.mutate(Array(seeds[round / 2 % 3].utf8), alphabet: alphabet)
                : Self.random(&generator, alphabet: alphabet, upTo: 40)
            let reading = EngineIOPayloadReaderTests.read(payload)
            #expect(reading == Self.reference(payload), "\(payload)")
            if reading.error == nil { whole += 1 }
        }
        #expect(whole > 500 && whole < 5500)
    }

    @Test("what a packet view accepts has its parts inside of the packet, whatever lies around it")
    func views() {
        var generator = SeededGenerator(seed: 5)
        let seeds = [
            #"52-/admin,7["x",\#(Self.placeholder),{"a":[1,2.5e3,"é\n"]}]"#, #"2["x",1]"#,
            #"461-3[\#(Self.placeholder)]"#,
            #"0/a,{"sid":"x"}"#, #"4{"message":"no"}"#, "1/a,", #"3/a,1[]"#,
        ]
        let alphabet = Array(#"0123456-/,[]{}":atrue\n"#.utf8)
        var accepted = 0
        for round in 0..<8000 {
            let packet =
                round % 4 == 0
                ? Self.random(&generator, alphabet: alphabet, upTo: 24)
                : generator.mutate(Array(seeds[round % seeds.count].utf8), alphabet: alphabet)
            let before = Self.random(&generator, alphabet: alphabet, upTo: 4)
            let after = Self.random(&generator, alphabet: alphabet, upTo: 4)
            let alone = withBytes(packet) { try? SocketIOPacketView(parsing: $0, range: 0..<$0.count) }
            let range = before.count..<(before.count + packet.count)
            withBytes(before + packet + after) { bytes in
                guard let view = try? SocketIOPacketView(parsing: bytes, range: range) else {
                    #expect(alone == nil)
                    return
                }
                accepted += 1
                #expect(alone?.type == view.type)
                #expect(alone?.id == view.id)
                #expect(alone?.attachments == view.attachments)
                let parts = [view.namespace, view.payload?.range, view.name?.range, view.firstArgument?.range]
                let others = [alone?.namespace, alone?.payload?.range, alone?.name?.range, alone?.firstArgument?.range]
                for (part, other) in zip(parts, others) {
                    #expect(part?.count == other?.count)
                    guard let part else { continue }
                    #expect(part.lowerBound >= range.lowerBound && part.upperBound <= range.upperBound)
                }
                if let argument = view.firstArgument { _ = SocketIOPlaceholder.number(of: argument, in: bytes) }
            }
        }
        #expect(accepted > 500 && accepted < 7500)
    }

    /// Messages, the kind of the failure, and the bytes of the attachments that were put together.
    struct Stream: Equatable {
        var messages: [WebSocketMessage] = []
        var packets: [SocketIOBinaryAssembler.Packet] = []
        var error: String?
    }

    /// Frames to messages to packets, as a connection reads them.
    static func stream(_ pieces: [ArraySlice<UInt8>], _ limits: WireLimits) -> Stream {
        var stream = Stream()
        var decoder = WebSocketFrameDecoder(limits: limits)
        var assembler = SocketIOBinaryAssembler(limits: limits)
        var buffer = ByteBuffer()
        do {
            for piece in pieces {
                buffer.writeBytes(piece)
                while let message = try decoder.next(&buffer) {
                    stream.messages.append(message)
                    guard let packet = try take(message, &assembler, limits) else { continue }
                    stream.packets.append(packet)
                }
            }
        } catch let error as WebSocketError {
            stream.error = WireError(error).kind
        } catch {
            stream.error = (error as? WireError)?.kind
        }
        return stream
    }

    private static func take(
        _ message: WebSocketMessage,
        _ assembler: inout SocketIOBinaryAssembler,
        _ limits: WireLimits
    ) throws -> SocketIOBinaryAssembler.Packet? {
        switch message {
        case .text(var text):
            guard text.readInteger(as: UInt8.self) == EngineIOPacketType.message.rawValue else { return nil }
            let attachments = try text.withUnsafeReadableBytes {
                try SocketIOPacketView(parsing: $0, range: 0..<$0.count, limits: limits).attachments
            }
            if attachments > 0 {
                try assembler.begin(text, attachments: attachments)
            } else {
                try assembler.admitText()
            }
            return nil
        case .binary(let bytes):
            return try assembler.append(bytes)
        case .ping, .pong, .close:
            return nil
        }
    }

    @Test("frames, messages and packets with attachments are the same however the bytes are cut")
    func frames() {
        var generator = SeededGenerator(seed: 6455)
        var limits = WireLimits()
        limits.frame = 200
        limits.message = 150
        limits.fragments = 4
        limits.attachments = 3
        let seed = SocketIOBinaryAssemblerTests.frames() + hexadecimal("81 03 34 31 2C 02 01 00 00 00 80 01 01 88 00")
        let alphabet: [UInt8] = [0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x89, 0x88, 0x7E, 0x7F, 0x31, 0x32, 0x34, 0x35]
        var packets = 0
        var errors: [String: Int] = [:]
        for round in 0..<5000 {
            let bytes =
                round % 4 == 0
                ? Self.random(&generator, alphabet: alphabet, upTo: 60) : generator.mutate(seed, alphabet: alphabet)
            let whole = Self.stream([bytes[...]], limits)
            #expect(Self.stream(bytes.indices.map { bytes[$0...$0] }, limits) == whole, "\(bytes)")
            let place = Int.random(in: 0...bytes.count, using: &generator)
            #expect(Self.stream([bytes[..<place], bytes[place...]], limits) == whole, "\(bytes)")
            packets += whole.packets.count
            if let error = whole.error { errors[error, default: 0] += 1 }
        }
        #expect(packets > 100)
        #expect(errors["protocol", default: 0] > 500)
        #expect(errors["too_large", default: 0] > 20)
    }

    @Test("an assembler that is called in any order holds no more than its limits, and says what came last")
    func assembler() {
        var generator = SeededGenerator(seed: 51)
        var assembler = SocketIOBinaryAssembler(maximumSize: 100, maximumAttachments: 4)
        var complete = 0
        var refused = 0
        for _ in 0..<20_000 {
            let bytes = ByteBuffer(repeating: 7, count: Int.random(in: 0...40, using: &generator))
            let missing = assembler.missingAttachments
            do throws(WireError) {
                switch Int.random(in: 0..<8, using: &generator) {
                case 0: try assembler.admitText()
                case 1, 2: try assembler.begin(bytes, attachments: Int.random(in: -1...5, using: &generator))
                default:
                    if let packet = try assembler.append(bytes) {
                        complete += 1
                        #expect(missing == 1)
                        #expect((1...4).contains(packet.attachments.count))
                        let sizes = packet.attachments.map(\.readableBytes)
                        #expect(sizes.reduce(packet.text.readableBytes, +) <= 100)
                    } else {
                        #expect(assembler.missingAttachments == missing - 1)
                    }
                }
            } catch {
                refused += 1
                #expect(assembler == SocketIOBinaryAssembler(maximumSize: 100, maximumAttachments: 4))
            }
            #expect((0...4).contains(assembler.missingAttachments))
        }
        #expect(complete > 500)
        #expect(refused > 500)
    }

    @Test("a session takes any packets without a trap, and stays shut once it is shut")
    func session() {
        var generator = SeededGenerator(seed: 4)
        let seeds = [EngineIOTests.openPacket, "4x", "2", "3probe", "6", "1", "5", "0{}"]
        let alphabet = Array(#"0123456{}":,[]e-.x"#.utf8)
        for _ in 0..<3000 {
            var session = EngineIOSession()
            var wasOpen = false
            for step in 0..<6 {
                var packet = Array((step == 0 ? seeds[0] : seeds.randomElement(using: &generator) ?? "").utf8)
                if generator.chance(40) { packet = generator.mutate(packet, alphabet: alphabet) }
                let action = withBytes(packet) { try? session.receive($0) }
                if wasOpen, !session.isOpen {
                    #expect(action == nil || action == .close || action == EngineIOSession.Action.none)
                }
                wasOpen = session.isOpen
                switch action {
                case .message(let range)?, .ping(let range)?: #expect(range == 1..<packet.count)
                default: break
                }
            }
        }
    }
}
