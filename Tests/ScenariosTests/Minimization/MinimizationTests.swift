import Testing
import Wire

@testable import Scenarios

@Suite("Cutting scenarios down")
struct MinimizationTests {
    private static let scenario = """
        name: shop
        target: { url: "http://localhost:1", headers: { Origin: "https://shop.example", X: "1" } }
        vars:
          session: ${uuid()}
          names: [ Ann, Ben ]
        load: [ { for: 1s, clients: 1, once: true } ]
        on:
          news: { count: news }
          end: [ { set: { over: true } }, { count: ends } ]
        flow:
          - connect
          - think: 1s
          - emit: join
            data: { session: "${session}", device: { kind: phone, size: [ 1, 2 ] } }
          - await: joined
            where: { session: "${session}" }
            measure: join
            capture: { token: token }
          - repeat: 8
            flow:
              - emit: look
                data: { token: "${token}", text: please show me the red shoes }
              - think: 500ms
          - when: token == "x"
            flow:
              - emit: first
            else:
              - emit: second
                data: { n: 1 }
              - emit: third
          - repeat: { each: names }
            flow:
              - emit: greet
                data: { name: "${item}" }
          - plan: task
            event: action_plan
            actions: actions
            reply:
              - think: 20ms
              - emit: done
                data: { id: "${event.actions.0.id}" }
              - emit: continue
            done: task_done
            same: [ kind ]
            clientLimit: 30
          - disconnect
        checks: [ errors.rate == 0 ]
        """

    private static let reader = ScenarioReader(environment: [:])

    private static func isScenario(_ text: String) -> Bool {
        (try? reader.read(text: text, file: "shop.yaml")) != nil
    }

    /// Cuts a scenario down.
    ///
    /// - Returns: What is left, and what was tried.
    private func minimize(
        _ text: String = scenario,
        _ fails: (JSONValue) -> Bool
    ) throws -> (search: Minimization, trials: [JSONValue]) {
        let tree = try ScenarioTree(parsing: text, file: "shop.yaml")
        var search = Minimization(tree, isScenario: Self.isScenario)
        var trials: [JSONValue] = []
        while let candidate = search.next() {
            trials.append(candidate.tree.value)
            search.take(fails: fails(candidate.tree.value))
            if trials.count > 5000 { break }
        }
        return (search, trials)
    }

    private func flow(_ search: Minimization) -> [JSONValue] { search.best.value["flow"]?.elements ?? [] }

    @Test("One step that matters is all that is left, without what it does not need")
    func oneStep() throws {
        let (search, trials) = try minimize { $0.has { $0["emit"] == .string("third") } }
        #expect(search.isMinimal)
        #expect(flow(search) == [.object([.init("emit", .string("third"))])])
        #expect(search.best.value["vars"] == nil)
        #expect(search.best.value["on"] == nil)
        #expect(search.best.value["target"]?["headers"] == nil)
        #expect(trials.count < 60)
    }

    @Test("A value that matters is left, with the step that sends it alone")
    func value() throws {
        let (search, _) = try minimize { $0.has { $0["size"]?[1] == .integer(2) || $0["size"]?[0] == .integer(2) } }
        #expect(search.best.value["flow"]?.elements?.count == 1)
        #expect(search.best.value["flow"]?[0]?["data"]?.jsonText == #"{"device":{"size":[2]}}"#)
    }

    @Test("Of a text, the words that matter are left")
    func words() throws {
        let (search, _) = try minimize { $0.has { $0["text"]?.textValue?.contains("red") ?? false } }
        #expect(search.best.text.contains("text: red"))
        #expect(!search.best.text.contains("shoes"))
    }

    @Test("A step that uses a variable is left with what makes the variable, where both matter")
    func variables() throws {
        let (search, _) = try minimize { value in
            value.has { $0["token"] == .string("${token}") && $0["emit"] == nil }
        }
        #expect(flow(search).map { $0.members?.first?.value.textValue } == ["joined", "look"])
        #expect(flow(search)[0].jsonText == #"{"await":"joined","capture":{"token":"token"}}"#)
    }

    @Test("A loop goes around as often as it has to, and is no loop where once will do")
    func rounds() throws {
        let (search, _) = try minimize { value in
            value.has { ($0["repeat"].flatMap(\.numberValue) ?? 0) >= 3 }
        }
        #expect(flow(search).count == 1)
        #expect(flow(search)[0]["repeat"] == .integer(3))
        let (once, _) = try minimize { $0.has { $0["emit"] == .string("look") } }
        #expect(flow(once).map { $0["emit"]?.textValue } == ["look"])
    }

    @Test("A loop over a list becomes its steps with the element that matters")
    func elements() throws {
        let (search, _) = try minimize { $0.has { $0["name"] == .string("Ben") || $0["names"]?.has("Ben") ?? false } }
        #expect(search.best.text.contains("Ben"))
        #expect(!search.best.text.contains("Ann"))
    }

