import Foundation
import LoadRunner
import PracticeServer
import Synchronization
import Testing
import Wire

@testable import Scenarios

/// `reprise minimize` without its command line, against practice servers in this process.
@Suite("Minimizing against practice servers", .serialized, .timeLimit(.minutes(5)))
struct MinimizerEndToEndTests {
    /// Starts of practice servers, and what is wrong with each.
    private final class Servers: Sendable {
        private let starts = Atomic(0)
        private let isFaulty: @Sendable (Int) -> Bool

        init(isFaulty: @escaping @Sendable (Int) -> Bool = { _ in true }) {
            self.isFaulty = isFaulty
        }

        @Sendable func start(_ system: String, _ faults: [String]) async throws -> StartedTarget {
            let number = starts.add(1, ordering: .relaxed).oldValue
            let faults = isFaulty(number) ? try Fault.parse(faults) : []
            let server = try await PracticeServer.start(.init(system: system, port: 0, seed: 7, faults: faults))
            return StartedTarget(url: ServerURL(isSecure: false, host: "127.0.0.1", port: server.port)) {
                try? await server.stop()
            }
        }
    }

    private static func minimizer(
        _ servers: Servers = Servers(),
        environment: [String: String] = [:],
        configure: (inout Minimizer.Configuration) -> Void = { _ in }
    ) -> Minimizer {
        var configuration = Minimizer.Configuration(
            file: "test.yaml",
            reader: ScenarioReader(environment: environment, checkSyntax: CheckLanguage.problem),
            seed: 7,
            startPractice: servers.start
        )
        configure(&configuration)
        return Minimizer(configuration)
    }

    /// A scenario of one client with a check that is to fail.
    private static func tree(_ text: String, check: String, clients: Int = 1) throws -> ScenarioTree {
        var tree = try ScenarioTree(parsing: text, file: "test.yaml")
        tree.prepare(clients: clients, checks: [check])
        return tree
    }

    /// A session with LeFlux, as a recording: two questions, and a task that the client goes through.
    private static func session(_ target: String, second message: String, in folder: URL) async throws -> String {
        let text = """
            name: session
            target: { url: "\(target)", headers: { Origin: "https://shop.example" } }
            vars: { session: "${uuid()}" }
            load: [ { for: 1s, clients: 1, once: true } ]
            flow:
              - connect
              - think: 50ms
              - emit: join_session
                data: { sessionId: "${session}" }
              - await: session_joined
              - emit: update_context
                data: { sessionId: "${session}", context: { url: "https://shop.example/", cart: [ { id: 1 }, { id: 2 } ] } }
              - http: POST /api/chat
                json: { sessionId: "${session}", message: "What do you sell here?", context: { url: "https://shop.example/" } }
              - stream: hello
                chunk: message_chunk
                done: message_done
              - think: 80ms
              - http: POST /api/chat
                json: { sessionId: "${session}", message: "\(message)", context: { url: "https://shop.example/" } }
              - stream: answer
                chunk: message_chunk
                done: message_done
              - plan: task
                event: action_plan
                actions: [ actions, steps ]
                reply:
                  - think: 10ms..15ms
                  - emit: action_complete
                    data: { sessionId: "${session}", actionId: "${event.actions.0.id}", result: { success: true } }
                  - emit: continue_task
                    data: { sessionId: "${session}", context: { url: "https://shop.example/" } }
                done: task_complete
                refuse: error
                serverLimit: 30
              - disconnect
            """
        let path = folder.appending(path: "session.rec.jsonl").path
        let tree = try ScenarioTree(parsing: text, file: "session.yaml")
        _ = try await minimizer().record(tree, to: path, within: 30)
        return path
    }

    private static func inFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-minimize-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    /// Runs the scenario once, as `reprise minimize` would.
    private static func fails(_ tree: ScenarioTree, _ servers: Servers = Servers()) async throws -> Bool {
        do {
            _ = try await minimizer(servers) { $0.maximumTrials = 1 }.minimize([.asItIs(tree)]) { _ in }
            return true
        } catch Minimizer.Refusal.notSeen {
            return false
        }
    }

    private static func kinds(_ tree: ScenarioTree) -> [String] {
        (tree.root["flow"]?.elements ?? []).map { $0.members?.first?.key ?? $0.text ?? "" }
    }

