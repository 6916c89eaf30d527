import Testing
import Wire

@testable import PracticeServer

@Suite struct SocketSessionTests {
    private func joined() -> SocketSession {
        var session = SocketSession()
        _ = receive("40", by: &session)
        return session
    }

    private func receive(_ packet: String, by session: inout SocketSession) -> SocketSession.Action {
        Array(packet.utf8).withUnsafeBytes { session.receive($0) }
    }

    private func isViolation(_ action: SocketSession.Action) -> Bool {
        if case .violation = action { return true }
        return false
    }

    @Test(
        "CONNECT joins the main namespace, with credentials or without",
        arguments: ["40", "40{\"token\":\"123\"}", "40/,"]
    )
    func join(packet: String) {
        var session = SocketSession()
        #expect(receive(packet, by: &session) == .join)
        #expect(session.isJoined)
    }

    @Test("CONNECT to another namespace is refused by name", arguments: ["40/random", "40/random,", "40/random,{}"])
    func refuse(packet: String) {
        var session = SocketSession()
        #expect(receive(packet, by: &session) == .refuse(namespace: "/random"))
        #expect(!session.isJoined)
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
        #expect(receive("41", by: &session) == .leave)
        #expect(!session.isJoined)
        #expect(receive("40", by: &session) == .join)
    }

    @Test("A pong answers a ping")
    func heartbeat() {
        var session = SocketSession()
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
        #expect(receive("431[]", by: &session) == .none)
    }

    @Test(
        "What the official server ends a connection for is a violation",
        arguments: [
            "", "abc", "7", "2", "2probe", "4", "4abc", "42{}", "42", "42[]", "42[1", #"42abc["message"]"#, "40[]",
            "40",
            #"42["connect"]"#, #"42/custom,["message"]"#, "41/custom", "44{}",
            #"451-["bin",{"_placeholder":true,"num":0}]"#,
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
        var session = SocketSession()
        #expect(isViolation(receive(packet, by: &session)))
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
