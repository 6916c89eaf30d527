import Metrics
import PracticeServer
import Testing

/// Each fault of the practice server shows in the report as often as the server did it, and as nothing else.
@Suite("The report against the truth of the practice server", .serialized, .timeLimit(.minutes(1)))
struct FaultTruthTests {
    @Test("without faults both sides count the same")
    func none() async throws {
        let run = try await Measured.run(Visit.text())
        let truth = try #require(run.truth)
        let clients = try #require(run.count("clients.started"))

        #expect(clients >= 15)
        #expect(run.verdicts == Self.allGood(truth))
        #expect(truth.streams.completed == 2 * clients)
        #expect(truth.tasks.completed == 2 * clients)
        #expect(run.count("clients.finished") == clients)
        #expect(run.count("connect.count") == truth.connections.accepted)
        #expect(truth.messages.connects == clients)
        #expect(run.count("messages.sent") == truth.messages.received.values.reduce(0, +))
        #expect(run.count("messages.received") == truth.messages.sent.values.reduce(0, +) + truth.messages.acksSent)
        for (event, sent) in truth.messages.sent { #expect(run.count("received.\(event)") == sent, "\(event)") }
        #expect(run.count("http.count") == truth.http["POST /api/chat 200"])
        #expect(run.count("ack.echo.count") == truth.messages.acksSent)
        #expect(run.histogram("answer.chunks").map { Int($0.mean * Double($0.count) + 0.5) } == truth.chunks.sent)
        #expect(run.histogram("task.plans").map { Int($0.mean * Double($0.count) + 0.5) } == truth.plans.sent)
        #expect(truth.injected.isEmpty)
    }

    @Test("withheld chunks are missing", arguments: ["drop-chunk=7", "drop-chunk=50", "drop-chunk=2"])
    func missing(_ fault: String) async throws {
        let (run, truth) = try await Self.run(fault)
        let broken = Self.streams(.withheldChunk, truth)
        #expect(truth.chunks.withheld > 0)
        #expect(run.verdicts == Self.broken(truth, broken, ["stream.missing": truth.chunks.withheld]))
    }

    @Test("chunks sent twice are duplicated", arguments: ["duplicate-chunk=7", "duplicate-chunk=1"])
    func duplicated(_ fault: String) async throws {
        let (run, truth) = try await Self.run(fault)
        let broken = Self.streams(.duplicatedChunk, truth)
        #expect(truth.chunks.duplicated > 0)
        #expect(run.verdicts == Self.broken(truth, broken, ["stream.duplicated": truth.chunks.duplicated]))
    }

    @Test("chunks that changed places are reordered", arguments: ["reorder-chunks=7", "reorder-chunks=1"])
    func reordered(_ fault: String) async throws {
        let (run, truth) = try await Self.run(fault)
        let broken = Self.streams(.reorderedChunk, truth)
        #expect(truth.chunks.reordered > 0)
        #expect(run.verdicts == Self.broken(truth, broken, ["stream.reordered": truth.chunks.reordered]))
    }

    @Test("answers that stop halfway are truncated", arguments: ["truncate=3", "truncate=1"])
    func truncated(_ fault: String) async throws {
        let (run, truth) = try await Self.run(fault)
        #expect(truth.streams.truncated > 0)
        #expect(
            run.verdicts
                == Self.broken(truth, truth.streams.truncated, ["stream.truncated": truth.streams.truncated])
        )
    }

    @Test("several faults of chunks at once are told apart")
    func several() async throws {
        let (run, truth) = try await Self.run("drop-chunk=11&duplicate-chunk=13&reorder-chunks=17")
        #expect(run.count("stream.missing") == truth.chunks.withheld)
        #expect(run.count("stream.duplicated") == truth.chunks.duplicated)
        #expect(run.count("stream.reordered") == truth.chunks.reordered)
        #expect(run.count("stream.broken") == Set(truth.injected.map(\.stream)).count)
        #expect(truth.chunks.withheld > 0 && truth.chunks.duplicated > 0 && truth.chunks.reordered > 0)
    }