    @Test("A plan keeps how it is measured, and of its reply the steps that matter")
    func plans() throws {
        let (search, _) = try minimize { value in
            value.has { $0["plan"] != nil && $0["reply"]?.has { $0["emit"] == .string("continue") } ?? false }
        }
        // A plan comes after something that caused it.
        #expect(flow(search).count == 2)
        #expect(
            flow(search)[1].jsonText
                == #"{"plan":"task","event":"action_plan","actions":"actions","reply":[{"emit":"continue"}],"done":"task_done","same":["kind"]}"#
        )
    }

    @Test("A handler can be what is left, beside a step that every flow has to have")
    func handlers() throws {
        let (search, _) = try minimize { $0["on"]?.has { $0["count"] == .string("ends") } ?? false }
        #expect(search.best.value["on"]?.jsonText == #"{"end":[{"count":"ends"}]}"#)
        #expect(flow(search).count == 1)
    }

    @Test("Of groups, those that matter are left")
    func groups() throws {
        let text = """
            target: { url: "http://localhost:1" }
            load: [ { for: 1s, clients: 4 } ]
            clients:
              a: { share: 2, flow: [ { emit: x }, { emit: y } ] }
              b: { flow: [ { emit: y }, { emit: z } ] }
              c: { flow: [ connect ] }
            """
        let (search, _) = try minimize(text) { $0.has { $0["emit"] == .string("z") } }
        #expect(search.best.value["clients"]?.jsonText == #"{"b":{"flow":[{"emit":"z"}]}}"#)
    }

    @Test("No candidate comes twice, and each is a scenario")
    func candidates() throws {
        let (search, trials) = try minimize { $0.has { $0["emit"] == .string("greet") } }
        #expect(search.refusals > 0)
        #expect(Set(trials).count == trials.count)
        let whole = try ScenarioTree(parsing: Self.scenario, file: "shop.yaml")
        #expect(!trials.contains(whole.value))
    }

    @Test("What is left of random failures fails, and no single step of it can go", arguments: 0..<6)
    func oneMinimal(seed: UInt64) throws {
        var random = SplitMix(seed)
        let words = [
            "join", "joined", "look", "first", "second", "third", "greet", "task", "done", "continue", "phone",
        ]
        // It fails with all of some words, unless one is there without another.
        let needed = Set((0..<(1 + random.next() % 3)).map { _ in words[Int(random.next() % UInt64(words.count))] })
        let spoiler = words[Int(random.next() % UInt64(words.count))]
        let antidote = words[Int(random.next() % UInt64(words.count))]
        func fails(_ value: JSONValue) -> Bool {
            if value.has(spoiler), !value.has(antidote) { return false }
            return needed.allSatisfy { value.has($0) }
        }
        let (search, trials) = try minimize(Self.scenario, fails)
        let best = search.best
        #expect(search.isMinimal && fails(best.value))
        #expect(trials.count < 400)
        for candidate in best.value.withoutOneStep {
            guard Self.isScenario(candidate.jsonText) else { continue }
            #expect(!fails(candidate), "\(best.text)\n\(candidate.jsonText)")
        }
    }

    @Test("The same verdicts lead to the same end by the same trials")
    func deterministic() throws {
        let (first, trials) = try minimize { $0.has("third") && $0.has("phone") }
        let (second, again) = try minimize { $0.has("third") && $0.has("phone") }
        #expect(first.best.text == second.best.text)
        #expect(trials == again)
    }

    @Test("A verdict that changes does not keep it from ending, and what is left has failed when it was tried")
    func flaky() throws {
        var random = SplitMix(11)
        var failed: Set<JSONValue> = []
        let (search, _) = try minimize { value in
            let fails = value.has("look") && random.next() % 3 > 0
            if fails { failed.insert(value) }
            return fails
        }
        #expect(search.isMinimal)
        #expect(failed.contains(search.best.value))
    }

    @Test("What dangles goes with what it hung on")
    func dangling() throws {
        let tree = try ScenarioTree(parsing: Self.scenario, file: "shop.yaml")
        let id = try #require(tree.root["vars"]?["session"]?.id)
        let cut = tree.applying([Reduction(removed: [id])])
        #expect(!cut.text.contains("session}"))
        #expect(cut.value["flow"]?[3]?["where"] == nil)
        #expect(Self.isScenario(cut.text))
    }

    @Test(
        "A template reads a variable where its name stands in it as a word",
        arguments: [
            ("${a}", true), ("x ${ a.b } y", true), ("${b ?? a}", true), ("a", false), ("${ab}", false),
            ("${b.a}", false),
            ("${b} a", false), ("${", false), ("${a", true),
        ]
    )
    func reads(text: String, expected: Bool) {
        #expect(ScenarioTree.reads(text, anyOf: ["a"]) == expected)
    }
}

extension JSONValue {
    /// Whether it, or any value in it, is such.
    fileprivate func has(_ isSuch: (JSONValue) -> Bool) -> Bool {
        if isSuch(self) { return true }
        switch self {
        case .array(let elements): return elements.contains { $0.has(isSuch) }
        case .object(let members): return members.contains { $0.value.has(isSuch) }
        default: return false
        }
    }

    fileprivate func has(_ word: String) -> Bool { has { $0 == .string(word) } }

    /// The scenario without each of its steps in turn, however deep it lies.
    fileprivate var withoutOneStep: [JSONValue] {
        switch self {
        case .array(let elements):
            elements.indices.map { place in
                var rest = elements
                rest.remove(at: place)
                return .array(rest)
            }
                + elements.indices.flatMap { place in
                    elements[place].withoutOneStep.map { changed in
                        var all = elements
                        all[place] = changed
                        return .array(all)
                    }
                }
        case .object(let members):
            members.indices.flatMap { place -> [JSONValue] in
                guard
                    ["flow", "else", "reply", "clients"].contains(members[place].name)
                        || members[place].value.elements == nil
                else { return [] }
                return members[place].value.withoutOneStep.map { changed in
                    var all = members
                    all[place].value = changed
                    return .object(all)
                }
            }
        default: []
        }
    }
}
