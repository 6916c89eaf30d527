@testable import Scenarios
import Testing
import Wire

@Suite("Plain WebSocket")
struct WebSocketTests {
    /// A scenario with this target and flow.
    private static func text(_ target: String, flow: String = "- connect", top: String = "") -> String {
        """
        name: plain
        target:
          url: ws://localhost:8000
          protocol: websocket
        \(target.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        load: [ { for: 1s, clients: 1 } ]
        \(top)
        flow:
        \(flow.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        """
    }

    private static let envelope = """
        envelope:
          send: { type: "${emit}", payload: "${data}", id: "${token}", n: 7 }
          event: type
          data: payload
        """

    private static func emits(_ group: ClientGroup) -> [Emit] {
        group.flow.compactMap { if case .emit(let emit) = $0.action { emit } else { nil } }
    }

    private static func message(_ send: Send?, _ values: inout ClientValues) -> String? {
        switch send?.content {
        case .json(let template): template.rendered(&values)
        case .text(let template): template.text(&values, event: nil)
        case .binary, nil: nil
        }
    }

    @Test("the path is as it is written, and '/' where nothing is said")
    func path() throws {
        #expect(try read(Self.text("")).groups[0].target.path == "/")
        #expect(try read(Self.text("path: /ws/events")).groups[0].target.path == "/ws/events")
        let url = Self.text("").replacing("localhost:8000", with: "localhost:8000/live/")
        #expect(try read(url).groups[0].target.path == "/live/")
        #expect(try read(url).groups[0].target.messageProtocol == .webSocket)
        #expect(try read(url).groups[0].namespaces.isEmpty)
    }

