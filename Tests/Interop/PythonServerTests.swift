import Foundation
import Metrics
import Synchronization
import Testing

/// Reprise against python-socketio's server.
@Suite("Reprise against python-socketio's server", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct PythonServerTests {
    static let engines = ["aiohttp", "uvicorn-websockets", "uvicorn-wsproto"]

    @Test("events, acknowledgements and streams arrive, and both sides count the same", arguments: engines)
    func everything(_ engine: String) async throws {
        try await Peer.withPythonServer(engine) { server in
            let run = try await Measured.run(
                """
                name: python
                target: { url: "http://127.0.0.1:\(server.port)", protocol: socket.io }
                vars: { session: "${uuid()}", number: "${random(1, 1000000)}" }
                load: [ { for: 1s, arrivals: 30/s } ]
                grace: 20s
                flow:
                  - connect
                  - emit: join_session
                    data: { sessionId: "${session}" }
                    ack: { within: 5s, measure: joined, capture: { ok: ok } }
                  - await: session_joined
                    where: { sessionId: "${session}" }
                    within: 5s
                    measure: join
                  - when: ok != true
                    flow: [ { fail: "join_session was acknowledged with ${ok}" } ]
                  - emit: echo
                    data: { number: "${number}", deep: { text: "größe 🙂", list: [1, 2.5, null, true] } }
                    ack: { within: 5s, capture: { back: number, text: deep.text, half: "deep.list[1]" } }
                  - when: back != number or text != "größe 🙂" or half != 2.5
                    flow: [ { fail: "the echo is another: ${back} ${text} ${half}" } ]
                  - emit: echo
                    args: [ "${session}", "${number}" ]
                    ack: { within: 5s, capture: { first: $, second: args.1 } }
                  - when: second != number
                    flow: [ { fail: "the second argument is another: ${second}" } ]
                  - repeat: 2
                    flow:
                      - emit: chat
                        data: { chunks: 20, streamId: "${session}-${i}", gapMs: 1 }
                      - stream: answer
                        chunk: message_chunk
                        done: message_done
                        key: streamId
                        index: chunkIndex
                        text: delta
                        final: text
                        within: 10s
                  - disconnect
                """
            )
            let counted = try await SocketIOCounts(of: server)
            let clients = try #require(run.count("clients.started"))

            #expect(clients >= 25)
            #expect(run.verdicts == ["stream.complete": 2 * clients])
            #expect(run.count("clients.finished") == clients)
            #expect(counted.connects == clients)
            #expect(run.count("connect.count") == clients)
            #expect(counted.events == ["join_session": clients, "echo": 2 * clients, "chat": 2 * clients])
            #expect(run.count("messages.sent") == 5 * clients)
            #expect(run.count("joined.count") == clients)
            #expect(run.count("ack.echo.count") == 2 * clients)
            #expect(run.histogram("join")?.count == clients)
            #expect(counted.chunks == 40 * clients)
            #expect(run.count("received.message_chunk") == counted.chunks)
            #expect(run.count("received.message_done") == 2 * clients)
            // Per client 3 acknowledgements, session_joined, 40 chunks and 2 ends.
            #expect(run.count("messages.received") == 46 * clients)
        }
    }

    @Test("a namespace gets the auth payload", arguments: engines)
    func authentication(_ engine: String) async throws {
        try await Peer.withPythonServer(engine) { server in
            let run = try await Measured.run(
                """
                name: custom
                target:
                  url: "http://127.0.0.1:\(server.port)"
                  protocol: socket.io
                  namespace: /custom
                  auth: { apiKey: "key-${client.index}", none: "${env.NOTHING ?? ''}" }
                load: [ { for: 1s, arrivals: 10/s } ]
                grace: 10s
                flow:
                  - connect
                  - await: auth
                    where: { apiKey: "key-${client.index}" }
                    within: 5s
                    capture: { none: none }
                  - when: none exists
                    flow: [ { fail: "an empty value was sent" } ]
                """
            )
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts == [:])
            #expect(run.count("received.auth") == clients)
            #expect(run.count("clients.finished") == clients)
        }
    }

    @Test("a refused namespace is a connect error", arguments: engines)
    func refusal(_ engine: String) async throws {
        try await Peer.withPythonServer(engine) { server in
            let run = try await Measured.run(
                Self.short("/refuse", port: server.port, "- connect")
            )
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(
                run.verdicts == [
                    "errors.connect_error": clients, "connect.failed": clients, "operations.failed": clients,
                    "clients.failed": clients,
                ]
            )
            let error = try #require(run.errors.first)
            #expect(error.example.contains("not authorized"))
        }
    }

    @Test("a disconnect by the server is counted as one", arguments: engines)
    func kick(_ engine: String) async throws {
        try await Peer.withPythonServer(engine) { server in
            let run = try await Measured.run(
                Self.short("/", port: server.port, "- emit: kick\n  - await: never\n    within: 10s")
            )
            let clients = try #require(run.count("clients.started"))
            let counted = try await SocketIOCounts(of: server)
            #expect(counted.events == ["kick": clients])
            #expect(run.verdicts["errors.server_disconnect"] == clients)
            #expect(run.verdicts["clients.failed"] == clients)
            #expect(run.verdicts.keys.count { $0.hasPrefix("errors.") } == 1)
        }
    }

    @Test("a transport that the server closes is counted by its close code", arguments: engines)
    func closedTransport(_ engine: String) async throws {
        try await Peer.withPythonServer(engine) { server in
            let run = try await Measured.run(
                Self.short("/", port: server.port, "- emit: drop_transport\n  - await: never\n    within: 10s")
            )
            let clients = try #require(run.count("clients.started"))
            let counted = try await SocketIOCounts(of: server)
            #expect(counted.events == ["drop_transport": clients])
            let errors = run.verdicts.filter { $0.key.hasPrefix("errors.") }
            #expect(errors.values.reduce(0, +) == clients)
            #expect(errors.keys.allSatisfy { $0.hasPrefix("errors.closed.") || $0 == "errors.reset" }, "\(errors)")
            #expect(run.verdicts["clients.failed"] == clients)
        }
    }

    @Test("heartbeats are answered in time", arguments: engines)
    func heartbeats(_ engine: String) async throws {
        try await Peer.withPythonServer(engine, heartbeat: (1, 0.5)) { server in
            let steps = "- connect\n  - think: 5s\n  - emit: echo\n    data: 1\n    ack: { within: 5s }"
            let run = try await Measured.run(Self.short("/", port: server.port, steps))
            let clients = try #require(run.count("clients.started"))
            #expect(run.verdicts == [:])
            #expect(run.count("clients.finished") == clients)
            #expect(run.count("ack.echo.count") == clients)
            // Four or five are due in five seconds.
            #expect(try #require(run.histogram("heartbeat.late")).count >= 3 * clients)
        }
    }

    @Test("a server that stands still is noticed by its missing heartbeat")
    func missingHeartbeat() async throws {
        try await Peer.withPythonServer("aiohttp", heartbeat: (1, 0.5)) { server in
            let isFrozen = Atomic(false)
            let steps = """
                - emit: join_session
                    data: { sessionId: "${client.index}" }
                    ack: { within: 5s }
                  - await: never
                    within: 20s
                """
            let run = try await Measured.run(Self.short("/", port: server.port, steps)) { totals in
                let isWaiting = totals.count("ack.join_session.count") == totals.count("clients.started")
                guard isWaiting, !isFrozen.exchange(true, ordering: .relaxed) else { return }
                do { try server.freeze() } catch { Issue.record(error) }
            }
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts["errors.heartbeat"] == clients)
            #expect(run.verdicts["heartbeat.missed"] == clients)
            #expect(run.verdicts["clients.failed"] == clients)
            #expect(run.verdicts.keys.count { $0.hasPrefix("errors.") } == 1)
        }
    }

    /// A scenario of ten clients, each of which goes through a few steps once.
    private static func short(_ namespace: String, port: Int, _ steps: String) -> String {
        """
        name: short
        target: { url: "http://127.0.0.1:\(port)", protocol: socket.io, namespace: \(namespace) }
        reconnect: none
        load: [ { for: 1s, arrivals: 10/s } ]
        grace: 20s
        flow:
          \(steps)
        """
    }
}
