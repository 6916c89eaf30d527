import Testing

@testable import PracticeServer

@Suite struct HandshakeTests {
    private var handshake: Handshake {
        Handshake(
            origins: OriginList(["shop.example", "localhost"]),
            transports: [.polling, .webSocket]
        )
    }

    /// Two sessions are there: one that polls, and one on a WebSocket.
    private func verdict(
        _ uri: String,
        method: String = "GET",
        origin: String? = nil,
        isUpgrade: Bool = true,
        by handshake: Handshake? = nil
    ) -> Handshake.Verdict {
        (handshake ?? self.handshake).verdict(
            method: method,
            target: RequestTarget(uri),
            origin: origin,
            isUpgrade: isUpgrade,
            transport: { ["polls": .polling, "socket": .webSocket][$0] }
        )
    }

    @Test("A handshake of version 4 is accepted on either transport, with its session if it names one")
    func accepted() {
        #expect(verdict("/socket.io/?EIO=4&transport=websocket") == .opens(.webSocket, session: nil))
        #expect(verdict("/socket.io/?sessionId=a%20b&EIO=4&transport=websocket") == .opens(.webSocket, session: "a b"))
        #expect(verdict("/socket.io/?EIO=4&transport=polling", isUpgrade: false) == .opens(.polling, session: nil))
    }

    @Test("A request of a session goes on with it, if the transport is the session's or an upgrade")
    func continued() {
        let polling = "/socket.io/?EIO=4&transport=polling&sid="
        #expect(verdict(polling + "polls", isUpgrade: false) == .continues(sid: "polls"))
        #expect(verdict(polling + "polls", method: "POST", isUpgrade: false) == .continues(sid: "polls"))
        #expect(verdict(polling + "socket", isUpgrade: false) == .rejected(.badRequest))
        #expect(verdict(polling + "none", isUpgrade: false) == .rejected(.unknownSID))
        #expect(verdict("/socket.io/?EIO=4&transport=websocket&sid=polls") == .continues(sid: "polls"))
        #expect(verdict("/socket.io/?EIO=4&transport=websocket&sid=none") == .rejected(.unknownSID))
    }

    @Test("A transport that the server does not serve is unknown to it")
    func transports() {
        let handshake = Handshake(origins: OriginList(["*"]), transports: [.polling])
        #expect(verdict("/socket.io/?EIO=4&transport=websocket", by: handshake) == .rejected(.unknownTransport))
    }

    @Test(
        "A request that is not in order gets the official server's error",
        arguments: [
            ("/socket.io/?EIO=4&transport=webtransport", EngineIORefusal.unknownTransport),
            ("/socket.io/?EIO=4", .unknownTransport),
            ("/socket.io/", .unknownTransport),
            ("/socket.io/?EIO=4&transport=websocket&sid=abc", .unknownSID),
            ("/socket.io/?EIO=3&transport=websocket", .unsupportedProtocolVersion),
            ("/socket.io/?transport=websocket", .unsupportedProtocolVersion),
        ]
    )
    func rejected(uri: String, error: EngineIORefusal) {
        #expect(verdict(uri) == .rejected(error))
    }

    @Test("Only GET opens a session, and only by an upgrade")
    func methods() {
        let uri = "/socket.io/?EIO=4&transport=websocket"
        #expect(verdict(uri, method: "POST") == .rejected(.badHandshakeMethod))
        #expect(verdict(uri, isUpgrade: false) == .rejected(.badRequest))
        let polling = "/socket.io/?EIO=4&transport=polling"
        #expect(verdict(polling, method: "POST", isUpgrade: false) == .rejected(.badHandshakeMethod))
        #expect(verdict(polling, isUpgrade: true) == .rejected(.badRequest))
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
        let expected: Handshake.Verdict = isAllowed ? .opens(.webSocket, session: nil) : .rejected(.forbidden)
        #expect(verdict("/socket.io/?EIO=4&transport=websocket", origin: origin) == expected)
    }

    @Test("A star allows every Origin")
    func star() {
        #expect(OriginList(["*"]).allows("https://evil.example"))
        #expect(OriginList(["::1"]).allows("http://[::1]:80"))
    }

    @Test("The endpoint's path is taken with and without its last slash, and nothing else is")
    func path() {
        let endpoint = Endpoint("/socket.io/", .socketIO)
        #expect(endpoint.serves(RequestTarget("/socket.io/?a=b")))
        #expect(endpoint.serves(RequestTarget("/socket.io")))
        #expect(!endpoint.serves(RequestTarget("/socket.io/x")))
        #expect(!endpoint.serves(RequestTarget("/socket.i")))
        #expect(!endpoint.serves(RequestTarget("/")))
        #expect(!endpoint.serves(RequestTarget("")))
        #expect(Endpoint("/ws", .webSocket).serves(RequestTarget("/ws?a=b")))
        #expect(!Endpoint("/ws", .webSocket).serves(RequestTarget("/w")))
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
