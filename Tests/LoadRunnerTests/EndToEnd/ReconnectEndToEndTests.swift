import Metrics
import NIOCore
import Testing

@testable import LoadRunner

@Suite("Reconnects", .serialized, .timeLimit(.minutes(1)))
struct ReconnectEndToEndTests {
    /// One client, whom nobody replaces.
    static let one = """
        load: [ { for: 50ms, arrivals: 20/s } ]
        grace: 5s
        reconnect: { delay: 10ms, cap: 20ms }

        """

    /// What the counters of reconnects say, without those that are 0.
    static func reconnects(_ run: EngineRun) -> [String: Int] {
        var counts: [String: Int] = [:]
        for name in ["lost", "recovered", "gave_up", "restored", "cut_streams", "cut_tasks"] {
            if let count = run.count("reconnect.\(name)"), count > 0 { counts[name] = count }
        }
        return counts
    }

    /// A server that answers `join` with `joined`, and resets the first connection when it hears `fall`.
    static func script(_ event: @escaping @Sendable (FakePeer, FakeEvent) -> Void = { _, _ in }) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.event = { peer, event in
            switch event.name {
            case "join": peer.sendEvent("joined", "{\"on\":\(peer.number)}")
            case "fall": if peer.number == 0 { peer.reset() }
            default: break
            }
            return
        }
        let plain = script.event
        script.event = { peer, message in
            plain(peer, message)
            event(peer, message)
        }
        return script
    }

    private static let rejoin = "rejoin: [ { emit: join }, { await: joined } ]\n"

    @Test("A client whose connection is reset comes back, joins again, and goes on with what it waited for")
    func recovers() async throws {
        let script = Self.script { peer, event in
            if event.name == "join", peer.number == 1 { peer.sendEvent("news") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.rejoin + """
                    flow:
                      - emit: fall
                      - await: news
                        measure: news
                      - emit: later
                    """
            )
            #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1])
            #expect(run.errors == ["reset": 1])
            #expect(run.count("operations.failed") == 0)
            #expect(run.count("connect.count") == 2)
            #expect(run.count("clients.finished") == 1)
            #expect(run.count("news.count") == 1)
            #expect(server.events.map(\.name) == ["fall", "join", "later"])
            for name in ["reconnect.reopen", "reconnect.recover", "reconnect.attempts"] {
                #expect(run.times(name) == 1)
            }
            // Reprise did not cut it.
            #expect(run.times("reconnect.detect") == 0)
        }
    }

    @Test("A client that reconnects to nobody gives up after its attempts, and its step fails")
    func givesUp() async throws {
        var script = Self.script()
        script.accepted = { if $0.number > 0 { $0.reset() } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 10ms, cap: 20ms, attempts: 3 }
                flow: [ { emit: fall }, { await: news, measure: news } ]
                """
            )
            #expect(Self.reconnects(run) == ["lost": 1, "gave_up": 1])
            #expect(run.count("connect.failed") == 3)
            #expect(run.count("news.failed") == 1)
            #expect(run.count("clients.failed") == 1)
            #expect(server.connectionCount == 4)
            #expect(run.observer.trace.contains { $0.contains("no connection after 3 attempts") })
        }
    }

    @Test(
        "What the server decided is not gone against, unless the scenario says so",
        arguments: [
            (#"41"#, "", ["lost": 1, "gave_up": 1]), (#"41"#, ", afterRefusal: true", ["lost": 1, "recovered": 1]),
            ("close", "", ["lost": 1, "recovered": 1]), ("close", ", ignore: 4001", ["lost": 1, "gave_up": 1]),
        ] as [(String, String, [String: Int])]
    )
    func decided(end: String, policy: String, counts: [String: Int]) async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            guard peer.number == 0 else { return peer.sendEvent("news") }
            if end == "close" { peer.sendClose(4001, "go") } else { peer.sendText(end) }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 10ms, cap: 20ms\(policy) }
                flow: [ { emit: ask }, { await: news, onLoss: retry } ]
                """
            )
            #expect(Self.reconnects(run) == counts)
            #expect(run.count("clients.failed") == counts["gave_up"] ?? 0)
        }
    }

    @Test("A namespace that turns down a client who comes back ends its way, as with the official client")
    func refusedAgain() async throws {
        var script = Self.script()
        script.connect = { $0.sendText($0.number == 0 ? #"40{"sid":"s"}"# : #"44{"message":"no"}"#) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(server, Self.one + "flow: [ { emit: fall }, { await: news } ]\n")
            #expect(Self.reconnects(run) == ["lost": 1, "gave_up": 1])
            #expect(run.errors == ["reset": 1, "connect_error": 1])
            #expect(server.connectionCount == 2)
        }
    }

    @Test("The first connect is tried again where the policy says so, and is no loss", arguments: [true, false])
    func initial(isRetried: Bool) async throws {
        var script = FakeServer.Script()
        script.accepted = { if $0.number == 0 { $0.reset() } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 10ms, cap: 20ms, initial: \(isRetried) }
                flow: [ connect, { emit: hello } ]
                """
            )
            #expect(Self.reconnects(run) == [:])
            #expect(run.count("connect.failed") == 1)
            #expect(run.count("clients.finished") == (isRetried ? 1 : 0))
            #expect(run.times("connect") == (isRetried ? 1 : 0))
            #expect(server.events.count == (isRetried ? 1 : 0))
        }
    }

    @Test("A first connect that never comes about is one failed operation for each attempt, and no more")
    func initialGivenUp() async throws {
        var script = FakeServer.Script()
        script.accepted = { $0.reset() }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 10ms, cap: 20ms, attempts: 2, initial: true }
                flow: [ connect, { emit: hello } ]
                """
            )
            #expect(Self.reconnects(run) == [:])
            #expect(run.count("connect.failed") == 3)
            #expect(run.count("operations.failed") == 3)
            #expect(run.errors.values.reduce(0, +) == 3)
            #expect(run.count("clients.failed") == 1)
        }
    }

    @Test("A server that falls silent is found out by the heartbeat")
    func silent() async throws {
        var script = Self.script()
        script.opened = { $0.sendOpen(pingInterval: $0.number == 0 ? 50 : 25_000, pingTimeout: 50) }
        script.event = { peer, event in if peer.number > 0 { peer.sendEvent("news") } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ { emit: ask }, { await: news, onLoss: retry, measure: news } ]\n"
            )
            #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1])
            #expect(run.errors == ["heartbeat": 1])
            #expect(run.count("heartbeat.missed") == 1)
            #expect(run.count("news.count") == 1)
        }
    }

    @Test("So is one that answers no heartbeat of the client's on a plain WebSocket")
    func silentPlain() async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        script.message = { peer, text in
            if text == "ping", peer.number > 0 { peer.sendText("pong") }
            if text == "ask", peer.number > 0 { peer.sendText("news") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - send: ask
                      - await: { event: message, where: { $: news } }
                        onLoss: retry
                        measure: news
                    """,
                target:
                    "protocol: websocket, heartbeat: { every: 50ms, emit: ping, await: { event: message, where: { $: pong } }, within: 50ms }"
            )
            #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1])
            #expect(run.errors == ["heartbeat": 1])
            #expect(run.count("news.count") == 1)
        }
    }

    // MARK: What the flow does meanwhile

    @Test("A step that waits goes on, fails, or is done again from its cause, as it says")
    func onLoss() async throws {
        for (policy, events, counts) in [
            ("wait", ["ask", "ask"], ["news.count": 1, "news.failed": 0, "clients.finished": 1]),
            ("retry", ["ask", "ask"], ["news.count": 1, "news.failed": 0, "clients.finished": 1]),
            ("fail", ["ask"], ["news.count": 1, "news.failed": 1, "clients.finished": 0]),
        ] {
            var script = FakeServer.Script()
            script.event = { peer, _ in if peer.number == 0 { peer.reset() } else { peer.sendEvent("news") } }
            try await FakeServer.run(script) { server in
                // Where the step only waits, something else has to make the server speak.
                let rejoin = policy == "wait" ? "rejoin: [ { emit: ask } ]\n" : ""
                let run = try await EngineRun.run(
                    server,
                    Self.one + rejoin + """
                        flow:
                          - emit: ask
                          - await: news
                            measure: news
                            onLoss: \(policy)
                        """
                )
                #expect(server.events.map(\.name) == events, "\(policy)")
                for (name, count) in counts { #expect(run.count(name) == count, "\(policy): \(name)") }
                #expect(run.count("operations.failed") == (policy == "fail" ? 1 : 0))
            }
        }
    }

    @Test("An acknowledgement that will never come is asked for again")
    func acknowledgement() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if peer.number == 0 { peer.reset() } else if let id = event.id { peer.sendText("43\(id)[\"ok\"]") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ { emit: save, ack: { within: 2s, measure: saved }, onLoss: retry } ]\n"
            )
            #expect(server.events.map(\.id) == [0, 1])
            #expect(run.count("saved.count") == 1)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A step that needs the connection waits until the client has recovered, and a think time goes on")
    func held() async throws {
        try await FakeServer.run(Self.script()) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.rejoin + "flow: [ { emit: fall }, { think: 5ms }, { emit: later }, { think: 60ms } ]\n"
            )
            #expect(server.events.map(\.name) == ["fall", "join", "later"])
            #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1])
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A stream that is cut goes on after the recovery; what the server sends of it again is no duplicate")
    func stream() async throws {
        let script = Self.script { peer, event in
            func send(_ chunks: ClosedRange<Int>) {
                for chunk in chunks { peer.sendEvent("chunk", #"{"id":"a","at":\#(chunk),"text":"\#(chunk)"}"#) }
            }
            if event.name == "ask" {
                send(0...3)
                peer.after(.milliseconds(20)) { $0.reset() }
            } else if event.name == "join" {
                // All but the first once more, among them while `rejoin` still waits; one of the new ones twice.
                send(1...4)
                send(4...5)
                peer.sendEvent("done", #"{"id":"a","text":"012345"}"#)
                peer.after(.milliseconds(20)) { $0.sendEvent("joined2") }
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    rejoin: [ { emit: join }, { await: joined }, { await: joined2 } ]
                    flow:
                      - emit: ask
                      - stream: answer
                        chunk: chunk
                        done: done
                        key: id
                        index: at
                        text: text
                        final: text
                    """
            )
            #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1, "cut_streams": 1])
            #expect(run.count("stream.replayed") == 3)
            #expect(run.count("stream.duplicated") == 1)
            #expect(run.count("stream.missing") == 0)
            #expect(run.count("stream.reordered") == 0)
            #expect(run.count("stream.stray") == 0)
            #expect(run.count("answer.count") == 1)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("Chunks of a stream that had ended before the loss are replayed, not stray")
    func strays() async throws {
        let script = Self.script { peer, event in
            switch event.name {
            case "ask":
                peer.sendEvent("chunk", #"{"id":"a","at":0}"#)
                peer.sendEvent("done", #"{"id":"a"}"#)
            case "join":
                peer.sendEvent("chunk", #"{"id":"a","at":0}"#)
                peer.sendEvent("news")
            default: break
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.rejoin + """
                    flow:
                      - emit: ask
                      - { stream: answer, chunk: chunk, done: done, key: id, index: at }
                      - emit: fall
                      - await: news
                    """
            )
            #expect(run.count("stream.replayed") == 1)
            #expect(run.count("stream.stray") == 0)
            #expect(run.count("stream.complete") == 1)
        }
    }

    @Test("A task that is cut goes on after the recovery, or begins again")
    func plan() async throws {
        for (policy, plans) in [("wait", 2), ("retry", 1)] {
            let script = Self.script { peer, event in
                switch event.name {
                case "ask" where peer.number == 0, "join" where policy == "wait", "ask":
                    peer.sendEvent("plan", #"{"actions":[{"type":"click"}]}"#)
                case "step": if peer.number == 0 { peer.reset() } else { peer.sendEvent("complete") }
                default: break
                }
            }
            try await FakeServer.run(script) { server in
                let run = try await EngineRun.run(
                    server,
                    Self.one + Self.rejoin + """
                        flow:
                          - emit: ask
                          - plan: task
                            event: plan
                            actions: actions
                            done: complete
                            reply: [ { emit: step } ]
                            onLoss: \(policy)
                        """
                )
                #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1, "cut_tasks": 1], "\(policy)")
                #expect(run.count("plan.completed") == 1, "\(policy)")
                #expect(run.count("task.count") == 1, "\(policy)")
                #expect(run.result.totals.histogram("task.plans")?.max == plans, "\(policy)")
                #expect(run.count("clients.finished") == 1, "\(policy)")
            }
        }
    }

    @Test("The answer to a request that was under way is the flow's; `rejoin` begins after it")
    func request() async throws {
        var script = Self.script()
        script.request = { peer, _ in peer.after(.milliseconds(60)) { $0.respond(200, "{}") } }
        script.opened = { peer in
            peer.sendOpen()
            if peer.number == 0 { peer.after(.milliseconds(20)) { $0.reset() } }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.rejoin + "flow: [ connect, { http: GET /slow, measure: slow }, { emit: later } ]\n"
            )
            #expect(run.errors == ["reset": 1], "\(run.examples)")
            #expect(run.count("slow.count") == 1)
            #expect(server.events.map(\.name) == ["join", "later"])
            #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1])
        }
    }

    @Test("A handler may cut the connection; the flow's step is done again, or goes on, as after any loss")
    func dropInHandler() async throws {
        for (steps, events) in [("onLoss: retry", ["ask", "ask"]), ("within: 300ms", ["ask"])] {
            var script = FakeServer.Script()
            script.event = { peer, _ in peer.sendEvent(peer.number == 0 ? "poison" : "news") }
            try await FakeServer.run(script) { server in
                let run = try await EngineRun.run(
                    server,
                    Self.one + """
                        on: { poison: [ { drop: reset }, { count: poisoned } ] }
                        flow: [ { emit: ask }, { await: news, measure: news, \(steps) } ]
                        """
                )
                #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1])
                #expect(run.count("poisoned") == 1)
                #expect(server.events.map(\.name) == events)
                #expect(run.count("news.count") == 1)
                #expect(run.count("news.failed") == 2 - events.count)
                #expect(run.times("reconnect.detect") == 1)
                #expect(run.errors["reset"] == nil)
            }
        }
    }

    @Test(
        "A step that cuts the connection is over at once, and what follows it waits for the recovery",
        arguments: ["reset", "close", "vanish"]
    )
    func dropStep(kind: String) async throws {
        var script = Self.script()
        script.opened = { $0.sendOpen(pingInterval: $0.number == 0 ? 100 : 25_000, pingTimeout: 100) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.rejoin + """
                    flow: [ { emit: hello }, { think: 20ms }, { drop: \(kind) }, { think: 300ms }, { emit: later } ]
                    """
            )
            #expect(server.events.map(\.name) == ["hello", "join", "later"])
            #expect(run.errors == [:], "\(run.examples)")
            #expect(run.times("reconnect.detect") == 1)
            #expect(run.count("reconnect.recovered") ?? 0 >= 1)
        }
    }

    @Test("Where nothing reconnects a cut fails the client, and a `closed` that is awaited is what it was for")
    func dropWithoutPolicy() async throws {
        for (step, failed) in [("{ think: 1s }", 1), ("{ await: closed, measure: closed }", 0)] {
            try await FakeServer.run(Self.script()) { server in
                let run = try await EngineRun.run(
                    server,
                    "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"
                        + "flow: [ { emit: hello }, { think: 20ms }, { drop: reset }, \(step) ]\n"
                )
                #expect(run.count("clients.failed") == failed)
                #expect(run.count("clients.finished") == 1 - failed)
                #expect(Self.reconnects(run) == [:])
            }
        }
    }

    // MARK: Rejoin

    @Test("What comes while `rejoin` runs is the flow's too: its message, and one that both wait for")
    func shared() async throws {
        let script = Self.script { peer, event in
            if event.name == "join" {
                peer.sendEvent("news")
                peer.after(.milliseconds(20)) { $0.sendEvent("welcome") }
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    rejoin: [ { emit: join }, { await: joined }, { await: welcome } ]
                    flow:
                      - emit: fall
                      - await: joined
                        measure: joined
                      - await: news
                        measure: news
                    """
            )
            #expect(run.errors == ["reset": 1], "\(run.examples)")
            #expect(run.count("joined.count") == 1)
            #expect(run.count("news.count") == 1)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A connection that falls while `rejoin` runs is one loss, and `rejoin` begins anew")
    func again() async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            guard peer.number == 2 else { return peer.reset() }
            peer.sendEvent("joined")
            peer.sendEvent("news")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + Self.rejoin + "flow: [ { emit: fall }, { await: news, measure: news } ]\n"
            )
            #expect(Self.reconnects(run) == ["lost": 1, "recovered": 1])
            #expect(run.errors == ["reset": 2])
            #expect(server.events.map(\.name) == ["fall", "join", "join"])
            #expect(run.count("news.count") == 1)
            #expect(run.times("reconnect.recover") == 1)
        }
    }

    @Test("A step of `rejoin` that fails fails the client; with `continue` it goes on")
    func failing() async throws {
        for (policy, failed) in [("", 1), (", onFailure: continue", 0)] {
            let script = Self.script { peer, event in if event.name == "late" { peer.sendEvent("news") } }
            try await FakeServer.run(script) { server in
                let run = try await EngineRun.run(
                    server,
                    Self.one + """
                        rejoin: [ { emit: hello }, { await: never, within: 20ms, measure: never\(policy) }, { emit: late } ]
                        flow: [ { emit: fall }, { await: news, measure: news } ]
                        """
                )
                #expect(run.count("clients.failed") == failed)
                #expect(run.count("never.failed") == 1)
                #expect(run.count("news.count") == 1 - failed)
                #expect(run.count("news.failed") == 0)
                #expect(run.count("reconnect.recovered") == 1 - failed)
            }
        }
    }

    @Test("Times of `rejoin` run from what it sent, and what it sends is no cause of the flow's")
    func causes() async throws {
        let script = Self.script { peer, event in
            if event.name == "join" { peer.after(.milliseconds(30)) { $0.sendEvent("news") } }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    rejoin: [ { emit: join }, { await: joined, measure: back } ]
                    flow: [ { emit: fall }, { await: news, measure: news } ]
                    """
            )
            let news = try #require(run.result.totals.histogram("news.service")?.max)
            let back = try #require(run.result.totals.histogram("back.service")?.max)
            // From the flow's send over the pause of 10 ms, and 30 ms more.
            #expect(news >= 40_000)
            #expect(back < news)
        }
    }

    // MARK: What runs from where

    @Test("After a first connect that is tried again, times run from the attempt that came through")
    func firstCause() async throws {
        var script = FakeServer.Script()
        script.accepted = { if $0.number < 2 { $0.reset() } }
        script.connect = { peer in
            peer.sendText(#"40{"sid":"s"}"#)
            peer.after(.milliseconds(50)) { $0.sendEvent("welcome") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 200ms, factor: 1, cap: 200ms, initial: true }
                flow: [ connect, { await: welcome, within: 300ms, measure: welcome } ]
                """
            )
            #expect(run.count("welcome.failed") == 0)
            #expect(run.count("clients.finished") == 1)
            // The one from when the client was to start has the waits in it.
            #expect(run.result.totals.histogram("welcome")?.max ?? 0 >= 400_000)
            #expect(run.result.totals.histogram("welcome.service")?.max ?? .max < 400_000)
        }
    }

    @Test("A first connect that is tried again may be turned down as a step wants it")
    func firstRefused() async throws {
        var script = FakeServer.Script()
        script.accepted = { if $0.number == 0 { $0.reset() } }
        script.connect = { $0.sendText(#"44{"message":"full"}"#) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 10ms, cap: 20ms, initial: true }
                flow: [ connect, { await: refused, where: { message: full }, measure: turned_down } ]
                """
            )
            #expect(run.count("turned_down.count") == 1)
            #expect(run.count("clients.finished") == 1)
            #expect(run.errors == ["reset": 1])
            #expect(server.connectionCount == 2)
        }
    }

    @Test("A `connect` that is done again is the reconnect")
    func connectAgain() async throws {
        var script = FakeServer.Script()
        script.connect = { peer in
            peer.sendText(#"40{"sid":"s"}"#)
            peer.after(.milliseconds(20)) { if $0.number == 0 { $0.reset() } else { $0.sendEvent("welcome") } }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 400ms, cap: 400ms }
                flow: [ connect, { await: welcome, within: 300ms, measure: welcome, onLoss: retry } ]
                """
            )
            #expect(run.count("welcome.failed") == 0)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("What the flow sent last, its times and its messages of before are not those of `rejoin`")
    func ofTheFlow() async throws {
        let script = Self.script { peer, event in
            guard event.name == "join" else { return }
            peer.sendEvent("chunk", #"{"id":"a","at":0}"#)
            peer.after(.milliseconds(20)) { peer in
                peer.sendEvent("done", #"{"id":"a"}"#)
                peer.sendEvent("answer", #"{"to":7}"#)
                peer.sendEvent("ready")
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                reconnect: { delay: 300ms, cap: 300ms }
                rejoin: [ { emit: join, data: { n: 8 } }, { await: joined, measure: join }, { await: ready } ]
                flow:
                  - emit: fall
                    data: { n: 7 }
                  - stream: news
                    chunk: chunk
                    done: done
                    key: id
                    index: at
                  - await: answer
                    where: { to: "${sent.n}" }
                    measure: answer
                    within: 2s
                """
            )
            #expect(run.count("answer.count") == 1)
            #expect(run.count("answer.failed") == 0)
            #expect(run.result.totals.histogram("news.first_chunk.service")?.max ?? 0 >= 300_000)
            #expect(run.result.totals.histogram("join.service")?.max ?? .max < 300_000)
        }
    }

    @Test("An event that came before `rejoin` waits for it is the flow's too")
    func sharedBefore() async throws {
        var script = Self.script { peer, event in if event.name == "join" { peer.sendEvent("ready") } }
        script.request = { peer, _ in peer.after(.milliseconds(50)) { $0.respond(200, "{}") } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    rejoin: [ { emit: join }, { http: GET /slow }, { await: joined }, { await: ready } ]
                    flow: [ { emit: fall }, { await: joined, within: 1s, measure: joined } ]
                    """
            )
            #expect(run.count("joined.count") == 1)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("What was kept for the steps behind one that is done again is forgotten")
    func forgotten() async throws {
        var script = FakeServer.Script()
        script.event = { peer, _ in
            if peer.number == 0 {
                peer.sendEvent("second", #"{"on":0}"#)
                peer.after(.milliseconds(20)) { $0.reset() }
            } else {
                peer.sendEvent("first")
                peer.sendEvent("second", #"{"on":1}"#)
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - emit: ask
                      - await: first
                        onLoss: retry
                      - await: second
                        where: event.on == 1
                        measure: second
                        within: 1s
                    """
            )
            #expect(run.count("second.count") == 1)
            #expect(run.count("inbox.overflow") == 0)
            #expect(run.count("clients.finished") == 1)
        }
    }

    @Test("A handler that leaves the server while `rejoin` runs leaves the flow where it was")
    func disconnectInHandler() async throws {
        let script = Self.script { peer, event in if event.name == "join" { peer.sendEvent("taken_over") } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    on: { taken_over: disconnect }
                    rejoin: [ { emit: join }, { await: never } ]
                    flow: [ { emit: fall }, { await: news, within: 300ms, measure: news } ]
                    """
            )
            #expect(Self.reconnects(run) == ["lost": 1, "gave_up": 1])
            #expect(run.count("news.failed") == 1)
            #expect(run.count("clients.failed") == 1)
            #expect(server.connectionCount == 2)
        }
    }

    @Test("One fall is one error, whether the step fails over it or not", arguments: ["wait", "fail"])
    func countedOnce(policy: String) async throws {
        try await FakeServer.run(Self.script()) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ { emit: fall }, { await: news, within: 300ms, onLoss: \(policy) } ]\n"
            )
            #expect(run.errors["reset"] == 1)
        }
    }

    @Test("What the flow draws does not depend on whether it had to come back")
    func determinism() async throws {
        var drawn: [String] = []
        for falls in [true, false] {
            drawn += try await FakeServer.run(Self.script()) { server in
                _ = try await EngineRun.run(
                    server,
                    Self.one + """
                        rejoin: [ { emit: join, data: { x: "${random(1, 1000000)}" } }, { await: joined } ]
                        flow:
                          - emit: \(falls ? "fall" : "hello")
                          - think: 100ms
                          - emit: later
                            data: { x: "${random(1, 1000000)}" }
                        """
                )
                return server.events.filter { $0.name == "later" }.map(\.data)
            }
        }
        #expect(drawn.count == 2)
        #expect(drawn.first == drawn.last)
    }

    // MARK: Socket.IO's own recovery

    @Test("A session that the server gives back is restored: the client shows its id and the last offset")
    func restored() async throws {
        for isRestored in [true, false] {
            var script = Self.script { peer, event in
                if event.name == "hello" { peer.sendText(#"42["news",{},"o-7"]"#) }
            }
            script.connect = {
                $0.sendText("40{\"sid\":\"s\",\"pid\":\"\($0.number == 0 || isRestored ? "p" : "q")\"}")
            }
            let asked = script
            try await FakeServer.run(asked) { server in
                let run = try await EngineRun.run(
                    server,
                    Self.one + """
                        flow: [ { emit: hello }, { await: news }, { emit: fall }, { think: 60ms }, { emit: later } ]
                        """,
                    target: "auth: { user: ann }"
                )
                #expect(run.count("reconnect.restored") == (isRestored ? 1 : 0))
                #expect(run.count("reconnect.recovered") == 1)
                let auths = run.observer.trace.filter { $0.contains(" 40{") && $0.contains("user") }
                #expect(auths.count == 2)
                #expect(auths.last?.contains(#"{"pid":"p","offset":"o-7","user":"ann"}"#) == true, "\(auths)")
            }
        }
    }
}
