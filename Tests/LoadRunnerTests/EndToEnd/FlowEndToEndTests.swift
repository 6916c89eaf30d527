import NIOCore
import Synchronization
import Testing

@testable import LoadRunner

@Suite("Flows of a run", .serialized, .timeLimit(.minutes(1)))
struct FlowEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"

    @Test("A task that runs out of time is one failed operation, whatever step of its reply runs")
    func taskTimeout() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if event.name == "start" { peer.sendEvent("plan", #"{"actions":[{"id":1}]}"#) }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - emit: start
                      - plan: task
                        event: plan
                        actions: actions
                        reply: [ { emit: act, ack: { within: 5s, measure: acted } } ]
                        done: done
                        within: 200ms
                    """
            )
            #expect(run.count("plan.stalled") == 1)
            #expect(run.count("operations.failed") == 1)
            #expect(run.count("task.failed") == 1)
            #expect(run.count("acted.failed") == 0)
            #expect(run.errors == ["timeout": 1])
        }
    }

    @Test("A think time is kept wherever the client has to let others go first")
    func thinkAfterManySteps() async throws {
        let since = Mutex<[Int: NIODeadline]>([:])
        let waited = Mutex<[TimeAmount]>([])
        var script = FakeServer.Script()
        script.connect = { peer in
            since.withLock { $0[peer.number] = .now() }
            peer.sendText(#"40{"sid":"s"}"#)
        }
        script.event = { peer, _ in
            guard let begin = since.withLock({ $0[peer.number] }) else { return }
            waited.withLock { $0.append(.now() - begin) }
        }
        try await FakeServer.run(script) { server in
            // From 998 to 1001 steps before the think: one for the loop, two for each round, and those in front.
            let groups = (0..<4).map { number in
                let counts = Array(repeating: "{ count: done }, ", count: number).joined()
                return "  group\(number): { flow: [ connect, \(counts){ repeat: 498, flow: [ count: done ] }, "
                    + "{ repeat: 1, flow: [ think: 300ms ] }, emit: late ] }"
            }
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 100ms, arrivals: 40/s } ]
                grace: 5s
                clients:
                \(groups.joined(separator: "\n"))
                """
            )
            #expect(run.count("clients.finished") == 4)
            #expect(run.count("done") == 498 * 4 + 6)
        }
        let times = waited.withLock { $0 }
        #expect(times.count == 4)
        #expect(times.allSatisfy { $0 >= .milliseconds(290) }, "\(times)")
    }

    @Test(
        "What floods a client outside any window falls out of no inbox",
        arguments: ["await: now", "think: 300ms"]
    )
    func floodOutsideWindows(step: String) async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            switch event.name {
            case "hello":
                peer.sendEvent("ready")
                for number in 0..<500 { peer.sendEvent("answer", #"{"n":\#(number)}"#) }
                peer.sendEvent("now")
            case "ask": peer.sendEvent("answer", #"{"n":1000}"#)
            default: break
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - emit: hello
                      - await: ready
                      - \(step)
                      - emit: ask
                      - await: answer
                        capture: { n: n }
                      - { emit: got, data: "${n}" }
                    """
            )
            #expect(run.errors == [:])
            #expect(run.count("inbox.overflow") == 0)
            #expect(run.count("received.answer") == 501)
            await server.until { $0.contains(.event(0, FakeEvent(name: "got", data: "1000"))) }
        }
    }

    @Test("What comes between the cause and the step that waits is taken, each message once and in its order")
    func kept() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            if event.name == "ask" { for number in 1...3 { peer.sendEvent("answer", #"{"n":\#(number)}"#) } }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - emit: ask
                      - think: 100ms
                      # A second cause does not close the window that the first has opened.
                      - emit: more
                      - { await: answer, capture: { a: n } }
                      - { await: answer, capture: { b: n } }
                      - { await: answer, capture: { c: n } }
                      - emit: got
                        data: ["${a}", "${b}", "${c}"]
                      - { await: answer, within: 200ms }
                    """
            )
            #expect(run.errors == ["timeout": 1])
            #expect(run.count("inbox.overflow") == 0)
            #expect(server.events.last == FakeEvent(name: "got", data: "[1,2,3]"))
        }
    }

    @Test("Chunks after the end of their stream are strays")
    func strays() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "ask" else { return }
            peer.sendEvent("chunk", #"{"id":"s1","i":0,"text":"one"}"#)
            peer.sendEvent("chunk", #"{"id":"s1","i":1,"text":"two"}"#)
            peer.sendEvent("done", #"{"id":"s1","text":"onetwo"}"#)
            peer.sendEvent("chunk", #"{"id":"s1","i":1,"text":"two"}"#)
            peer.sendEvent("chunk", #"{"id":"s1","i":2,"text":"three"}"#)
            peer.sendEvent("bye")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - emit: ask
                      - { stream: answer, chunk: chunk, done: done, key: id, index: i, text: text, final: text }
                      - await: bye
                    """
            )
            #expect(run.errors == [:])
            #expect(run.count("stream.stray") == 2)
            #expect(run.count("stream.complete") == 1)
            #expect(run.count("stream.broken") == 0)
            #expect(run.count("clients.finished") == 1)
        }
    }
}
