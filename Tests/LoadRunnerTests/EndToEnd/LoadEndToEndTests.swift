import NIOCore
import Synchronization
import Testing

@testable import LoadRunner

@Suite("The load of a run", .serialized, .timeLimit(.minutes(1)))
struct LoadEndToEndTests {
    @Test("A slot that the load fills again has another client, with values of its own")
    func generations() async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                """
                vars: { id: "${uuid()}" }
                load:
                  - { for: 200ms, clients: 1 }
                  - { for: 100ms, clients: 0 }
                  - { for: 200ms, clients: 1 }
                grace: 0s
                flow:
                  - connect
                  - { emit: hello, data: "${id}" }
                  - repeat: forever
                    flow: [ think: 10ms ]
                """
            )
            #expect(run.count("clients.started") == 2)
            let values = server.events.map(\.data)
            #expect(values.count == 2)
            #expect(Set(values).count == 2)
        }
    }

    @Test("In a phase of arrivals nobody is replaced, also not those of the phase before")
    func arrivals() async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                """
                load:
                  - { for: 200ms, clients: 2 }
                  - { for: 300ms, arrivals: 10/s }
                flow: [ connect, think: 250ms ]
                """
            )
            #expect(run.count("clients.started") == 5)
            #expect(run.count("clients.not_started") == 0)
        }
    }

    @Test("A limit stops arrivals over all threads, and each that it stops is counted", arguments: [1, 2])
    func limit(threads: Int) async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 300ms, arrivals: 100/s, limit: 5 } ]
                grace: 0s
                flow: [ connect, await: never ]
                """,
                threads: threads
            )
            #expect(run.count("clients.started") == 5)
            #expect(run.count("clients.not_started") == 25)
            #expect(run.count("clients.cut") == 5)
        }
    }

    @Test("A limit holds also where two threads start clients at the same time", arguments: 1...5)
    func limitInRush(round: Int) async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20000/s, limit: 9 } ]
                # A thread that is late still starts clients when the other one cuts its own.
                grace: 500ms
                flow: [ connect, await: never ]
                """,
                threads: 2
            )
            #expect(run.count("clients.started") == 9)
            #expect(run.count("clients.not_started") == 991)
        }
    }

    @Test("Seconds come while the run goes on, also when one of two workers has nothing to do")
    func seconds() async throws {
        let seen = Mutex<[Int: Int]>([:])
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 50ms, arrivals: 20/s } ]
                grace: 5s
                flow: [ connect, think: 1400ms ]
                """,
                threads: 2,
                observer: EngineObserver(onSecond: { second in
                    let open = server.openConnections
                    seen.withLock { $0[second] = open }
                })
            )
            #expect(run.count("clients.finished") == 1)
        }
        #expect(seen.withLock { $0 }[0] == 1)
        #expect(seen.withLock { $0 }[1] == 0)
    }

    @Test("A check that ends the run has ended it, whatever it says afterwards")
    func abortion() async throws {
        let isAsked = Mutex(false)
        let observer = EngineObserver(abort: { _ in
            isAsked.withLock { isAsked in
                defer { isAsked = true }
                return isAsked ? nil : "connect.failed == 0"
            }
        })
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 30s, clients: 1 } ]
                grace: 30s
                flow: [ connect, await: never ]
                """,
                observer: observer
            )
            #expect(run.result.ending == .aborted("the check `connect.failed == 0` ended the run, as it asks to"))
            #expect(run.result.seconds < 20)
            #expect(run.count("clients.started") == run.ended)
            #expect(run.count("clients.failed") == 0)
        }
    }

    @Test("Who is interrupted may finish within the grace, and nobody comes after")
    func interruption() async throws {
        let running = Mutex<Run?>(nil)
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "hello" else { return }
            running.withLock { $0 }?.interrupt()
            peer.after(.milliseconds(200)) { $0.sendEvent("answer") }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 30s, arrivals: 1/s } ]
                grace: 30s
                flow: [ connect, emit: hello, await: answer ]
                """,
                started: { run in running.withLock { $0 = run } }
            )
            #expect(run.result.ending == .interrupted)
            #expect(run.count("clients.started") == 1)
            #expect(run.count("clients.finished") == 1)
            #expect(run.result.seconds < 20)
        }
    }

    @Test("Who has not finished after an interruption and the grace is cut, which is no failure")
    func cutAfterInterruption() async throws {
        let running = Mutex<Run?>(nil)
        var script = FakeServer.Script()
        script.event = { _, _ in running.withLock { $0 }?.interrupt() }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 30s, clients: 1 } ]
                grace: 200ms
                flow: [ connect, emit: hello, await: never ]
                """,
                started: { run in running.withLock { $0 = run } }
            )
            #expect(run.result.ending == .interrupted)
            #expect(run.count("clients.cut") == 1)
            #expect(run.count("operations.failed") == 0)
            #expect(run.errors == [:])
        }
    }
}
