import Metrics
import PracticeServer
import Testing

/// What a run says of broadcasts over plain WebSockets, beside what the practice server knows that it did to them.
@Suite("Broadcasts of Flock and Praxis against their truth", .serialized, .timeLimit(.minutes(2)))
struct SocketBroadcastTruthTests {
    /// Twelve watchers of twenty workflows that another client has executed.
    ///
    /// - Parameter isOrdered: Whether the order within a workflow is looked at.
    private func watched(
        _ fault: String,
        isOrdered: Bool = true
    ) async throws -> (run: Measured, deliveries: Truth.Deliveries) {
        let order = isOrdered ? ", order: workflowId" : ""
        let run = try await Measured.run(
            """
            name: watched
            target:
              url: "practice:praxis?\(fault)"
              protocol: websocket
              path: /ws/events
              envelope:
                send: { type: "${emit}", payload: "${data}", id: "${uuid()}" }
                event: type
                data: payload
            load: [ { for: 1s, clients: 13, once: true }, { for: 8s, once: true } ]
            grace: 5s
            clients:
              watcher:
                share: 12
                on:
                  workflowStart: { fanout: { id: $.id\(order) }, room: all, within: 3s }
                  workflowProgress: { fanout: { id: $.id\(order) }, room: all, within: 3s }
                  nodeStatusUpdate: { fanout: { id: $.id\(order) }, room: all, within: 3s }
                  workflowComplete: { fanout: { id: $.id\(order) }, room: all, within: 3s }
                flow:
                  - connect
                  - emit: SUBSCRIBE_EVENTS
                    data: { event_types: [ workflowStart, workflowProgress, nodeStatusUpdate, workflowComplete ] }
                  - await: { event: chatMessage, where: { content: Subscribed to 4 event types } }
                    joins: all
                  - think: 7s
              commander:
                share: 1
                flow:
                  - connect
                  - emit: SUBSCRIBE_EVENTS
                    data: { event_types: [ eventStream ] }
                  - think: 2500ms
                  - repeat: 20
                    flow:
                      - emit: EXECUTE_WORKFLOW
                        data: { workflowId: "w${i}", nodes: [ { id: a }, { id: b } ], edges: [] }
                      - think: 20ms
            """
        )
        return (run, try #require(run.truth).deliveries)
    }

    @Test("without a fault every watcher gets every event once, in order")
    func none() async throws {
        let (run, deliveries) = try await watched("latency=1ms")
        // A start, three events of each of two nodes, and an end.
        #expect(deliveries.expected == 12 * 20 * 8)
        #expect(run.count("fanout.received") == deliveries.expected)
        #expect(run.count("fanout.expected") == deliveries.expected)
        #expect(wrongs(of: run) == [:])
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    // The order is that of whoever got a message first. Where that one misses the message before, nobody can tell.
    @Test("withheld deliveries are missing, and nothing else is wrong")
    func lost() async throws {
        let (run, deliveries) = try await watched("lose-delivery=7", isOrdered: false)
        #expect(deliveries.withheld == deliveries.expected / 7)
        #expect(run.count("fanout.received") == deliveries.expected - deliveries.withheld)
        #expect(wrongs(of: run) == ["fanout.missing": deliveries.withheld])
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    @Test("doubled deliveries are duplicated, and nothing else is wrong")
    func doubled() async throws {
        let (run, deliveries) = try await watched("double-delivery=7")
        #expect(deliveries.doubled == deliveries.expected / 7)
        #expect(run.count("fanout.received") == deliveries.expected)
        #expect(wrongs(of: run) == ["fanout.duplicated": deliveries.doubled])
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    // Where the first to get a message got it in the wrong order, it is the others who seem to.
    @Test("deliveries that changed places are reordered, and nothing else is wrong")
    func swapped() async throws {
        let (run, deliveries) = try await watched("swap-delivery=7")
        #expect(deliveries.swapped > 100)
        #expect(run.count("fanout.received") == deliveries.expected)
        #expect(wrongs(of: run).keys.sorted() == ["fanout.reordered"])
        #expect(try #require(run.count("fanout.reordered")) >= deliveries.swapped)
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    @Test("workflows that complete before their last progress have stray chunks, and nothing else is wrong")
    func misorderedWorkflows() async throws {
        let run = try await Measured.run(
            """
            name: misordered
            target:
              url: "practice:praxis?wrong-order=3"
              protocol: websocket
              path: /ws/events
              envelope:
                send: { type: "${emit}", payload: "${data}", id: "${uuid()}" }
                event: type
                data: payload
            load: [ { for: 1s, clients: 1, once: true } ]
            grace: 10s
            flow:
              - connect
              - repeat: 12
                flow:
                  - emit: EXECUTE_WORKFLOW
                    data: { workflowId: "w${i}", nodes: [ { id: a }, { id: b } ], edges: [] }
                  - stream: workflow
                    chunk: workflowProgress
                    done: workflowComplete
                    key: workflowId
              - think: 1s
            """
        )
        #expect(run.truth?.deliveries.misordered == 4)
        #expect(run.verdicts == ["stream.complete": 12, "stream.stray": 4], "\(run.errors.map(\.example))")
    }

    @Test("runs that end before their last output have stray chunks, and nothing else is wrong")
    func misorderedRuns() async throws {
        let run = try await Measured.run(
            """
            name: misordered
            target:
              url: "practice:flock?wrong-order=3"
              protocol: websocket
              path: /plugin/ws
              envelope: { event: type }
            load: [ { for: 1s, clients: 1, once: true } ]
            grace: 10s
            flow:
              - connect
              - repeat: 12
                flow:
                  - http: POST /api/plugin/control/publish
                    json: { artifact_type: Note, content: { text: "n${i}" } }
                  - stream: output
                    chunk: streaming_output
                    done: agent_execution_completed
                    key: run_id
              - think: 1s
            """
        )
        #expect(run.truth?.deliveries.misordered == 4)
        #expect(run.verdicts == ["stream.complete": 12, "stream.stray": 4], "\(run.errors.map(\.example))")
    }

    @Test("a limit of connections that is not kept lets everybody in", arguments: [true, false])
    func limit(isKept: Bool) async throws {
        let run = try await Measured.run(
            """
            name: limit
            target:
              url: "practice:praxis?max-connections=5\(isKept ? "" : "&ignore-limits")"
              protocol: websocket
              path: /ws/events
              envelope: { event: type, data: payload }
            load: [ { for: 1s, clients: 8, once: true } ]
            grace: 5s
            flow:
              - connect
              - await: [ chatMessage, closed ]
              - when: event.code == 1008
                flow: { count: turned_away }
                else: { count: admitted }
              - think: 3s
            """
        )
        #expect(run.count("admitted") == (isKept ? 5 : 8))
        #expect(run.count("turned_away") ?? 0 == (isKept ? 3 : 0))
        #expect(run.truth?.connections.overLimit == (isKept ? 3 : 0))
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    /// What is wrong with deliveries, and how often.
    private func wrongs(of run: Measured) -> [String: Int] {
        let names = ["missing", "late", "duplicated", "reordered", "replayed", "stray", "unsettled"].map {
            "fanout.\($0)"
        }
        return names.reduce(into: [:]) { wrongs, name in
            if let count = run.count(name), count > 0 { wrongs[name] = count }
        }
    }
}
