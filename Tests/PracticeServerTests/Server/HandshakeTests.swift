import Testing

@testable import PracticeServer

@Suite struct HandshakeTests {
    private let handshake = Handshake(path: "/socket.io/", origins: OriginList(["shop.example", "localhost"]))

    private func verdict(
        _ uri: String,
        method: String = "GET",
        origin: String? = nil,
        isUpgrade: Bool = true
    ) -> Handshake.Verdict {
        handshake.verdict(method: method, target: RequestTarget(uri), origin: origin, isUpgrade: isUpgrade)
    }

    @Test("A WebSocket upgrade of version 4 is accepted, with its session if it names one")
    func accepted() {
        #expect(verdict("/socket.io/?EIO=4&transport=websocket") == .accepted(session: nil))
        #expect(verdict("/socket.io/?sessionId=a%20b&EIO=4&transport=websocket") == .accepted(session: "a b"))
    }

    @Test(
        "A request that is not in order gets the official server's error",
        arguments: [
            ("/socket.io/?EIO=4&transport=polling", EngineIOError.unknownTransport),
            ("/socket.io/?EIO=4", .unknownTransport),
            ("/socket.io/", .unknownTransport),
            ("/socket.io/?EIO=4&transport=websocket&sid=abc", .unknownSID),
            ("/socket.io/?EIO=3&transport=websocket", .unsupportedProtocolVersion),
            ("/socket.io/?transport=websocket", .unsupportedProtocolVersion),
        ]
    )
    func rejected(uri: String, error: EngineIOError) {
        #expect(verdict(uri) == .rejected(error))
    }

    @Test("Only GET opens a session, and only by an upgrade")
    func methods() {
        let uri = "/socket.io/?EIO=4&transport=websocket"
        #expect(verdict(uri, method: "POST") == .rejected(.badHandshakeMethod))
        #expect(verdict(uri, isUpgrade: false) == .rejected(.badRequest))
    }

    @Test(
        "The Origin's host must be on the list; a request without one comes from no page",
        arguments: [
            (nil, true), ("https://shop.example", true), ("https://SHOP.example:8443", true),
            ("http://localhost:3000", true), ("https://evil.example", false), ("https://shop.example.evil", false),
            ("null", false), ("", false), ("shop.example", false), ("https://", false), ("://shop.example", false),
            ("http://[::1]:80", false), ("http://[::1", false),
        ] as [(String?, Bool)]
    )
    func origins(origin: String?, isAllowed: Bool) {
        let expected: Handshake.Verdict = isAllowed ? .accepted(session: nil) : .rejected(.forbidden)
        #expect(verdict("/socket.io/?EIO=4&transport=websocket", origin: origin) == expected)
    }

    @Test("A star allows every Origin")
    func star() {
        #expect(OriginList(["*"]).allows("https://evil.example"))
        #expect(OriginList(["::1"]).allows("http://[::1]:80"))
    }

    @Test("The endpoint's path is taken with and without its last slash, and nothing else is")
    func path() {
        #expect(handshake.serves(RequestTarget("/socket.io/?a=b")))
        #expect(handshake.serves(RequestTarget("/socket.io")))
        #expect(!handshake.serves(RequestTarget("/socket.io/x")))
        #expect(!handshake.serves(RequestTarget("/socket.i")))
        #expect(!handshake.serves(RequestTarget("/")))
        #expect(!handshake.serves(RequestTarget("")))
    }

    @Test(
        "Query parameters are decoded, and what is no encoding stays",
        arguments: [
            ("/?a=1&b=2", "b", "2"), ("/?a=%41%62c", "a", "Abc"), ("/?a=x+y", "a", "x y"), ("/?a=%zz%4", "a", "%zz%4"),
            ("/?a", "a", ""), ("/?a=&a=2", "a", ""), ("/?%61=1", "a", "1"), ("/?a=b=c", "a", "b=c"),
            ("/?a=1#a=2", "a", "1"), ("/?a=%ff", "a", "\u{FFFD}"),
        ]
    )
    func query(uri: String, name: String, value: String) {
        #expect(RequestTarget(uri)[name] == value)
    }

    @Test("A parameter that is not there is nil")
    func missing() {
        #expect(RequestTarget("/?a=1")["b"] == nil)
        #expect(RequestTarget("/")["a"] == nil)
    }
}
