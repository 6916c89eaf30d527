import Metrics
import PracticeServer
import Testing

/// Clients that do not read: what the report says of them is what the server wrote down.
@Suite("Slow readers against the truth of the practice server", .serialized, .timeLimit(.minutes(1)))
struct SlowReaderTruthTests {
    /// The small receive buffer of clients that may be stalled, as Linux doubles it, and what a read under way brings.
    private static let largestBacklog = 200_000

    @Test("Clients that the server resets because too much waits for them are the ones that it cut")
    func buffer() async throws {
        let run = try await Measured.run(Self.echo("buffer=300KB"))
        let truth = try #require(run.truth)
        let cut = truth.readers.cut
        #expect(cut > 0)
        #expect(truth.readers.zombies == 0)
        // Each of them came back, and nothing else fell.
        #expect(
            run.verdicts == [
                "stall.closed": cut, "reconnect.lost": cut, "reconnect.recovered": cut, "errors.reset": cut,
            ]
        )
        #expect(truth.connections.tooSlow == cut)
        #expect(truth.readers.cuts.allSatisfy { $0.bytes > 300_000 })
        #expect(run.count("stall.closed", group: "reader") == 0)
        let backlog = try #require(run.histogram("stall.backlog"))
        #expect(backlog.count == cut)
        #expect(backlog.min > 0)
        #expect(backlog.max < Self.largestBacklog)
        // Who was cut has nothing to catch up with.
        #expect(run.histogram("stall.drain")?.count == 0)
        Self.expectSpared(run)
    }

    /// Engine.IO's heartbeat goes on for who is forgotten, so that it says nothing.
    @Test(
        "Clients that the server forgets without a word are the zombies that it made",
        arguments: ["zombie=300ms", "zombie=300ms&ping-interval=300ms"]
    )
    func zombie(fault: String) async throws {
        let run = try await Measured.run(Self.echo(fault), stallSilence: .seconds(1))
        let truth = try #require(run.truth)
        let zombies = truth.readers.zombies
        #expect(zombies > 0)
        #expect(run.verdicts == ["stall.silent": zombies])
        #expect(truth.connections.silenced == zombies)
        #expect(truth.connections.open + truth.connections.closedByClient == truth.connections.accepted)
        // They caught up with what was on its way, before it was silent.
        #expect(run.histogram("stall.drain")?.count == zombies)
        #expect(run.histogram("stall.backlog")?.count == zombies)
        #expect(run.count("echoes", group: "sleeper") == Self.echoes(truth) - (run.count("ping.count") ?? 0))
        Self.expectSpared(run)
    }

    @Test("A server that keeps everything gives everything, and nobody is closed, silent, or told apart afterwards")
    func kept() async throws {
        let run = try await Measured.run(Self.echo("buffer=64MB"), stallSilence: .seconds(1))
        let truth = try #require(run.truth)
        #expect(run.verdicts == [:])
        #expect(truth.readers.blocked > 0)
        #expect(truth.readers.cut == 0)
        #expect(truth.readers.largestBacklog > Self.largestBacklog)
        let stalled = try #require(run.histogram("stall.drain")?.count)
        #expect(stalled > 0)
        #expect(stalled == truth.readers.blocked)
        #expect(run.histogram("stall.backlog")?.count == stalled)
        Self.expectSpared(run)
    }

    @Test("Dashboards that do not read are cut, or forgotten, as the server of a flock says", arguments: [true, false])
    func broadcast(isCut: Bool) async throws {
        let run = try await Measured.run(
            """
            name: dashboards
            target:
              url: "practice:flock?\(isCut ? "buffer=300KB" : "zombie=300ms")"
              protocol: websocket
              path: /plugin/ws
              envelope: { event: type }
            vars: { body: "${text(60000)}" }
            load: [ { for: 300ms, clients: 13, once: true }, { for: 6s, once: true } ]
            grace: 10s
            clients:
              dashboard:
                share: 12
                on: { artifact_published: { count: artifacts } }
                reconnect: { delay: 100ms }
                flow: [ connect, { think: 7s } ]
              publisher:
                share: 1
                flow:
                  - think: 500ms
                  - repeat: 50
                    every: 100ms
                    flow:
                      - http: POST /api/plugin/control/publish
                        json: { artifact_type: Note, content: { text: "${body}" } }
                        expect: 200
            faults:
              - { at: 1s, stall: 50%, of: dashboard, for: 2s }
            """,
            stallSilence: .seconds(1)
        )
        let truth = try #require(run.truth)
        let (cut, zombies) = (truth.readers.cut, truth.readers.zombies)
        #expect((isCut ? cut : zombies) > 0)
        #expect((isCut ? zombies : cut) == 0)
        #expect(
            run.verdicts
                == (isCut
                    ? ["stall.closed": cut, "reconnect.lost": cut, "reconnect.recovered": cut, "errors.reset": cut]
                    : ["stall.silent": zombies])
        )
        #expect(run.count("http.count") == 50)
        #expect(run.count("clients.finished") == 13)
    }

    /// Thirty clients whose echoes are watched, and ten that flood themselves, six of whom then read nothing for a while.
    ///
    /// - Parameter fault: As in the target's URL.
    private static func echo(_ fault: String) -> String {
        """
        name: slow
        target: { url: "practice:echo?\(fault)", query: { client: "${client.index}" } }
        vars: { body: "${text(20000)}", rounds: 0 }
        load: [ { for: 500ms, clients: 40, once: true }, { for: 5500ms, once: true } ]
        grace: 20s
        reconnect: { delay: 100ms }
        clients:
          reader:
            share: 3
            flow:
              - connect
              - repeat: 20
                every: 200ms
                flow:
                  - emit: echo
                    data: 1
                    ack: { within: 10s, measure: ping }
              - think: 2s
          sleeper:
            share: 1
            on: { echo: { count: echoes } }
            flow:
              - connect
              - repeat: 160
                every: 25ms
                flow: [ { emit: echo, data: "${body}" } ]
              - think: 2s
        faults:
          - { at: 1s, stall: 60%, of: sleeper, for: 1500ms }
        """
    }

    /// Those who read have noticed nothing.
    private static func expectSpared(_ run: Measured) {
        #expect(run.count("ping.count") == 30 * 20)
        #expect(run.count("ping.failed") == 0)
        #expect(run.count("clients.finished") == 40)
        #expect(run.count("clients.finished", group: "reader") == 30)
    }

    /// What came back as events, not as acknowledgements.
    private static func echoes(_ truth: Truth) -> Int { truth.messages.sent["echo", default: 0] }
}
