import NIOCore
import Testing

@testable import Wire

@Suite("WebSocket handshake")
struct WebSocketHandshakeTests {
    /// The nonce of the example in RFC 6455, section 1.3: "the sample nonce".
    static let nonce: (UInt64, UInt64) = (0x7468_6520_7361_6D70, 0x6C65_206E_6F6E_6365)

    static func handshake(_ headers: [(String, String)] = [], limit: Int = 16 << 10) throws -> WebSocketHandshake {
        try WebSocketHandshake(
            authority: "server.example.com",
            target: "/chat?a=b",
            headers: headers,
            nonce: nonce,
            maximumHeaderSize: limit
        )
    }

    /// RFC 6455, section 1.3.
    static let accepted = """
        HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n
        """

    /// What came of an answer, and what was left of it.
    struct Reading: Equatable {
        var outcome: WebSocketHandshake.Outcome?
        var isEarly = false
        var left: [UInt8] = []
    }

    /// Feeds the pieces; where the answer asks for more than came, the connection closes.
    static func read(_ pieces: [ArraySlice<UInt8>], limit: Int = 16 << 10) throws -> Reading {
        var handshake = try handshake(limit: limit)
        var buffer = ByteBuffer()
        var reading = Reading()
        for piece in pieces {
            buffer.writeBytes(piece)
            if reading.outcome == nil, let outcome = handshake.receive(&buffer) {
                reading.outcome = outcome
                reading.isEarly = true
                #expect(handshake.receive(&buffer) == outcome)
            }
        }
        reading.outcome = reading.outcome ?? handshake.finish()
        reading.left = buffer.array
        return reading
    }

    /// The outcome, which has to be the same for every split.
    static func outcome(_ text: String, limit: Int = 16 << 10) throws -> WebSocketHandshake.Outcome? {
        let whole = try read([Array(text.utf8)[...]], limit: limit)
        for pieces in splits(of: Array(text.utf8)) {
            let reading = try read(pieces, limit: limit)
            #expect(reading.outcome == whole.outcome, "\(pieces.map(\.count))")
            #expect(reading.isEarly == whole.isEarly)
        }
        return whole.outcome
    }

