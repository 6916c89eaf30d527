import Foundation
import Metrics
import NIOCore
import PracticeServer
import Testing

@testable import LoadRunner
@testable import Scenarios
@testable import Wire

@Suite("Failed clients that are kept", .serialized, .timeLimit(.minutes(2)))
struct KeptFailuresEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 10s\n"

    private static func keep(_ count: Int) -> @Sendable (inout RunConfiguration) -> Void {
        { $0.keptFailures = count }
    }

    private static func run(
        _ target: String,
        _ rest: String,
        keep count: Int = 3,
        threads: Int = 1,
        environment: [String: String] = [:]
    ) async throws -> (run: EngineRun, truth: Truth) {
        try await EngineRun.runWithPractice(
            "name: failing\ntarget: \(target)\n\(rest)",
            threads: threads,
            environment: environment,
            keep: count
        )
    }

    /// The recording as its file says it, which is read without a warning, and of which a scenario can be made.
    private static func recording(_ client: KeptClient, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> Recording
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let failures = FailureFolder(directory: folder)
        failures.keep(client)
        #expect(failures.problems == [], sourceLocation: sourceLocation)
        let line = try #require(failures.lines.first, sourceLocation: sourceLocation)
        let (recording, warnings) = try Recording.read(path: line.path)
        #expect(warnings.isEmpty, sourceLocation: sourceLocation)
        let result = try #require(
            Converter.convert(recording, source: line.path, target: "http://127.0.0.1:1"),
            sourceLocation: sourceLocation
        )
        let environment = Dictionary(uniqueKeysWithValues: result.environment.map { ($0, "value") })
        let reader = ScenarioReader(environment: environment, checkSyntax: CheckLanguage.problem(in:_:))
        _ = try reader.read(text: result.scenario, file: "converted.yaml")
        return recording
    }

    /// How often events of each name were said in one direction, as a server counts them.
    private static func events(_ recording: Recording, out: Bool) -> [String: Int] {
        var counts: [String: Int] = [:]
        for entry in recording.entries {
            let text: String
            switch entry.content {
            case .out(let message) where out: text = message.body.text
            case .in(let message) where !out: text = message.body.text
            default: continue
            }
            let match = text.firstMatch(of: #/^(?:42\d*\["(\w+)"|\{"type":"(\w+)"|\{.*?"type":"(\w+)")/#)
            guard let name = match.flatMap({ $0.1 ?? $0.2 ?? $0.3 }) else { continue }
            counts[String(name), default: 0] += 1
        }
        return counts
    }

    private static func errors(_ recording: Recording) -> [String] {
        recording.entries.compactMap { if case .error(let sentence) = $0.content { sentence } else { nil } }
    }

    // MARK: What was said

    private static let leflux = """
        \(one)vars: { session: "${uuid()}" }
        reconnect: none
        flow:
          - connect
          - emit: join_session
            data: { sessionId: "${session}" }
          - await: session_joined
          - http: POST /api/chat
            json: { sessionId: "${session}", message: Order it for me. }
          - await: message_done
          - await: never
            within: 300ms
        """

    @Test(
        "A recording has exactly the messages that the server's truth has, over every transport",
        arguments: ["websocket", "polling", "polling, websocket"]
    )
    func truth(transports: String) async throws {
        let (run, truth) = try await Self.run(
            "{ url: practice:leflux, transports: [\(transports)] }",
            Self.leflux
        )
        #expect(run.errors == ["timeout": 1])
        let client = try #require(run.observer.kept.first)
        #expect(run.observer.kept.count == 1)
        #expect(client.failure.kind == FailureKind(group: "clients", kind: "timeout", step: "await never"))
        let recording = try Self.recording(client)
        #expect(Self.events(recording, out: true) == truth.messages.received)
        #expect(Self.events(recording, out: false) == truth.messages.sent)
        #expect(truth.messages.sent.count >= 3)
        #expect(Self.errors(recording) == ["timeout in `await never`: never did not come within 0.3 seconds"])
        let openings = recording.entries.compactMap { entry -> String? in
            guard case .open(let opening) = entry.content else { return nil }
            return "\(entry.connection) \(opening.transport.rawValue) \(opening.status ?? 0)"
        }
        switch transports {
        case "websocket": #expect(openings == ["1 websocket 101"])
        case "polling": #expect(openings == ["1 polling 200"])
        default: #expect(openings == ["1 polling 200", "1 websocket 101"])
        }
        let closings = recording.entries.compactMap { entry -> RecordedClosing? in
            if case .close(let closing) = entry.content { closing } else { nil }
        }
        #expect(closings == [RecordedClosing(code: transports == "polling" ? 1005 : 1000, side: .client)])
        guard case .close? = recording.entries.last?.content else {
            Issue.record("the client's leaving is not the last")
            return
        }
        let requests = recording.entries.filter { if case .http = $0.content { true } else { false } }
        #expect(requests.count == 1)
        let polled = recording.entries.contains { entry in
            if case .in(let message) = entry.content { message.transport == .polling } else { false }
        }
        #expect(polled == transports.contains("polling"))
        #expect(recording.header.targetProtocol == .socketIO)
    }

    @Test("Messages are those of the server's log, to the byte, attachments and namespaces included")
    func exact() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "ask" else { return }
            peer.sendEvent("tell", #"{"text":"é \" \\ \n"}"#)
            peer.sendText(#"451-["bin",{"_placeholder":true,"num":0}]"#)
            peer.sendBinary([0, 255, 128])
            peer.sendText(#"42/b,["there"]"#)
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - emit: ask
                        data: { n: [1, "${client.index}"] }
                      - await: "/b,there"
                      - emit: "/b,more"
                      - await: never
                        within: 50ms
                    """,
                configure: Self.keep(1)
            )
            let recording = try Self.recording(try #require(run.observer.kept.first))
            let incoming = recording.entries.compactMap { entry -> [UInt8]? in
                guard case .in(let message) = entry.content else { return nil }
                return Array(message.body.bytes.readableBytesView)
            }
            #expect(
                incoming.map { String(decoding: $0, as: UTF8.self) }.dropFirst().filter { !$0.hasPrefix("40") }
                    == [
                        #"42["tell",{"text":"é \" \\ \n"}]"#, #"451-["bin",{"_placeholder":true,"num":0}]"#,
                        String(decoding: [0, 255, 128], as: UTF8.self), #"42/b,["there"]"#,
                    ]
            )
            #expect(incoming.contains([0, 255, 128]))
            let outgoing = recording.entries.compactMap { entry -> String? in
                if case .out(let message) = entry.content { message.body.text } else { nil }
            }
            #expect(
                outgoing == ["40", "40/b,", #"42["ask",{"n":[1,0]}]"#, #"42/b,["more"]"#, "41", "41/b,"]
            )
        }
    }

    @Test("A plain WebSocket's messages are recorded as they are", arguments: [1, 3000])
    func plain(count: Int) async throws {
        var script = FakeServer.Script()
        script.isPlain = true
        script.message = { peer, text in
            for number in 0..<count { peer.sendText("{\"type\":\"n\",\"number\":\(number)}") }
            peer.sendText("{\"type\":\"end\"}")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - send: hello
                      - await: end
                      - await: never
                        within: 50ms
                    """,
                target: #"protocol: websocket, path: /ws, envelope: { event: type, send: { type: "${emit}" } }"#,
                configure: Self.keep(1)
            )
            #expect(run.errors == ["timeout": 1])
            let recording = try Self.recording(try #require(run.observer.kept.first))
            #expect(recording.header.targetProtocol == .webSocket)
            let numbers = recording.entries.compactMap { entry -> Int? in
                guard case .in(let message) = entry.content else { return nil }
                return message.body.text.firstMatch(of: #/"number":(\d+)/#).flatMap { Int($0.1) }
            }
            #expect(numbers.first == 0)
            #expect(numbers.last == count - 1)
            let missing = count - numbers.count
            #expect((missing > 0) == (count == 3000))
            // It says what is missing.
            #expect(Self.errors(recording).count == (missing > 0 ? 2 : 1))
            if missing > 0 {
                #expect(Self.errors(recording)[0].hasPrefix("\(missing) messages with "))
                let gap = try #require(zip(numbers, numbers.dropFirst()).first { $1 != $0 + 1 })
                #expect(gap.1 - gap.0 - 1 == missing)
            }
            #expect(
                recording.entries.contains {
                    if case .out(let out) = $0.content { out.body.text == "hello" } else { false }
                }
            )
        }
    }

    // MARK: Faults

    @Test(
        "A task that ran away is kept with its last plans, over every transport",
        arguments: ["websocket", "polling"]
    )
    func runaway(transports: String) async throws {
        let (run, truth) = try await Self.run(
            #"{ url: "practice:leflux?ignore-plan-limit", transports: [\#(transports)] }"#,
            """
            \(Self.one)vars: { session: "${uuid()}" }
            flow:
              - connect
              - emit: join_session
                data: { sessionId: "${session}" }
              - await: session_joined
              - http: POST /api/chat
                json: { sessionId: "${session}", message: Order it for me. }
              - plan: task
                event: action_plan
                actions: [actions, steps]
                reply:
                  - emit: continue_task
                    data: { sessionId: "${session}", context: { url: "https://shop.example/" } }
                done: task_complete
                clientLimit: none
                serverLimit: 30
                within: 20s
            """
        )
        #expect(run.count("plan.runaway") == 1)
        // A task in five asks first, and would not run: the seed says that this one does.
        #expect(truth.plans.sent >= 31)
        let client = try #require(run.observer.kept.first)
        #expect(run.observer.kept.count == 1)
        #expect(client.failure.kind.kind == "plan.runaway")
        #expect(client.failure.kind.step == "plan task")
        let recording = try Self.recording(client)
        #expect(Self.errors(recording).last?.hasPrefix("plan.runaway in `plan task`: task task had 31 plans") == true)
        #expect(Self.events(recording, out: false)["action_plan"] ?? 0 > 20)
    }

    @Test("A broken stream is kept, and what its flaw is", arguments: ["drop-chunk=3", "duplicate-chunk=3"])
    func stream(fault: String) async throws {
        let (run, _) = try await Self.run(
            #"{ url: "practice:leflux?\#(fault)", transports: [websocket] }"#,
            """
            \(Self.one)vars: { session: "${uuid()}" }
            flow:
              - connect
              - emit: join_session
                data: { sessionId: "${session}" }
              - await: session_joined
              - http: POST /api/chat
                json: { sessionId: "${session}", message: Order it for me. }
              - stream: answer
                chunk: message_chunk
                done: message_done
                index: chunkIndex
                within: 5s
            """
        )
        #expect(run.count("stream.broken") == 1)
        let client = try #require(run.observer.kept.first)
        #expect(client.failure.kind.step == "stream answer")
        #expect(client.failure.kind.kind == (fault.hasPrefix("drop") ? "stream.missing" : "stream.duplicated"))
        _ = try Self.recording(client)
    }

    @Test(
        "A connection that the server cuts is kept with its end",
        arguments: [
            ("practice:leflux?kill-after=100ms", "transports: [websocket]"),
            ("practice:leflux?kill-after=100ms", "transports: [polling]"),
            ("practice:praxis?kill-after=100ms", "protocol: websocket, path: /ws/events, envelope: { event: type }"),
        ],
        ["none", "{ delay: 10ms, cap: 20ms }"]
    )
    func cut(target: (String, String), reconnect: String) async throws {
        let (run, _) = try await Self.run(
            #"{ url: "\#(target.0)", \#(target.1) }"#,
            Self.one + "reconnect: \(reconnect)\nflow: [ connect, { await: never, within: 1s } ]",
            keep: 1
        )
        let client = try #require(run.observer.kept.first)
        #expect(run.observer.kept.count == 1)
        let kind = client.failure.kind.kind
        // Over polling it is the next request that finds the session gone.
        #expect(kind == "reset" || kind == "http.400" || kind.hasPrefix("closed."), "\(kind)")
        let recording = try Self.recording(client)
        let closing = recording.entries.compactMap { entry -> RecordedClosing? in
            if case .close(let closing) = entry.content { closing } else { nil }
        }
        #expect(closing.map(\.side) == [.server])
        #expect(Self.errors(recording).last?.hasPrefix("\(kind) in `await never`") == true)
    }

    @Test(
        "A refused handshake is kept with its status",
        arguments: ["transports: [websocket]", "transports: [polling]", "protocol: websocket, path: /ws/events"]
    )
    func refused(target: String) async throws {
        let system = target.contains("events") ? "praxis" : "leflux"
        let (run, _) = try await Self.run(
            #"{ url: "practice:\#(system)?refuse=100%", \#(target) }"#,
            Self.one + "reconnect: none\nflow: [ connect ]"
        )
        let client = try #require(run.observer.kept.first)
        #expect(client.failure.kind.step == "connect")
        let recording = try Self.recording(client)
        guard case .open(let opening)? = recording.entries.first?.content else {
            Issue.record("there is no opening: \(recording.entries)")
            return
        }
        #expect(opening.status == 503)
        #expect(!opening.isOpen)
        #expect(recording.entries.count == 2)
    }

    @Test("A server that is not there is kept as an opening without an answer")
    func nobody() async throws {
        let run = try await EngineRun.run(
            """
            name: nobody
            target: { url: "http://127.0.0.1:1" }
            reconnect: none
            \(Self.one)flow: [ connect ]
            """,
            configure: Self.keep(1)
        )
        let client = try #require(run.observer.kept.first)
        #expect(client.failure.kind.kind == "refused")
        let recording = try Self.recording(client)
        guard case .open(let opening)? = recording.entries.first?.content else { return }
        #expect(opening.status == nil)
        #expect(opening.path == "/socket.io/?EIO=4&transport=websocket")
        #expect(opening.url == "ws://127.0.0.1:1")
    }

    @Test("A client that comes back after a cut of Reprise's own has another connection, and fails on that")
    func comesBack() async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    reconnect: { delay: 10ms, cap: 20ms }
                    flow:
                      - connect
                      - emit: one
                      - drop: reset
                      - emit: two
                      - await: never
                        within: 200ms
                    """,
                configure: Self.keep(3)
            )
            #expect(run.errors == ["timeout": 1])
            let recording = try Self.recording(try #require(run.observer.kept.first))
            let words = ClientTapeTests.words(recording.entries).filter {
                !$0.dropFirst().hasPrefix(" in ") && !$0.contains("out 40")
            }
            #expect(
                words == [
                    "1 open websocket 101", "1 out 42[\"one\"]", "1 close 1006 client", "2 open websocket 101",
                    "2 out 42[\"two\"]", "2 error timeout in `await never`: never did not come within 0.2 seconds",
                    "2 out 41", "2 close 1000 client",
                ]
            )
        }
    }

    // MARK: Which clients

    @Test("A client that goes on after a failure is kept once, with what was until then")
    func goesOn() async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - connect
                      - await: never
                        within: 20ms
                        onFailure: continue
                      - emit: later
                      - await: never2
                        within: 20ms
                        onFailure: continue
                    """,
                configure: Self.keep(5)
            )
            #expect(run.errors == ["timeout": 2])
            #expect(run.count("clients.finished") == 1)
            #expect(run.observer.kept.map(\.failure.kind.step) == ["await never"])
            let recording = try Self.recording(run.observer.kept[0])
            #expect(!ClientTapeTests.words(recording.entries).contains { $0.contains("later") || $0.contains("close") })
        }
    }

    @Test("So many are kept as are asked for, exactly, however many fail on how many workers", arguments: [1, 2])
    func exactNumber(threads: Int) async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 100ms, arrivals: 600/s } ]
                grace: 10s
                flow:
                  - connect
                  - when: client.index >= 40
                    flow: [ { await: third, within: 30ms } ]
                  - await: all
                    within: 20ms
                """,
                threads: threads,
                configure: Self.keep(7)
            )
            #expect(run.count("clients.failed") == 60)
            let kept = Dictionary(grouping: run.observer.kept.compactMap(\.failure), by: \.place)
                .mapValues { $0.max { $0.number < $1.number } }
            #expect(Set(kept.keys) == Set(0..<7))
            let steps = Dictionary(grouping: kept.values.compactMap { $0?.kind.step }, by: \.self).mapValues(\.count)
            #expect(steps.values.max() == 4)
            #expect(steps.count == 2)
        }
    }

    @Test("Where nothing fails, or nothing is to be kept, nothing is")
    func none() async throws {
        try await FakeServer.run { server in
            let fine = try await EngineRun.run(server, Self.one + "flow: [ connect ]", configure: Self.keep(3))
            #expect(fine.count("clients.finished") == 1)
            #expect(fine.observer.kept.isEmpty)
            let failing = "flow: [ connect, { await: never, within: 20ms } ]"
            let unwanted = try await EngineRun.run(server, Self.one + failing)
            #expect(unwanted.count("clients.failed") == 1)
            #expect(unwanted.observer.kept.isEmpty)
        }
    }

    // MARK: Secrets

    @Test("Secrets are in no file: not from auth, headers, queries, cookies, events, requests or the environment")
    func secrets() async throws {
        var script = FakeServer.Script()
        script.event = { peer, event in
            // Under its name far from the start and the end, and under another at last.
            peer.sendEvent("key", #"{"token":"captured-secret-44"}"#)
            for _ in 0..<40 { peer.sendEvent("fill", "\"\(String(repeating: "x", count: 1000))\"") }
            peer.sendEvent("last", #"{"note":"captured-secret-44 and env-secret-swordfish","plain":"visible"}"#)
        }
        script.request = { peer, request in
            peer.respond(200, #"{"note":"of env-secret-swordfish"}"#, headers: ["Set-Cookie: sid=cookie-secret-55"])
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    vars: { password: "variable-secret-66" }
                    flow:
                      - connect
                      - http: POST /login?token=query-secret-22
                        json: { apiKey: body-secret-77, text: "${env.WORD}" }
                      - emit: ask
                        data: { secret: event-secret-33, free: "variable-secret-66", env: "${env.WORD}" }
                      - await: key
                        capture: { token: token }
                      - await: last
                      - http: GET /more
                      - fail: "with ${env.WORD} and variable-secret-66"
                    """,
                target: """
                    query: { access_token: query-secret-11 }, headers: { Authorization: "Bearer header-secret-88", \
                    X-Note: "${env.WORD}" }, auth: { token: auth-secret-99, user: "${env.WORD}" }
                    """,
                environment: ["WORD": "env-secret-swordfish"],
                configure: Self.keep(1)
            )
            #expect(run.errors == ["script": 1])
            let recording = try Self.recording(try #require(run.observer.kept.first))
            var text = ByteBuffer()
            RecordingLine.write(recording.header, to: &text)
            for entry in recording.entries { RecordingLine.write(entry, to: &text) }
            let file = String(buffer: text)
            for secret in [
                "query-secret", "header-secret", "auth-secret", "event-secret", "env-secret", "swordfish",
                "captured-secret", "cookie-secret", "variable-secret", "body-secret",
            ] {
                #expect(!file.contains(secret), "\(secret)")
            }
            #expect(file.contains("are left out here"))
            #expect(file.contains("visible"))
            #expect(file.contains("«redacted:"))
            #expect(recording.header.redacted.contains("authorization"))
        }
    }
}
