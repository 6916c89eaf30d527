import Foundation
import Metrics
import Testing

/// Reprise against python-socketio's server by every transport: polling, polling and then WebSocket, WebSocket.
@Suite("Reprise by every transport", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct TransportTests {
    static let transports = ["[polling]", "[polling, websocket]", "[websocket]"]
    static let combinations = PythonServerTests.engines.flatMap { engine in
        transports.map { Combination(engine: engine, transports: $0) }
    }

    struct Combination: Sendable, CustomTestStringConvertible {
        var engine: String
        var transports: String

        var testDescription: String { "\(engine) by \(transports)" }
    }

    @Test("events, acknowledgements, binary and what the server asks arrive whole", arguments: combinations)
    func everything(_ combination: Combination) async throws {
        try await Peer.withPythonServer(combination.engine) { server in
            let text = Self.scenario(port: server.port, combination.transports)
            let run = try await Measured.run(text, files: ["small.bin": Data((0..<200).map { UInt8($0) })])
            let counted = try await SocketIOCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 8)
            #expect(run.verdicts == ["stream.complete": clients], "\(run.errors.map(\.example))")
            #expect(run.count("clients.finished") == clients)
            #expect(counted.connects == clients)
            #expect(
                counted.events == [
                    "chat": clients, "bin": clients, "ask": 2 * clients, "/a,where": clients, "/b,where": clients,
                    "transport": clients,
                ]
            )
            #expect(counted.chunks == 20 * clients)
            // Seven events, and the acknowledgements of two that the server asked.
            #expect(run.count("messages.sent") == 9 * clients)
            #expect(run.count("received.message_chunk") == counted.chunks)
            #expect(run.count("received.message_done") == clients)
            #expect(run.count("received./a,here") == clients)
            #expect(run.count("ack.bin.count") == clients)
            #expect(run.count("ack./a,where.count") == clients)
            #expect(run.count("received./b,here") == clients)
            #expect(run.count("received.bin_back") == clients)
            #expect(run.count("received.answered") == 2 * clients)
            let moves = combination.transports.contains(",")
            let upgrades = run.histogram("connect.upgrade")?.count ?? 0
            #expect(upgrades == (combination.transports == "[polling]" ? 0 : clients))
            #expect(run.count(moves ? "moved" : "stayed") == clients)
        }
    }

    private static func scenario(port: Int, _ transports: String) -> String {
        let expected = transports.contains("websocket") ? "websocket" : "polling"
        return """
            name: transports
            target: { url: "http://127.0.0.1:\(port)", protocol: socket.io, transports: \(transports) }
            vars: { id: "${uuid()}" }
            load: [ { for: 1s, arrivals: 10/s } ]
            grace: 20s
            on:
              question: { acknowledge: { id: "${id}", was: "${event.n}" } }
              /b,here: []
            flow:
              - connect
              - emit: chat
                data: { chunks: 20, streamId: "${id}", gapMs: 2 }
              - stream: answer
                chunk: message_chunk
                done: message_done
                key: streamId
                index: chunkIndex
                text: delta
                final: text
                within: 10s
              - emit: bin
                binary: small.bin
                ack: { within: 5s, capture: { number: num, mark: _placeholder } }
              - when: mark != true or number != 0
                flow: [ { fail: "the binary acknowledgement is another" } ]
              - await: bin_back
                within: 5s
              - emit: ask
                data: { n: 5 }
              - await: answered
                where: { "0.id": "${id}", "0.was": 5 }
                within: 5s
              - emit: /a,where
                data: 1
                ack: { within: 5s, capture: { where: args.0 } }
              - await: /a,here
                where: { namespace: /a }
                within: 5s
              - emit: /b,where
                data: 1
                ack: { within: 5s }
              - emit: ask
                data: { n: 6 }
              - await: answered
                within: 5s
              - emit: transport
                data: 0
                ack: { within: 5s, capture: { transport: args.0 } }
              - when: transport != "\(expected)"
                flow: [ { fail: "the transport is ${transport}" } ]
              - count: \(transports.contains(",") ? "moved" : "stayed")
              - disconnect
            """
    }

    @Test("large messages arrive whole, both ways", arguments: combinations)
    func large(_ combination: Combination) async throws {
        try await Peer.withPythonServer(combination.engine) { server in
            let run = try await Measured.run(
                """
                name: large
                target: { url: "http://127.0.0.1:\(server.port)", protocol: socket.io, transports: \(combination.transports) }
                vars: { text: "${text(100000)}" }
                load: [ { for: 200ms, arrivals: 10/s } ]
                grace: 20s
                flow:
                  - repeat: 5
                    flow:
                      - emit: echo
                        data: { text: "${text}", i: "${i}" }
                        ack: { within: 10s, capture: { back: text, number: i } }
                      - when: back != text or number != i
                        flow: [ { fail: "the echo is another" } ]
                """
            )
            let counted = try await SocketIOCounts(of: server)
            let clients = try #require(run.count("clients.started"))
            #expect(clients >= 1)
            #expect(counted.events == ["echo": 5 * clients])
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("ack.echo.count") == 5 * clients)
            #expect(try #require(run.count("bytes.received")) > 500_000 * clients)
        }
    }
}
