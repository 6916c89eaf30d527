import Foundation
import Scenarios
import Testing
import Wire

@Suite("Branches, loops and waiting")
struct BranchingTests {
    @Test("choose: weights, one unless said, and what one branch sends is a cause for what follows")
    func choose() throws {
        let list = try steps(
            """
            - choose:
                - { weight: 3, flow: [ connect, { emit: a } ] }
                - { flow: disconnect }
                - { weight: 1000, flow: { think: 1s } }
            - await: b
              measure: m
            """
        )
        guard case .choose(let choices) = list[0].action else { return #expect(Bool(false)) }
        #expect(choices.map(\.weight) == [3, 1, 1000])
        #expect(choices.map(\.flow.count) == [2, 1, 1])
        let branch = "- choose: [ { flow: connect }, { flow: { await: b, measure: m } } ]"
        #expect(problems(flow: branch).map(\.code) == [.noCause])
    }

    @Test("wait: a condition, 10 s unless said")
    func wait() throws {
        let text = scenario(
            flow: "- connect\n- wait: ready == 1\n- wait: event.x == 2\n  within: 3s",
            top: "vars: { ready: 1 }"
        )
        let group = try read(text).groups[0]
        guard case .wait(let first) = group.flow[1].action, case .wait(let second) = group.flow[2].action else {
            return #expect(Bool(false))
        }
        #expect([first.within, second.within] == [.seconds(10), .seconds(3)])
        var values = clientValues(group)
        #expect(first.condition.holds(&values, event: nil))
        #expect(withEvent(#"["e",{"x":2}]"#) { second.condition.holds(&values, event: $0) })
        #expect(!second.condition.holds(&values, event: nil))
        #expect(group.readsEvent)
    }

    @Test("pace, and a think time of either kind at the top, in a group and as a step")
    func delays() throws {
        let scenario = try read(
            """
            name: a
            target: { url: "practice:a" }
            load: [ { for: 1s, clients: 10 } ]
            think: { mean: 2s, distribution: exponential }
            clients:
              top: { flow: [ connect, { pace: 100ms } ] }
              merged: { think: { mean: 3s }, flow: connect }
              own: { think: 1s..2s, flow: { think: { mean: 500ms, distribution: exponential } } }
            """
        )
        #expect(
            scenario.groups.map(\.think) == [
                .exponential(mean: .seconds(2)), .exponential(mean: .seconds(3)),
                .range(DelayRange(lower: .seconds(1), upper: .seconds(2))),
            ]
        )
        guard case .pace(let pace) = scenario.groups[0].flow[1].action,
            case .think(let think) = scenario.groups[2].flow[0].action
        else { return #expect(Bool(false)) }
        #expect(pace == .milliseconds(100))
        #expect(think == .exponential(mean: .milliseconds(500)))
    }

    @Test("repeat: every form, with and without a grid")
    func loops() throws {
        let list = try steps(
            """
            - repeat: 5
              every: 2s
              flow: connect
            - repeat: forever
              every: 100ms
              flow: { emit: a }
            - repeat: { for: 30s }
              flow: { think: 1s }
            - repeat: { until: i == 2 }
              flow: { emit: a }
            - repeat: { each: x }
              flow: { emit: a }
            """
        )
        let loops = list.compactMap { step -> Repeat? in
            guard case .repeat(let loop) = step.action else { return nil }
            return loop
        }
        guard loops.count == 5, case .count(5) = loops[0].times, case .forever = loops[1].times,
            case .duration(.seconds(30)) = loops[2].times, case .until(let condition) = loops[3].times,
            case .each = loops[4].times
        else { return #expect(Bool(false)) }
        #expect(loops.map(\.every) == [.seconds(2), .milliseconds(100), nil, nil, nil])
        #expect(loops.map { $0.item != nil } == [false, false, false, false, true])
        #expect(loops.map { $0.list != nil } == [false, false, false, false, true])
        var values = ClientValues(
            slotCount: 8,
            random: ClientRandom(seed: 1, slot: 0, generation: 0, stream: 0),
            clientIndex: 0
        )
        values.variables[loops[3].index] = .integer(2)
        #expect(condition.holds(&values, event: nil))
        values.variables[loops[3].index] = .integer(1)
        #expect(!condition.holds(&values, event: nil))
    }

    @Test(
        "each: a variable where the path starts with the name of one, else the event",
        arguments: [
            ("products", #"[{"id":1},{"id":2}]"#), ("products.1.id", "2"), ("products[0]", #"{"id":1}"#),
            ("list", "[3]"), ("event.list", "[3]"), ("args.1.more", "[4]"), ("event", #"{"list":[3]}"#),
            ("$.2.more", "[4]"), ("nowhere", "null"), ("[ nowhere, args.1.more, products ]", "[4]"),
            ("[ nowhere, products.0.id, list ]", "1"), ("sent.x", "[5]"),
        ]
    )
    func each(path: String, expected: String) throws {
        let value = path.hasPrefix("[") ? path : "\"\(path)\""
        let text = scenario(
            flow: "- connect\n- repeat: { each: \(value) }\n  flow: { emit: a, data: \"${item.id}\" }",
            top: "vars: { products: [ { id: 1 }, { id: 2 } ] }"
        )
        let group = try read(text).groups[0]
        guard case .repeat(let loop) = group.flow[1].action, case .each(let list) = loop.times else {
            return #expect(Bool(false))
        }
        var values = clientValues(group)
        values.sent = StoredEvent(arguments: Array(#"[{"x":[5]}]"#.utf8))
        let read = withEvent(#"["e",{"list":[3]},{"more":[4]}]"#) { list.value(&values, event: $0) }
        #expect(read.jsonText == expected)
        #expect(group.readsEvent == (path != "sent.x" && !path.hasPrefix("products")))
        #expect(group.readsSent == (path == "sent.x"))
    }

    @Test("item is of the innermost loop over a list, also inside other loops; i is of the innermost loop")
    func item() throws {
        let group = try read(
            scenario(
                flow: """
                    - repeat: { each: list }
                      flow:
                        - repeat: 3
                          flow: { emit: a, data: "${item.x}/${i}" }
                        - repeat: { each: item.inner }
                          flow: { emit: b, data: "${item}/${i}" }
                        - emit: c
                          data: "${item.x}/${i}"
                    """
            )
        ).groups[0]
        guard case .repeat(let outer) = group.flow[0].action, case .repeat(let plain) = outer.flow[0].action,
            case .repeat(let inner) = outer.flow[1].action, case .emit(let emit) = outer.flow[2].action,
            case .each(let innerList) = inner.times, case .emit(let inPlain) = plain.flow[0].action,
            case .emit(let inInner) = inner.flow[0].action
        else { return #expect(Bool(false)) }
        let slots = [outer.index, outer.item, outer.list, inner.index, inner.item, inner.list].compactMap { $0 }
        #expect(Set(slots).count == 6)
        #expect(slots.allSatisfy { $0 < group.slotCount })
        var values = clientValues(group)
        let element: JSONValue = .object([
            JSONValue.Member("x", .string("X")), JSONValue.Member("inner", .array([.integer(7)])),
        ])
        values.variables[try #require(outer.item)] = element
        values.variables[try #require(inner.item)] = .integer(7)
        values.variables[outer.index] = .integer(10)
        values.variables[inner.index] = .integer(20)
        #expect(innerList.value(&values, event: nil) == .array([.integer(7)]))
        #expect(inPlain.arguments[0].rendered(&values) == #""X/20""#)
        #expect(inInner.arguments[0].rendered(&values) == #""7/20""#)
        #expect(emit.arguments[0].rendered(&values) == #""X/10""#)
    }

    @Test("the loops of a handler do not count in the variables of the flow's loops")
    func handlerLoops() throws {
        let group = try read(
            scenario(
                flow: "- connect\n- repeat: { each: x }\n  flow: { await: a }",
                top: "on: { e: { repeat: { each: y }, flow: { emit: b, data: \"${item}\" } } }"
            )
        ).groups[0]
        guard case .repeat(let flow) = group.flow[1].action,
            case .repeat(let handler) = group.handlers[0].steps[0].action
        else { return #expect(Bool(false)) }
        let slots = [flow, handler].flatMap { [$0.index, $0.item, $0.list] }.compactMap { $0 }
        #expect(Set(slots).count == 6)
    }

    @Test(
        "a loop that waits, or changes what it ends by, may go on",
        arguments: [
            "repeat: forever\n  flow: [ { pace: 1s }, { emit: a } ]",
            "repeat: forever\n  flow: { choose: [ { flow: { think: 1s } }, { flow: { emit: a } } ] }",
            "repeat: forever\n  flow: { repeat: 2, every: 1s, flow: { emit: a } }",
            "repeat: forever\n  every: 1s\n  flow: { count: rounds }",
            "repeat: forever\n  flow: { wait: event.x }",
            "repeat: { for: 3s }\n  flow: { await: a }",
            "repeat: { until: \"random(1, 6) == 6\" }\n  flow: { emit: a }",
            "repeat: { until: not (i < 5) }\n  flow: { emit: a }",
            "repeat: { until: x == 1 }\n  flow: { when: client.index, flow: { set: { x: 1 } } }",
            "repeat: { until: event.done }\n  flow: { await: a }",
        ]
    )
    func waitingLoops(loop: String) {
        #expect(problems(flow: "- connect\n- \(loop)").isEmpty)
    }

    @Test("a think time of the group makes a loop wait where it sends")
    func thinkingLoop() {
        let loop = "- repeat: { for: 3s }\n  flow: { emit: a }"
        #expect(problems(flow: loop, top: "think: 1s").isEmpty)
        #expect(problems(flow: loop, top: "think: { mean: 1s, distribution: exponential }").isEmpty)
    }

    @Test("since: connect, or the measure of an earlier step, which makes a latency possible without a cause")
    func since() throws {
        let list = try steps(
            """
            - await: a
              since: connect
              measure: first
              within: 3s
            - repeat: 2
              flow: { emit: save, ack: { measure: saved } }
            - choose: [ { flow: { http: GET /, measure: page } }, { flow: connect } ]
            - await: b
              since: saved
            - await: c
              since: page
            - await: d
              since: first
            - await: e
            """
        )
        let since = list.compactMap { step -> Since?? in
            guard case .await(let wait) = step.action else { return nil }
            return wait.since
        }
        #expect(since == [.connect, .measure("saved"), .measure("page"), .measure("first"), nil])
    }

    @Test("onFailure: the group's, over that at the top, and the step's own where it says one")
    func failurePolicies() throws {
        let scenario = try read(
            """
            name: a
            target: { url: "practice:a" }
            load: [ { for: 1s, clients: 10 } ]
            onFailure: continue
            clients:
              top:
                flow:
                  - connect:
                    onFailure: abort
                  - connect
                  - await: a
                    onFailure: leave
                  - http: GET /
                    onFailure: continue
                  - emit: a
                    ack: {}
                    onFailure: abort
                  - fail: why
                    onFailure: continue
                  - wait: client.index
                    onFailure: continue
              own: { onFailure: abort, flow: connect }
            """
        )
        #expect(scenario.groups.map(\.onFailure) == [.continue, .abort])
        #expect(
            scenario.groups[0].flow.map(\.onFailure) == [
                .abort, nil, .leave, .continue, .abort, .continue, .continue,
            ]
        )
        #expect(try read(Self.text(flow: "connect")).groups[0].onFailure == .leave)
    }

    @Test("a handler may choose and go through a list")
    func handlers() {
        let handler = """
            on:
              e:
                - choose: [ { weight: 2, flow: { emit: a } }, { flow: [ disconnect, { fail: no } ] } ]
                - repeat: { each: event.list }
                  flow: { count: seen }
            """
        #expect(problems(flow: "- connect", top: handler).isEmpty)
    }

    @Test("a file with every step of this version reads")
    func everyStep() throws {
        let url = try #require(
            Bundle.module.url(forResource: "every-step", withExtension: "yaml", subdirectory: "Fixtures")
        )
        let scenario = try ScenarioReader(environment: [:]).read(path: url.path())
        #expect(scenario.warnings.isEmpty)
        #expect(scenario.counters == ["kept", "seen"])
    }

    private static func text(flow: String) -> String { scenario(flow: "- \(flow)") }
}
