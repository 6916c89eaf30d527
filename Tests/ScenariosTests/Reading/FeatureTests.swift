import Scenarios
import Testing
import Wire

@Suite("What a scenario can say")
struct FeatureTests {
    @Test("the target in full")
    func target() throws {
        let scenario = try read(
            """
            name: full
            description: >
              All of it.
            target:
              url: ws://[::1]:3002
              protocol: socket.io
              path: /live
              namespace: /admin
              transports: [websocket]
              query: { a: "${x}" }
              headers: { Origin: https://shop.example }
              auth: { apiKey: "${x}", role: admin }
              timeout: 5s
            vars: { x: key }
            load: [ { for: 1s, clients: 1 } ]
            grace: 3s
            warmup: 500ms
            flow: connect
            """
        )
        let target = scenario.groups[0].target
        #expect(target.location == .server(ServerURL(isSecure: false, host: "::1", port: 3002)))
        #expect(target.path == "/live/")
        #expect(target.namespace == "/admin")
        #expect(target.timeout == .seconds(5))
        #expect(target.query.map(\.name) == ["a"])
        #expect(target.headers.map(\.name) == ["Origin"])
        var values = clientValues(scenario.groups[0])
        #expect(target.auth?.rendered(&values) == #"{"apiKey":"key","role":"admin"}"#)
        #expect(scenario.grace == .seconds(3))
        #expect(scenario.warmup == .milliseconds(500))
        #expect(scenario.description == "All of it.")
        #expect(scenario.groups.map(\.name) == ["clients"])
    }

    @Test(
        "URLs",
        arguments: [
            ("http://localhost", "localhost", 80, "/socket.io/"), ("http://a:3000/", "a", 3000, "/socket.io/"),
            ("WS://a.b:1", "a.b", 1, "/socket.io/"), ("http://a/x/y", "a", 80, "/x/y/"),
            ("http://[::1]", "::1", 80, "/socket.io/"),
        ]
    )
    func urls(url: String, host: String, port: Int, path: String) throws {
        let target = try read(scenario(flow: "- connect"), overrides: Overrides(target: url)).groups[0].target
        #expect(target.location == .server(ServerURL(isSecure: false, host: host, port: port)))
        #expect(target.path == path)
        #expect(target.shownURL == url)
    }

    @Test("practice servers and their faults; the command line replaces the URL")
    func practice() throws {
        let text = scenario(flow: "- connect")
        #expect(try read(text).groups[0].target.location == .practice(system: "leflux", faults: []))
        let url = "practice:leflux?drop-chunk=7&no-ping"
        let replaced = try read(text, overrides: Overrides(target: url)).groups[0].target.location
        #expect(replaced == .practice(system: "leflux", faults: ["drop-chunk=7", "no-ping"]))
        let without = "name: a\nload: [ { for: 1s, clients: 1 } ]\nflow: connect"
        #expect(try read(without, overrides: Overrides(target: url)).groups.count == 1)
    }

