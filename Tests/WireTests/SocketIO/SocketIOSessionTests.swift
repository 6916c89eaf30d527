import Testing

@testable import Wire

@Suite("Socket.IO session")
struct SocketIOSessionTests {
    static func receive(_ session: inout SocketIOSession, _ text: String) throws -> SocketIOSession.Action {
        try withBytes(text) { bytes in
            try session.receive(SocketIOPacketView(parsing: bytes, range: 0..<bytes.count), in: bytes)
        }
    }

    static func connected() throws -> SocketIOSession {
        var session = SocketIOSession(namespace: .main)
        #expect(try receive(&session, #"0{"sid":"wZX3oN0bSVIhsaknAAAI"}"#) == .connected(sid: "wZX3oN0bSVIhsaknAAAI"))
        return session
    }

    @Test("a namespace is connected, used and left by the server")
    func life() throws {
        var session = try Self.connected()
        #expect(session.state == .connected)
        #expect(try Self.receive(&session, #"2["a",1]"#) == .event)
        #expect(try Self.receive(&session, #"27["a",1]"#) == .event)
        #expect(try Self.receive(&session, #"312["b"]"#) == .ack(12))
        #expect(try Self.receive(&session, #"51-["baz",{"_placeholder":true,"num":0}]"#) == .event)
        #expect(try Self.receive(&session, #"61-15["bar",{"_placeholder":true,"num":0}]"#) == .ack(15))
        #expect(try Self.receive(&session, "1") == .disconnected)
        #expect(session.state == .closed)
        #expect(try Self.receive(&session, #"2["a",1]"#) == .ignored)
    }

    @Test(
        "a refusal carries the server's words",
        arguments: [
            (#"4{"message":"Not authorized"}"#, "Not authorized"), (#"4"Unauthorized""#, "Unauthorized"),
            (#"4{"message":"x","data":{"code":1}}"#, "x"), (#"4{"code":1}"#, #"{"code":1}"#),
            (#"4{"message":7}"#, #"{"message":7}"#),
        ]
    )
    func refused(packet: String, message: String) throws {
        var session = SocketIOSession(namespace: .main)
        #expect(try Self.receive(&session, packet) == .refused(message: message))
        #expect(session.state == .closed)
    }

    @Test("a long refusal is cut")
    func longRefusal() throws {
        var session = SocketIOSession(namespace: .main)
        let text = String(repeating: "é", count: 2000)
        let action = try Self.receive(&session, "4{\"message\":\"\(text)\"}")
        #expect(action == .refused(message: String(repeating: "é", count: 512)))
    }

    @Test("packets of other namespaces are none of this session's business")
    func others() throws {
        let admin = try #require(SocketIONamespace("/admin"))
        var session = SocketIOSession(namespace: admin)
        #expect(try Self.receive(&session, #"0{"sid":"a"}"#) == .ignored)
        #expect(try Self.receive(&session, #"2/other,["a"]"#) == .ignored)
        #expect(try Self.receive(&session, #"2/admin2,["a"]"#) == .ignored)
        #expect(try Self.receive(&session, #"0/admin,{"sid":"a"}"#) == .connected(sid: "a"))
        #expect(try Self.receive(&session, #"2/admin,["a"]"#) == .event)
        #expect(try Self.receive(&session, "1") == .ignored)
        #expect(try Self.receive(&session, "1/admin") == .disconnected)
        var main = try Self.connected()
        #expect(try Self.receive(&main, #"2/admin,["a"]"#) == .ignored)
        #expect(try Self.receive(&main, #"2/,["a"]"#) == .event)
    }

    @Test(
        "what may not come before the connection is an error",
        arguments: [#"31["a"]"#, "0", "0{}", #"0{"sid":7}"#]
    )
    func early(packet: String) throws {
        var session = SocketIOSession(namespace: .main)
        let error = #expect(throws: WireError.self) { try Self.receive(&session, packet) }
        #expect(error?.kind == "protocol")
        #expect(session.state == .closed)
    }

    @Test("an event may come before the connection")
    func earlyEvent() throws {
        var session = SocketIOSession(namespace: .main)
        #expect(try Self.receive(&session, #"2["a"]"#) == .event)
        #expect(session.state == .connecting)
        #expect(try Self.receive(&session, #"0{"sid":"a"}"#) == .connected(sid: "a"))
    }

    @Test("a second CONNECT is an error, a late CONNECT_ERROR a refusal")
    func twice() throws {
        var session = try Self.connected()
        #expect(throws: WireError.self) { try Self.receive(&session, #"0{"sid":"b"}"#) }
        var other = try Self.connected()
        #expect(try Self.receive(&other, #"4{"message":"late"}"#) == .refused(message: "late"))
    }

    @Test("a client that closed ignores what still comes")
    func closed() throws {
        var session = try Self.connected()
        session.close()
        #expect(try Self.receive(&session, #"2["a"]"#) == .ignored)
    }

    @Test("a server that offers recovery gives a private id, and its events carry offsets as their last argument")
    func recovery() throws {
        var session = SocketIOSession(namespace: .main)
        #expect(try Self.receive(&session, #"2["early","o-0"]"#) == .event)
        _ = try Self.receive(&session, #"0{"sid":"a","pid":"p"}"#)
        #expect(session.recovery == SocketIORecovery(pid: "p"))
        #expect(session.recovery?.offset == nil)
        #expect(!session.isRestored)
        for (packet, offset) in [
            (#"2["a",{},"o-1"]"#, "o-1"), (#"2["a",{"x":"o-8"}]"#, "o-1"), (#"2["a","\"\\" , "o-3" ]"#, "o-3"),
            (#"2["a",{},"q\"o-4\\"]"#, #"q"o-4\"#), (#"2["a",{},"o-1"]"#, "o-1"), (#"2["b"]"#, "o-1"),
            (#"2["b",{}]"#, "o-1"), (#"27["c","\u006f-2"]"#, "o-2"),
            (#"37["o-9"]"#, "o-2"),
        ] {
            _ = try Self.receive(&session, packet)
            #expect(session.recovery?.offset == offset, "\(packet)")
        }
    }

    @Test("the session is restored where the same private id comes back, and forgotten where another or none does")
    func restored() throws {
        let before = SocketIORecovery(pid: "p")
        for (answer, after, isRestored) in [
            (#"0{"sid":"a","pid":"p"}"#, before, true),
            (#"0{"sid":"a","pid":"q"}"#, SocketIORecovery(pid: "q"), false),
            (#"0{"sid":"a"}"#, nil, false), (#"0{"sid":"a","pid":7}"#, nil, false),
            (#"0{"sid":"a","pid":""}"#, nil, false),
        ] as [(String, SocketIORecovery?, Bool)] {
            var session = SocketIOSession(namespace: .main, recovery: before)
            _ = try Self.receive(&session, answer)
            #expect(session.recovery == after, "\(answer)")
            #expect(session.isRestored == isRestored, "\(answer)")
        }
    }

    @Test("ids and offsets that no server needs are not kept")
    func longRecovery() throws {
        let long = String(repeating: "x", count: SocketIORecovery.limit + 1)
        var session = SocketIOSession(namespace: .main)
        _ = try Self.receive(&session, "0{\"sid\":\"a\",\"pid\":\"\(long)\"}")
        #expect(session.recovery == nil)
        var other = SocketIOSession(namespace: .main)
        _ = try Self.receive(&other, #"0{"sid":"a","pid":"p"}"#)
        _ = try Self.receive(&other, "2[\"a\",\"\(long)\"]")
        #expect(other.recovery?.offset == nil)
    }
}
