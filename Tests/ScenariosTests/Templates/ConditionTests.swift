import Scenarios
import Testing
import Wire

@Suite("Conditions")
struct ConditionTests {
    private static let event =
        #"["e",{"n":5,"f":5.0,"s":"x","u":"\u0041","t":true,"z":null,"a":[1,2],"o":{"b":1,"c":2},"q":""},"two"]"#
    private static let vars = "vars: { five: 5, text: x, off: false, none: null, list: [1, 2], object: { c: 2, b: 1 } }"

    private func holds(_ condition: String, event: String? = event) throws -> Bool {
        let quoted = "'" + condition.replacing("'", with: "''") + "'"
        let group = try read(scenario(flow: "- when: \(quoted)\n  flow: connect", top: Self.vars)).groups[0]
        guard case .when(let when) = group.flow[0].action else { return false }
        var values = clientValues(group)
        guard let event else { return when.condition.holds(&values, event: nil) }
        return withEvent(event) { when.condition.holds(&values, event: $0) }
    }

    @Test(
        "that hold",
        arguments: [
            "event.n == 5", "event.n == 5.0", "event.f == 5", "event.n == five", "five == event.n", "event.s == 'x'",
            "event.s == text", "event.u == 'A'", "event.t == true", "event.t", "not event.z", "event.z == null",
            "event.nothing == null", "event.n != '5'", "event.s < 'y'", "event.n < 6", "event.n <= 5", "event.n >= 5",
            "event.n > 4.5", "event.a == list", "event.o == object", "event.args.1 == 'two'", "event.$.0 == 'e'",
            "exists event.n", "event.n exists", "not exists event.nothing", "not (event.nothing exists)",
            "exists event.q",
            "event.n == 5 and event.s == 'x'", "event.n == 6 or event.s == 'x'", "false or true and true",
            "(event.n == 6 or event.n == 5) and event.t", "(event.n) == 5", "(none ?? 5) == event.n",
            "event.nothing ?? 'd' == 'd'", "off == false", "not off", "none == null", "client.index == 0",
            "event.a.1 == 2",
            "text == 'x' and not not text == 'x'", "true", "-1 < 0",
        ]
    )
    func hold(condition: String) throws {
        #expect(try holds(condition))
    }

    @Test(
        "that do not",
        arguments: [
            "event.n == '5'", "event.s == x.y", "event.n == 6", "event.n != 5", "event.s < 5", "event.s > 5",
            "event.nothing > 1",
            "event.nothing < 1", "event.z exists", "exists event.nothing", "event.q", "event.nothing", "off", "none",
            "event.t == 'true'", "event.t == 1", "true and false or false", "not true or false", "event.a == 1",
            "null < null",
        ]
    )
    func doNotHold(condition: String) throws {
        #expect(try !holds(condition.replacing("x.y", with: "text.y")))
    }

    @Test("without an event its places are null")
    func noEvent() throws {
        #expect(try holds("event.n == null", event: nil))
        #expect(try !holds("event.n == 5", event: nil))
    }

    @Test("an outcome of a plan is a variable")
    func outcome() throws {
        let flow = """
            - connect
            - plan: task
              event: e
              actions: a
              reply: []
              done: d
            - when: task.outcome == 'runaway'
              flow: connect
            """
        let group = try read(scenario(flow: flow)).groups[0]
        guard case .plan(let plan) = group.flow[1].action, case .when(let when) = group.flow[2].action else {
            return #expect(Bool(false))
        }
        var values = clientValues(group)
        #expect(!when.condition.holds(&values, event: nil))
        values.variables[plan.outcome] = .string("runaway")
        #expect(when.condition.holds(&values, event: nil))
    }
}

@Suite("`where:`")
struct MessageConditionTests {
    private func matches(_ condition: String, _ event: String) throws -> Bool {
        let vars = "vars: { session: abc, five: 5, none: null, yes: true }"
        let group = try read(scenario(flow: "- connect\n- await: e\n  where: \(condition)", top: vars)).groups[0]
        guard case .await(let step) = group.flow[1].action, let condition = step.match.patterns[0].condition else {
            return false
        }
        var values = clientValues(group)
        return withEvent(event) { condition.matches($0, &values) }
    }

