import Testing
import Wire

@testable import PracticeServer

@Suite struct SocketSessionTests {
    private let namespaces = NamespaceList(["/", "/a"])

    private func joined() -> SocketSession {
        var session = SocketSession(namespaces)
        _ = receive("40", by: &session)
        return session
    }

    private func receive(_ packet: String, by session: inout SocketSession) -> SocketSession.Action {
        Array(packet.utf8).withUnsafeBytes { session.receive($0) }
    }

    private func isViolation(_ action: SocketSession.Action) -> Bool {
        switch action {
        case .violation, .malformed: true
        default: false
        }
    }

    @Test(
        "CONNECT joins a namespace, with credentials or without",
        arguments: [
            ("40", 0, nil), ("40{\"token\":\"123\"}", 0, 2..<17), ("40/,", 0, nil), ("40/a", 1, nil),
            ("40/a,", 1, nil), ("40/a,{}", 1, 5..<7),
        ] as [(String, Int, Range<Int>?)]
    )
    func join(packet: String, namespace: Int, auth: Range<Int>?) {
        var session = SocketSession(namespaces)
        let expected = auth.map { JSONSlice(kind: .object, range: $0) }
        #expect(receive(packet, by: &session) == .join(namespace: namespace, auth: expected))
        #expect(session.joinedNamespaces == [namespace])
    }

    @Test("CONNECT to another namespace is refused by name", arguments: ["40/random", "40/random,", "40/random,{}"])
    func refuse(packet: String) {
        var session = SocketSession(namespaces)
        #expect(receive(packet, by: &session) == .refuse(namespace: "/random"))
        #expect(session.joinedNamespaces.isEmpty)
    }

    @Test("An event has its name, its first argument, all arguments and its id")
    func event() throws {
        var session = joined()
        let packet = #"42456["message",1,"2",{"3":[true]}]"#
        guard case .event(let event) = receive(packet, by: &session) else {
            Issue.record("no event")
            return
        }
        #expect(event.name == "message")
        #expect(event.id == 456)
        let bytes = Array(packet.utf8)
        #expect(String(decoding: bytes[event.arguments], as: UTF8.self) == #"1,"2",{"3":[true]}"#)
        let first = try #require(event.firstArgument)
        #expect(String(decoding: bytes[first.range], as: UTF8.self) == "1")
    }

    @Test("An event without arguments has none", arguments: [#"42["ping"]"#, #"42[ "ping" ]"#])
    func noArguments(packet: String) {
        var session = joined()
        guard case .event(let event) = receive(packet, by: &session) else {
            Issue.record("no event")
            return
        }
        #expect(event.firstArgument == nil)
        #expect(event.arguments.isEmpty)
    }

    @Test("DISCONNECT leaves the namespace, and CONNECT joins it again")
    func leave() {
        var session = joined()
        #expect(receive("41", by: &session) == .leave(namespace: 0))
        #expect(session.joinedNamespaces.isEmpty)
        #expect(receive("40", by: &session) == .join(namespace: 0, auth: nil))
    }

    @Test("A pong answers a ping")
    func heartbeat() {
        var session = SocketSession(namespaces)
        session.pinged()
        #expect(session.isPongDue)
        #expect(receive("3", by: &session) == .pong)
        #expect(!session.isPongDue)
    }

    @Test("Close ends the connection; open, upgrade and noop say nothing to a server")
    func others() {
        var session = joined()
        #expect(receive("1", by: &session) == .close)
        for packet in ["0{}", "5", "6"] { #expect(receive(packet, by: &session) == .none) }
    }

    @Test(
        "What the official server ends a connection for is a violation",
        arguments: [
            "", "abc", "7", "2", "2probe", "4", "4abc", "42{}", "42", "42[]", "42[1", #"42abc["message"]"#, "40[]",
            "40",
            #"42["connect"]"#, #"42/custom,["message"]"#, "41/custom", "44{}",
            #"4511-["bin"]"#, #"450-["bin"]"#, #"45["bin"]"#, "4511-[]",
            "43[]", "47", #"42["a"]x"#, "42[\"\u{1}\"]", #"4299999999999999999999["a"]"#, "🙂",
        ]
    )
    func violations(packet: String) {
        var session = joined()
        #expect(isViolation(receive(packet, by: &session)))
    }

    @Test(
        "Events, acknowledgements and DISCONNECT before CONNECT are violations",
        arguments: [#"42["a"]"#, "431[]", "41"]
    )
    func beforeJoin(packet: String) {
        var session = SocketSession(namespaces)
        #expect(isViolation(receive(packet, by: &session)))
    }

    @Test("Namespaces are apart: what is joined, what an event is for, and what is left")
    func severalNamespaces() {
        var session = joined()
        #expect(isViolation(receive(#"42/a,["x"]"#, by: &session)))
        session = joined()
        _ = receive("40/a,", by: &session)
        guard case .event(let event) = receive(#"42/a,7["x",1]"#, by: &session) else {
            Issue.record("no event")
            return
        }
        #expect(event.namespace == 1)
        #expect(event.id == 7)
        #expect(receive("41/a,", by: &session) == .leave(namespace: 1))
        #expect(session.joinedNamespaces == [0])
        #expect(isViolation(receive("40", by: &session)))
    }

    @Test("An acknowledgement has its id and its arguments")
    func acknowledgement() {
        var session = joined()
        #expect(receive(#"4312["a", 1]"#, by: &session) == .acknowledgement(.init(id: 12, arguments: 5..<11)))
        #expect(receive("431[]", by: &session) == .acknowledgement(.init(id: 1, arguments: 4..<4)))
    }

    @Test("A binary event waits for its attachments, and nothing but them may come meanwhile")
    func attachments() {
        var session = joined()
        let packet = #"452-["bin",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#
        guard case .event = receive(packet, by: &session) else {
            Issue.record("no event")
            return
        }
        #expect(session.missingAttachments == 2)
        #expect(session.receiveBinary() == nil)
        #expect(receive("3", by: &session) == .pong)
        #expect(session.receiveBinary() == nil)
        #expect(session.missingAttachments == 0)
        #expect(session.receiveBinary().map(isViolation) == true)
        _ = receive(packet, by: &session)
        #expect(isViolation(receive(#"42["a"]"#, by: &session)))
    }

    @Test("Without Socket.IO every message is one, in text or binary")
    func raw() {
        var session = SocketSession(namespaces, isRaw: true)
        #expect(receive("4hello", by: &session) == .message)
        #expect(session.receiveBinary() == .message)
        #expect(isViolation(receive("hello", by: &session)))
    }

    @Test("Deep nesting is a violation, not a crash")
    func deep() {
        var session = joined()
        let packet = #"42["a","# + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "]"
        #expect(isViolation(receive(packet, by: &session)))
    }

    @Test("Packets of random bytes never crash it")
    func noise() {
        var random = SplitMix64(seed: 99)
        let alphabet = Array("0123456[]{}\",:\\-/ab\u{0}\u{7f}é".utf8)
        for _ in 0..<20_000 {
            var session = joined()
            let packet = (0..<random.below(24)).map { _ in alphabet[random.below(alphabet.count)] }
            _ = packet.withUnsafeBytes { session.receive($0) }
        }
    }
}
