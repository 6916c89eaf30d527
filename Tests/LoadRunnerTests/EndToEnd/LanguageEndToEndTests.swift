import Metrics
import NIOCore
import Synchronization
import Testing
import Wire

@testable import LoadRunner
@testable import Scenarios

@Suite("Branches, loops and policies of a run", .serialized, .timeLimit(.minutes(1)))
struct LanguageEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, clients: 1, once: true } ]\ngrace: 5s\n"

    /// Runs one client against a server that acknowledges everything.
    ///
    /// - Returns: The run, and the names and data of the events that the server got.
    private func run(_ scenario: String, _ script: FakeServer.Script? = nil) async throws -> (EngineRun, [FakeEvent]) {
        var acknowledging = FakeServer.Script()
        acknowledging.event = { peer, event in
            if let id = event.id { peer.sendText("43\(id)[]") }
        }
        return try await FakeServer.run(script ?? acknowledging) { server in
            (try await EngineRun.run(server, Self.one + scenario), server.events)
        }
    }

    @Test("Loops over a list, a number, until a condition, in and beside each other")
    func loops() async throws {
        let (run, events) = try await run(
            """
            vars: { products: [ { id: 1, tags: [ a, b ] }, { id: 2, tags: [] } ], sum: 0 }
            flow:
              - repeat: { each: products }
                flow:
                  - repeat: { each: item.tags }
                    flow: { emit: tag, data: "${item}${i}" }
                  - emit: buy
                    data: { id: "${item.id}", n: "${i}" }
              - repeat: { until: i >= 2 }
                flow: { emit: until, data: "${i}" }
              - repeat: { each: nothing }
                flow: { emit: never }
              - repeat: 2
                flow: { emit: twice, data: "${i}" }
            """
        )
        #expect(
            events.map { "\($0.name) \($0.data)" } == [
                #"tag "a0""#, #"tag "b1""#, #"buy {"id":1,"n":0}"#, #"buy {"id":2,"n":1}"#, "until 0", "until 1",
                "until 2", "twice 0", "twice 1",
            ]
        )
        #expect(run.count("clients.finished") == 1)
    }

    @Test("A loop for a time goes on as long as it lasts, and its rounds keep their grid")
    func timedLoop() async throws {
        let (run, events) = try await run(
            """
            flow:
              - connect
              - repeat: { for: 450ms }
                every: 100ms
                flow: { emit: tick }
            """
        )
        // At 0, 100, 200, 300, 400 and, begun before the end, none at 500.
        #expect((5...6).contains(events.count), "\(events.count)")
        #expect(run.count("clients.finished") == 1)
    }

    @Test("A pace keeps its grid however long the answers take, and sends what is overdue at once")
    func pace() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            // The third answer takes 250 ms: five points of the grid.
            guard let id = event.id else { return }
            if event.data == "2" {
                peer.after(.milliseconds(250)) { $0.sendText("43\(id)[]") }
            } else {
                peer.sendText("43\(id)[]")
            }
        }
        let (run, events) = try await run(
            """
            flow:
              - connect
              - repeat: 12
                flow:
                  - pace: 50ms
                  - emit: tick
                    data: ${i}
                    ack: { within: 2s }
            """,
            script
        )
        #expect(events.count == 12)
        let scheduled = try #require(run.result.totals.histogram("ack.tick"))
        let service = try #require(run.result.totals.histogram("ack.tick.service"))
        // The points that fell into the long answer were late by 200, 150, 100 and 50 ms, which the send does not show.
        #expect(scheduled.percentiles([50])[0] < 45_000)
        #expect(scheduled.mean * 12 - service.mean * 12 > 350_000)
        #expect(service.max >= 250_000 && scheduled.max >= 250_000)
    }

    @Test("The grid of a pace begins anew with its loop, so that a pause between two loops is not caught up with")
    func paceBeginsWithLoop() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if let id = event.id { peer.sendText("43\(id)[]") }
        }
        let (run, events) = try await run(
            """
            flow:
              - connect
              - repeat: 2
                flow:
                  - repeat: 5
                    flow:
                      - pace: 20ms
                      - emit: tick
                        ack: { within: 2s }
                  - think: 600ms
            """,
            script
        )
        #expect(events.count == 10)
        // Caught up with, the second five would be late by 500 ms and more.
        let scheduled = try #require(run.result.totals.histogram("ack.tick"))
        let service = try #require(run.result.totals.histogram("ack.tick.service"))
        #expect(scheduled.mean * 10 - service.mean * 10 < 1_000_000)
    }

    @Test("`wait` goes on when a handler has made its condition true, and fails when none does")
    func wait() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if event.name == "ask" { peer.sendEvent("news", #"{"ready":true}"#) }
        }
        let scenario = """
            vars: { ready: false }
            on: { news: { set: { ready: "${event.ready}" } } }
            flow:
              - connect
              - emit: QUESTION
              - wait: ready
                within: 300ms
              - count: went_on
            """
        let (answered, _) = try await run(scenario.replacing("QUESTION", with: "ask"), script)
        #expect(answered.count("went_on") == 1)
        let (unanswered, _) = try await run(scenario.replacing("QUESTION", with: "other"), script)
        #expect(unanswered.count("went_on") == 0)
        #expect(unanswered.errors == ["timeout": 1])
    }

    @Test("Branches are drawn by their weights")
    func choose() async throws {
        let (run, _) = try await run(
            """
            flow:
              - repeat: 2000
                flow:
                  - choose:
                      - { weight: 3, flow: { count: often } }
                      - { flow: [ { count: seldom }, { count: seldom } ] }
            """
        )
        let often = try #require(run.count("often"))
        let seldom = try #require(run.count("seldom")) / 2
        #expect(often + seldom == 2000)
        // Five standard deviations of a binomial distribution with p = 3/4.
        #expect(abs(often - 1500) < 97, "\(often)")
    }

    @Test("`since` runs a latency from the connect, or from the cause of an earlier measure")
    func since() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if let id = event.id { peer.sendText("43\(id)[]") }
            if event.name == "second" { peer.sendEvent("both", "{}") }
        }
        let (run, _) = try await run(
            """
            flow:
              - connect
              - emit: first
                ack: { within: 1s, measure: first }
              - think: 150ms
              - emit: second
              - await: both
                since: first
                measure: since_first
              - think: 100ms
              - emit: second
              - await: both
                since: connect
                measure: since_connect
              - emit: second
              - await: both
                measure: plain
            """,
            script
        )
        let totals = run.result.totals
        #expect(try #require(totals.histogram("since_first")).min >= 150_000)
        #expect(try #require(totals.histogram("since_connect")).min >= 250_000)
        #expect(try #require(totals.histogram("plain")).max < 140_000)
    }

    @Test("With `continue` the flow goes on behind the step that failed, also without its connection")
    func continues() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if event.name == "cut" { peer.reset() }
        }
        let (run, events) = try await run(
            """
            onFailure: continue
            flow:
              - connect
              - emit: lonely
                ack: { within: 100ms }
              - fail: said so
              - emit: cut
              - await: never
                within: 5s
              - emit: after
                data: 1
              - count: arrived
            """,
            script
        )
        #expect(run.errors == ["timeout": 1, "script": 1, "reset": 1])
        #expect(run.count("clients.failed") == 0)
        #expect(run.count("clients.finished") == 1)
        #expect(run.count("arrived") == 1)
        #expect(run.count("connect.count") == 2)
        #expect(events.map(\.name) == ["lonely", "cut", "after"])
    }

    @Test("With `continue` a handler that fails leaves the flow where it is")
    func handlerContinues() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "start" else { return }
            peer.sendEvent("news")
            peer.after(.milliseconds(50)) { $0.sendEvent("done") }
        }
        let (run, _) = try await run(
            """
            onFailure: continue
            on: { news: { fail: bad news } }
            flow:
              - connect
              - emit: start
              - await: done
                measure: done
              - count: arrived
            """,
            script
        )
        #expect(run.errors == ["script": 1])
        #expect(run.count("done.count") == 1)
        #expect(run.count("done.failed") == 0)
        #expect(run.count("operations.failed") == 1)
        #expect(run.count("arrived") == 1)
        #expect(run.count("clients.finished") == 1)
    }

    @Test("With `continue` a loop may fail as often as it likes")
    func failsOften() async throws {
        let (run, _) = try await run(
            """
            onFailure: continue
            flow:
              - repeat: 30000
                flow: { fail: again }
              - count: arrived
            """
        )
        #expect(run.errors == ["script": 30_000])
        #expect(run.count("arrived") == 1)
    }

    @Test("A client for whom a feed has no row left leaves, and the next one waits as after a failed connect")
    func feedRunsOut() async throws {
        let run = try await FakeServer.run { server in
            try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, clients: 1 }, { for: 500ms } ]
                onFailure: continue
                flow: [ { count: first }, { count: second } ]
                """,
                change: { $0.feeds = [Feed(name: "tokens", columns: ["token"], rows: [[.integer(1)]], order: .unique)] }
            )
        }
        #expect(run.count("clients.started") == 2)
        #expect(run.errors == ["script": 1])
        #expect(run.count("first") == 1)
        #expect(run.count("second") == 1)
    }

    @Test("With `continue` a connection that is dead is not used again")
    func deadConnection() async throws {
        var script = FakeServer.Script()
        script.opened = { $0.sendOpen(pingInterval: 50, pingTimeout: $0.number == 0 ? 50 : 20_000) }
        let (run, events) = try await run(
            """
            onFailure: continue
            flow:
              - connect
              - await: never
              - emit: after
            """,
            script
        )
        #expect(run.errors == ["heartbeat": 1])
        #expect(run.count("connect.count") == 2)
        #expect(events.map(\.name) == ["after"])
    }

    @Test("A step of a reply that says `continue` does not fail its task, one that says nothing does")
    func replyPolicies() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if event.name == "start" { peer.sendEvent("plan", #"{"actions":[{"id":1}]}"#) }
            if event.name == "act" { peer.sendEvent("done", "{}") }
        }
        for (policy, outcome) in [("onFailure: continue", "plan.completed"), ("onFailure: leave", "plan.failed")] {
            let (run, _) = try await run(
                """
                flow:
                  - connect
                  - emit: start
                  - plan: task
                    event: plan
                    actions: actions
                    reply:
                      - emit: hello
                        ack: { within: 50ms }
                        \(policy)
                      - emit: act
                    done: done
                """,
                script
            )
            #expect(run.count(outcome) == 1, "\(policy)")
        }
    }

    @Test("With `abort` a failure ends the run")
    func aborts() async throws {
        let (run, _) = try await run(
            """
            flow:
              - connect
              - fail: enough
                onFailure: abort
            """
        )
        guard case .aborted(let reason) = run.result.ending else {
            Issue.record("\(run.result.ending)")
            return
        }
        #expect(reason.contains("onFailure: abort"))
        #expect(run.errors == ["script": 1])
    }
}
