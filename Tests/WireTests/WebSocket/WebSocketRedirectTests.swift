import NIOCore
import Testing

@testable import Wire

@Suite("Redirects of the WebSocket handshake")
struct WebSocketRedirectTests {
    static func failure(_ answer: String) throws -> WireError? {
        var handshake = try WebSocketHandshakeTests.handshake()
        var buffer = ByteBuffer(string: answer)
        _ = handshake.receive(&buffer) ?? handshake.finish()
        return handshake.failure
    }

    @Test("a redirect is refused, and says where it leads and what to do", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) throws {
        let answer = "HTTP/1.1 \(status) Moved\r\nlocation: https://other.example/chat\r\nContent-Length: 2\r\n\r\nno"
        let location = "https://other.example/chat"
        let refusal = WebSocketHandshake.Refusal(status: status, reason: "Moved", bodyStart: "no", location: location)
        #expect(try WebSocketHandshakeTests.outcome(answer) == .refused(refusal))
        let failure = try Self.failure(answer)
        #expect(failure == WireError(refusal))
        #expect(failure?.kind == "upgrade.\(status)")
        #expect(
            failure?.sentence == """
                The server redirects the upgrade (\(status) Moved) to https://other.example/chat. \
                Redirects are not followed: point the target at it.
                """
        )
    }

    @Test(
        "without a Location, or with another status, it is a refusal like any other",
        arguments: [
            ("HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", 301),
            ("HTTP/1.1 302 Found\r\nLocation:\r\nContent-Length: 0\r\n\r\n", 302),
            ("HTTP/1.1 304 Not Modified\r\nLocation: /x\r\n\r\n", 304),
            ("HTTP/1.1 300 Choices\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", 300),
            ("HTTP/1.1 200 OK\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", 200),
        ]
    )
    func others(answer: String, status: Int) throws {
        let failure = try Self.failure(answer)
        #expect(failure?.kind == "upgrade.\(status)")
        #expect(failure?.sentence.contains("redirect") == false)
        #expect(failure?.sentence.contains("\(status)") == true)
    }

    @Test("a long Location is cut")
    func long() throws {
        let path = String(repeating: "x", count: 5000)
        let failure = try Self.failure("HTTP/1.1 307 T\r\nLocation: /\(path)\r\nContent-Length: 0\r\n\r\n")
        #expect((failure?.sentence.count ?? 0) < 700)
        #expect(failure?.sentence.contains("Redirects are not followed") == true)
    }
}