    @Test(
        "matches",
        arguments: [
            ("{ id: \"${session}\" }", #"["e",{"id":"abc"}]"#), ("{ id: \"${session}\" }", #"["e",{"id":"\u0061bc"}]"#),
            ("{ id: abc, n: 5 }", #"["e",{"n":5.0,"id":"abc"}]"#), ("{ n: \"${five}\" }", #"["e",{"n":5}]"#),
            ("{ ok: true }", #"["e",{"ok":true}]"#), ("{ ok: \"${yes}\" }", #"["e",{"ok":true}]"#),
            ("{ a.0.id: 3 }", #"["e",{"a":[{"id":3}]}]"#),
            ("{ \"a[0].id\": 3 }", #"["e",{"a":[{"id":3}]}]"#), ("{ x: null }", #"["e",{}]"#),
            ("{ x: \"${none}\" }", #"["e",{"x":null}]"#),
            ("{ x: { b: 1, a: 2 } }", #"["e",{"x":{"a":2,"b":1}}]"#),
            ("{ x: [1, \"${five}\"] }", #"["e",{"x":[1,5]}]"#),
            ("{ id: \"<${session}>\" }", #"["e",{"id":"<abc>"}]"#), ("{ args.1: b }", #"["e",{},"b"]"#),
            ("{ $.2: b }", #"["e",{},"b"]"#),
            ("event.id == session", #"["e",{"id":"abc"}]"#), ("event.n > 3", #"["e",{"n":4}]"#),
            ("{ \"0\": x }", #"["e",["x"]]"#),
            ("{}", #"["e"]"#), ("{ n: 1.50 }", #"["e",{"n":1.5}]"#),
        ]
    )
    func match(condition: String, event: String) throws {
        #expect(try matches(condition, event))
    }

    @Test(
        "does not match",
        arguments: [
            ("{ id: \"${session}\" }", #"["e",{"id":"abd"}]"#), ("{ id: \"${session}\" }", #"["e",{"id":5}]"#),
            ("{ id: \"${session}\" }", #"["e",{}]"#), ("{ id: \"${session}\" }", #"["e"]"#),
            ("{ id: abc, n: 5 }", #"["e",{"id":"abc"}]"#),
            ("{ n: 5 }", #"["e",{"n":"5"}]"#), ("{ n: \"5\" }", #"["e",{"n":5}]"#), ("{ x: null }", #"["e",{"x":0}]"#),
            ("{ x: [1] }", #"["e",{"x":[1,2]}]"#), ("{ x: {} }", #"["e",{"x":[]}]"#),
            ("event.id == session", #"["e",{"id":"x"}]"#),
            ("{ args.2: b }", #"["e",{},"b"]"#), ("{ a.5: 3 }", #"["e",{"a":[3]}]"#),
        ]
    )
    func mismatch(condition: String, event: String) throws {
        #expect(try !matches(condition, event))
    }

    @Test("the conditions of an event and of its step both have to hold")
    func both() throws {
        let flow = "- connect\n- await: [ { event: a, where: { x: 1 } }, b ]\n  where: event.y == 2"
        let scenario = try read(scenario(flow: flow))
        guard case .await(let step) = scenario.groups[0].flow[1].action else { return #expect(Bool(false)) }
        #expect(step.match.patterns.map { scenario.events[$0.event] } == ["a", "b"])
        var values = clientValues(scenario.groups[0])
        func holds(_ pattern: Int, _ event: String) -> Bool? {
            withEvent(event) { step.match.patterns[pattern].condition?.matches($0, &values) }
        }
        #expect(holds(0, #"["a",{"x":1,"y":2}]"#) == true)
        #expect(holds(0, #"["a",{"x":1,"y":3}]"#) == false)
        #expect(holds(0, #"["a",{"x":0,"y":2}]"#) == false)
        #expect(holds(1, #"["b",{"y":2}]"#) == true)
    }

    @Test("an acknowledgement has no name before its arguments, and the first path that is present counts")
    func acknowledgement() throws {
        guard
            case .emit(let emit) = try steps("- emit: a\n  ack: { capture: { x: [id, args.1.id, $] } }")[0].action,
            let capture = emit.acknowledgement?.capture.first
        else { return #expect(Bool(false)) }
        func value(_ json: String) -> JSONValue? {
            Array(json.utf8).withUnsafeBytes { bytes in
                let first = JSONScanner.firstElement(ofArrayAt: 0..<bytes.count, in: bytes)?.range
                return capture.path.value(in: EventView(bytes: bytes, first: first, list: 0..<bytes.count, skipped: 0))
            }
        }
        #expect(value(#"[{"id":1},{"id":2}]"#) == .integer(1))
        #expect(value(#"[{},{"id":2}]"#) == .integer(2))
        #expect(value(#"[3]"#) == .array([.integer(3)]))
        #expect(value("[]") == .array([]))
    }
}
