import NIOCore
import Testing

@testable import Wire

@Suite("WebSocket frames, reading")
struct WebSocketFrameDecoderTests {
    /// What a decoder made of an input: the messages, and the error that ended them.
    struct Reading: Equatable {
        var messages: [WebSocketMessage] = []
        var error: WebSocketError?
        var left = 0
    }

    static func read(
        _ pieces: [ArraySlice<UInt8>],
        _ decoder: WebSocketFrameDecoder = WebSocketFrameDecoder()
    ) -> Reading {
        var decoder = decoder
        var buffer = ByteBuffer()
        var reading = Reading()
        for piece in pieces {
            buffer.writeBytes(piece)
            do {
                while let message = try decoder.next(&buffer) { reading.messages.append(message) }
            } catch {
                reading.error = error
                return reading
            }
        }
        reading.left = buffer.readableBytes
        return reading
    }

    static func text(_ text: String) -> WebSocketMessage {
        .text(ByteBuffer(string: text))
    }

    @Test("the frames that RFC 6455, section 5.7, shows of a server")
    func examples() {
        #expect(Self.read([hexadecimal("81 05 48 65 6c 6c 6f")[...]]).messages == [Self.text("Hello")])
        #expect(
            Self.read([hexadecimal("01 03 48 65 6c 80 02 6c 6f")[...]]).messages == [Self.text("Hello")]
        )
        #expect(
            Self.read([hexadecimal("89 05 48 65 6c 6c 6f")[...]]).messages == [.ping(ByteBuffer(string: "Hello"))]
        )
        let short = ByteBuffer(repeating: 0x2A, count: 256)
        #expect(Self.read([(hexadecimal("82 7E 01 00") + short.array)[...]]).messages == [.binary(short)])
        let long = ByteBuffer(repeating: 0x2B, count: 65536)
        #expect(
            Self.read([(hexadecimal("82 7F 00 00 00 00 00 01 00 00") + long.array)[...]]).messages == [.binary(long)]
        )
    }

    @Test("the input gives the same messages however it is cut")
    func everySplit() {
        let input =
            hexadecimal(
                """
                81 02 34 32  01 03 e2 82 ac  89 01 70  00 00  8a 00  80 04 f0 9f 98 80  82 00
                81 7e 00 7e
                """
            )
            + [UInt8](repeating: 0x61, count: 126) + hexadecimal("88 05 03 e8 62 79 65 81 01 61")
        let expected: [WebSocketMessage] = [
            Self.text("42"), .ping(ByteBuffer(string: "p")), .pong(ByteBuffer()), Self.text("€😀"),
            .binary(ByteBuffer()), Self.text(String(repeating: "a", count: 126)), .close(code: 1000, reason: "bye"),
        ]
        for pieces in splits(of: input) {
            #expect(Self.read(pieces) == Reading(messages: expected), "\(pieces.map(\.count))")
        }
    }

    @Test(
        "what breaks RFC 6455 is an error with a close code, as soon as it shows",
        arguments: [
            ("C1", .reservedBits, 1002), ("A1", .reservedBits, 1002), ("91", .reservedBits, 1002),
            ("83", .reservedOpcode, 1002), ("87", .reservedOpcode, 1002), ("8B", .reservedOpcode, 1002),
            ("8F", .reservedOpcode, 1002), ("81 85", .maskedByServer, 1002), ("89 7E", .controlFrameTooLong, 1002),
            ("8A 7F", .controlFrameTooLong, 1002), ("09", .controlFrameFragmented, 1002),
            ("08", .controlFrameFragmented, 1002), ("81 7E 00 7D", .lengthNotMinimal, 1002),
            ("81 7F 00 00 00 00 00 00 FF FF", .lengthNotMinimal, 1002),
            ("81 7F 80 00 00 00 00 00 00 00", .lengthTooLarge, 1002),
            ("81 7F FF FF FF FF FF FF FF FF", .lengthTooLarge, 1002),
            ("81 7F 7F FF FF FF FF FF FF FF", .frameTooLarge, 1009), ("80 00", .continuationWithoutStart, 1002),
            ("00 00", .continuationWithoutStart, 1002), ("01 00 81 00", .messageWithinMessage, 1002),
            ("01 00 02 00", .messageWithinMessage, 1002), ("88 01 03", .closePayloadOfOneByte, 1002),
            ("88 02 03 E7", .closeCodeInvalid, 1002), ("88 02 03 EC", .closeCodeInvalid, 1002),
            ("88 02 03 ED", .closeCodeInvalid, 1002), ("88 02 03 EE", .closeCodeInvalid, 1002),
            ("88 02 03 F7", .closeCodeInvalid, 1002), ("88 02 07 D0", .closeCodeInvalid, 1002),
            ("88 02 13 88", .closeCodeInvalid, 1002), ("88 02 00 00", .closeCodeInvalid, 1002),
            ("88 03 03 E8 FF", .closeReasonNotUTF8, 1007), ("81 01 FF", .textNotUTF8, 1007),
            ("81 03 ED A0 80", .textNotUTF8, 1007), ("01 01 E2 80 01 82", .textNotUTF8, 1007),
        ] as [(String, WebSocketError.Kind, UInt16)]
    )
    func errors(input: String, kind: WebSocketError.Kind, closeCode: UInt16) {
        for pieces in splits(of: [0x81, 0x01, 0x21] + hexadecimal(input)) {
            let expected = Reading(messages: [Self.text("!")], error: WebSocketError(kind))
            #expect(Self.read(pieces) == expected)
        }
        #expect(WebSocketError(kind).closeCode == closeCode)
        #expect(!WebSocketError(kind).sentence.isEmpty)
        #expect(WireError(WebSocketError(kind)).kind == (closeCode == 1009 ? "too_large" : "protocol"))
    }

    @Test("every code that may be sent is accepted", arguments: [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999])
    func closeCodes(code: UInt16) {
        let reading = Self.read([[0x88, 0x02, UInt8(code >> 8), UInt8(code & 0xFF)]])
        #expect(reading.messages == [.close(code: code, reason: "")])
    }

    @Test("an empty close frame has no code, and nothing after a close is read")
    func close() {
        let reading = Self.read([hexadecimal("88 00 81 01 61 FF")[...]])
        #expect(reading == Reading(messages: [.close(code: nil, reason: "")]))
    }

    @Test("a frame or message beyond the limit is an error before its payload has come")
    func limits() {
        let decoder = WebSocketFrameDecoder(maximumFrameSize: 200, maximumMessageSize: 300, maximumFragments: 3)
        let exact = [0x82, 0x7E, 0x00, 0xC8] + [UInt8](repeating: 1, count: 200)
        #expect(Self.read([exact[...]], decoder).messages.count == 1)
        #expect(Self.read([hexadecimal("82 7E 00 C9")[...]], decoder).error == WebSocketError(.frameTooLarge))

        let first = [0x02, 0x7E, 0x00, 0xC8] + [UInt8](repeating: 1, count: 200)
        let second = [0x80, 0x64] + [UInt8](repeating: 2, count: 100)
        #expect(Self.read([first[...], second[...]], decoder).messages.count == 1)
        #expect(Self.read([first[...], hexadecimal("80 65")[...]], decoder).error == WebSocketError(.messageTooLarge))
        #expect(
            Self.read([hexadecimal("82 65")[...]], WebSocketFrameDecoder(maximumMessageSize: 100)).error
                == WebSocketError(.messageTooLarge)
        )

        #expect(Self.read([hexadecimal("02 00 00 00 80 00")[...]], decoder).messages == [.binary(ByteBuffer())])
        #expect(
            Self.read([hexadecimal("02 00 00 00 00 00 80 00")[...]], decoder).error
                == WebSocketError(.tooManyFragments)
        )
        // Control frames have their own limit.
        let small = WebSocketFrameDecoder(maximumFrameSize: 1, maximumMessageSize: 1)
        #expect(Self.read([hexadecimal("89 02 61 62")[...]], small).messages == [.ping(ByteBuffer(string: "ab"))])
    }

    @Test("the default limit is 16 MiB, and an error stays the end")
    func defaults() throws {
        var buffer = ByteBuffer(bytes: hexadecimal("81 7F 00 00 00 00 01 00 00 01 81 00"))
        var decoder = WebSocketFrameDecoder()
        #expect(throws: WebSocketError(.frameTooLarge)) { try decoder.next(&buffer) }
        #expect(try decoder.next(&buffer) == nil)
        #expect(buffer.readableBytes == 0)
    }

    @Test("the caller is told how much of a frame is missing")
    func missing() throws {
        var decoder = WebSocketFrameDecoder()
        var buffer = ByteBuffer(bytes: hexadecimal("82 7E 01 00 01 02"))
        #expect(try decoder.next(&buffer) == nil)
        #expect(decoder.missingBytes == 254)
        buffer.writeRepeatingByte(3, count: 254)
        #expect(try decoder.next(&buffer) != nil)
        #expect(decoder.missingBytes == 0)
    }

    @Test("UTF-8 goes unchecked only where that was asked for")
    func unchecked() {
        let decoder = WebSocketFrameDecoder(validatesUTF8: false)
        #expect(Self.read([[0x81, 0x01, 0xFF]], decoder).messages == [.text(ByteBuffer(bytes: [0xFF]))])
    }

    @Test("a mutated input gives the same result however it is cut, and never crashes")
    func mutation() {
        var generator = SeededGenerator(seed: 99)
        let seeds = [
            hexadecimal("81 02 34 32 01 03 e2 82 ac 89 01 70 80 01 61 88 05 03 e8 62 79 65"),
            hexadecimal("82 7E 00 7E") + [UInt8](repeating: 0x61, count: 126) + [0x81, 0x00],
        ]
        var failures = 0
        for round in 0..<3000 {
            let alphabet = hexadecimal("00 01 02 80 81 82 88 89 8A 7D 7E 7F 03 E8")
            let mutant = generator.mutate(seeds[round % 2], alphabet: alphabet)
            let whole = Self.read([mutant[...]])
            if whole.error != nil { failures += 1 }
            #expect(Self.read(mutant.indices.map { mutant[$0...$0] }) == whole)
            let place = Int.random(in: 0...mutant.count, using: &generator)
            #expect(Self.read([mutant[..<place], mutant[place...]]) == whole)
        }
        #expect(failures > 300 && failures < 2700)
    }
}
