import Foundation
import Scenarios
import Testing

@Suite("Broken scenario files")
struct FuzzTests {
    @Test("a mutated file is read or refused with diagnostics, and never crashes", arguments: 0..<12)
    func mutated(seed: Int) throws {
        let names = [
            "scenarios/leflux.yaml", "scenarios/runaway-loop.yaml", "Tests/ScenariosTests/Fixtures/every-step.yaml",
        ]
        let text = try String(
            contentsOf: repository.appending(path: names[seed % names.count]),
            encoding: .utf8
        )
        var random = ClientRandom(seed: UInt64(seed), slot: 0, generation: 0, stream: 0)
        for _ in 0..<40 {
            let mutant = mutate(text, &random)
            let file = random.next() % 8 == 0 ? "x.json" : "x.yaml"
            do throws(ScenarioError) {
                let scenario = try read(mutant, file: file)
                #expect(scenario.warnings.allSatisfy { $0.severity == .warning })
                #expect(!scenario.outline.isEmpty)
                for group in scenario.groups { _ = clientValues(group) }
            } catch {
                #expect(error.diagnostics.contains { $0.severity == .error })
                #expect(error.diagnostics.allSatisfy { !$0.rendered(colour: true).isEmpty })
            }
        }
    }

    @Test("of very many faults the first ones are said")
    func manyFaults() {
        let keys = (0..<20_000).map { "k\($0): 1" }.joined(separator: ", ")
        let diagnostics = problems("{ \(keys) }")
        #expect(diagnostics.count == 200)
        #expect(diagnostics.allSatisfy { $0.code == .unknownKey })
    }

    @Test(
        "of very many faults of one kind the first ones are said",
        arguments: [
            ("- emt@: a", .unknownKey), ("- conect@", .unknownKey), ("- emit: a\n  dat@: 1", .unknownKey),
            ("- emit: e@\n  data: \"${unknown@}\"", .unknownVariable),
            ("- emit: e@\n  data: ${uid@()}", .unknownFunction),
            ("- await: a\n  since: m@", .noCause), ("- think: soon@", .badValue), ("- count: C@", .badValue),
        ] as [(String, Diagnostic.Code)]
    )
    func manyFaults(step: String, code: Diagnostic.Code) {
        let variables = (0..<1000).map { "v\($0): 1" }.joined(separator: ", ")
        let flow = (0..<1000).map { step.replacing("@", with: "\($0)") }.joined(separator: "\n")
        let diagnostics = problems(flow: flow, top: "vars: { \(variables) }")
        #expect(diagnostics.count { $0.severity == .error } == 200)
        #expect(diagnostics.allSatisfy { $0.code == code || $0.severity == .warning })
    }

    @Test("very many warnings do not hide an error")
    func manyWarnings() {
        let flow = (0..<250).map { _ in "- repeat: { each: product }\n  flow: { think: 1s }" }.joined(separator: "\n")
        let top = "vars: { products: 1 }"
        let warnings = problems(flow: "- connect\n" + flow, top: top)
        #expect(warnings.count == 200)
        #expect(warnings.allSatisfy { $0.code == .similarNames })
        let diagnostics = problems(flow: "- connect\n" + flow + "\n- think: soon", top: top)
        #expect(diagnostics.count == 201)
        #expect(diagnostics.last?.code == .badValue)
    }

    @Test("random expressions never crash", arguments: 0..<4)
    func expressions(seed: Int) {
        let words = [
            "event", ".", "0", "[", "]", "x", "==", "!=", "<", "and", "or", "not", "exists", "(", ")", "'", "\"", "??",
            "uuid()",
            "random(1, 6)", "env.A", "client.index", "-1", "1e9", "${", "}", ",", " ", "sent.a", "args.1", "$", "pick(",
            "é", "i", "item", "item.a",
        ]
        var random = ClientRandom(seed: UInt64(seed), slot: 1, generation: 0, stream: 0)
        for _ in 0..<150 {
            let count = random.integer(from: 1, through: 9)
            let text = (0..<count).map { _ in words[random.integer(from: 0, through: words.count - 1)] }
                .joined(separator: random.next() % 2 == 0 ? " " : "")
            let quoted = "'" + text.replacing("'", with: "''") + "'"
            var values = ClientValues(slotCount: 4, random: random, clientIndex: 0)
            let loop = "- connect\n- repeat: { each: \(quoted) }\n  flow: { wait: \(quoted) }"
            if case .repeat(let loop)? = (try? steps(loop))?[1].action, case .each(let list) = loop.times {
                _ = withEvent(#"["e",{"x":[1,{"y":"z"}]},2]"#) { list.value(&values, event: $0) }
                _ = list.value(&values, event: nil)
            }
            let flow = "- connect\n- when: \(quoted)\n  flow: { emit: a, data: { x: \(quoted) } }"
            let list = try? steps(flow)
            guard case .when(let when)? = list?[1].action else { continue }
            _ = withEvent(#"["e",{"x":[1,{"y":"z"}]},2]"#) { when.condition.holds(&values, event: $0) }
            _ = when.condition.holds(&values, event: nil)
        }
    }

    private func mutate(_ text: String, _ random: inout ClientRandom) -> String {
        var scalars = Array(text.unicodeScalars)
        let interesting = Array("{}[]:,&*?|>'\"#$!%@`~-\n\t \u{0}\u{85}é😀0".unicodeScalars)
        for _ in 0...random.integer(from: 0, through: 4) {
            let at = random.integer(from: 0, through: scalars.count - 1)
            switch random.next() % 6 {
            case 0: scalars[at] = interesting[random.integer(from: 0, through: interesting.count - 1)]
            case 1: scalars.insert(interesting[random.integer(from: 0, through: interesting.count - 1)], at: at)
            case 2: scalars.remove(at: at)
            case 3: scalars.removeSubrange(at..<min(scalars.count, at + random.integer(from: 1, through: 80)))
            case 4:
                let end = min(scalars.count, at + random.integer(from: 1, through: 200))
                scalars.insert(contentsOf: scalars[at..<end], at: random.integer(from: 0, through: scalars.count - 1))
            default: scalars.swapAt(at, random.integer(from: 0, through: scalars.count - 1))
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
