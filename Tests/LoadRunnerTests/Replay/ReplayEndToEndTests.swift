import Foundation
import Metrics
import PracticeServer
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Recordings played against the practice server", .serialized, .timeLimit(.minutes(2)))
struct ReplayEndToEndTests {
    private static let socket = "/socket.io/?EIO=4&transport=websocket"
    private static let uuid = "24bd1003-8b6e-485a-b9be-9af6baa873fd"

    /// Opens a session of Socket.IO.
    private static func opened(_ connection: Int = 1, at time: Int = 0, _ what: String = "open") -> String {
        """
        \(time) \(connection) \(what) \(socket)
        \(time + 1) \(connection) < 0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
        \(time + 2) \(connection) > 40
        \(time + 3) \(connection) < 40{"sid":"b"}
        """
    }

    /// Says something to `echo` and hears it, with its acknowledgement, three times.
    private static let echo = spoken(
        .socketIO,
        """
        \(opened())
        10 1 > 420["echo",{"text":"hello","id":"\(uuid)"}]
        11 1 < 42["echo",{"text":"hello","id":"\(uuid)"}]
        11 1 < 430[{"text":"hello","id":"\(uuid)"}]
        40 1 > 421["echo",{"text":"again","id":"\(uuid)"}]
        41 1 < 42["echo",{"text":"again","id":"\(uuid)"}]
        41 1 < 431[{"text":"again","id":"\(uuid)"}]
        42 1 > 42["echo",{"text":"and again"}]
        43 1 < 42["echo",{"text":"and again"}]
        60 1 close client 1000
        """
    )

    @Test(
        "A server that does the same again deviates in nothing",
        arguments: [(1, 1), (50, 1), (50, 2)]
    )
    func same(clients: Int, threads: Int) async throws {
        let playing = Replay.Playing(clients: clients, tolerance: .seconds(5), ramp: .milliseconds(100))
        let (run, truth) = try await EngineRun.replay(Self.echo, playing, practice: "echo", threads: threads)
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(run.count("clients.finished") == clients)
        #expect(run.count("echo.count") == clients * 3)
        #expect(run.count("ack.echo.count") == clients * 2)
        #expect(run.count("connect.count") == clients)
        #expect(run.times("connect") == clients)
        #expect(run.times("echo") == clients * 3)
        #expect(truth.messages.received["echo"] == clients * 3)
        #expect(truth.messages.acksSent == clients * 2)
        #expect(truth.connections.accepted == clients)
        #expect(truth.connections.closedByClient == clients)
    }

