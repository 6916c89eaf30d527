import Metrics
import PracticeServer
import Testing

/// What gets lost, and what comes again, when connections fall in the middle of things.
@Suite("Messages across a loss against the truth of the practice server", .serialized, .timeLimit(.minutes(1)))
struct LossTruthTests {
    @Test("Sessions come back with all that was sent meanwhile: no chunk of a stream is lost, and none comes twice")
    func restoredStreams() async throws {
        let clients = 100
        let items = (0..<20).map { "{ ms: \(500 + $0 * 100), n: \($0) }" }.joined(separator: ", ")
        let run = try await Measured.run(
            """
            name: recovery
            target: { url: "practice:echo?recovery=2m" }
            vars: { items: [ \(items) ] }
            load: [ { for: 500ms, clients: \(clients), once: true }, { for: 1500ms, once: true } ]
            grace: 20s
            reconnect: { delay: 300ms, jitter: 0.5 }
            flow:
              - connect
              - repeat: { each: items }
                flow: [ { emit: slow, data: "${item}" } ]
              - stream: numbers
                chunk: slow
                done: { event: slow, where: { n: 19 } }
                index: n
                within: 15s
            faults: [ { at: 1500ms, drop: 60%, how: reset } ]
            """
        )
        let truth = try #require(run.truth)
        let started = try #require(run.count("clients.started"))
        let lost = try #require(run.count("reconnect.lost"))
        #expect(started == clients)
        #expect(lost == Int((0.6 * Double(started)).rounded()))
        #expect(
            run.verdicts == [
                "stream.complete": started, "reconnect.lost": lost, "reconnect.recovered": lost,
                "reconnect.restored": lost, "reconnect.cut_streams": lost,
            ]
        )
        #expect(truth.recovery.restored == lost)
        #expect(truth.recovery.refused == 0)
        #expect(truth.recovery.resent > 0)
        #expect(truth.connections.byRST == lost)
        #expect(run.count("received.slow") == 20 * started)
    }

    @Test("A server that gives nothing back loses what was under way, and the streams say how much")
    func lostStreams() async throws {
        let items = (0..<20).map { "{ ms: \(500 + $0 * 100), n: \($0) }" }.joined(separator: ", ")
        let run = try await Measured.run(
            """
            name: lost
            target: { url: "practice:echo" }
            vars: { items: [ \(items) ] }
            load: [ { for: 100ms, clients: 20, once: true }, { for: 1500ms, once: true } ]
            grace: 20s
            reconnect: { delay: 300ms }
            flow:
              - connect
              - repeat: { each: items }
                flow: [ { emit: slow, data: "${item}" } ]
              - stream: numbers
                chunk: slow
                done: { event: slow, where: { n: 19 } }
                index: n
                within: 4s
            faults: [ { at: 1500ms, drop: 60%, how: reset } ]
            """
        )
        let truth = try #require(run.truth)
        let started = try #require(run.count("clients.started"))
        let lost = try #require(run.count("reconnect.lost"))
        #expect(lost > 0)
        #expect(truth.recovery.restored == 0)
        #expect(
            run.verdicts == [
                "stream.complete": started - lost, "stream.broken": lost, "stream.timed_out": lost,
                "reconnect.lost": lost, "reconnect.recovered": lost, "reconnect.cut_streams": lost,
                // Whose stream has no end fails its step.
                "errors.timeout": lost, "operations.failed": lost, "clients.failed": lost,
            ]
        )
    }

    @Test("Chunks that LeFlux sends again to a client that is back are replayed, and its streams are whole")
    func replayedChunks() async throws {
        let run = try await Measured.run(
            """
            name: replay
            target:
              url: "practice:leflux?chunks=40&chunk-interval=40ms"
              query: { sessionId: "${session}" }
              headers: { Origin: "https://shop.example" }
            vars: { session: "${uuid()}" }
            load: [ { for: 500ms, clients: 50, once: true }, { for: 1500ms, once: true } ]
            grace: 30s
            reconnect: { delay: 200ms, jitter: 0.5 }
            on: { message: [], ui_block: [], action_plan: [], confirmation_required: [] }
            rejoin: &join
              - emit: join_session
                data: { sessionId: "${session}" }
              - await: session_joined
                where: { sessionId: "${session}" }
                within: 5s
            flow:
              - connect
              - *join
              - http: POST /api/chat
                json: { sessionId: "${session}", message: "What does it cost?" }
                expect: 200
              - stream: answer
                chunk: message_chunk
                done: message_done
                key: streamId
                index: chunkIndex
                text: delta
                final: text
                within: 20s
            faults: [ { at: 1200ms, drop: 70%, how: reset } ]
            """
        )
        let truth = try #require(run.truth)
        let started = try #require(run.count("clients.started"))
        let lost = try #require(run.count("reconnect.lost"))
        #expect(lost > 0)
        let replayed = try #require(run.count("stream.replayed"))
        // All that came beyond once each.
        #expect(replayed == (run.count("received.message_chunk") ?? 0) - 40 * started)
        // One that was on its way as its connection fell came for the first time when it was sent again.
        #expect((0...lost).contains(truth.chunks.replayed - replayed))
        #expect(replayed > 0)
        #expect(
            run.verdicts == [
                "stream.complete": started, "stream.replayed": replayed, "reconnect.lost": lost,
                "reconnect.recovered": lost, "reconnect.cut_streams": lost,
            ]
        )
        #expect(truth.streams.completed == started)
        #expect(truth.sessions.restored == lost)
        #expect(run.count("clients.finished") == started)
    }

    @Test("Members of rooms who come back to their sessions have missed no message, and got none twice")
    func restoredRooms() async throws {
        let run = try await Measured.run(
            """
            name: rooms
            target: { url: "practice:elizaos?recovery=2m" }
            rooms: { count: 6 }
            vars: { me: "${uuid()}", server: 00000000-0000-0000-0000-000000000000 }
            load: [ { for: 500ms, clients: 60, once: true }, { for: 3s, once: true } ]
            grace: 30s
            reconnect: { delay: 300ms, jitter: 0.5 }
            on: { messageBroadcast: { fanout: text, room: "${room.id}", self: true, within: 5s } }
            flow:
              - connect
              - emit: message
                data: { type: 0, payload: { channelId: "${room.id}", entityId: "${me}", serverId: "${server}" } }
              - await: channel_joined
                where: { channelId: "${room.id}" }
                within: 5s
                joins: ${room.id}
              - think: 700ms
              - repeat: 10
                every: 250ms
                flow:
                  - emit: message
                    data:
                      type: 1
                      payload:
                        senderId: ${me}
                        senderName: Member
                        message: Here is ${stamp(room.id)}
                        channelId: ${room.id}
                        serverId: ${server}
                        messageId: ${uuid()}
                        source: web_client
              - think: 2s
            faults: [ { at: 2s, drop: 50%, how: reset } ]
            """
        )
        let truth = try #require(run.truth)
        let started = try #require(run.count("clients.started"))
        let lost = try #require(run.count("reconnect.lost"))
        #expect(lost > 0)
        #expect(
            run.verdicts == ["reconnect.lost": lost, "reconnect.recovered": lost, "reconnect.restored": lost]
        )
        #expect(truth.recovery.restored == lost)
        #expect(truth.recovery.resent > 0)
        // What was sent while they were away is owed to nobody; that all of it came after all is counted by itself.
        let away = try #require(run.count("fanout.away"))
        #expect(away > 0)
        #expect(run.count("fanout.caught_up") == away)
        #expect(run.count("fanout.replayed") == away)
        #expect(run.count("fanout.expected") == 10 * 10 * started - away)
        #expect(run.count("fanout.received") == 10 * 10 * started - away)
        for count in ["missing", "late", "duplicated", "reordered", "stray", "unsettled"] {
            #expect(run.count("fanout.\(count)") == 0, "\(count)")
        }
    }
}
