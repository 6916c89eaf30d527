import Foundation
import Metrics
import Testing

/// Reprise against Flock itself.
@Suite("Reprise against a real Flock server", .serialized, .needsPeers, .needsFlock, .timeLimit(.minutes(2)))
struct FlockTests {
    @Test("the scenario of today's Flock holds, and both sides count the same runs")
    func scenario() async throws {
        let file = Needs.root.appending(path: "scenarios/flock-current.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try await Peer.withFlockServer { server in
            // Fewer clients for a shorter time, and nothing else.
            let changes = [
                (#"${env.FLOCK_URL ?? "practice:flock-current"}"#, "http://127.0.0.1:\(server.port)"),
                ("{ for: 5s, clients: 200 }", "{ for: 1s, clients: 40 }"),
                ("{ for: 20s, name: steady }", "{ for: 6s, name: steady }"),
                ("{ for: 5s, clients: 0 }", "{ for: 1s, clients: 0 }"),
                ("think: 8s..12s", "think: 2s..3s"),
            ]
            let shortened = try changes.reduce(into: text) { text, change in
                try #require(text.contains(change.0), "the scenario no longer has: \(change.0)")
                text.replace(change.0, with: change.1)
            }
            let run = try await Measured.run(shortened)
            let counted = try await FlockCounts(of: server)
            let publishers = try #require(run.count("publish.count"))
            let breakers = try #require(run.count("failure.count"))
            #expect(run.verdicts == ["stream.complete": publishers], "\(run.errors.map(\.example))")
            #expect(publishers >= 3)
            #expect(breakers >= 1)
            #expect(counted.connects == run.count("clients.started"))
            // One that comes may be there before the one has left whose place it takes.
            #expect((40...44).contains(counted.most))
            #expect(
                counted.broadcasts == [
                    "MessagePublishedEvent": 2 * publishers + breakers,
                    "AgentActivatedEvent": publishers + breakers,
                    // Three tokens and two lines of the log.
                    "StreamingOutputEvent": 5 * publishers,
                    "AgentCompletedEvent": publishers + breakers,
                    "AgentErrorEvent": breakers,
                ]
            )
        }
    }

    @Test("every client of a pool that stays is delivered every event, exactly once")
    func deliveries() async throws {
        try await Peer.withFlockServer { server in
            let run = try await Measured.run(
                """
                name: pool
                target:
                  url: "http://127.0.0.1:\(server.port)"
                  protocol: websocket
                  path: /plugin/ws
                  envelope:
                    rules:
                      - { has: [agent_id, consumed_types], is: agent_activated }
                      - { has: [run_id, output_type], is: streaming_output }
                      - { has: [artifact_id, artifact_type], is: message_published }
                      - { has: [run_id, duration_ms], is: agent_completed }
                load: [ { for: 1s, clients: 20, once: true }, { for: 8s, once: true } ]
                grace: 10s
                on:
                  agent_activated: { count: seen }
                  streaming_output: { count: seen }
                  message_published: { count: seen }
                  agent_completed: { count: seen }
                flow:
                  - connect
                  - think: 2s
                  - http: POST /api/plugin/control/publish
                    json: { artifact_type: Note, content: { text: "größe ${client.index} 🙂" } }
                    expect: 200
                  - think: 5s
                  - disconnect
                """
            )
            let counted = try await FlockCounts(of: server)
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(counted.connects == 20)
            #expect(counted.dropped == 0)
            // A publication is two messages, and its run is an activation, five outputs and a completion.
            let expected = [
                "MessagePublishedEvent": 800, "AgentActivatedEvent": 400, "StreamingOutputEvent": 2000,
                "AgentCompletedEvent": 400,
            ]
            #expect(counted.deliveries == expected)
            #expect(run.count("received.message_published") == 800)
            #expect(run.count("received.agent_activated") == 400)
            #expect(run.count("received.streaming_output") == 2000)
            #expect(run.count("received.agent_completed") == 400)
            #expect(run.count("seen") == 3600)
        }
    }
}
