import NIOCore
import Testing

@testable import Wire

@Suite("WebSocket subprotocols")
struct WebSocketSubprotocolTests {
    static func handshake(_ offered: [String]) throws -> WebSocketHandshake {
        try WebSocketHandshake(
            authority: "server.example.com",
            target: "/chat",
            subprotocols: offered,
            nonce: WebSocketHandshakeTests.nonce
        )
    }

    /// What a handshake with this offer makes of these headers behind those of an accepted upgrade, for every split.
    static func answer(_ offered: [String], _ headers: String) throws -> WebSocketHandshake {
        let bytes = Array((WebSocketHandshakeTests.accepted + headers + "\r\n").utf8)
        var whole = try handshake(offered)
        var buffer = ByteBuffer(bytes: bytes)
        let outcome = whole.receive(&buffer)
        for pieces in splits(of: bytes) {
            var handshake = try handshake(offered)
            var buffer = ByteBuffer()
            for piece in pieces {
                #expect(handshake.subprotocol == nil)
                #expect(handshake.failure == nil)
                buffer.writeBytes(piece)
                _ = handshake.receive(&buffer)
            }
            #expect(handshake.finish() == outcome)
            #expect(handshake.subprotocol == whole.subprotocol)
            #expect(handshake.failure == whole.failure)
        }
        return whole
    }

    @Test("what is offered stands in the request, in its order")
    func request() throws {
        var buffer = ByteBuffer()
        try Self.handshake(["graphql-transport-ws", "v2.chat"]).writeRequest(to: &buffer)
        let lines = String(buffer: buffer).split(separator: "\r\n")
        #expect(lines.contains("Sec-WebSocket-Protocol: graphql-transport-ws, v2.chat"))
        var none = ByteBuffer()
        try Self.handshake([]).writeRequest(to: &none)
        #expect(!String(buffer: none).contains("Sec-WebSocket-Protocol"))
    }

    @Test("the server chooses one of them, and that is kept", arguments: ["a", "b"])
    func chosen(name: String) throws {
        let handshake = try Self.answer(["a", "b"], "Sec-WebSocket-Protocol:  \(name) \r\n")
        #expect(handshake.subprotocol == name)
        #expect(handshake.failure == nil)
    }

    @Test("the server may choose none")
    func none() throws {
        let handshake = try Self.answer(["a", "b"], "")
        #expect(handshake.subprotocol == nil)
        #expect(handshake.failure == nil)
    }

    @Test(
        "any other choice is an error of the protocol",
        arguments: [
            (["a", "b"], "Sec-WebSocket-Protocol: c\r\n"), (["a", "b"], "Sec-WebSocket-Protocol: A\r\n"),
            (["a", "b"], "Sec-WebSocket-Protocol: a, b\r\n"), (["a", "b"], "Sec-WebSocket-Protocol:\r\n"),
            (["a"], "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: a\r\n"),
            ([], "Sec-WebSocket-Protocol: a\r\n"), ([], "Sec-WebSocket-Protocol:\r\n"),
        ]
    )
    func refused(offered: [String], headers: String) throws {
        let handshake = try Self.answer(offered, headers)
        #expect(handshake.subprotocol == nil)
        #expect(handshake.failure?.kind == "protocol")
        #expect(handshake.failure?.sentence.contains("subprotocol") == true)
    }

    @Test(
        "an extension, of which none was offered, is an error of the protocol",
        arguments: ["permessage-deflate", "permessage-deflate; server_no_context_takeover", "x", ","]
    )
    func extensions(value: String) throws {
        let handshake = try Self.answer(["a"], "sec-websocket-extensions: \(value)\r\nSec-WebSocket-Protocol: a\r\n")
        #expect(handshake.failure?.kind == "protocol")
        #expect(handshake.failure?.sentence.contains("extension") == true)
        #expect(handshake.subprotocol == nil)
    }

    @Test(
        "what is no list of names cannot be offered",
        arguments: [[""], ["a b"], ["a,b"], ["a\r\nX: y"], ["é"], ["a", "b", "a"], ["a", "\"b\""]]
    )
    func sanitised(offered: [String]) {
        #expect(throws: WireError.self) { try Self.handshake(offered) }
    }
}
