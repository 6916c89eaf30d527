import Metrics
import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Recordings played against servers that do what they please", .serialized, .timeLimit(.minutes(2)))
struct ReplayHostileEndToEndTests {
    private static let recording = spoken(
        .socketIO,
        """
        0 1 open /socket.io/?EIO=4&transport=websocket
        1 1 < 0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
        2 1 > 40
        3 1 < 40{"sid":"b"}
        10 1 > 420["ask",{"n":1}]
        11 1 < 42["told",{"n":1}]
        11 1 < 430[{"n":1}]
        30 1 > 42["say",{"n":2}]
        31 1 < 42["told",{"n":2}]
        60 1 close client 1000
        """
    )

    private static let playing = Replay.Playing(clients: 2, tolerance: .seconds(5), ramp: .zero)

    private func play(_ script: FakeServer.Script, _ recording: Recording = recording) async throws -> EngineRun {
        try await FakeServer.run(script) { server in
            try await EngineRun.replay(recording, Self.playing, target: "http://127.0.0.1:\(server.port)")
        }
    }

    /// Does what the recording says, and more.
    private func script(_ more: @escaping @Sendable (FakePeer, FakeEvent) -> Void) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if event.name == "ask" { more(peer, event) }
            peer.sendEvent("told", event.data)
            if let id = event.id { peer.sendText("43\(id)[\(event.data)]") }
        }
        return script
    }

    @Test("Answers that nobody asked for, in no namespace and twice, are extra")
    func unasked() async throws {
        let run = try await play(
            script { peer, _ in
                for text in ["43999[{}]", "43/other,0[{}]", "430[0]"] { peer.sendText(text) }
            }
        )
        // The first answer with the right number is the one, whatever it says; the second is one too many. Another
        // namespace's is nobody's.
        #expect(run.deviations == ["extra": 2 * 2, "reordered": 2, "told.reordered": 2])
        #expect(run.errors == [:])
    }

    @Test("Thousands of events that the recording does not have are counted and nothing else")
    func flood() async throws {
        let run = try await play(
            script { peer, _ in
                for number in 0..<5000 { peer.sendEvent(number % 2 == 0 ? "noise" : "told", "{\"n\":\(number)}") }
            }
        )
        // A client that has heard all it waits for leaves before the answer to the last thing that it says.
        #expect((9998...10_000).contains(run.count("replay.extra") ?? 0))
        #expect((4998...5000).contains(run.count("told.extra") ?? 0))
        #expect(run.count("replay.missing") == 0)
        #expect(run.errors == [:])
        #expect(run.count("clients.finished") == 2)
    }

    @Test("Questions that the recording does not answer stay without an answer")
    func questions() async throws {
        let run = try await play(script { peer, _ in for id in 0..<200 { peer.sendText("42\(id)[\"told\",{}]") } })
        #expect((398...400).contains(run.count("told.extra") ?? 0))
        #expect(run.count("messages.sent") == 2 * 2)
        #expect(run.errors == [:])
    }

    @Test(
        "A connection that does not come about is an error, and ends the client's waiting at once",
        arguments: ["close", "reset", "403", "connect_error", "garbage", "silent"]
    )
    func handshake(way: String) async throws {
        var script = FakeServer.Script()
        switch way {
        case "close": script.accepted = { $0.close() }
        case "reset": script.accepted = { $0.reset() }
        case "403":
            script.refusesUpgrades = true
            script.request = { peer, _ in peer.respond(403, "no") }
        case "connect_error": script.connect = { $0.sendText(#"44{"message":"no"}"#) }
        case "garbage": script.opened = { $0.sendText("what?") }
        default: script.opened = { $0.sendClose(1011, "later") }
        }
        let run = try await play(script)
        #expect(run.count("connect.failed") == 2)
        #expect(run.count("connect.count") == 2)
        #expect(run.errors.values.reduce(0, +) == 2, "\(run.errors)")
        #expect(
            run.deviations == [
                "missing": 8, "connect.missing": 2, "told.missing": 4, "ack.ask.missing": 2, "unsent": 4,
            ],
            "\(run.deviations)"
        )
        #expect(run.count("clients.failed") == 2)
        #expect(run.result.seconds < 4)
    }

    @Test(
        "A server that ends the connection in the middle of an event ends no more than that",
        arguments: ["close", "reset", "disconnect", "packet"]
    )
    func ends(way: String) async throws {
        let run = try await play(
            script { peer, _ in
                switch way {
                case "close": peer.sendClose(1001, "")
                case "reset": peer.reset()
                case "disconnect": peer.sendText("41")
                default: peer.sendText("42[\"told\"")
                }
            }
        )
        #expect(run.count("replay.extra") == 2)
        #expect(run.count("replay.missing") == 6)
        #expect(run.count("replay.unsent") == 2)
        #expect(run.errors.values.reduce(0, +) == 2)
        #expect(run.count("clients.failed") == 2)
        #expect(run.result.seconds < 4)
    }

    @Test("The server's own end is no error where the recording has it, and one where it comes without")
    func closes() async throws {
        let recording = spoken(
            .socketIO,
            """
            0 1 open /socket.io/?EIO=4&transport=websocket
            1 1 < 0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
            2 1 > 40
            3 1 < 40{"sid":"b"}
            10 1 > 42["bye",{}]
            11 1 close server 4000
            """
        )
        var script = FakeServer.Script()
        script.event = { peer, _ in peer.sendClose(4000, "") }
        let run = try await play(script, recording)
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(run.count("closed.count") == 2)
        script.event = { peer, _ in peer.sendText("42[") }
        let broken = try await play(script, recording)
        #expect(broken.deviations == ["extra": 2, "closed.extra": 2, "missing": 2, "closed.missing": 2])
        #expect(broken.errors == ["protocol": 2])
    }

    @Test("Events that are named like what happens to a connection are the server's")
    func reserved() async throws {
        let recording = spoken(
            .socketIO,
            """
            0 1 open /socket.io/?EIO=4&transport=websocket
            1 1 < 0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
            2 1 > 40
            3 1 < 40{"sid":"b"}
            10 1 > 42["go",{}]
            11 1 < 42["closed",{"id":"ticket-12345678"}]
            12 1 < 42["refused",{}]
            13 1 < 42["replay",{}]
            20 1 > 42["use",{"id":"ticket-12345678"}]
            30 1 close client 1000
            """
        )
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "go" else { return }
            peer.sendEvent("closed", #"{"id":"ticket-87654321"}"#)
            peer.sendEvent("refused")
            peer.sendEvent("replay")
        }
        let (run, server) = try await FakeServer.run(script) { server in
            (
                try await EngineRun.replay(recording, Self.playing, target: "http://127.0.0.1:\(server.port)"), server
            )
        }
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(run.count("connect.count") == 2)
        #expect(
            server.events.filter { $0.name == "use" }.map(\.data) == [
                #"{"id":"ticket-87654321"}"#, #"{"id":"ticket-87654321"}"#,
            ]
        )
    }

    @Test("Requests fail by their status, by silence of the server, and not where the recording has them fail too")
    func requests() async throws {
        let open = """
            0 1 open /socket.io/?EIO=4&transport=websocket
            1 1 < 0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
            2 1 > 40
            3 1 < 40{"sid":"b"}
            """
        let recording = spoken(
            .socketIO,
            """
            \(open)
            10 0 http GET /api/state 200 3  => {"id":"state-1234567"}
            20 0 http POST /api/order 302 3 {"state":"state-1234567"} => {}
            60 1 close client 1000
            """
        )
        var script = FakeServer.Script()
        script.request = { peer, request in
            if request.uri == "/api/state" { return peer.respond(200, #"{"id":"state-7654321"}"#) }
            peer.respond(request.body == #"{"state":"state-7654321"}"# ? 302 : 400, "{}", headers: ["Location: /x"])
        }
        #expect(try await play(script, recording).deviations == [:])
        script.request = { peer, _ in peer.respond(500, "{}") }
        let failed = try await play(script, recording)
        #expect(
            failed.deviations == [
                "missing": 4, "state.missing": 2, "order.missing": 2, "unprompted": 2 + 2,
            ] || failed.deviations["missing"] == 4,
            "\(failed.deviations)"
        )
        #expect(failed.errors == ["http.500": 4])
        #expect(failed.result.seconds < 4)
        // Without an answer in the recording.
        var unanswered = recording
        for place in unanswered.entries.indices {
            guard case .http(var exchange) = unanswered.entries[place].content else { continue }
            exchange.status = nil
            exchange.duration = nil
            unanswered.entries[place].content = .http(exchange)
        }
        script.request = { peer, _ in peer.reset() }
        let same = try await play(script, unanswered)
        #expect(same.deviations == [:])
        #expect(same.errors == [:])
    }

    @Test("What the socket does not take yet holds the client up, and is sent")
    func blocked() async throws {
        let text = String(repeating: "x", count: 20_000)
        let lines = (0..<20).map { _ in "20 1 > 42[\"say\",{\"text\":\"\(text)\"}]" }
        let recording = spoken(
            .socketIO,
            """
            0 1 open /socket.io/?EIO=4&transport=websocket
            1 1 < 0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
            2 1 > 40
            3 1 < 40{"sid":"b"}
            \(lines.joined(separator: "\n"))
            40 1 close client 1000
            """
        )
        let (run, server) = try await FakeServer.run { server in
            let target = "http://127.0.0.1:\(server.port)"
            let run = try await EngineRun.replay(recording, Self.playing, target: target) {
                $0.groups[0].target.outbound.limit = 10_000
            }
            await server.until { FakeServer.open($0) == 0 }
            return (run, server)
        }
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(server.events.count == 40)
    }
}
