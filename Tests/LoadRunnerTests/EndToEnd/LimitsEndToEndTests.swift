import Metrics
import NIOCore
import Testing

@testable import LoadRunner

/// What a server sends at and over each limit; over it the kind is `too_large` and the client goes on to no harm.
@Suite("Limits on what a server sends", .serialized, .timeLimit(.minutes(1)))
struct LimitsEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"

    struct Case: Sendable, CustomTestStringConvertible {
        var limit: String
        /// What a plain WebSocket sends at the limit, and over it.
        var send: @Sendable (FakePeer, _ isOver: Bool) -> Void

        var testDescription: String { limit }
    }

    static let plain: [Case] = [
        Case(limit: "frame: 1KB") { peer, isOver in
            peer.sendText(String(repeating: "x", count: isOver ? 1001 : 1000))
        },
        Case(limit: "message: 1KB") { peer, isOver in
            let part = Array(repeating: UInt8(ascii: "x"), count: 500)
            var first = FakePeer.frame(1, part)
            first[0] = 1
            var last = FakePeer.frame(0, isOver ? part + [UInt8(ascii: "x")] : part)
            last[0] = 0x80
            peer.send(first + last)
        },
        Case(limit: "fragments: 3") { peer, isOver in
            var bytes: [UInt8] = []
            let count = isOver ? 4 : 3
            for number in 1...count {
                var frame = FakePeer.frame(number == 1 ? 1 : 0, [UInt8(ascii: "x")])
                frame[0] = (number == 1 ? 1 : 0) | (number == count ? 0x80 : 0)
                bytes += frame
            }
            peer.send(bytes)
        },
        Case(limit: "nesting: 5") { peer, isOver in
            let depth = isOver ? 6 : 5
            peer.sendText(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        },
    ]

    @Test("of messages", arguments: plain, [false, true])
    func messages(_ test: Case, isOver: Bool) async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        script.message = { peer, _ in test.send(peer, isOver) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ { send: go }, { await: message, within: 2s } ]",
                target: "protocol: websocket, limits: { \(test.limit) }"
            )
            #expect(run.errors == (isOver ? ["too_large": 1] : [:]), "\(run.examples)")
            #expect(run.count("clients.finished") == (isOver ? 0 : 1))
        }
    }

    @Test("of packets: their nesting and their attachments", arguments: [false, true], ["nesting: 4", "attachments: 2"])
    func packets(isOver: Bool, limit: String) async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            if limit.hasPrefix("nesting") {
                peer.sendEvent("answer", isOver ? "[[[[]]]]" : "[[[]]]")
            } else {
                let count = isOver ? 3 : 2
                let places = (0..<count).map { #"{"_placeholder":true,"num":\#($0)}"# }.joined(separator: ",")
                peer.sendText(#"45\#(count)-["answer",\#(places)]"#)
                for _ in 0..<count { peer.sendBinary([1, 2, 3]) }
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ { emit: go }, { await: answer, within: 2s } ]",
                target: "limits: { \(limit) }"
            )
            #expect(run.errors == (isOver ? ["too_large": 1] : [:]), "\(run.examples)")
            #expect(run.count("clients.finished") == (isOver ? 0 : 1))
        }
    }

    @Test("of the answer to a handshake")
    func handshake() async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in peer.respond(200, "{}", headers: ["X: " + String(repeating: "x", count: 3000)]) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ connect ]",
                target: "transports: [polling], limits: { headers: 2KB }"
            )
            #expect(run.errors == ["too_large": 1], "\(run.examples)")
        }
    }

    @Test("of an answer's body", arguments: [false, true])
    func body(isOver: Bool) async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in peer.respond(200, String(repeating: "x", count: isOver ? 1001 : 1000)) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ { http: GET /x } ]",
                target: "limits: { body: 1KB }"
            )
            #expect(run.errors == (isOver ? ["too_large": 1] : [:]))
        }
    }
}
