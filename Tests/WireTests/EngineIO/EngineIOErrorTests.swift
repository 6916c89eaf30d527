import Testing

@testable import Wire

@Suite("Engine.IO errors")
struct EngineIOErrorTests {
    static func parse(_ body: String) -> EngineIOError? {
        withBytes(body) { EngineIOError(parsing: $0) }
    }

    @Test(
        "the six bodies of the official server",
        arguments: [
            (#"{"code":0,"message":"Transport unknown"}"#, .unknownTransport),
            (#"{"code":1,"message":"Session ID unknown"}"#, .unknownSession),
            (#"{"code":2,"message":"Bad handshake method"}"#, .badHandshakeMethod),
            (#"{"code":3,"message":"Bad request"}"#, .badRequest),
            (#"{"code":4,"message":"Forbidden"}"#, .forbidden),
            (#"{"code":5,"message":"Unsupported protocol version"}"#, .unsupportedProtocolVersion),
        ] as [(String, EngineIOError.Code)]
    )
    func official(body: String, code: EngineIOError.Code) {
        #expect(Self.parse(body) == EngineIOError(code))
        #expect(Self.parse(body)?.description == "The server says: \(code.message) (code \(code.rawValue)).")
    }

    @Test("a message of the server's own, a code without one, an unknown code, a sentence in quotes")
    func others() {
        #expect(Self.parse(#"{"message":"no","code":4.0,"context":[1]}"#) == EngineIOError(.forbidden, message: "no"))
        #expect(Self.parse(#"{"code":3}"#) == EngineIOError(.badRequest))
        #expect(Self.parse(#"{"code":17,"message":"x"}"#) == EngineIOError(nil, message: "x"))
        #expect(Self.parse(#"{"code":17}"#)?.description == "The server gave no reason.")
        #expect(Self.parse(#"{"code":"1","message":"x"}"#) == EngineIOError(nil, message: "x"))
        #expect(Self.parse(#""Invalid session abc""#) == EngineIOError(nil, message: "Invalid session abc"))
        #expect(Self.parse(#"{"code":99999999999999999999,"message":"x"}"#) == EngineIOError(nil, message: "x"))
    }

    @Test(
        "what is no such body is nil",
        arguments: [
            "", "{}", "[]", "null", "1", "<html>", #"{"code":1"#, #"{"code":null}"#, #"{"message":1}"#, "\u{0}",
        ]
    )
    func none(body: String) {
        #expect(Self.parse(body) == nil)
    }

    @Test("a long message is cut, a long body is not looked at")
    func long() {
        let message = String(repeating: "é", count: 600)
        #expect(Self.parse(#"{"code":1,"message":"\#(message)"}"#)?.message.count == 512)
        #expect(Self.parse(#"{"code":1,"message":"\#(String(repeating: "x", count: 65_536))"}"#) == nil)
        #expect(Self.parse(String(repeating: "[", count: 65_536)) == nil)
    }

    @Test("mutated bodies never crash, and a code is always one of the six")
    func mutation() {
        var generator = SeededGenerator(seed: 400)
        let seed = Array(#"{"code":1,"message":"Session ID unknown"}"#.utf8)
        var parsed = 0
        for _ in 0..<3000 {
            let body = generator.mutate(seed, alphabet: Array(#"{}":,0123456789\u[]e-"#.utf8))
            if withBytes(body, { EngineIOError(parsing: $0) }) != nil { parsed += 1 }
        }
        #expect(parsed > 100)
    }
}