    @Test("What a client invented is each client's own, and the same wherever it stands")
    func freshIDs() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            5 1 > 42["join_session",{"sessionId":"\(Self.uuid)"}]
            6 1 < 42["session_joined",{"sessionId":"\(Self.uuid)","restored":false,"history":[]}]
            7 1 > 42["update_context",{"sessionId":"\(Self.uuid)","context":{"url":"/"}}]
            8 0 http POST /api/chat 200 2 {"sessionId":"\(Self.uuid)","message":"/fail"} => {"messageId":"m","status":"processing"}
            15 1 < 42["message",{"text":"sorry","isError":true}]
            30 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 20, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "leflux", threads: 2)
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(truth.sessions.created == 20)
        #expect(truth.sessions.restored == 0)
        #expect(truth.http["POST /api/chat 200"] == 20)
        #expect(run.count("chat.count") == 20)
    }

    /// A question to LeFlux whose answer has five chunks; what comes behind them the seed decides.
    private static let chunks = spoken(
        .socketIO,
        """
        \(opened())
        5 1 > 42["join_session",{"sessionId":"\(uuid)"}]
        6 1 < 42["session_joined",{"sessionId":"\(uuid)","restored":false,"history":[]}]
        8 0 http POST /api/chat 200 2 {"sessionId":"\(uuid)","message":"hello"} => {"messageId":"m","status":"processing"}
        15 1 < 42["message_chunk",{"delta":"a","streamId":"s","chunkIndex":0}]
        25 1 < 42["message_chunk",{"delta":"b","streamId":"s","chunkIndex":1}]
        35 1 < 42["message_chunk",{"delta":"c","streamId":"s","chunkIndex":2}]
        45 1 < 42["message_chunk",{"delta":"d","streamId":"s","chunkIndex":3}]
        55 1 < 42["message_chunk",{"delta":"e","streamId":"s","chunkIndex":4}]
        55 1 < 42["message_done",{"text":"abcde","streamId":"s"}]
        80 1 close client 1000
        """
    )

    /// What the server did otherwise with the answer; what the seed makes follow it aside.
    private static func ofAnswer(_ deviations: [String: Int]) -> [String: Int] {
        deviations.filter { $0.key.hasPrefix("message_chunk.") || $0.key.hasPrefix("message_done.") }
    }

    @Test("Chunks that are withheld are missing, and nothing else is")
    func drop() async throws {
        let playing = Replay.Playing(clients: 6, tolerance: .seconds(9), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(Self.chunks, playing, practice: "leflux?chunks=5&drop-chunk=4")
        #expect(truth.chunks.withheld > 3)
        #expect(Self.ofAnswer(run.deviations) == ["message_chunk.missing": truth.chunks.withheld])
        #expect(run.count("message_chunk.count") == 30)
        #expect(run.count("message_chunk.failed") == truth.chunks.withheld)
        #expect(run.count("replay.unprompted") == 0)
        #expect(run.errors == [:])
        #expect(run.count("clients.finished") == 6)
    }

    @Test("Chunks that come twice are extra, and nothing else is")
    func duplicates() async throws {
        let playing = Replay.Playing(clients: 6, tolerance: .seconds(9), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(
            Self.chunks,
            playing,
            practice: "leflux?chunks=5&duplicate-chunk=4"
        )
        #expect(truth.chunks.duplicated > 3)
        #expect(Self.ofAnswer(run.deviations) == ["message_chunk.extra": truth.chunks.duplicated])
        #expect(run.count("message_chunk.count") == 30)
        #expect(run.count("message_chunk.failed") == 0)
    }

    @Test("Answers that stop halfway lack their chunks")
    func truncate() async throws {
        let playing = Replay.Playing(clients: 4, tolerance: .seconds(9), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(Self.chunks, playing, practice: "leflux?chunks=5&truncate=2")
        #expect(truth.streams.truncated == 2)
        #expect(Self.ofAnswer(run.deviations) == ["message_chunk.missing": 20 - truth.chunks.sent])
    }

    @Test("What comes later than in the recording, and than the tolerance, took longer", arguments: [50, 400])
    func slower(tolerance: Int) async throws {
        let playing = Replay.Playing(clients: 3, tolerance: .milliseconds(tolerance), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(Self.echo, playing, practice: "echo?latency=150ms")
        #expect(truth.messages.delayed >= 9)
        let late = tolerance == 50
        #expect(
            run.deviations == (late ? ["slower": 15, "echo.slower": 9, "ack.echo.slower": 6] : [:])
        )
    }

    @Test("An event is out of order that comes right behind one that the recording has behind it")
    func reordered() async throws {
        // The server answers before it acknowledges.
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            10 1 > 420["echo",1]
            11 1 < 430[1]
            11 1 < 42["echo",1]
            20 1 > 421["echo",2]
            21 1 < 42["echo",2]
            21 1 < 431[2]
            60 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 4, tolerance: .seconds(5), ramp: .zero)
        let (run, _) = try await EngineRun.replay(recording, playing, practice: "echo")
        #expect(run.deviations == ["reordered": 4, "ack.echo.reordered": 4])
    }

    @Test("What does not come keeps the client waiting for five seconds, and then it goes on")
    func unprompted() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            10 1 > 42["echo",1]
            11 1 < 42["echo",1]
            12 1 < 42["never",{}]
            30 1 > 42["echo",2]
            31 1 < 42["echo",2]
            60 1 close client 1000
            """
        )
        let (run, truth) = try await EngineRun.replay(recording, practice: "echo")
        #expect(run.deviations == ["missing": 1, "never.missing": 1, "unprompted": 1])
        #expect(truth.messages.received["echo"] == 2)
        #expect(run.result.seconds > 5)
        #expect(run.result.seconds < 9)
        #expect(run.count("clients.finished") == 1)
        #expect(run.count("generator.late_sends") ?? 0 == 0)
    }

    @Test("A connection that falls ends nothing but itself: what follows is not waited for")
    func killed() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            10 1 > 42["echo",1]
            11 1 < 42["echo",1]
            700 1 > 42["echo",2]
            701 1 < 42["echo",2]
            750 1 > 42["echo",3]
            751 1 < 42["echo",3]
            800 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 3, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "echo?kill-after=300ms")
        #expect(truth.connections.killed == 3)
        #expect(truth.messages.received["echo"] == 3)
        #expect(run.deviations == ["missing": 6, "echo.missing": 6, "extra": 3, "unsent": 6])
        #expect(run.errors.values.reduce(0, +) == 3)
        #expect(run.count("clients.failed") == 3)
        #expect(run.result.seconds < 4)
    }

    @Test("Connections that are turned down are errors, unless the recording has them turned down too")
    func refused() async throws {
        let playing = Replay.Playing(clients: 5, ramp: .zero)
        let (run, truth) = try await EngineRun.replay(Self.echo, playing, practice: "echo?refuse=100%")
        #expect(truth.connections.refused == 5)
        #expect(run.count("connect.failed") == 5)
        #expect(run.count("connect.count") == 5)
        #expect(run.count("echo.missing") == 15)
        #expect(run.count("replay.unsent") == 15)
        #expect(run.errors["upgrade.503"] == 5 || run.errors.count == 1)
        let recording = spoken(.socketIO, "0 1 deny 503 \(Self.socket)\n10 2 deny 503 \(Self.socket)")
        let (same, _) = try await EngineRun.replay(recording, playing, practice: "echo?refuse=100%")
        #expect(same.deviations == [:])
        #expect(same.errors == [:])
        #expect(same.count("clients.finished") == 5)
        #expect(same.count("refused.count") == 10)
        let (accepted, _) = try await EngineRun.replay(recording, playing, practice: "echo")
        // That the second one was tried followed upon the refusal of the first.
        #expect(accepted.deviations == ["extra": 10, "missing": 10, "refused.missing": 10, "unprompted": 5])
    }

    // MARK: - Kinds of traffic

    @Test("Acknowledgements go both ways, with what each has in binary")
    func acknowledgements() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            10 1 > 42["ask",{"q":1}]
            11 1 < 427["question",{"q":1}]
            20 1 > 437[{"a":2}]
            21 1 < 42["answered",{"a":2}]
            30 1 > 42["ask",{"q":2}]
            31 1 < 428["question",{"q":2}]
            40 1 > 461-8[{"_placeholder":true,"num":0}]
            40 1 >b 00ff10
            41 1 < 451-["answered",{"_placeholder":true,"num":0}]
            41 1 <b 00ff10
            50 1 > 452-3["echo",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}]
            50 1 >b 0102
            50 1 >b fffe00
            51 1 < 452-["echo",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}]
            51 1 <b 0102
            51 1 <b fffe00
            51 1 < 462-3[{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}]
            51 1 <b 0102
            51 1 <b fffe00
            90 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 3, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "echo")
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(truth.messages.acksReceived == 6)
        #expect(truth.messages.received == ["ask": 6, "echo": 3])
        #expect(run.count("answered.count") == 6)
    }

    @Test("A session goes by the transports that the recording's went by", arguments: ["poll", "both"])
    func polling(way: String) async throws {
        var lines = Self.opened(1, at: 0, "poll").replacing("transport=websocket", with: "transport=polling")
        if way == "both" { lines += "\n8 1 open \(Self.socket)&sid=a" }
        let recording = spoken(
            .socketIO,
            """
            \(lines)
            10 1 > 420["echo",{"text":"x"}]
            14 1 < 42["echo",{"text":"x"}]
            14 1 < 430[{"text":"x"}]
            60 1 > 421["echo",{"text":"y"}]
            64 1 < 42["echo",{"text":"y"}]
            64 1 < 431[{"text":"y"}]
            90 1 > 41
            91 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 5, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "echo")
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(truth.connections.openedByPolling == 5)
        #expect(truth.connections.upgraded == (way == "both" ? 5 : 0))
        #expect(truth.messages.received["echo"] == 10)
    }

    @Test("Each connection has its own namespaces and transports, and hears what is said in them")
    func namespaces() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            5 1 > 40/a,
            6 1 < 40/a,{"sid":"c"}
            10 1 > 42/a,["echo",{"n":1}]
            11 1 < 42/a,["echo",{"n":1}]
            20 2 poll /socket.io/?EIO=4&transport=polling
            21 2 < 0{"sid":"d","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
            22 2 > 40/b,
            23 2 < 40/b,{"sid":"e"}
            30 2 > 42/b,0["echo",{"n":2}]
            31 2 < 42/b,["echo",{"n":2}]
            31 2 < 43/b,0[{"n":2}]
            40 1 > 42["echo",{"n":3}]
            41 1 < 42["echo",{"n":3}]
            90 2 close client 1000
            91 1 close client 1000
            """
        )
        let (run, truth) = try await EngineRun.replay(recording, practice: "echo")
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(truth.connections.accepted == 2)
        #expect(truth.connections.openedByPolling == 1)
        #expect(truth.messages.connects == 3)
        #expect(truth.messages.received == ["echo": 3])
    }

    @Test("What one connection hears another says, each client its own")
    func betweenConnections() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened(1))
            10 1 > 42["echo",{"ticket":"\(Self.uuid)"}]
            11 1 < 42["echo",{"ticket":"\(Self.uuid)"}]
            20 2 open \(Self.socket)&ticket=\(Self.uuid)
            21 2 < 0{"sid":"d","upgrades":[],"pingInterval":25000,"pingTimeout":20000}
            22 2 > 40
            23 2 < 40{"sid":"e"}
            30 2 > 42["echo",{"again":"\(Self.uuid)"}]
            31 2 < 42["echo",{"again":"\(Self.uuid)"}]
            40 2 close client 1000
            41 1 close client 1000
            """
        )
        var script = FakeServer.Script()
        script.event = { peer, event in peer.sendEvent(event.name, event.data) }
        let (run, server) = try await FakeServer.run(script) { server in
            let playing = Replay.Playing(clients: 2, tolerance: .seconds(5), ramp: .zero)
            return (try await EngineRun.replay(recording, playing, target: "http://127.0.0.1:\(server.port)"), server)
        }
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        let said = server.events.map(\.data) + server.requests.map(\.uri).filter { $0.contains("ticket") }
        let tickets = said.compactMap { $0.firstMatch(of: #/[0-9a-f-]{36}/#)?.output }
        #expect(tickets.count == 6)
        #expect(Set(tickets).count == 2)
        #expect(!tickets.contains(Self.uuid[...]))
    }

    @Test("Messages of a plain WebSocket go out as they were, in text and in binary")
    func plain() async throws {
        let recording = spoken(
            .webSocket,
            """
            0 1 open /ws
            10 1 > just text, "quoted" ${not}
            11 1 < just text, "quoted" ${not}
            20 1 >b 00ff10
            21 1 <b 00ff10
            30 1 > [1,2.50,{"a":null,"b":1e3}]
            31 1 < [1,2.50,{"a":null,"b":1e3}]
            90 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 3, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "echo")
        #expect(run.deviations == [:])
        #expect(run.errors == [:])
        #expect(run.count("message.count") == 9)
        #expect(truth.connections.accepted == 3)
    }

    @Test("Recordings of Praxis and Flock play, with their envelopes and heartbeats", arguments: ["praxis", "flock"])
    func systems(name: String) async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "ScenariosTests/Fixtures/recordings")
        let recording = try Recording.read(path: folder.appending(path: "\(name).rec.jsonl").path).recording
        let playing = Replay.Playing(clients: 1, speed: 4, tolerance: .seconds(9), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(
            recording,
            playing,
            practice: name,
            environment: ["TOKEN": "practice"]
        )
        #expect(run.errors == [:])
        #expect(run.count("clients.finished") == 1)
        #expect(run.count("replay.missing") == 0, "\(run.deviations)")
        #expect(truth.connections.accepted == 1)
    }

    @Test("Pauses are divided by the speed")
    func speed() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            10 1 > 42["echo",1]
            11 1 < 42["echo",1]
            2010 1 > 42["echo",2]
            2011 1 < 42["echo",2]
            4010 1 > 42["echo",3]
            4011 1 < 42["echo",3]
            4020 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 1, speed: 20, tolerance: .seconds(5), ramp: .zero)
        let (run, truth) = try await EngineRun.replay(recording, playing, practice: "echo")
        #expect(run.deviations == [:])
        #expect(truth.messages.received["echo"] == 3)
        #expect(run.result.seconds < 2)
    }

    @Test("A client that the end of the run cuts off counts as cut, wherever it is")
    func cut() async throws {
        let recording = spoken(
            .socketIO,
            """
            \(Self.opened())
            10 1 > 42["slow",{"ms":60000}]
            60000 1 < 42["slow",{"ms":60000}]
            60010 1 close client 1000
            """
        )
        let playing = Replay.Playing(clients: 3, ramp: .zero)
        let run = try await FakeServer.run { server in
            let target = "http://127.0.0.1:\(server.port)"
            return try await EngineRun.replay(recording, playing, target: target) { $0.grace = .milliseconds(300) }
        }
        #expect(run.count("clients.cut") == 3)
        #expect(run.deviations == [:])
        #expect(run.result.seconds < 4)
    }
}