    @Test("the places of an envelope start at the root of the message")
    func envelopePlaces() throws {
        let text = Self.text(
            """
            envelope:
              event: [ type, $.meta.type ]
              rules: [ { has: [ run_id, [ output, output_type ] ], is: streaming }, { has: error, is: failed } ]
              data: payload.0
            """
        )
        let envelope = try #require(try read(text).groups[0].target.envelope)
        func path(_ components: JSONPath.Component...) -> MessagePath {
            MessagePath(root: .message, path: JSONPath(components))
        }
        func name(_ text: String) -> JSONPath.Component { .name(Array(text.utf8)) }
        #expect(envelope.event?.alternatives == [path(name("type")), path(name("meta"), name("type"))])
        #expect(envelope.data?.alternatives == [path(name("payload"), .index(0))])
        #expect(envelope.rules.map(\.event) == ["streaming", "failed"])
        #expect(
            envelope.rules[0].has.map(\.alternatives) == [
                [path(name("run_id"))], [path(name("output")), path(name("output_type"))],
            ]
        )
        #expect(envelope.rules[1].has.map(\.alternatives) == [[path(name("error"))]])
    }

    @Test("an event and its data are put into the envelope")
    func emit() throws {
        let flow = """
            - emit: ask
              data: { q: "${client.index}", more: [ 1 ] }
            - emit: ping
            - emit: join
              data: "${token}"
            - emit: 'say "hi"'
              data: text
            """
        let group = try read(Self.text(Self.envelope, flow: flow, top: "vars: { token: t }")).groups[0]
        var values = clientValues(group)
        let emits = Self.emits(group)
        #expect(
            emits.map { Self.message($0.message, &values) } == [
                #"{"type":"ask","payload":{"q":0,"more":[1]},"id":"t","n":7}"#, #"{"type":"ping","id":"t","n":7}"#,
                #"{"type":"join","payload":"t","id":"t","n":7}"#,
                #"{"type":"say \"hi\"","payload":"text","id":"t","n":7}"#,
            ]
        )
        #expect(emits.map(\.event) == ["ask", "ping", "join", "say \"hi\""])
        let payload = MessagePath(root: .message, path: JSONPath([.name(Array("payload".utf8))]))
        #expect(emits.map(\.message?.data) == [payload, payload, payload, payload])
    }

    @Test("data can be the whole message, an element of a list, or not be there")
    func dataPlaces() throws {
        func emit(_ send: String, _ step: String) throws -> (text: String?, path: MessagePath?) {
            let group = try read(Self.text("envelope: { send: \(send) }", flow: step)).groups[0]
            var values = clientValues(group)
            let emit = try #require(Self.emits(group).first)
            return (Self.message(emit.message, &values), emit.message?.data)
        }
        let whole = try emit("\"${data}\"", "- { emit: a, data: { x: 1 } }")
        #expect(whole.text == #"{"x":1}"#)
        #expect(whole.path == MessagePath(root: .message, path: JSONPath([])))
        let list = try emit("[ \"${emit}\", { d: \"${ data }\" } ]", "- { emit: a, data: 5 }")
        #expect(list.text == #"["a",{"d":5}]"#)
        #expect(list.path == MessagePath(root: .message, path: JSONPath([.index(1), .name(Array("d".utf8))])))
        let none = try emit("{ t: \"x-${emit}\" }", "- emit: a")
        #expect(none.text == #"{"t":"x-a"}"#)
        #expect(none.path == nil)
    }

    @Test("what an emit fills in differs from client to client and from send to send")
    func emitEvaluates() throws {
        let target = "envelope: { send: { t: \"${emit}\", id: \"${uuid()}\", at: \"${iso()}\", d: \"${data}\" } }"
        let group = try read(Self.text(target, flow: "- { emit: a, data: \"${random(1, 1)}\" }")).groups[0]
        var values = clientValues(group)
        let send = Self.emits(group)[0].message
        let first = Self.message(send, &values)
        let second = Self.message(send, &values)
        #expect(first != second)
        #expect(first?.hasPrefix(#"{"t":"a","id":""#) == true)
        #expect(first?.hasSuffix(#""at":"2026-01-31T09:05:00.007Z","d":1}"#) == true)
    }

    @Test("raw messages: texts, and JSON where a list or a map stands")
    func send() throws {
        let flow = """
            - send: hello ${client.index}
            - send: 17
            - send: { a: "${client.index}" }
            - send: [ x ]
            - await: message
              where: { $: pong }
              within: 2s
            """
        let group = try read(Self.text("", flow: flow)).groups[0]
        var values = clientValues(group)
        let sends = group.flow.compactMap { step -> Send? in
            if case .send(let send) = step.action { send } else { nil }
        }
        #expect(sends.map { Self.message($0, &values) } == ["hello 0", "17", #"{"a":0}"#, #"["x"]"#])
        let isJSON = sends.map { if case .json = $0.content { true } else { false } }
        #expect(isJSON == [false, false, true, true])
    }

    @Test("heartbeats: ping frames, messages with an answer, and answers to the server's")
    func heartbeat() throws {
        func heartbeat(_ text: String, envelope: String = "") throws -> (Heartbeat, ClientGroup, [String]) {
            let scenario = try read(Self.text("heartbeat: \(text)\n\(envelope)", top: "vars: { token: t }"))
            return (try #require(scenario.groups[0].target.heartbeat), scenario.groups[0], scenario.events)
        }
        let (ping, _, _) = try heartbeat("{ every: 30s }")
        #expect(ping.asking?.every == .seconds(30))
        #expect(ping.asking?.within == .seconds(10))
        guard case .ping? = ping.asking?.question else { return #expect(Bool(false)) }
        #expect(try heartbeat("{ every: 5s }").0.asking?.within == .seconds(5))

        let (asks, group, events) = try heartbeat(
            "{ every: 30s, emit: PING, await: PONG, within: 2s }",
            envelope: Self.envelope
        )
        #expect(asks.asking?.within == .seconds(2))
        guard case .message(let question, let answer)? = asks.asking?.question else { return #expect(Bool(false)) }
        var values = clientValues(group)
        #expect(Self.message(question, &values) == #"{"type":"PING","payload":{},"id":"t","n":7}"#)
        #expect(answer.patterns.map { events[$0.event] } == ["PONG"])
        #expect(answer.patterns[0].condition == nil)

        let (both, _, names) = try heartbeat(
            "{ every: 30s, answer: { ping: { emit: pong, data: { at: \"${now()}\" } }, hey: ho } }",
            envelope: Self.envelope
        )
        #expect(both.asking != nil)
        #expect(both.answers.map { names[$0.event] } == ["ping", "hey"])
        #expect(
            both.answers.map { Self.message($0.reply, &values) } == [
                #"{"type":"pong","payload":{"at":1769850300007},"id":"t","n":7}"#,
                #"{"type":"ho","payload":{},"id":"t","n":7}"#,
            ]
        )
    }

    @Test("without an envelope heartbeats are texts, known by their text")
    func textHeartbeat() throws {
        let scenario = try read(Self.text("heartbeat: { every: 30s, emit: ping, await: pong, answer: { hi: ho } }"))
        let heartbeat = try #require(scenario.groups[0].target.heartbeat)
        var values = clientValues(scenario.groups[0])
        guard case .message(let question, let answer)? = heartbeat.asking?.question else {
            return #expect(Bool(false))
        }
        #expect(Self.message(question, &values) == "ping")
        #expect(answer.patterns.map { scenario.events[$0.event] } == ["message"])
        #expect(withText("pong") { answer.patterns[0].condition?.matches($0, &values) } == true)
        #expect(withText("ping") { answer.patterns[0].condition?.matches($0, &values) } == false)
        let reply = heartbeat.answers[0]
        #expect(scenario.events[reply.event] == "message")
        #expect(withText("hi") { reply.condition?.matches($0, &values) } == true)
        #expect(withText("ho") { reply.condition?.matches($0, &values) } == false)
        #expect(Self.message(reply.reply, &values) == "ho")
    }

    @Test("with names but nothing said of sending, an answer is a text")
    func textAnswer() throws {
        let text = Self.text("envelope: { event: type }\nheartbeat: { answer: { ping: pong } }")
        let scenario = try read(text)
        let answer = try #require(scenario.groups[0].target.heartbeat?.answers.first)
        var values = clientValues(scenario.groups[0])
        #expect(scenario.events[answer.event] == "ping")
        #expect(answer.condition == nil)
        #expect(Self.message(answer.reply, &values) == "pong")
    }

    @Test("groups of one file may speak different protocols, and leave out what is the other's")
    func protocols() throws {
        let groups = try read(
            """
            name: both
            target: { url: "http://localhost:80", namespace: /live, auth: { a: 1 }, transports: [polling], timeout: 3s }
            load: [ { for: 1s, clients: 2 } ]
            clients:
              socket: { flow: connect }
              plain: { target: { protocol: websocket, path: /ws }, flow: [ { send: hello } ] }
            """
        ).groups
        #expect(groups.map(\.target.messageProtocol) == [.socketIO, .webSocket])
        #expect(groups.map(\.target.path) == ["/socket.io/", "/ws"])
        #expect(groups.map(\.target.timeout) == [.seconds(3), .seconds(3)])
        #expect(groups.map(\.target.transports) == [.polling, .webSocket])
        #expect(groups[1].target.auth == nil)
        #expect(groups.map(\.namespaces) == [["/live"], []])
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        var target: String
        var flow: String
        var message: String
        var testDescription: String { message }

        init(_ target: String, _ flow: String, _ message: String) {
            (self.target, self.flow, self.message) = (target, flow, message)
        }

        init(_ target: String, _ message: String) {
            self.init(target, "- connect", message)
        }
    }

    static let faults: [Fault] = [
        Fault("namespace: /a", "'namespace' belongs to the protocol 'socket.io', and this is 'websocket'"),
        Fault("auth: { a: 1 }", "'auth' belongs to the protocol 'socket.io', and this is 'websocket'"),
        Fault("transports: [polling]", "'transports' belongs to the protocol 'socket.io', and this is 'websocket'"),
        Fault("envelope: {}", "the envelope says nothing"),
        Fault("envelope: { evnt: type }", "'evnt' is unknown in the envelope"),
        Fault("envelope: { event: args.1.x }", "'event' is a place in the whole message, which has no arguments"),
        Fault("envelope: { rules: [] }", "'rules' has to be a list of rules, not a list"),
        Fault("envelope: { rules: [ { has: a } ] }", "'is' is missing in a rule"),
        Fault("envelope: { rules: [ { is: a } ] }", "'has' is missing in a rule"),
        Fault(
            "envelope: { rules: [ { has: a, is: closed } ] }",
            "'closed' is what happened to the connection, never a message"
        ),
        Fault("envelope: { send: { a: \"x ${data}\" } }", "'data' is a whole value, not a part of one"),
        Fault("envelope: { send: { a: \"${data.x}\" } }", "'data' is a whole value, not a part of one"),
        Fault("envelope: { send: { a: \"${event.x}\" } }", "there is no event in what frames a message"),
        Fault("envelope: { send: { a: \"${nobody}\" } }", "there is no variable 'nobody'"),
        Fault(
            "",
            "- emit: a",
            "a plain WebSocket has no events of its own, and the target does not say how one is framed"
        ),
        Fault(
            "envelope: { send: { t: \"${emit}\" } }",
            "- { emit: a, data: 1 }",
            "the envelope's 'send' has no place for data"
        ),
        Fault(
            envelope.replacing("${token}", with: "x"),
            "- { emit: a, ack: {} }",
            "'ack' belongs to the protocol 'socket.io', and this is 'websocket'"
        ),
        Fault(
            envelope.replacing("${token}", with: "x"),
            "- { emit: a, args: [ 1 ] }",
            "'args' belongs to the protocol 'socket.io', and this is 'websocket'"
        ),
        Fault("", "- acknowledge", "'acknowledge' belongs to the protocol 'socket.io', and this is 'websocket'"),
        Fault("", "- send:", "'send' has to be a text, not nothing"),
        Fault(
            "",
            "- send: a\n  onFailure: continue",
            "'send' fails only where the target says 'outbound: { overflow: fail }'"
        ),
        Fault(
            "",
            "- await: welcome",
            "every message is the event 'message' here: the target has no 'envelope' that says where a name stands"
        ),
        Fault(
            "envelope: { rules: [ { has: a, is: started } ] }",
            "- await: startd",
            "no message of this envelope is the event 'startd'"
        ),
        Fault("heartbeat: {}", "the heartbeat says nothing"),
        Fault("heartbeat: { every: 0s }", "'every' has to be some time"),
        Fault("heartbeat: { emit: PING }", "'emit' belongs to what is sent 'every' so often, and there is no 'every'"),
        Fault("heartbeat: { every: 1s, emit: PING }", "'await' is missing in the heartbeat"),
        Fault("heartbeat: { every: 1s, await: PONG }", "'await' belongs to 'emit'; without it a ping frame is sent"),
        Fault(
            "heartbeat: { every: 1s, within: 2s }",
            "an answer that may take longer than 'every' cannot be told from the next one"
        ),
        Fault(
            "heartbeat: { every: 1s, emit: a, data: {}, await: b }",
            "without an envelope a heartbeat is a text and has no data"
        ),
        Fault("heartbeat: { answer: ping }", "'answer' has to be a map of events, not a text"),
        Fault(
            "heartbeat: { answer: { closed: pong } }",
            "'closed' is what happened to the connection, never a message"
        ),
    ]

    @Test("what makes no sense is told, once", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(Self.text(fault.target, flow: fault.flow)).map(\.message) == [fault.message])
    }

    @Test("an envelope that cannot be read is the only fault")
    func brokenEnvelope() {
        let text = Self.text("envelope: text", flow: "- emit: a\n- await: b")
        #expect(problems(text).map(\.message) == ["the envelope has to be a map, not a text"])
    }

    @Test(
        "envelopes and heartbeats belong to the plain WebSocket",
        arguments: ["envelope: { event: a }", "heartbeat: { every: 1s }"]
    )
    func socketIO(text: String) {
        let messages = problems(Self.text(text).replacing("protocol: websocket", with: "protocol: socket.io"))
        let key = text.prefix { $0 != ":" }
        #expect(messages.map(\.message) == ["'\(key)' belongs to the protocol 'websocket', and this is 'socket.io'"])
        #expect(problems(flow: "- send: hello").map(\.code) == [.badValue])
    }

    @Test("a place and a help for what is misspelled")
    func rendered() {
        let text = Self.text("envelope: { rules: [ { has: a, is: started } ] }", flow: "- await: startd")
        #expect(
            problems(text).map { $0.rendered(colour: false) } == [
                """
                test.yaml:9:12: error: no message of this envelope is the event 'startd'
                    - await: startd
                             ^
                  help: did you mean 'started'?
                """
            ]
        )
    }

    /// A message without a known form, which is no JSON.
    private func withText<Result>(_ text: String, _ body: (EventView) -> Result) -> Result {
        Array(text.utf8).withUnsafeBytes { bytes in
            body(EventView(bytes: bytes, first: nil, list: 0..<0, skipped: 0, isText: true))
        }
    }
}