    @Test("upgrades that are turned down are errors by their status")
    func refused() async throws {
        let (run, truth) = try await Self.run("refuse=30%")
        let refused = truth.connections.refused
        #expect(refused > 0)
        #expect(truth.connections.accepted > 0)
        #expect(
            run.verdicts
                == Self.allGood(truth).merging(
                    [
                        "errors.upgrade.503": refused, "connect.failed": refused, "operations.failed": refused,
                        "clients.failed": refused,
                    ],
                    uniquingKeysWith: +
                )
        )
        #expect(run.count("connect.count") == truth.connections.accepted + refused)
    }

    @Test("connections that are reset are resets")
    func killed() async throws {
        let run = try await Measured.run(Visit.waiting("kill-after=500ms"))
        let truth = try #require(run.truth)
        let killed = truth.connections.killed
        #expect(killed > 0)
        #expect(killed == run.count("clients.started"))
        #expect(
            run.verdicts == ["errors.reset": killed, "operations.failed": killed, "clients.failed": killed]
        )
    }

    @Test("a server that sends no ping is dead")
    func noPing() async throws {
        let run = try await Measured.run(
            Visit.waiting("no-ping"),
            heartbeat: (.milliseconds(300), .milliseconds(200))
        )
        let truth = try #require(run.truth)
        let clients = truth.connections.accepted
        #expect(clients > 0)
        #expect(truth.messages.pingsSent == 0)
        #expect(
            run.verdicts == [
                "errors.heartbeat": clients, "heartbeat.missed": clients, "operations.failed": clients,
                "clients.failed": clients,
            ]
        )
    }

    @Test("pings are answered within a short timeout, for seconds")
    func pings() async throws {
        let run = try await Measured.run(Visit.waiting(), heartbeat: (.milliseconds(300), .milliseconds(200)))
        let truth = try #require(run.truth)
        let clients = truth.connections.accepted
        #expect(run.verdicts == [:])
        #expect(run.count("clients.finished") == clients)
        #expect(truth.connections.heartbeatMissed == 0)
        #expect(truth.messages.pingsSent >= 8 * clients)
        #expect(run.histogram("heartbeat.late")?.count == truth.messages.pongsReceived)
    }

    @Test("a task without end is a runaway at the first plan beyond the promise")
    func endlessTasks() async throws {
        let run = try await Measured.run(Visit.task("ignore-plan-limit", "serverLimit: 30"))
        let truth = try #require(run.truth)
        let tasks = truth.tasks.started
        #expect(tasks > 0)
        #expect(run.verdicts == ["plan.runaway": tasks, "stream.complete": tasks])
        #expect(truth.plans.sent == 31 * tasks)
        #expect(run.histogram("task.plans").map { [$0.min, $0.max] } == [31, 31])
        #expect(run.loops.count == tasks)
        #expect(run.loops.allSatisfy { $0.outcome == .runaway && $0.plans == 31 && $0.cycle.isEmpty })
    }

    @Test("tasks that go round are runaways, with their cycle", arguments: [1, 3, 4])
    func cycles(period: Int) async throws {
        let limits = "serverLimit: 30\n  cycle: 5\n  same: [type, elementId]"
        let run = try await Measured.run(Visit.task("cycle=\(period)", limits))
        let truth = try #require(run.truth)
        let tasks = truth.tasks.started
        #expect(tasks > 0)
        #expect(run.verdicts == ["plan.runaway": tasks, "stream.complete": tasks])
        #expect(truth.plans.sent == 5 * period * tasks)
        #expect(run.loops.count == tasks)
        for loop in run.loops {
            #expect(loop.outcome == .runaway)
            #expect(loop.plans == 5 * period)
            #expect(loop.repeats == 5)
            #expect(loop.cycle.split(separator: " → ").count == period)
            #expect(loop.cycle.contains("click_element#12"))
        }
    }

    @Test("tasks that go round until the server stops them were refused")
    func refusedTasks() async throws {
        let run = try await Measured.run(Visit.task("cycle=3", "serverLimit: 30"))
        let truth = try #require(run.truth)
        #expect(truth.tasks.refused > 0)
        #expect(truth.tasks.refused == truth.tasks.started)
        #expect(run.verdicts == ["plan.refused": truth.tasks.refused, "stream.complete": truth.tasks.started])
        #expect(truth.plans.sent == 30 * truth.tasks.refused)
    }

    @Test("a session that is not restored fails who comes back to it", arguments: ["leak-session", "leak-session=3"])
    func leakedSessions(_ fault: String) async throws {
        let run = try await Measured.run(Visit.returning(fault))
        let truth = try #require(run.truth)
        let leaked = truth.sessions.leaked
        #expect(leaked > 0)
        #expect(leaked + truth.sessions.restored == run.count("clients.started"))
        #expect(truth.injected.map(\.kind) == Array(repeating: .leakedSession, count: leaked))
        #expect(
            run.verdicts == ["errors.timeout": leaked, "operations.failed": leaked, "clients.failed": leaked]
        )
        #expect(run.count("returned.failed") == leaked)
        #expect(run.count("clients.finished") == truth.sessions.restored)
    }

    @Test("sessions that are restored fail nobody")
    func restoredSessions() async throws {
        let run = try await Measured.run(Visit.returning(""))
        #expect(run.verdicts == [:])
        #expect(try #require(run.truth).sessions.restored == run.count("returned.count"))
    }

    @Test("questions over the rate are errors by their status")
    func rateLimit() async throws {
        let (run, truth) = try await Self.run("rate-limit")
        let refused = try #require(truth.http["POST /api/chat 429"])
        #expect(truth.http["POST /api/chat 200"] == 30)
        #expect(
            run.verdicts
                == Self.allGood(truth).merging(
                    ["errors.http.429": refused, "operations.failed": refused, "clients.failed": refused],
                    uniquingKeysWith: +
                )
        )
    }

    @Test("an operation that the scenario names counts under its general name too, whether it fails or not")
    func namedOperations() async throws {
        let run = try await Measured.run(Visit.named)
        let truth = try #require(run.truth)
        let clients = try #require(run.count("clients.started"))
        #expect(clients > 0)
        #expect(truth.messages.acksSent == clients)
        #expect(truth.http == ["POST /api/chat 404": clients])
        for name in ["echoed", "ack.echo", "asked", "http"] {
            #expect(run.count("\(name).count") == clients, "\(name)")
        }
        for name in ["echoed", "ack.echo"] { #expect(run.count("\(name).failed") == 0, "\(name)") }
        for name in ["asked", "http"] { #expect(run.count("\(name).failed") == clients, "\(name)") }
        // Each once: the connection, the acknowledgement, the request.
        #expect(run.count("operations") == 3 * clients)
        #expect(run.verdicts == ["errors.http.404": clients, "operations.failed": clients, "clients.failed": clients])
    }

    private static func run(_ faults: String) async throws -> (Measured, Truth) {
        let run = try await Measured.run(Visit.text(faults))
        return (run, try #require(run.truth))
    }

    /// The verdicts of a run in which every stream and task went well.
    private static func allGood(_ truth: Truth) -> [String: Int] {
        ["stream.complete": truth.streams.completed, "plan.completed": truth.tasks.completed]
    }

    /// The verdicts of a run in which only streams were broken.
    private static func broken(_ truth: Truth, _ streams: Int, _ counts: [String: Int]) -> [String: Int] {
        var verdicts = ["stream.broken": streams, "plan.completed": truth.tasks.completed]
        let complete = truth.streams.completed - streams
        if complete > 0 { verdicts["stream.complete"] = complete }
        return verdicts.merging(counts) { $1 }
    }

    /// How many streams suffered a fault.
    private static func streams(_ kind: InjectedFault.Kind, _ truth: Truth) -> Int {
        Set(truth.injected.filter { $0.kind == kind }.map(\.stream)).count
    }
}
