import NIOCore
import Testing
import Wire

@testable import Scenarios

@Suite("Replays of recordings")
struct ReplayCompilerTests {
    private static let uuid = "0011aace-8bd3-46bd-959d-1b26d244da16"

    private func compile(_ recording: Recording, target: String? = nil) throws -> Replay {
        try #require(ReplayCompiler.compile(recording, source: "shop.rec.jsonl", target: target))
    }

    /// A recording from the lines of its file behind the first.
    private func recording(_ lines: String, _ name: String = "socket.io") throws -> Recording {
        let header = #"{"reprise":1,"target":"http://127.0.0.1:3000","protocol":"\#(name)"}"#
        return try Recording.read(text: "\(header)\n\(lines)", file: "a").recording
    }

    private func open(_ connection: Int, at time: Double, _ more: String = "", _ via: String = "websocket") -> String {
        let status = via == "websocket" ? 101 : 200
        return """
            {"t":\(time),"c":\(connection),"dir":"open","via":"\(via)","url":"http://127.0.0.1:3000","path":"/socket.io/?EIO=4&transport=\(via)\(more)","status":\(status)}
            """
    }

    private func said(_ connection: Int, at time: Double, _ direction: String, _ text: String) -> String {
        """
        {"t":\(time),"c":\(connection),"dir":"\(direction)","kind":"text","data":\(JSONValue.string(text).jsonText)}
        """
    }

    private func close(_ connection: Int, at time: Double, by side: String = "client") -> String {
        """
        {"t":\(time),"c":\(connection),"dir":"close","code":1000,"by":"\(side)"}
        """
    }

    /// The script in short lines: `+` what the client does upon which arrival after which pause, `-` what the server does.
    private func told(_ replay: Replay) -> String {
        let script = replay.script
        var lines: [String] = []
        for (number, action) in script.actions.enumerated() {
            let trigger = action.trigger.map { "a\($0)" } ?? "start"
            let times = "+\(action.pause.milliseconds)" + (action.wait > .zero ? " (\(action.wait.milliseconds))" : "")
            lines.append("+\(number) \(action.kind) on \(action.link) upon \(trigger) \(times)")
        }
        for (number, arrival) in script.arrivals.enumerated() {
            let delay = arrival.delay.map { "+\($0.milliseconds)" } ?? "+?"
            let cause = arrival.cause.map { "d\($0)" } ?? "start"
            lines.append("-\(number) \(script.events[arrival.event].name) on \(arrival.link) after \(cause) \(delay)")
        }
        return lines.joined(separator: "\n")
    }

