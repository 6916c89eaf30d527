import Foundation
import Metrics
import Testing

/// Reprise against the WebSocket server of Python's websockets.
@Suite("Reprise against a plain WebSocket server", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct PlainServerTests {
    @Test("texts come back as they were sent")
    func echo() async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Measured.run(
                PlainScenario.text(
                    server.port,
                    path: "/echo",
                    """
                    flow:
                      - send: "größe ${client.index} 🙂"
                      - await: message
                        where: { $: "größe ${client.index} 🙂" }
                        measure: back
                      - send: { client: "${client.index}", list: [1, 2.5, null, true] }
                      - await: message
                        where: { client: "${client.index}", "list[1]": 2.5 }
                        measure: back
                      - send: "${text(100000)}"
                      - await: message
                        capture: { long: $ }
                      - when: long != sent.$
                        flow: [ { fail: "the long text is another" } ]
                    """
                )
            )
            let counted = try await WebSocketCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("clients.finished") == clients)
            #expect(run.count("connect.count") == clients)
            #expect(run.count("back.count") == 2 * clients)
            #expect(run.histogram("back")?.count == 2 * clients)
            #expect(run.count("messages.sent") == 3 * clients)
            #expect(run.count("messages.received") == 3 * clients)
            #expect(counted.connects == clients)
            #expect(counted.messages == ["/echo": 3 * clients])
            #expect(counted.closes == ["1000": clients])
        }
    }

    @Test("an envelope frames events, rules name what has none, and beats are answered")
    func envelope() async throws {
        try await Peer.withWebSocketServer { server in
            let target = PlainScenario.envelope + "\nheartbeat: { answer: { ping: pong } }"
            let run = try await Measured.run(
                PlainScenario.text(server.port, path: "/json", target: target, PlainScenario.talk)
            )
            let counted = try await WebSocketCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("clients.finished") == clients)
            // Neither the beat nor its answer is a message, to Reprise.
            #expect(run.count("messages.sent") == 4 * clients)
            #expect(run.count("messages.received") == 5 * clients)
            #expect(run.count("received.answer") == 3 * clients)
            #expect(run.count("received.output") == clients)
            #expect(run.count("answer.count") == clients)
            #expect(counted.messages == ["/json": 5 * clients])
            #expect(counted.closes == ["1000": clients])
        }
    }

    @Test("the client's heartbeat is answered, and its time taken", arguments: [true, false])
    func heartbeat(isMessage: Bool) async throws {
        try await Peer.withWebSocketServer { server in
            let beat = isMessage ? "emit: PING, await: PONG, " : ""
            let target = PlainScenario.envelope + "\nheartbeat: { every: 200ms, \(beat)within: 200ms }"
            let run = try await Measured.run(
                PlainScenario.text(server.port, path: "/json", target: target, "flow: [ connect, { think: 1100ms } ]")
            )
            let counted = try await WebSocketCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            let answers = try #require(run.histogram("heartbeat.rtt")).count
            #expect(run.verdicts == [:])
            #expect(run.count("messages.sent") == 0)
            #expect(run.count("messages.received") == 0)
            // Five are due in 1.1 seconds; a client that stood still for a while does not make up for them.
            #expect((3 * clients...5 * clients).contains(answers))
            #expect(counted.pings == (isMessage ? answers : 0))
        }
    }

    @Test("a heartbeat that nobody answers is missed, and the connection kept")
    func silence() async throws {
        try await Peer.withWebSocketServer { server in
            let target = PlainScenario.envelope + "\nheartbeat: { every: 200ms, emit: PING, await: PONG, within: 50ms }"
            let run = try await Measured.run(
                PlainScenario.text(server.port, path: "/silent", target: target, "flow: [ connect, { think: 700ms } ]")
            )
            let counted = try await WebSocketCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            let missed = try #require(run.count("heartbeat.missed"))
            #expect(run.verdicts == ["heartbeat.missed": missed])
            #expect(missed == counted.messages["/silent"])
            #expect((2 * clients...3 * clients).contains(missed))
            #expect(run.histogram("heartbeat.rtt")?.count ?? 0 == 0)
            #expect(run.count("clients.finished") == clients)
        }
    }

    @Test("a flood is received whole")
    func flood() async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Measured.run(
                PlainScenario.text(
                    server.port,
                    path: "/json",
                    target: PlainScenario.envelope,
                    """
                    flow:
                      - emit: flood
                        data: { count: 1000, bytes: 1000 }
                      - await: drop
                        where: { number: 999 }
                        within: 8s
                    """
                )
            )
            let clients = try #require(run.count("clients.started"))
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("clients.finished") == clients)
            #expect(run.count("received.drop") == 1000 * clients)
            #expect(try #require(run.count("bytes.received")) > 1_000_000 * clients)
        }
    }

    @Test("a message beyond the scenario's limit is too large")
    func tooLarge() async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Measured.run(
                PlainScenario.text(
                    server.port,
                    path: "/json",
                    target: PlainScenario.envelope + "\nlimits: { message: 8KB }",
                    """
                    flow:
                      - emit: flood
                        data: { count: 1, bytes: 7000 }
                      - await: drop
                      - emit: flood
                        data: { count: 1, bytes: 8192 }
                      - await: drop
                    """
                )
            )
            let clients = try #require(run.count("clients.started"))
            #expect(run.verdicts["errors.too_large"] == clients)
            #expect(run.verdicts["clients.failed"] == clients)
            #expect(run.count("received.drop") == clients)
        }
    }

    @Test("every client has its row of a feed", arguments: ["sequential", "unique", "shuffle"])
    func feeds(_ order: String) async throws {
        let rows = (0..<20).map { "\($0),\"Müller, \($0)\"\r\n" }
        let feed = Data(("id,name\r\n" + rows.joined()).utf8)
        try await Peer.withWebSocketServer { server in
            let run = try await Measured.run(
                PlainScenario.text(
                    server.port,
                    path: "/json",
                    target: PlainScenario.envelope,
                    """
                    feeds: { people: { file: people.csv, order: \(order) } }
                    flow:
                      - emit: ask
                        data: { id: "${feed.people.id}", name: "${feed.people.name}" }
                      - await: answer
                        where: { echo.name: "Müller, ${\(order == "shuffle" ? "feed.people.id" : "client.index")}" }
                    """
                ),
                files: ["people.csv": feed]
            )
            let clients = try #require(run.count("clients.started"))
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("received.answer") == clients)
        }
    }

    @Test("a feed that runs out fails the clients that it has nothing for")
    func exhausted() async throws {
        try await Peer.withWebSocketServer { server in
            let run = try await Measured.run(
                PlainScenario.text(
                    server.port,
                    path: "/echo",
                    """
                    feeds: { people: { file: people.csv, order: unique } }
                    flow: [ { send: "${feed.people.name}" }, { await: message, where: { $: "${feed.people.name}" } } ]
                    """
                ),
                files: ["people.csv": Data("name\nAda\nGrace\n\"Barbara \"\"B.\"\" L.\"\n".utf8)]
            )
            let counted = try await WebSocketCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            #expect(counted.messages == ["/echo": 3])
            #expect(run.count("clients.finished") == 3)
            #expect(run.verdicts["errors.script"] == clients - 3)
            #expect(run.errors.first?.example.contains("people") == true)
        }
    }
}