    @Test("what stands at the top and in a group merges, and the group wins")
    func merging() throws {
        let scenario = try read(
            """
            name: merge
            target: { url: "practice:a", query: { a: 1, b: 2 }, timeout: 3s }
            vars: { x: top, y: "${x}", z: 1 }
            think: 1s
            on: { e: { count: top }, f: { count: f } }
            load: [ { for: 1s, clients: 10 } ]
            clients:
              plain: { flow: connect }
              own:
                share: 3
                target: { query: { b: 3, c: 4 }, timeout: 4s }
                vars: { x: group, w: 2 }
                think: 2s..4s
                on: { e: [ { count: group } ] }
                flow: [ connect ]
            """
        )
        let (plain, own) = (scenario.groups[0], scenario.groups[1])
        #expect([plain.share, own.share] == [1, 3])
        #expect(plain.target.query.map(\.name) == ["a", "b"])
        #expect(own.target.query.map(\.name) == ["a", "b", "c"])
        var values = clientValues(own)
        #expect(own.target.query.map { $0.value.text(&values, event: nil) } == ["1", "3", "4"])
        #expect([plain.target.timeout, own.target.timeout] == [.seconds(3), .seconds(4)])
        #expect(own.variables.map(\.name) == ["x", "y", "z", "w"])
        #expect(values.variables[own.variables[1].slot] == .string("group"))
        #expect(plain.think == .range(DelayRange(lower: .seconds(1), upper: .seconds(1))))
        #expect(own.think == .range(DelayRange(lower: .seconds(2), upper: .seconds(4))))
        #expect(plain.handlers.map { scenario.events[$0.event] } == ["e", "f"])
        #expect(own.handlers.map { scenario.events[$0.event] } == ["e", "f"])
        guard case .count(let counter) = own.handlers[0].steps[0].action else { return #expect(Bool(false)) }
        #expect(scenario.counters[counter] == "group")
    }

    @Test("a flow at the top serves the only group, which names itself")
    func topFlow() throws {
        let text = scenario(flow: "- connect\n- disconnect", top: "clients: { only: { share: 2 } }")
        let group = try read(text).groups[0]
        #expect(group.name == "only")
        #expect(group.flow.count == 2)
    }

    @Test("a request in full")
    func http() throws {
        let group = try read(
            scenario(
                flow: """
                    - http: POST /api/${client.index}?a=b
                      json: { id: "${client.index}" }
                      headers: { X: y }
                      expect: 201
                      within: 3s
                      measure: ask
                      capture: { id: data.id }
                    - http: GET http://other/
                    - emit: a
                      data: ${id}
                    """
            )
        ).groups[0]
        guard case .http(let request) = group.flow[0].action, case .http(let other) = group.flow[1].action else {
            return #expect(Bool(false))
        }
        var values = clientValues(group, slot: 4)
        #expect(request.method == "POST")
        #expect(request.path.text(&values, event: nil) == "/api/4?a=b")
        #expect(request.body?.rendered(&values) == #"{"id":4}"#)
        #expect(request.headers.map(\.name) == ["X"])
        #expect(request.expect == 201)
        #expect(request.within == .seconds(3))
        #expect(request.measure == "ask")
        #expect(request.capture.map(\.name) == ["id"])
        #expect(other.path.text(&values, event: nil) == "http://other/")
        #expect(other.expect == nil)
        #expect(other.within == .seconds(10))
        #expect(other.body == nil)
    }

    @Test("emit: one argument, several, none; with an acknowledgement")
    func emit() throws {
        let flow = """
            - emit: none
            - emit: one
              data: { a: 1 }
            - emit: two
              args: [ 1, [ "x" ] ]
              ack: { within: 2s, measure: saved, capture: { id: id } }
            - emit: bare
              ack: {}
            """
        let emits = try steps(flow).compactMap { step -> Emit? in
            guard case .emit(let emit) = step.action else { return nil }
            return emit
        }
        #expect(emits.map(\.arguments.count) == [0, 1, 2, 0])
        #expect(emits[2].acknowledgement?.within == .seconds(2))
        #expect(emits[2].acknowledgement?.measure == "saved")
        #expect(emits[3].acknowledgement?.within == .seconds(10))
        #expect(emits[1].acknowledgement == nil)
    }

    @Test("streams and plans: all options, and what is meant where nothing is said")
    func streamsAndPlans() throws {
        let flow = """
            - connect
            - stream: bare
              chunk: chunk
              done: [ done, { event: chunk, where: { last: true } } ]
            - stream: full
              chunk: chunk
              done: done
              where: { a: 1 }
              key: [ id, streamId ]
              index: n
              text: t
              final: all
              within: 30s
              stall: 5s
            - plan: few
              event: plan
              actions: actions
              reply: { think: 1s }
              done: done
            - plan: all_of_it
              event: plan
              actions: [ actions, steps ]
              key: id
              reply: [ { emit: next, data: "${event.actions.0.id}" } ]
              done: done
              refuse: error
              clientLimit: none
              serverLimit: 30
              same: type
              cycle: none
              progress: step
              within: 2m
            """
        let scenario = try read(scenario(flow: flow))
        let list = scenario.groups[0].flow
        guard case .stream(let bare) = list[1].action, case .stream(let full) = list[2].action,
            case .plan(let few) = list[3].action, case .plan(let all) = list[4].action
        else { return #expect(Bool(false)) }
        #expect(bare.within == .seconds(10) && bare.stall == nil && bare.key == nil && bare.condition == nil)
        #expect(bare.done.patterns.map { $0.condition != nil } == [false, true])
        #expect(full.within == .seconds(30) && full.stall == .seconds(5) && full.condition != nil)
        #expect(full.key?.alternatives.count == 2 && full.index != nil && full.text != nil && full.final != nil)
        #expect(few.clientLimit == nil && few.serverLimit == nil && few.cycle == 5 && few.same.isEmpty)
        #expect(few.within == .seconds(10) && few.refuse == nil && few.reply.count == 1)
        #expect(all.clientLimit == nil && all.serverLimit == 30 && all.cycle == nil && all.same == ["type"])
        #expect(all.progress != nil && all.key != nil && all.refuse != nil && all.outcome != few.outcome)
        #expect(scenario.events == ["chunk", "done", "plan", "error"])
        #expect(scenario.groups[0].readsEvent)
    }

    @Test("a latency may run from connect, emit and http, also from those of a branch")
    func causes() {
        for cause in [
            "connect", "emit: a", "http: GET /", "when: true\n  flow: { emit: a }", "repeat: 2\n  flow: connect",
        ] {
            #expect(problems(flow: "- \(cause)\n- await: b\n  measure: m").isEmpty, "\(cause)")
        }
        #expect(problems(flow: "- await: b").isEmpty)
        let branch = "- when: true\n  flow: connect\n  else: { await: b, measure: m }"
        #expect(problems(flow: branch).map(\.code) == [.noCause])
    }

    @Test("a handler may send, count, set, branch and fail")
    func handlers() {
        let handler = """
            on:
              e:
                - emit: a
                - set: { x: "${event.x}" }
                - when: x == 1
                  flow: { count: ones }
                  else: { fail: "${event.message}" }
                - repeat: 2
                  flow: { emit: b, data: "${i}" }
                - disconnect
            """
        #expect(problems(flow: "- connect", top: handler).isEmpty)
    }

    @Test("what only handlers read of an event costs the flow nothing; what the flow reads is noted")
    func flags() throws {
        let handler = "on: { e: { count: x } }"
        func group(_ flow: String, _ top: String = handler) throws -> ClientGroup {
            try read(scenario(flow: flow, top: top)).groups[0]
        }
        #expect(try !group("- connect", "on: { e: { fail: \"${event.m}\" } }").readsEvent)
        #expect(try !group("- connect\n- await: a\n  where: event.x == 1").readsEvent)
        #expect(try group("- connect\n- when: event.x == 1\n  flow: connect").readsEvent)
        #expect(try group("- emit: a\n- emit: b\n  data: ${sent.x}").readsSent)
        #expect(try group("- connect", "on: { e: { fail: \"${sent.m}\" } }").readsSent)
        #expect(try !group("- connect").readsSent)
    }

    @Test("checks, with what stands beside them")
    func checks() throws {
        let top =
            "checks: [ a.p95 < 1s, { check: b == 0, abort: true, after: 10s }, { check: c == 0, optional: true } ]"
        let checks = try read(scenario(flow: "- connect", top: top)).checks
        #expect(checks.map(\.text) == ["a.p95 < 1s", "b == 0", "c == 0"])
        #expect(checks.map(\.aborts) == [false, true, false])
        #expect(checks.map(\.after) == [.zero, .seconds(10), .zero])
        #expect(checks.map(\.isOptional) == [false, false, true])
    }

    @Test("whoever judges checks hears every name that the scenario declares")
    func declaredNames() throws {
        let flow = """
            - http: GET /
              measure: page
            - emit: save
              ack: { measure: saved }
            - await: e
              measure: join
            - stream: answer
              chunk: c
              done: d
            - plan: task
              event: p
              actions: a
              reply: { count: replies }
              done: d
            """
        let text = scenario(flow: flow, top: "checks: [ x ]")
            .replacing("clients: 1 }", with: "clients: 1, name: steady }")
        let error = #expect(throws: ScenarioError.self) {
            try read(text) { _, names in
                var expected = DeclaredNames()
                expected.groups = ["clients"]
                expected.phases = ["steady"]
                expected.measures = ["page", "saved", "join"]
                expected.acknowledgedEvents = ["save"]
                expected.streams = ["answer"]
                expected.plans = ["task"]
                expected.counters = ["replies"]
                expected.receivedEvents = ["e", "c", "d", "p"]
                expected.usesHTTP = true
                return CheckProblem(range: 0..<1, message: names == expected ? "as expected" : "\(names)")
            }
        }
        #expect(error?.diagnostics.map(\.message) == ["as expected"])
    }

    @Test("names that differ little are a warning, different ones are not")
    func similarNames() {
        func codes(_ first: String, _ second: String) -> [Diagnostic.Code] {
            problems(flow: "- connect\n- await: \(first)\n- await: \(second)").map(\.code)
        }
        #expect(problems(flow: "- emit: chatMessage\n- await: CHAT_MESSAGE").isEmpty)
        #expect(problems(flow: "- emit: chat_message\n- emit: chat_mesage").map(\.code) == [.similarNames])
        for (first, second) in [
            ("message_done", "mesage_done"), ("messageDone", "message_done"), ("action_plan", "action_plans"),
        ] {
            #expect(codes(first, second) == [.similarNames], "\(first) \(second)")
        }
        for (first, second) in [
            ("PING", "PONG"), ("join_session", "session_joined"), ("SUBSCRIBE_EVENTS", "UNSUBSCRIBE_EVENTS"),
            ("message_chunk", "message_done"), ("channel_1", "channel_2"), ("same", "same"),
        ] {
            #expect(codes(first, second).isEmpty, "\(first) \(second)")
        }
    }

    @Test("a warning does not keep a scenario from running, and comes with it")
    func warnings() throws {
        let scenario = try read(scenario(flow: "- connect\n- await: messages\n- await: message"))
        #expect(scenario.warnings.map(\.severity) == [.warning])
    }

    @Test("a scenario without a name is called as its file")
    func name() throws {
        let text = scenario(flow: "- connect").replacing("name: test\n", with: "")
        #expect(try read(text, file: "some/folder/chat.yaml").name == "chat")
    }
}