    @Test("An action follows the arrival that came last before it, over all connections, and the pause runs from there")
    func triggers() throws {
        let replay = try compile(
            recording(
                [
                    open(1, at: 100), said(1, at: 110, "out", #"42["a"]"#), said(1, at: 120, "in", #"42["b"]"#),
                    open(2, at: 150), said(2, at: 160, "in", #"42["c"]"#), said(1, at: 165, "in", #"42["b"]"#),
                    said(2, at: 170.5, "out", #"42["d"]"#), said(1, at: 180, "out", #"42["e"]"#), close(1, at: 190),
                    close(2, at: 200, by: "server"),
                ].joined(separator: "\n")
            )
        )
        #expect(
            told(replay) == """
                +0 open on 0 upon start +0.0
                +1 message on 0 upon a0 +10.0
                +2 open on 1 upon a1 +30.0 (10.0)
                +3 message on 1 upon a4 +5.5 (15.0)
                +4 message on 0 upon a4 +15.0
                +5 close on 0 upon a4 +25.0
                +6 end on 0 upon a5 +0.0 (10.0)
                -0 connect on 0 after d0 +?
                -1 b on 0 after d1 +10.0
                -2 connect on 1 after d2 +?
                -3 c on 1 after d2 +10.0
                -4 b on 0 after d2 +15.0
                -5 closed on 1 after d5 +10.0
                """
        )
        #expect(replay.script.length == .milliseconds(100))
        #expect(replay.script.events.map(\.count) == [2, 2, 1, 1])
        #expect(replay.script.events[1].recorded == [10_000, 15_000])
    }

    @Test("Where two things happen at the same time the order of the file counts")
    func sameTime() throws {
        let replay = try compile(
            socketIORecording([#">["a"]"#, "+-100", #"<["b"]"#, "+-100", #">["c"]"#, "+-100", #"<["d"]"#])
        )
        #expect(replay.script.actions.map(\.trigger) == [nil, 0, 1, 2, 2])
        #expect(replay.script.arrivals.map(\.cause) == [0, 1, 2])
    }

    @Test("Values that the server gives are captured where they come, also from a request and an acknowledgement")
    func captures() throws {
        let replay = try compile(
            recording(
                [
                    open(1, at: 0),
                    """
                    {"t":10,"c":0,"dir":"http","method":"POST","url":"http://127.0.0.1:3000/api/order","status":200,"duration":5,"requestBody":{"kind":"text","data":"{}"},"responseBody":{"kind":"text","data":"{\\"orderId\\":\\"order-771177\\"}"}}
                    """,
                    said(1, at: 20, "out", #"427["open",{"id":"order-771177"}]"#),
                    said(1, at: 30, "in", #"437[{"ticket":"tk-44556677"}]"#),
                    said(1, at: 40, "in", #"42["item",{"list":[{"key":"item-9988776"}]}]"#),
                    said(1, at: 50, "out", #"42["take",{"key":"item-9988776","ticket":"tk-44556677"}]"#),
                ].joined(separator: "\n")
            )
        )
        let scenario = try readReplay(replay)
        let flow = scenario.groups[0].flow
        func step(_ number: Int) throws -> Step.Action {
            flow[try #require(replay.script.actions[number].step)].action
        }
        guard case .http(let request) = try step(1), case .emit(let emit) = try step(2),
            case .emit(let take) = try step(3)
        else { throw FixtureProblem() }
        #expect(request.capture.count == 1)
        #expect(emit.acknowledgement?.capture.count == 1)
        let item = replay.script.arrivals[3]
        guard case .await(let wait) = flow[try #require(item.captures)].action else { throw FixtureProblem() }
        #expect(wait.capture.count == 1)
        // The values are each client's.
        var values = clientValues(scenario.groups[0])
        values.variables = values.variables.indices.map { .string("v\($0)") }
        var text = ByteBuffer()
        take.arguments[0].append(to: &text, &values, event: nil)
        #expect(
            Set(String(buffer: text).matches(of: #/v\d/#).map { String($0.output) }).count == 2,
            "\(String(buffer: text))"
        )
        #expect(replay.script.arrivals.filter { $0.captures != nil }.count == 1)
    }

    @Test("With several kinds of connections what one has from another is known to both, in the same slots")
    func groups() throws {
        let replay = try compile(
            recording(
                [
                    open(1, at: 0), said(1, at: 10, "in", #"42["hello",{"ticket":"tk-44556677","id":"id-998877"}]"#),
                    open(2, at: 20, "&ticket=tk-44556677"), said(2, at: 30, "out", #"42["use",{"id":"id-998877"}]"#),
                    said(2, at: 40, "in", #"42["made",{"order":{"id":"o-5544332211"}}]"#),
                    said(1, at: 50, "out", #"42["pay",{"id":"o-5544332211"}]"#),
                ].joined(separator: "\n")
            )
        )
        #expect(replay.script.links.map(\.group) == [0, 1])
        let scenario = try readReplay(replay)
        #expect(scenario.groups.count == 2)
        let names = scenario.groups.map { group in group.variables.map { "\($0.slot) \($0.name)" } }
        #expect(names[0] == names[1])
        #expect(names[0].count == 3, "\(replay.text)")
        #expect(scenario.groups.map(\.slotCount) == [3, 3])
        #expect(scenario.groups[1].target.query.map(\.name) == ["ticket"])
        #expect(scenario.groups[0].target.query.isEmpty)
    }

    @Test("Connections that connect alike are one group, others have namespaces and transports of their own")
    func handshakes() throws {
        let replay = try compile(
            recording(
                [
                    open(1, at: 0), said(1, at: 1, "out", "40"), open(2, at: 2), said(2, at: 3, "out", "40"),
                    open(3, at: 4, "", "polling"), said(3, at: 5, "out", "40/admin,"),
                    said(3, at: 6, "out", #"42/admin,["a"]"#), said(3, at: 7, "in", #"42/news,["b"]"#),
                    said(1, at: 8, "in", #"42/news,["b"]"#), open(4, at: 9, "", "polling"), open(4, at: 10),
                ].joined(separator: "\n")
            )
        )
        #expect(replay.script.links.map(\.group) == [0, 0, 1, 2])
        let groups = try readReplay(replay).groups
        #expect(groups.map(\.target.namespace) == ["/", "/admin", "/"])
        #expect(groups.map(\.target.transports) == [.webSocket, .polling, .pollingThenWebSocket])
        // Also where nothing is sent in them.
        #expect(groups.map(\.namespaces) == [["/", "/news"], ["/admin", "/news"], ["/"]])
        #expect(replay.script.events.filter { $0.name == "news_b" }.map(\.count) == [2])
    }

    @Test("Acknowledgements go with the questions that they answer, and take their attachments along")
    func acknowledgements() throws {
        var recording = socketIORecording([])
        recording.entries = []
        func add(_ time: Int, _ content: RecordingEntry.Content) {
            recording.entries.append(RecordingEntry(time: .milliseconds(time), connection: 1, content: content))
        }
        add(0, .open(RecordedOpening(url: "http://127.0.0.1:3000", path: "/socket.io/?EIO=4&transport=websocket")))
        add(10, .in(RecordedMessage(text: #"425["first"]"#)))
        add(20, .in(RecordedMessage(text: #"426["second"]"#)))
        add(30, .out(RecordedMessage(text: #"461-6[{"_placeholder":true,"num":0}]"#)))
        add(30, .out(RecordedMessage(RecordedBody(bytes: ByteBuffer(bytes: [1, 2, 255]), isBinary: true))))
        add(40, .out(RecordedMessage(text: #"435[1]"#)))
        add(45, .out(RecordedMessage(text: #"4399[1]"#)))
        add(50, .out(RecordedMessage(text: #"451-["up",{"_placeholder":true,"num":0}]"#)))
        add(50, .out(RecordedMessage(RecordedBody(bytes: ByteBuffer(bytes: [0]), isBinary: true))))
        let replay = try compile(recording)
        let kinds = replay.script.actions.map(\.kind)
        #expect(kinds == [.open, .acknowledge(arrival: 2), .acknowledge(arrival: 1), .message, .end])
        #expect(
            replay.script.actions.map { $0.attachments.map { Array($0.readableBytesView) } }
                == [[], [[1, 2, 255]], [], [[0]], []]
        )
        #expect(!replay.text.contains("binary"))
        #expect(replay.warnings == [])
    }

    @Test("Ids are fresh for each client, and secrets come from the environment")
    func freshIDs() throws {
        let replay = try compile(
            socketIORecording([
                ">[\"join\",{\"session\":\"\(Self.uuid)\",\"password\":\"«redacted:1»\"}]",
                "<[\"joined\",{\"session\":\"\(Self.uuid)\"}]",
            ])
        )
        #expect(replay.environment == ["PASSWORD"])
        #expect(throws: ScenarioError.self) { try readReplay(replay) }
        let scenario = try readReplay(replay, ["PASSWORD": "open"])
        var texts: Set<String> = []
        for slot in 0..<3 {
            var values = ClientValues(
                slotCount: scenario.groups[0].slotCount,
                random: ClientRandom(seed: 1, slot: slot, generation: 0, stream: 0),
                clientIndex: slot
            )
            for variable in scenario.groups[0].variables {
                values.variables[variable.slot] = variable.value.value(&values, event: nil)
            }
            guard case .emit(let emit) = scenario.groups[0].flow[1].action else { throw FixtureProblem() }
            var buffer = ByteBuffer()
            emit.arguments[0].append(to: &buffer, &values, event: nil)
            let text = String(buffer: buffer)
            #expect(text.contains(#""password":"open""#))
            #expect(!text.contains(Self.uuid))
            texts.insert(text)
        }
        #expect(texts.count == 3)
    }

    @Test("What belongs to the envelope and the heartbeat of a plain WebSocket is no message")
    func plain() throws {
        let replay = try compile(try fixture("praxis.rec.jsonl"))
        #expect(replay.script.actions.map(\.kind) == [.open, .message, .message, .message, .close, .end])
        #expect(
            replay.script.events.map { "\($0.name) \($0.count)" }.sorted() == [
                "chat_message 2", "connect 1", "dsl_progress 2", "dsl_result 1", "workflow_complete 1",
                "workflow_start 1",
            ]
        )
        let scenario = try readReplay(replay, ["TOKEN": "x"])
        #expect(scenario.groups[0].target.envelope != nil)
        #expect(scenario.groups[0].target.heartbeat?.asking != nil)
    }

    @Test("A binary message of a plain WebSocket needs no step, and a text one that is no JSON is sent as it is")
    func plainBinary() throws {
        var recording = webSocketRecording([#">a "b" ${c}"#, "<x"])
        recording.entries.insert(
            RecordingEntry(
                time: .milliseconds(150),
                connection: 1,
                content: .out(RecordedMessage(RecordedBody(bytes: ByteBuffer(bytes: [0, 255]), isBinary: true)))
            ),
            at: 2
        )
        let replay = try compile(recording)
        let actions = replay.script.actions
        #expect(actions.map(\.kind) == [.open, .message, .message, .close, .end])
        #expect(actions[2].step == nil)
        #expect(actions[2].attachments.map { Array($0.readableBytesView) } == [[0, 255]])
        #expect(replay.warnings == [])
        guard case .send(let send) = try readReplay(replay).groups[0].flow[1].action,
            case .text(let template) = send.content
        else { throw FixtureProblem() }
        var values = clientValues(try readReplay(replay).groups[0])
        #expect(template.text(&values, event: nil) == #"a "b" ${c}"#)
    }

    @Test("A request has its body, whatever it is, and what becomes of it is named after its path")
    func requests() throws {
        let exchange = """
            {"t":10,"c":0,"dir":"http","method":"POST","url":"http://127.0.0.1:3000/login","status":302,"duration":5,"request":[["Content-Type","application/x-www-form-urlencoded"],["X-Page","1"]],"requestBody":{"kind":"text","data":"a=1&b=2"}}
            """
        let unanswered = #"{"t":12,"c":0,"dir":"http","method":"GET","url":"http://127.0.0.1:3000/ping"}"#
        let replay = try compile(recording([open(1, at: 0), exchange, unanswered].joined(separator: "\n")))
        let action = replay.script.actions[1]
        #expect(action.kind == .request)
        #expect(action.body?.contentType == "application/x-www-form-urlencoded")
        #expect(action.body.map { String(buffer: $0.bytes) } == "a=1&b=2")
        #expect(replay.script.actions[2].kind == .request)
        #expect(replay.script.events.map(\.name) == ["connect", "login"])
        #expect(replay.script.arrivals[1].delay == .milliseconds(3))
        guard case .http(let request) = try readReplay(replay).groups[0].flow[1].action else { throw FixtureProblem() }
        #expect(request.expect == 302)
        #expect(replay.warnings == [])
    }

    @Test("Rows have names of their own, whatever events are called")
    func names() throws {
        let replay = try compile(
            recording(
                [
                    open(1, at: 0), said(1, at: 1, "in", #"42["fooBar"]"#), said(1, at: 2, "in", #"42["foo_bar"]"#),
                    said(1, at: 3, "in", #"42["replay"]"#), said(1, at: 4, "in", #"42["refused"]"#),
                    said(1, at: 5, "in", #"42["stream"]"#), said(1, at: 6, "in", #"42["日本"]"#),
                    #"{"t":10,"c":0,"dir":"http","method":"GET","url":"http://127.0.0.1:3000/foo_bar","status":200}"#,
                    said(1, at: 20, "in", #"42["fooBar"]"#),
                ].joined(separator: "\n")
            )
        )
        #expect(
            replay.script.events.map { "\($0.name) \($0.count)" }
                == [
                    "connect 1", "foo_bar_2 2", "foo_bar_3 1", "replay_2 1", "refused_2 1", "the_stream 1", "m 1",
                    "foo_bar 1",
                ]
        )
        #expect(replay.events == ["fooBar", "foo_bar", "replay", "refused", "stream", "日本"])
    }

    // MARK: - Recordings that are not whole

    @Test("A connection that was turned down, with an answer or without one, is expected to be")
    func refused() throws {
        let replay = try compile(
            recording(
                """
                {"t":0,"c":1,"dir":"open","via":"websocket","url":"http://127.0.0.1:3000","path":"/socket.io/?EIO=4&transport=websocket","status":403}
                {"t":10,"c":2,"dir":"open","via":"websocket","url":"http://127.0.0.1:3000","path":"/socket.io/?EIO=4&transport=websocket"}
                \(open(3, at: 20))
                \(said(3, at: 21, "out", "40"))
                \(said(3, at: 22, "in", #"44{"message":"no"}"#))
                \(close(3, at: 30))
                """
            )
        )
        #expect(
            replay.script.arrivals.map(\.kind)
                == [
                    .refusal(action: 0, isAnswered: true), .refusal(action: 1, isAnswered: false),
                    .refusal(action: 2, isAnswered: false),
                ]
        )
    }

    @Test("A recording that ends in the middle plays to there")
    func torn() throws {
        let lines = [open(1, at: 0), said(1, at: 10, "out", #"42["a"]"#), said(1, at: 20, "in", #"42["b"]"#)]
        let replay = try compile(recording(lines.joined(separator: "\n") + "\n{\"t\":30,\"c\":1,\"dir\":\"ou"))
        #expect(replay.script.actions.map(\.kind) == [.open, .message, .end])
        #expect(replay.script.actions.last?.trigger == 1)
    }

    @Test("What is missing of the beginning, in the middle, and of messages is told")
    func gaps() throws {
        let replay = try compile(
            recording(
                [
                    open(1, at: 0), said(1, at: 10, "out", #"42["a"]"#),
                    #"{"t":15,"c":1,"dir":"error","message":"40 messages with 900 bytes are left out here"}"#,
                    said(1, at: 20, "in", #"42["b"]"#), said(2, at: 30, "in", #"42["c"]"#),
                    said(1, at: 40, "in", "42["),
                ].joined(separator: "\n")
            )
        )
        #expect(replay.script.links.count == 2)
        #expect(
            replay.warnings == [
                "messages that cannot be read and are left out: 1",
                "connections whose beginning is not in the recording, which are opened plainly: 1",
                "at 15 ms the recording says: 40 messages with 900 bytes are left out here",
            ]
        )
        #expect(ReplayCompiler.compile(try recording(""), source: "a") == nil)
    }

    @Test("The same recording becomes the same script", arguments: ["leflux", "praxis", "flock"])
    func golden(name: String) throws {
        let replay = try compile(try fixture("\(name).rec.jsonl"))
        #expect(try compile(try fixture("\(name).rec.jsonl")).text == replay.text)
        try expectGolden(told(replay) + "\n\n" + replay.text, "replays/\(name).txt")
    }

    // MARK: - Much, and anything

    @Test("A mutated recording becomes a replay, or a sentence says why not", arguments: 0..<8)
    func fuzz(seed: Int) throws {
        let names = ["leflux", "praxis", "flock"]
        let bytes = Array(try fixture("\(names[seed % 3]).rec.jsonl").text.utf8)
        var random = ClientRandom(seed: UInt64(seed), slot: 5, generation: 0, stream: 0)
        var played = 0
        for _ in 0..<40 {
            let text = String(decoding: RecordingFuzzTests.mutated(bytes, &random), as: UTF8.self)
            guard var recording = try? Recording.read(text: text, file: "a").recording else { continue }
            var redactor = RecordingRedactor()
            recording.entries = recording.entries.map { redactor.redact($0) }
            recording.entries.shuffle(using: &random)
            guard let replay = ReplayCompiler.compile(recording, source: "a", target: "practice:echo") else { continue }
            let environment = Dictionary(uniqueKeysWithValues: replay.environment.map { ($0, "x") })
            do {
                check(replay, try readReplay(replay, environment))
                played += 1
            } catch let error as ScenarioError {
                #expect(error.diagnostics.allSatisfy { !$0.message.isEmpty })
            }
        }
        #expect(played > 0)
    }

    /// Whether all numbers in a script are those of something.
    private func check(_ replay: Replay, _ scenario: Scenario) {
        let script = scenario.replay ?? replay.script
        var lastTrigger = -1
        for action in script.actions {
            #expect(script.links.indices.contains(action.link) || script.links.isEmpty)
            #expect(action.trigger.map(script.arrivals.indices.contains) ?? true)
            #expect(action.pause >= .zero && action.wait >= .zero)
            #expect(action.trigger ?? -1 >= lastTrigger)
            lastTrigger = action.trigger ?? -1
            let flow = scenario.groups[script.links[action.link].group].flow
            #expect(action.step.map(flow.indices.contains) ?? true)
            #expect(action.assignments.map(flow.indices.contains) ?? true)
            if case .acknowledge(let arrival) = action.kind { #expect(script.arrivals.indices.contains(arrival)) }
        }
        for arrival in script.arrivals {
            #expect(script.events.indices.contains(arrival.event))
            #expect(arrival.cause.map(script.actions.indices.contains) ?? true)
            switch arrival.kind {
            case .event(let event): #expect(scenario.events.indices.contains(event))
            case .answer(let action), .refusal(let action, _): #expect(script.actions.indices.contains(action))
            case .close: break
            }
        }
    }

    private func readReplay(_ replay: Replay, _ environment: [String: String] = [:]) throws -> Scenario {
        try replay.scenario(Replay.Playing(), checks: [], file: "a", reader: ScenarioReader(environment: environment))
    }
}