    @Test("the request is the one of RFC 6455, section 1.3")
    func request() throws {
        var buffer = ByteBuffer()
        try Self.handshake([("Origin", "http://example.com"), ("Cookie", "a=b; c=d")]).writeRequest(to: &buffer)
        #expect(
            String(buffer: buffer) == """
                GET /chat?a=b HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
                Origin: http://example.com\r\nCookie: a=b; c=d\r\n\r\n
                """
        )
    }

    @Test("a 101 with the right key upgrades and leaves the first frames in the buffer")
    func upgraded() throws {
        let frames = hexadecimal("81 02 34 30")
        for pieces in splits(of: Array(Self.accepted.utf8) + [0x0D, 0x0A] + frames) {
            let reading = try Self.read(pieces)
            #expect(reading == Reading(outcome: .upgraded, isEarly: true, left: frames))
        }
    }

    @Test("names and tokens count in any case of letters, also in a list")
    func tokens() throws {
        let answer = """
            HTTP/1.1 101 \r\nUPGRADE: foo, WebSocket\r\nconnection:keep-alive , upgrade\r\n\
            sec-websocket-accept:\ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\nSec-WebSocket-Extensions:\r\n\r\n
            """
        #expect(try Self.outcome(answer) == .upgraded)
    }

    @Test("answers of 1xx before the last one are passed over")
    func informational() throws {
        let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\(Self.accepted)\r\n"
        #expect(try Self.outcome(answer) == .upgraded)
        let endless = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 20)
        #expect(try Self.outcome(endless, limit: 200) == .invalid("The head of the answer is longer than the limit."))
    }

    @Test(
        "an answer that is none is invalid, and says why",
        arguments: [
            ("\u{15}\u{3}\u{1}", "not HTTP"), ("HTTP/2 200 OK\r\n\r\n", "not HTTP"),
            ("http/1.1 101\r\n\r\n", "not HTTP"),
            ("HTTP/1.1 101 X\nUpgrade: websocket\n\n", "CR LF"), ("HTTP/1.1 1x1 X\r\n\r\n", "malformed"),
            ("HTTP/1.1 099 X\r\n\r\n", "malformed"), ("HTTP/1.1 1011\r\n\r\n", "malformed"),
            ("HTTP/1.1 101 X\r\nno colon\r\n\r\n", "malformed"),
            ("HTTP/1.1 101 X\r\nA: b\r\n folded\r\n\r\n", "malformed"),
            ("HTTP/1.1 101 X\r\nA b: c\r\n\r\n", "malformed"), ("HTTP/1.1 101 X\r\n: c\r\n\r\n", "malformed"),
            ("HTTP/1.1 101 X\r\nA: b\u{0}\r\n\r\n", "malformed"), ("HTTP/1.1 101 X\r\nA: b\rc\r\n\r\n", "malformed"),
            ("HTTP/1.1 101 X\r\n\r\n", "Upgrade: websocket"), ("", "closed before"), ("HTTP/1.1 101", "closed before"),
            ("HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n", "Connection: Upgrade"),
            ("HTTP/1.1 101 X\r\nUpgrade: websockets\r\nConnection: Upgrade\r\n\r\n", "Upgrade: websocket"),
            ("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "no Sec-WebSocket-Accept"),
            (
                "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: eHg=\r\n\r\n",
                "not the one"
            ),
            (accepted.replacing("HTTP/1.1", with: "HTTP/1.0") + "\r\n", "HTTP/1.0"),
            (accepted + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", "not the one"),
            (accepted.replacing("s3p", with: "S3p") + "\r\n", "not the one"),
            (accepted + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n", "extension"),
            (accepted + "Sec-WebSocket-Protocol: chat\r\n\r\n", "subprotocol"),
        ]
    )
    func invalid(answer: String, reason: String) throws {
        guard case .invalid(let text) = try Self.outcome(answer) else {
            Issue.record("\(answer) is valid")
            return
        }
        #expect(text.contains(reason), "\(text)")
    }

    @Test("a head may be as long as the limit and not longer")
    func headLimit() throws {
        let answer = Self.accepted + "\r\n"
        let size = answer.utf8.count
        #expect(try Self.outcome(answer, limit: size) == .upgraded)
        let tooLong = WebSocketHandshake.Outcome.invalid("The head of the answer is longer than the limit.")
        #expect(try Self.outcome(answer, limit: size - 1) == tooLong)
        #expect(try Self.outcome(answer, limit: 0) == tooLong)
    }

    @Test(
        "another status is a refusal with the start of its body",
        arguments: [
            ("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope", 403, "Forbidden", "nope", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", 200, "OK", "cut", false),
            ("HTTP/1.1 502 Bad Gateway\r\n\r\n<html>", 502, "Bad Gateway", "<html>", false),
            ("HTTP/1.0 404 \r\n\r\n", 404, "", "", false),
            ("HTTP/1.1 429\r\ncontent-length:0\r\n\r\n", 429, "", "", true),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", 304, "Not Modified", "", true),
            (
                "HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n",
                400,
                "Bad", "abc0123456789", true
            ),
            ("HTTP/1.1 400 Bad\r\nTransfer-Encoding: gzip, chunked\r\n\r\nzz\r\n", 400, "Bad", "", true),
            ("HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", 400, "Bad", "", true),
            ("HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 400, "Bad", "ab", false),
            ("HTTP/1.1 500 E\r\nContent-Length: -3\r\n\r\nabc", 500, "E", "abc", false),
            ("HTTP/1.1 500 E\r\nContent-Length: 99999999999999999999\r\n\r\nabc", 500, "E", "abc", false),
        ]
    )
    func refused(answer: String, status: Int, reason: String, body: String, isEarly: Bool) throws {
        let refusal = WebSocketHandshake.Refusal(status: status, reason: reason, bodyStart: body)
        #expect(try Self.outcome(answer) == .refused(refusal))
        #expect(try Self.read([Array(answer.utf8)[...]]).isEarly == isEarly)
        #expect(WireError(refusal).kind == "upgrade.\(status)")
    }

    @Test("of a long body the first 512 bytes are kept, cut between characters, and the rest is not waited for")
    func longBody() throws {
        let body = "x" + String(repeating: "é", count: 400)
        let expected = "x" + String(repeating: "é", count: 255)
        let chunk = String(body.utf8.count, radix: 16)
        for head in [
            "\r\n\(body)", "Content-Length: 999999\r\n\r\n\(body)",
            "Transfer-Encoding: chunked\r\n\r\n\(chunk)\r\n\(body)",
        ] {
            let answer = Array("HTTP/1.1 503 Busy\r\n\(head)".utf8)
            let refusal = WebSocketHandshake.Refusal(status: 503, reason: "Busy", bodyStart: expected)
            #expect(try Self.read([answer[...]]).outcome == .refused(refusal))
            let single = try Self.read(answer.indices.map { answer[$0...$0] })
            #expect(single.outcome == .refused(refusal))
            #expect(single.isEarly)
        }
    }

    @Test("headers of the answer can be asked for")
    func headers() throws {
        var handshake = try Self.handshake()
        var buffer = ByteBuffer(string: Self.accepted + "Set-Cookie: a=1\r\nX: y\r\nset-cookie: b=2\r\n\r\n")
        #expect(handshake.headerValues("Set-Cookie").isEmpty)
        #expect(handshake.receive(&buffer) == .upgraded)
        #expect(handshake.headerValues("Set-Cookie") == ["a=1", "b=2"])
    }

    @Test(
        "nothing can smuggle another header or request in",
        arguments: [
            ("", "/", "A", "b"), ("h\r\nX: y", "/", "A", "b"), ("h h", "/", "A", "b"), ("é", "/", "A", "b"),
            ("h", "", "A", "b"), ("h", "x", "A", "b"), ("h", "/a b", "A", "b"), ("h", "/\r\n", "A", "b"),
            ("h", "/a#b", "A", "b"), ("h", "/é", "A", "b"), ("h", "/", "", "b"), ("h", "/", "A b", "b"),
            ("h", "/", "A:", "b"), ("h", "/", "A\r\nB", "b"), ("h", "/", "A", "b\r\nC: d"), ("h", "/", "A", "b\n"),
            ("h", "/", "A", "b\u{0}"), ("h", "/", "A", "b\u{7F}"), ("h", "/", "Host", "b"), ("h", "/", "upgrade", "b"),
            ("h", "/", "Sec-WebSocket-KEY", "b"), ("h", "/", "Content-Length", "5"),
        ]
    )
    func sanitised(authority: String, target: String, name: String, value: String) {
        #expect(throws: WireError.self) {
            try WebSocketHandshake(authority: authority, target: target, headers: [(name, value)], nonce: Self.nonce)
        }
    }

    @Test("a mutated answer gives the same outcome however it is cut, and never crashes")
    func mutation() throws {
        var generator = SeededGenerator(seed: 77)
        let seeds = [
            Self.accepted + "\r\n",
            "HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope",
        ]
        var upgraded = 0
        for round in 0..<2000 {
            let mutant = generator.mutate(Array(seeds[round % 3].utf8), alphabet: Array("\r\n: ,01abHTP/.;".utf8))
            let whole = try Self.read([mutant[...]])
            if whole.outcome == .upgraded { upgraded += 1 }
            let single = try Self.read(mutant.indices.map { mutant[$0...$0] })
            #expect(single.outcome == whole.outcome, "\(String(decoding: mutant, as: UTF8.self))")
            let place = Int.random(in: 0...mutant.count, using: &generator)
            #expect(try Self.read([mutant[..<place], mutant[place...]]).outcome == whole.outcome)
        }
        #expect(upgraded > 10 && upgraded < 500)
    }
}
