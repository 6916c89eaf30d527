import Scenarios
import Testing

@Suite("Reconnects")
struct ReconnectTests {
    private func reconnect(_ top: String, target: String = "url: \"practice:a\"") throws(ScenarioError) -> Reconnect {
        try read("target: { \(target) }\nload: [ { for: 1s, clients: 1 } ]\nflow: connect\n\(top)").groups[0].reconnect
    }

    @Test("Socket.IO's own unless said, and none on a plain WebSocket")
    func unsaid() throws {
        let webSocket = "url: \"ws://a\", protocol: websocket"
        #expect(try reconnect("") == .policy(.socketIO))
        #expect(try reconnect("", target: webSocket) == .none)
        #expect(try reconnect("reconnect: none") == .none)
        #expect(try reconnect("reconnect: socket.io", target: webSocket) == .policy(.socketIO))
    }

    @Test("by numbers")
    func numbers() throws {
        let delays = try reconnect(
            "reconnect: { delay: 2s, factor: 2, cap: 10s, jitter: 0, attempts: 5, ignore: [1000] }"
        )
        let expected = ReconnectPolicy(delay: .seconds(2), factor: 2, cap: .seconds(10), attempts: 5, ignore: [1000])
        #expect(delays == .policy(expected))
        let all = """
            reconnect:
              delay: 250ms
              factor: 1.5
              cap: 250ms
              jitter: 0.25
              attempts: 1
              initial: true
              ignore: [ 1000, 4999 ]
              afterRefusal: true
            """
        #expect(
            try reconnect(all)
                == .policy(
                    ReconnectPolicy(
                        delay: .milliseconds(250),
                        factor: 1.5,
                        cap: .milliseconds(250),
                        jitter: 0.25,
                        attempts: 1,
                        initial: true,
                        ignore: [1000, 4999],
                        afterRefusal: true
                    )
                )
        )
    }

    @Test("what is left out: doubled delays of at most 30 s, without end")
    func leftOut() throws {
        #expect(
            try reconnect("reconnect: { delay: 1s }")
                == .policy(.init(delay: .seconds(1), factor: 2, cap: .seconds(30)))
        )
        #expect(try reconnect("reconnect: { delay: 40s }") == .policy(.init(delay: .seconds(40), cap: .seconds(40))))
        #expect(
            try reconnect("reconnect: { delay: 1s, ignore: 4001 }")
                == .policy(.init(delay: .seconds(1), cap: .seconds(30), ignore: [4001]))
        )
        #expect(
            try reconnect("reconnect: { delay: 1s, ignore: [] }")
                == .policy(.init(delay: .seconds(1), cap: .seconds(30)))
        )
    }

    @Test("a group's numbers go over those at the top, and its word in their place")
    func merged() throws {
        let scenario = try read(
            """
            target: { url: "practice:a" }
            load: [ { for: 1s, clients: 4 } ]
            reconnect: { delay: 1s, cap: 8s, attempts: 5 }
            clients:
              plain: { flow: connect }
              patient: { reconnect: { cap: 20s }, flow: connect }
              official: { reconnect: socket.io, flow: connect }
              never: { reconnect: none, flow: connect }
            """
        )
        #expect(
            scenario.groups.map(\.reconnect) == [
                .policy(.init(delay: .seconds(1), cap: .seconds(8), attempts: 5)),
                .policy(.init(delay: .seconds(1), cap: .seconds(20), attempts: 5)), .policy(.socketIO), .none,
            ]
        )
    }

    @Test(
        "what makes no sense",
        arguments: [
            ("sometimes", .badValue), ("[ none ]", .wrongType), ("~", .wrongType), ("{}", .missing),
            ("{ cap: 1s }", .missing), ("{ delay: 0s }", .badValue), ("{ delay: 5 }", .badValue),
            ("{ delay: 2s, cap: 1s }", .badValue), ("{ delay: 1s, cap: 0s }", .badValue),
            ("{ delay: 1s, factor: 0.9 }", .badValue), ("{ delay: 1s, factor: 1001 }", .badValue),
            ("{ delay: 1s, factor: \"2\" }", .badValue), ("{ delay: 1s, jitter: -0.1 }", .badValue),
            ("{ delay: 1s, jitter: 1.1 }", .badValue), ("{ delay: 1s, jitter: 50% }", .badValue),
            ("{ delay: 1s, attempts: 0 }", .badValue), ("{ delay: 1s, attempts: 1.5 }", .badValue),
            ("{ delay: 1s, initial: often }", .wrongType), ("{ delay: 1s, ignore: 999 }", .badValue),
            ("{ delay: 1s, ignore: [ 1000, 5000 ] }", .badValue), ("{ delay: 1s, ignore: { a: 1 } }", .badValue),
            ("{ delay: 1s, afterRefusal: 1 }", .wrongType), ("{ dely: 1s }", .unknownKey),
            ("{ delay: 1s, retries: 3 }", .unknownKey),
        ] as [(String, Diagnostic.Code)]
    )
    func faults(text: String, code: Diagnostic.Code) {
        let diagnostics = problems(
            flow: "- connect\n- await: a\n  onLoss: wait",
            top: "reconnect: \(text)\nrejoin: { emit: b }"
        )

        #expect(diagnostics.map(\.code) == [code])
    }

    // MARK: rejoin

    @Test("steps after a reconnect, of the file or of the group")
    func rejoin() throws {
        let scenario = try read(
            """
            target: { url: "practice:a" }
            load: [ { for: 1s, clients: 4 } ]
            rejoin:
              - emit: join
              - await: joined
                within: 2s
                measure: back
                joins: all
            clients:
              plain: { flow: connect }
              own: { rejoin: { count: again }, flow: connect }
              never: { reconnect: none, flow: connect }
            """
        )
        #expect(scenario.groups.map(\.rejoin.count) == [2, 1, 0])
        guard case .await(let step) = scenario.groups[0].rejoin[1].action else {
            Issue.record("no await")
            return
        }
        #expect(step.within == .seconds(2))
        #expect(scenario.groups[0].rejoin[1].roomChanges.count == 1)
        #expect(scenario.groups[0].usesRooms)
        #expect(scenario.counters == ["again"])
        #expect(scenario.events == ["joined"])
    }

    @Test(
        "whatever puts a client back may stand there",
        arguments: [
            "emit: a", "emit: a\n    ack: { within: 1s, measure: m }", "http: POST /a\n    measure: m", "await: a",
            "acknowledge:", "think: 1s..2s", "wait: client.index == 0\n    within: 1s", "stall: 1s", "set: { a: 1 }",
            "count: a", "fail: no", "when: client.index == 0\n    flow: { emit: a }",
            "choose: [ { flow: { emit: a } } ]", "repeat: 3\n    flow: { emit: a }",
            "repeat: { for: 1s }\n    flow: { think: 1s }", "await: a\n    measure: m\n    onFailure: continue",
        ]
    )
    func allowed(step: String) throws {
        let text = scenario(flow: "- connect", top: "rejoin:\n  - \(step)")
        #expect(try read(text).groups[0].rejoin.count == 1)
    }

    @Test(
        "and nothing else",
        arguments: [
            ("connect", .badValue, "the connection is open again when 'rejoin' begins"),
            ("disconnect", .badValue, "'rejoin' puts back what a lost connection took, and this takes the next"),
            ("drop: reset", .badValue, "'rejoin' puts back what a lost connection took, and this takes the next"),
            ("stream: s\n    chunk: c\n    done: d", .badValue, "a 'stream' belongs to the flow"),
            (
                "plan: p\n    event: e\n    actions: a\n    reply: { emit: b }\n    done: d", .badValue,
                "a 'plan' belongs to the flow"
            ),
            ("pace: 1s", .badValue, "a grid belongs to the flow"),
            (
                "repeat: forever\n    flow: { think: 1s }", .badValue,
                "a client would never be back after a loop that never ends"
            ),
            (
                "when: client.index == 0\n    flow: connect", .badValue,
                "the connection is open again when 'rejoin' begins"
            ),
            (
                "fanout: text", .badValue,
                "'fanout' takes deliveries whenever they come, which is what handlers are for"
            ),
            (
                "await: a\n    since: connect", .badValue,
                "'since' belongs to the flow; times of 'rejoin' run from what it sent last, or from its begin"
            ),
            (
                "await: [ a, closed ]", .badValue,
                "'closed' is what 'rejoin' begins anew after, so that it waits for it in vain"
            ),
            (
                "await: a\n    onLoss: retry", .badValue,
                "when the connection falls here, all of 'rejoin' begins again with the next one"
            ),
            ("repeat: { for: 1s }\n    flow: { emit: a }", .badValue, "this loop never waits"),
            ("emmit: a", .unknownKey, "there is no step 'emmit'"),
            (
                "emit: a\n    data: \"${i}\"", .unknownVariable,
                "'i' counts the rounds of a 'repeat', and there is none here"
            ),
        ] as [(String, Diagnostic.Code, String)]
    )
    func notAllowed(step: String, code: Diagnostic.Code, message: String) {
        let diagnostics = problems(flow: "- connect", top: "rejoin:\n  - \(step)")
        #expect(diagnostics.map(\.code) == [code])
        #expect(diagnostics.map(\.message) == [message])
    }

    @Test("what it sends is no cause of the flow's, and what it measures is nothing the flow can start from")
    func noCause() {
        let rejoin = "rejoin: [ { emit: a, ack: { measure: back } } ]"
        #expect(problems(flow: "- await: b\n  within: 2s", top: rejoin).map(\.code) == [.noCause])
        #expect(problems(flow: "- connect\n- await: b\n  since: back", top: rejoin).map(\.code) == [.noCause])
    }

    @Test("its times run from the reconnect where it has sent nothing")
    func ownCause() {
        #expect(problems(flow: "- connect", top: "rejoin: { await: welcome, within: 2s, measure: welcomed }").isEmpty)
    }

    @Test("its clients do not think before they send, so that a loop of sends alone is a busy one")
    func noThinking() {
        let top = "think: 1s\nrejoin: { repeat: { for: 1s }, flow: { emit: a } }"
        #expect(problems(flow: "- connect", top: top).map(\.message) == ["this loop never waits"])
    }

    @Test("loops in it have places of their own, since it runs in the middle of the flow")
    func loops() throws {
        let loop = "repeat: 2\n    flow: { emit: a, data: \"${i}\" }"
        let group = try read(
            scenario(
                flow: "- repeat: 2\n  flow: { emit: a, data: \"${i}\" }",
                top: "rejoin:\n  - \(loop)\non:\n  e:\n    \(loop.replacing("\n    ", with: "\n    "))"
            )
        ).groups[0]
        let indices = (group.flow + group.rejoin + group.handlers[0].steps).compactMap { step -> VariableSlot? in
            guard case .repeat(let loop) = step.action else { return nil }
            return loop.index
        }
        #expect(Set(indices).count == 3)
    }

    @Test("it reads the variables of the flow, and the flow those that it sets")
    func variables() throws {
        let rejoin = "rejoin: [ { await: a, capture: { restored: r } }, { emit: b, data: \"${token}\" } ]"
        let flow = "- connect\n- await: c\n  capture: { token: t }\n- emit: d\n  data: ${restored}"
        #expect(problems(flow: flow, top: rejoin).isEmpty)
    }

    @Test("it reads what a step took last, and what was sent last")
    func views() throws {
        let group = try read(
            scenario(
                flow: "- connect",
                top: "rejoin: [ { await: a }, { emit: b, data: [ \"${event.x}\", \"${sent.y}\" ] } ]"
            )
        ).groups[0]
        #expect(group.readsEvent)
        #expect(group.readsSent)
    }

    @Test("where nothing reconnects it is a fault")
    func idle() {
        let head = "target: { url: \"ws://a\", protocol: websocket }\nload: [ { for: 1s, clients: 1 } ]\n"
        let message = "nothing reconnects here, so that 'rejoin' never begins"
        for text in [
            head + "flow: connect\nrejoin: { count: a }",
            head + "clients: { a: { flow: connect, rejoin: { count: a } } }",
            head
                + "clients: { a: { flow: connect, rejoin: { count: a } }, b: { flow: connect, reconnect: socket.io } }",
        ] {
            #expect(problems(text).map(\.message) == [message], "\(text)")
        }
        let mixed =
            "rejoin: { count: c }\nclients: { a: { flow: connect }, b: { flow: connect, reconnect: socket.io } }"
        #expect(problems(head + mixed).isEmpty)
    }

    // MARK: onLoss

    @Test(
        "what becomes of a waiting step",
        arguments: [
            ("await: a\n  onLoss: wait", .wait), ("await: a\n  onLoss: retry", .retry),
            ("wait: client.index == 0\n  onLoss: fail", .fail),
            ("stream: s\n  chunk: c\n  done: d\n  onLoss: retry", .retry),
            ("plan: p\n  event: e\n  actions: a\n  reply: { emit: b }\n  done: d\n  onLoss: retry", .retry),
            ("emit: a\n  ack: {}\n  onLoss: retry", .retry), ("await: a", nil),
        ] as [(String, LossPolicy?)]
    )
    func onLoss(step: String, policy: LossPolicy?) throws {
        #expect(try steps("- connect\n- \(step)")[1].onLoss == policy)
    }

    @Test("an acknowledged send is its own cause")
    func ownRetry() throws {
        #expect(try steps("- emit: a\n  ack: {}\n  onLoss: retry")[0].onLoss == .retry)
        let flow = "- repeat: 2\n  flow: { emit: a, ack: {}, onLoss: retry }"
        #expect(problems(flow: flow).isEmpty)
    }

    @Test(
        "it is done again where the last cause stands before the step in the same list",
        arguments: [
            ("- emit: a\n- await: b\n  onLoss: retry", true), ("- await: b\n  onLoss: retry", false),
            ("- emit: a\n- think: 1s\n- count: c\n- await: b\n  onLoss: retry", true),
            ("- emit: a\n- await: b\n- await: c\n  onLoss: retry", true),
            ("- emit: a\n- repeat: 2\n  flow: { await: b, onLoss: retry }", false),
            ("- emit: a\n- repeat: 2\n  flow: [ { emit: c }, { await: b, onLoss: retry } ]", true),
            ("- repeat: 2\n  flow: [ { await: b, onLoss: retry }, { emit: c } ]", false),
            ("- emit: a\n- when: client.index == 0\n  flow: { emit: c }\n- await: b\n  onLoss: retry", false),
            ("- emit: a\n- when: client.index == 0\n  flow: { count: c }\n- await: b\n  onLoss: retry", true),
            ("- choose: [ { flow: { emit: a } } ]\n- await: b\n  onLoss: retry", false),
            ("- choose: [ { flow: [ { emit: a }, { await: b, onLoss: retry } ] } ]", true),
            ("- [ [ { emit: a } ], { await: b, onLoss: retry } ]", true),
            (
                "- emit: x\n- plan: p\n  event: e\n  actions: a\n  reply: { emit: b }\n  done: d\n- await: c\n  onLoss: retry",
                false
            ),
            (
                "- emit: x\n- plan: p\n  event: e\n  actions: a\n  reply: { count: b }\n  done: d\n- await: c\n  onLoss: retry",
                true
            ),
        ]
    )
    func retries(flow: String, isFine: Bool) {
        #expect(problems(flow: flow).map(\.code) == (isFine ? [] : [.noCause]))
    }

    @Test(
        "where it means nothing",
        arguments: [
            (
                "- emit: a\n  onLoss: wait", "",
                "'emit' waits only for an acknowledgement, so that 'onLoss' means nothing here"
            ),
            (
                "- connect\n- await: a\n  onLoss: wait", "reconnect: none",
                "nothing reconnects here, so that 'onLoss' means nothing"
            ),
            (
                "- connect\n- await: a\n  since: connect\n  onLoss: retry", "",
                "'retry' goes back to the last cause, and 'since' names another one"
            ),
            (
                "- connect\n- plan: p\n  event: e\n  actions: a\n  reply: { await: b, onLoss: fail }\n  done: d", "",
                "the steps of a reply go with their plan"
            ),
            ("- connect\n- await: a\n  onLoss: retyr", "", "'onLoss' has to be wait, retry or fail, not 'retyr'"),
            ("- think: 1s\n  onLoss: wait", "", "'onLoss' is unknown in 'think'"),
            ("- connect:\n  onLoss: wait", "", "'onLoss' is unknown in 'connect'"),
            ("- drop: reset\n  onLoss: wait", "", "'onLoss' is unknown in 'drop'"),
        ]
    )
    func noLoss(flow: String, top: String, message: String) {
        #expect(problems(flow: flow, top: top).map(\.message) == [message])
    }
}