    @Test("Of a recorded session with a task that runs away, the task is left and what leads to it")
    func runaway() async throws {
        try await Self.inFolder { folder in
            let target = "practice:leflux?ignore-plan-limit"
            let path = try await Self.session(target, second: "/endless Order the red one for me", in: folder)
            let source = try MinimizationSource.read(path: path, target: target)
            #expect(source.isConverted)
            var tree = source.tree
            tree.prepare(clients: 1, checks: ["plan.runaway == 0"])
            tree.setServerLimit(30)
            let wholes = tree.wholes
            #expect(wholes.count == 3)
            let minimizer = Self.minimizer()
            let result = try await minimizer.minimize(wholes) { _ in }
            #expect(result.ending == .minimal)
            #expect(result.best.text.count < result.source.text.count / 2)
            #expect(Self.kinds(result.best) == ["emit", "http", "plan"])
            let plan = try #require(result.best.root["flow"]?.elements?.last)
            #expect(plan["reply"]?.elements?.map { $0["emit"]?.text } == ["continue_task"])
            #expect(ScenarioSize(result.best).steps == 4)
            #expect(!result.best.text.contains("Origin"))
            #expect(result.failure.seconds <= result.whole.seconds)

            // What is said of it holds: it fails, and no step of it can go.
            #expect(try await Self.fails(result.best))
            let steps = ScenarioParts(result.best).steps
            #expect(steps.count == 4)
            for step in steps {
                let less = result.best.applying([Reduction(removed: [step.node.id])])
                let isScenario = (try? Self.reader.read(text: less.text, file: "test.yaml")) != nil
                if isScenario { #expect(try await !Self.fails(less), "\(less.text)") }
            }

            // And its recording is one of it.
            let recorded = folder.appending(path: "min.rec.jsonl").path
            let trial = try await minimizer.record(result.best, to: recorded, within: 20)
            #expect(trial.verdict == .failed)
            let recording = try Recording.read(path: recorded).recording
            let sent = recording.entries.compactMap { entry in
                if case .out(let message) = entry.content { message.body.text } else { nil }
            }
            #expect(sent.count { $0.contains("continue_task") } >= 30)
            #expect(!sent.contains { $0.contains("update_context") || $0.contains("action_complete") })
        }
    }

    private static let reader = ScenarioReader(environment: [:], checkSyntax: CheckLanguage.problem)

    private static let recordings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ScenariosTests/Fixtures/recordings")

    @Test("Of a recording with a broken stream, the stream is left and what asks for it")
    func stream() async throws {
        let path = Self.recordings.appending(path: "leflux.rec.jsonl").path
        var tree = try MinimizationSource.read(path: path, target: "practice:leflux?drop-chunk=7").tree
        tree.prepare(clients: 1, checks: ["stream.missing == 0"])
        let news = Mutex<[Minimizer.News]>([])
        let result = try await Self.minimizer().minimize([.asItIs(tree)]) { told in news.withLock { $0.append(told) } }
        #expect(result.ending == .minimal)
        #expect(Self.kinds(result.best) == ["emit", "http", "stream"])
        let stream = try #require(result.best.root["flow"]?.elements?.last)
        // How it is measured stays.
        #expect(stream["index"]?.text == "chunkIndex")
        #expect(stream["key"]?.text == "streamId")
        #expect(stream.comments.contains { $0.contains("chunkIndex counts up") })
        // The second trial is the one without pauses.
        let tried = news.withLock { $0 }
        guard case .tried(2, let trial, _, isSmaller: true) = tried.dropFirst().first else {
            Issue.record("the pauses do not go first: \(tried.prefix(3))")
            return
        }
        #expect(trial.seconds < result.whole.seconds)
        #expect(tried.count == result.trials)
    }

    @Test("The word that makes the server misbehave is what is left of the text")
    func word() async throws {
        try await Self.inFolder { folder in
            let path = try await Self.session(
                "practice:leflux",
                second: "/endless Sort the photos of my trip",
                in: folder
            )
            var tree = try MinimizationSource.read(path: path, target: "practice:leflux").tree
            tree.prepare(clients: 1, checks: ["received.action_plan < 20"])
            let wholes = tree.wholes
            let result = try await Self.minimizer().minimize(wholes) { _ in }
            #expect(result.ending == .minimal)
            #expect(result.best.text.contains("message: /endless }"))
            #expect(!result.best.text.contains("photos"))
            #expect(!result.best.text.contains("What do you sell"))
            #expect(result.failure.findings.map(\.check) == ["received.action_plan < 20"])
            #expect(Int(result.failure.findings.first?.actual ?? "") ?? 0 >= 20)
        }
    }

    @Test("A failure that comes every other time is found where one of two runs is enough")
    func flaky() async throws {
        let text = """
            name: flaky
            target: { url: "practice:leflux?drop-chunk=3" }
            vars: { session: "${uuid()}" }
            load: [ { for: 1s, clients: 1, once: true } ]
            flow:
              - connect
              - emit: join_session
                data: { sessionId: "${session}" }
              - await: session_joined
              - http: POST /api/chat
                json: { sessionId: "${session}", message: hello there }
              - stream: answer
                chunk: message_chunk
                done: message_done
                index: chunkIndex
              - disconnect
            """
        let tree = try Self.tree(text, check: "stream.missing == 0")
        let once = Self.minimizer(Servers { $0 % 2 == 1 })
        await #expect(throws: Minimizer.Refusal.self) { try await once.minimize([.asItIs(tree)]) { _ in } }
        let twice = Self.minimizer(Servers { $0 % 2 == 1 }) { ($0.needed, $0.runs) = (1, 2) }
        let result = try await twice.minimize([.asItIs(tree)]) { _ in }
        #expect(result.ending == .minimal)
        #expect(Self.kinds(result.best) == ["emit", "http", "stream"])
        #expect(result.runs > result.trials && result.runs <= 2 * result.trials)
        // Two failures of two are never seen of it.
        let both = Self.minimizer(Servers { $0 % 2 == 1 }) { ($0.needed, $0.runs) = (2, 2) }
        await #expect(throws: Minimizer.Refusal.self) { try await both.minimize([.asItIs(tree)]) { _ in } }
    }

    @Test("Who interrupts it, or allows few trials, gets the smallest so far, which fails")
    func interruption() async throws {
        let path = Self.recordings.appending(path: "leflux.rec.jsonl").path
        var tree = try MinimizationSource.read(path: path, target: "practice:leflux?drop-chunk=7").tree
        tree.prepare(clients: 1, checks: ["stream.missing == 0"])
        let minimizer = Self.minimizer()
        let result = try await minimizer.minimize([.asItIs(tree)]) { news in
            if case .tried(6, _, _, _) = news { minimizer.interrupt() }
        }
        #expect(result.ending == .interrupted)
        #expect(result.trials == 6)
        #expect(ScenarioSize(result.best).steps < ScenarioSize(tree).steps)
        #expect(try await Self.fails(result.best))

        let few = try await Self.minimizer { $0.maximumTrials = 4 }.minimize([.asItIs(tree)]) { _ in }
        #expect(few.ending == .trialsUsedUp)
        #expect(few.trials == 4)
        #expect(ScenarioSize(few.best).steps >= ScenarioSize(result.best).steps)

        let early = Self.minimizer()
        early.interrupt()
        await #expect(throws: Minimizer.Refusal.self) { try await early.minimize([.asItIs(tree)]) { _ in } }
    }

    @Test("On a plain WebSocket, what one client alone does not bring about is found with two")
    func clients() async throws {
        let path = Self.recordings.appending(path: "praxis.rec.jsonl").path
        var tree = try MinimizationSource.read(path: path, target: "practice:praxis?max-connections=1").tree
        tree.prepare(clients: 1, checks: ["errors.closed.1008 == 0"])
        let environment = ["TOKEN": "planted-5ecret"]
        let alone = Self.minimizer(environment: environment)
        await #expect(throws: Minimizer.Refusal.self) { try await alone.minimize([.asItIs(tree)]) { _ in } }
        tree.prepare(clients: 2, checks: ["errors.closed.1008 == 0"])
        let minimizer = Self.minimizer(environment: environment) { $0.clients = 2 }
        let result = try await minimizer.minimize([.asItIs(tree)]) { _ in }
        #expect(result.ending == .minimal)
        // Which of the two is turned away, and when, is a race: a step more or less may be needed.
        #expect((1...3).contains(Self.kinds(result.best).count))
        #expect(!result.best.text.contains("COMMAND") && !result.best.text.contains("WORKFLOW"))
        #expect(result.best.value["load"]?[0]?["clients"] == .integer(2))
        // The heartbeat and the token have nothing to do with it.
        #expect(result.best.root["target"]?["heartbeat"] == nil && result.best.root["target"]?["query"] == nil)
    }

    @Test("An order that only some messages come in is found on a plain WebSocket")
    func order() async throws {
        let text = """
            name: order
            target:
              url: practice:praxis?wrong-order=1
              protocol: websocket
              path: /ws/events
              envelope:
                send: { type: "${emit}", payload: "${data}", id: "${uuid()}", timestamp: "${iso()}" }
                event: type
                data: payload
            vars: { isOver: false }
            load: [ { for: 1s, clients: 1, once: true } ]
            on:
              chatMessage: { count: chats }
              workflowComplete: { set: { isOver: true } }
              workflowProgress:
                - when: isOver == true
                  flow: { count: late_progress }
            flow:
              - connect
              - think: 30ms
              - emit: CHAT_MESSAGE
                data: { content: Hello }
              - emit: EXECUTE_WORKFLOW
                data:
                  workflowId: w1
                  nodes: [ { id: read, type: tool, tool: file_analyzer }, { id: sum, type: agent } ]
                  edges: [ { from: read, to: sum } ]
              - think: 2s
              - emit: CHAT_MESSAGE
                data: { content: Thanks }
              - think: 100ms
            """
        let tree = try Self.tree(text, check: "late_progress == 0")
        let result = try await Self.minimizer().minimize([.asItIs(tree)]) { _ in }
        #expect(result.ending == .minimal)
        #expect(!result.best.text.contains("CHAT_MESSAGE"))
        #expect(result.best.text.contains("EXECUTE_WORKFLOW"))
        #expect(result.best.root["on"]?.members?.map(\.key) == ["workflowComplete", "workflowProgress"])
    }

    @Test("A target that is not there is said to be so, before and in the midst")
    func unreachable() async throws {
        let port = try await Self.freePort()
        var tree = try Self.tree(
            "{ target: { url: \"http://127.0.0.1:\(port)\" }, load: [ { for: 1s, clients: 1 } ], flow: [ connect ] }",
            check: "errors.timeout == 0"
        )
        do {
            _ = try await Self.minimizer().minimize([.asItIs(tree)]) { _ in }
            Issue.record("it was reached")
        } catch Minimizer.Refusal.unreachable(let reason) {
            #expect(reason.hasPrefix("refused: "))
        }

        // It goes away after the first trial.
        let text = """
            name: leaves
            target: { url: "practice:leflux" }
            reconnect: none
            load: [ { for: 1s, clients: 1, once: true } ]
            flow: [ { emit: join_session, data: { sessionId: a } }, { await: session_joined }, { think: 20ms } ]
            """
        tree = try Self.tree(text, check: "received.session_joined == 0")
        let starts = Atomic(0)
        var configuration = Minimizer.Configuration(file: "a.yaml", reader: Self.reader, seed: 1) { system, _ in
            let server = try await PracticeServer.start(.init(system: system, port: 0, seed: 7))
            let port = server.port
            if starts.add(1, ordering: .relaxed).oldValue > 0 { try await server.stop() }
            return StartedTarget(url: ServerURL(isSecure: false, host: "127.0.0.1", port: port)) {
                try? await server.stop()
            }
        }
        configuration.maximumTrials = 10
        let result = try await Minimizer(configuration).minimize([.asItIs(tree)]) { _ in }
        guard case .unreachable = result.ending else {
            Issue.record("it ended otherwise: \(result.ending)")
            return
        }
        #expect(result.best.value == tree.value)
        #expect(result.trials == 2)
    }

    /// A port on which nobody listens.
    private static func freePort() async throws -> Int {
        let server = try await PracticeServer.start(.init(system: "echo", port: 0))
        let port = server.port
        try await server.stop()
        return port
    }

    @Test("What the environment keeps secret is in neither file")
    func secrets() async throws {
        try await Self.inFolder { folder in
            let text = """
                name: secrets
                target: { url: "practice:leflux", headers: { X-Shop: "${env.SHOP}" } }
                load: [ { for: 1s, clients: 1, once: true } ]
                flow:
                  - emit: join_session
                    data: { sessionId: "${env.SHOP}" }
                  - await: session_joined
                """
            let tree = try Self.tree(text, check: "received.session_joined == 0")
            let minimizer = Self.minimizer(environment: ["SHOP": "planted-5ecret"])
            let result = try await minimizer.minimize([.asItIs(tree)]) { _ in }
            #expect(result.best.text.contains("${env.SHOP}"))
            let path = folder.appending(path: "a.rec.jsonl").path
            let trial = try await minimizer.record(result.best, to: path, within: 10)
            #expect(trial.verdict == .failed)
            let recording = try String(contentsOfFile: path, encoding: .utf8)
            #expect(recording.contains("join_session"))
            #expect(!recording.contains("5ecret"))
            #expect(try Recording.read(path: path).recording.entries.count > 3)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files == ["a.rec.jsonl"])
        }
    }

    @Test("Secrets that are numbers, short ones, and ones escaped twice leave a recording that can be read")
    func awkwardSecrets() async throws {
        try await Self.inFolder { folder in
            let text = """
                name: secrets
                target: { url: "practice:leflux" }
                load: [ { for: 1s, clients: 1, once: true } ]
                flow:
                  - emit: join_session
                    data: { sessionId: "${env.QUOTED}", a: "${env.STATUS}", b: "${env.SHORT}" }
                  - await: session_joined
                """
            let tree = try Self.tree(text, check: "received.session_joined == 0")
            // A status and a key of the file itself, and what becomes longer twice in JSON within JSON.
            let minimizer = Self.minimizer(
                environment: ["STATUS": "101", "SHORT": "t", "QUOTED": #"pla"nted\5ecret"#]
            )
            let path = folder.appending(path: "a.rec.jsonl").path
            _ = try await minimizer.record(tree, to: path, within: 10)
            let recording = try Recording.read(path: path).recording
            #expect(recording.entries.contains { if case .open = $0.content { true } else { false } })
            let sent = try String(contentsOfFile: path, encoding: .utf8)
            #expect(sent.contains("join_session") && sent.contains("«redacted:"))
            #expect(!sent.contains("5ecret") && !sent.contains("nted"))
        }
    }

    @Test("Who interrupts the recording of the result gets none, and no part of one")
    func interruptedRecording() async throws {
        try await Self.inFolder { folder in
            let text =
                "{ target: { url: \"practice:leflux\" }, load: [ { for: 1s, clients: 1, once: true } ], "
                + "flow: [ connect, { think: 60s } ] }"
            let tree = try Self.tree(text, check: "received.session_joined == 0")
            let minimizer = Self.minimizer()
            minimizer.interrupt()
            let path = folder.appending(path: "a.rec.jsonl").path
            await #expect(throws: Minimizer.Refusal.self) {
                try await minimizer.record(tree, to: path, within: 60)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.isEmpty)
        }
    }

    @Test("A server that turns everyone away is not reached, unless that is what the check is about")
    func turnedAway() async throws {
        let text =
            "{ target: { url: \"practice:leflux?refuse=100%\" }, load: [ { for: 1s, clients: 1 } ], flow: [ connect ] }"
        let other = try Self.tree(text, check: "errors.timeout == 0")
        do {
            _ = try await Self.minimizer().minimize([.asItIs(other)]) { _ in }
            Issue.record("it was reached")
        } catch Minimizer.Refusal.unreachable(let reason) {
            #expect(reason.hasPrefix("upgrade.503: "))
        }
        let asked = try Self.tree(text, check: "errors.upgrade.503 == 0")
        let result = try await Self.minimizer().minimize([.asItIs(asked)]) { _ in }
        #expect(result.ending == .minimal)
    }

    @Test("Credentials that the server asks for are kept: turned away without them, a part does not fail")
    func credentials() async throws {
        let text = """
            name: credentials
            target: { url: "practice:praxis?require-token=abc", protocol: websocket, path: /ws/events, query: { token: abc, x: y } }
            load: [ { for: 1s, clients: 1, once: true } ]
            flow: [ connect, { think: 50ms } ]
            """
        let tree = try Self.tree(text, check: "messages.received >= 1000")
        let result = try await Self.minimizer().minimize([.asItIs(tree)]) { _ in }
        #expect(result.ending == .minimal)
        #expect(result.best.root["target"]?["query"]?["token"]?.text == "abc")
    }
}
