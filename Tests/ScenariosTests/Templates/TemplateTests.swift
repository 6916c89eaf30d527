import NIOCore
import Scenarios
import Testing
import Wire

@Suite("Templates")
struct TemplateTests {
    /// The first argument of an emit whose `data:` this is, for a client with some variables.
    private func render(
        _ data: String,
        sent: String = "",
        event: String? = nil,
        environment: [String: String] = [:],
        slot: Int = 7
    ) throws -> String {
        let vars = """
            vars: { name: Ann, empty: "", none: null, list: [1, "b"], object: { a: { b: 5 }, s: [x] }, count: 3, yes: true, \
            half: 0.5, quote: "a\\"b\\n" }
            """
        let scenario = try read(scenario(flow: "- emit: a\n  data: \(data)", top: vars), environment: environment)
        let group = scenario.groups[0]
        guard case .emit(let emit) = group.flow[0].action else { return "" }
        var values = clientValues(group, slot: slot)
        values.sent = StoredEvent(arguments: Array(sent.utf8))
        guard let event else { return emit.arguments[0].rendered(&values) }
        return withEvent(event) { emit.arguments[0].rendered(&values, event: $0) }
    }

    @Test(
        "a value that is one whole `${…}` keeps its type, inside a text it is escaped",
        arguments: [
            ("${name}", "\"Ann\""), ("\"${count}\"", "3"), ("'${yes}'", "true"), ("${half}", "0.5"),
            ("${none}", "null"),
            ("${list}", "[1,\"b\"]"), ("${object}", "{\"a\":{\"b\":5},\"s\":[\"x\"]}"), ("${object.a.b}", "5"),
            ("${object.s.0}", "\"x\""), ("${object.s[0]}", "\"x\""), ("${object.s.1}", "null"), ("${name.x}", "null"),
            ("n${count}", "\"n3\""), ("<${none}>", "\"<>\""),
            ("<${object}>", "\"<{\\\"a\\\":{\\\"b\\\":5},\\\"s\\\":[\\\"x\\\"]}>\""),
            ("<${quote}>", "\"<a\\\"b\\n>\""), ("${name}${name}", "\"AnnAnn\""), ("${quote}", "\"a\\\"b\\n\""),
            ("${client.index}", "7"), ("x${client.index}", "\"x7\""), ("${now()}", "1769850300007"),
            ("${iso()}", "\"2026-01-31T09:05:00.007Z\""), ("${random(4, 4)}", "4"), ("${pick('a')}", "\"a\""),
            ("${none ?? name}", "\"Ann\""), ("${empty ?? name}", "\"\""), ("${none ?? none ?? 5}", "5"),
            ("${'a}b'}", "\"a}b\""),
            ("${-1.5}", "-1.5"), ("${true}", "true"), ("${(none ?? 'x')}", "\"x\""), ("$ {name} $$", "\"$ {name} $$\""),
            ("$${name}", "\"$Ann\""),
        ]
    )
    func forms(data: String, expected: String) throws {
        #expect(try render(data) == expected)
    }

    @Test(
        "a member that is one whole `${…}` is left out where it is empty, and the commas are right",
        arguments: [
            ("{ a: \"${none}\" }", "{}"), ("{ a: \"${empty}\" }", "{}"), ("{ a: \"${name}\" }", "{\"a\":\"Ann\"}"),
            ("{ a: \"${none}\", b: 1 }", "{\"b\":1}"), ("{ a: \"${name}\", b: 1 }", "{\"a\":\"Ann\",\"b\":1}"),
            ("{ b: 1, a: \"${none}\" }", "{\"b\":1}"), ("{ b: 1, a: \"${none}\", c: 2 }", "{\"b\":1,\"c\":2}"),
            ("{ b: 1, a: \"${name}\", c: 2 }", "{\"b\":1,\"a\":\"Ann\",\"c\":2}"),
            ("{ a: \"${none}\", b: \"${empty}\", c: \"${name}\" }", "{\"c\":\"Ann\"}"),
            ("{ a: \"${none}\", b: { c: \"${none}\", d: [ { e: \"${empty}\" } ] } }", "{\"b\":{\"d\":[{}]}}"),
            ("{ a: [ \"${none}\", \"${empty}\" ] }", "{\"a\":[null,\"\"]}"),
            ("{ a: null, b: \"\" }", "{\"a\":null,\"b\":\"\"}"),
            ("{ a: \"x${none}\" }", "{\"a\":\"x\"}"), ("{ a: \"${env.E}\", b: 1 }", "{\"b\":1}"),
            ("{ a: \"${list}\", b: \"${none}\", c: \"${half}\" }", "{\"a\":[1,\"b\"],\"c\":0.5}"),
        ]
    )
    func members(data: String, expected: String) throws {
        #expect(try render(data, environment: ["E": ""]) == expected)
    }

    @Test(
        "the message that was taken last and the one that was sent last",
        arguments: [
            ("${event.id}", "5"), ("${event}", "{\"id\":5, \"t\":\"a\\u0041\"}"), ("${event.t}", "\"a\\u0041\""),
            ("<${event.t}>", "\"<aA>\""), ("${event.args.1}", "[1]"), ("${args.1.0}", "1"), ("${event.$.0}", "\"e\""),
            ("${event.nothing}", "null"), ("{ a: \"${event.nothing}\" }", "{}"), ("${sent.q}", "8"),
            ("${sent.args.1}", "9"),
            ("${sent.args.2}", "null"),
        ]
    )
    func messages(data: String, expected: String) throws {
        #expect(try render(data, sent: #"[{"q":8},9]"#, event: #"["e",{"id":5, "t":"a\u0041"},[1]]"#) == expected)
    }

    @Test("without an event and before anything was sent, both are null")
    func nothing() throws {
        #expect(try render("[ \"${event.id}\", \"${sent.q}\" ]") == "[null,null]")
    }

    @Test("the environment: set, not set with a default, and folded into the document")
    func environment() throws {
        let data = "{ a: \"${env.A}\", b: \"${env.B ?? 'd'}\", c: \"<${env.A}>\" }"
        #expect(try render(data, environment: ["A": "x\"y"]) == #"{"a":"x\"y","b":"d","c":"<x\"y>"}"#)
        let list = try read(scenario(flow: "- emit: a\n  data: \(data)"), environment: ["A": "1"])
        #expect(list.environment.map(\.name) == ["A", "B"])
        #expect(list.environment.map(\.value) == ["1", nil])
        guard case .emit(let emit) = list.groups[0].flow[0].action else { return #expect(Bool(false)) }
        #expect(emit.arguments[0].literalBytes == Array(#"{"a":"1","b":"d","c":"<1>"}"#.utf8))
    }

    @Test("a document with something to fill in has no literal bytes")
    func literalBytes() throws {
        guard case .emit(let emit) = try steps("- emit: a\n  args: [ { x: 1 }, \"${uuid()}\" ]")[0].action else {
            return #expect(Bool(false))
        }
        #expect(emit.arguments.map { $0.literalBytes != nil } == [true, false])
    }

    @Test("every document is valid JSON, and equal to the tree of the same template")
    func treeAndBytes() throws {
        let data = """
            { a: "${uuid()}", b: ["${random(1, 100)}", "${text(50)}"], c: { d: "x${pick('p', 2, true)}", e: "${none}" }, f: "${half}" }
            """
        let scenario = try read(
            scenario(
                flow: "- emit: a\n  data: \(data)\n- set: { tree: \(data) }",
                top: "vars: { none: null, half: 0.5 }"
            )
        )
        let group = scenario.groups[0]
        guard case .emit(let emit) = group.flow[0].action, case .set(let assignments) = group.flow[1].action else {
            return #expect(Bool(false))
        }
        for slot in 0..<20 {
            var first = clientValues(group, slot: slot)
            var second = first
            let parsed = try JSONValue(parsing: emit.arguments[0].rendered(&first))
            #expect(parsed == assignments[0].value.value(&second, event: nil))
            #expect(first.random == second.random)
        }
    }

    @Test("values depend on the seed, the slot and the generation, and on nothing else")
    func determinism() throws {
        let scenario = try read(
            scenario(flow: "- connect", top: "vars: { a: \"${uuid()}\", b: \"${random(0, 1000000)}\" }")
        )
        let group = scenario.groups[0]
        func values(_ seed: UInt64, _ slot: Int, _ generation: Int) -> [JSONValue] {
            clientValues(group, seed: seed, slot: slot, generation: generation).variables
        }
        #expect(values(1, 2, 3) == values(1, 2, 3))
        var seen: Set<[JSONValue]> = []
        for seed in 0..<8 {
            for slot in 0..<8 {
                for generation in 0..<8 { seen.insert(values(UInt64(seed), slot, generation)) }
            }
        }
        #expect(seen.count == 512)
    }

    @Test("a UUID is one of version 4")
    func uuid() throws {
        for slot in 0..<50 {
            let text = try render("${uuid()}", slot: slot)
            #expect(text.wholeMatch(of: /"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"/) != nil)
        }
    }

    @Test("text(n) has n bytes and starts with a word", arguments: [0, 1, 2000, 100_000])
    func words(count: Int) throws {
        let text = try render("${text(\(count))}").dropFirst().dropLast()
        #expect(text.utf8.count == count)
        #expect(text.first.map(\.isLetter) ?? (count == 0))
        #expect(text.allSatisfy { $0.isASCII && $0 != "\"" && $0 != "\\" && !$0.isNewline })
    }

    @Test(
        "dates",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
            (Int64.min, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func dates(milliseconds: Int64, expected: String) throws {
        guard case .emit(let emit) = try steps("- emit: a\n  data: ${iso()}")[0].action else { return }
        var values = ClientValues(
            slotCount: 0,
            random: ClientRandom(seed: 0, slot: 0, generation: 0, stream: 0),
            clientIndex: 0
        )
        values.epochMilliseconds = milliseconds
        #expect(emit.arguments[0].rendered(&values) == "\"\(expected)\"")
    }

    @Test("text of headers and queries")
    func text() throws {
        let target = """
            name: a
            target: { url: "practice:a", query: { a: "${x}", b: 1.50, c: "<${y}>", d: "${z}", e: true } }
            vars: { x: [1], y: null, z: "q\\"" }
            load: [ { for: 1s, clients: 1 } ]
            flow: connect
            """
        let group = try read(target).groups[0]
        var values = clientValues(group)
        #expect(group.target.query.map { $0.value.text(&values, event: nil) } == ["[1]", "1.50", "<>", "q\"", "true"])
    }

    @Test("`i` is the round of the innermost loop")
    func loops() throws {
        let scenario = try read(
            scenario(
                flow:
                    "- repeat: 2\n  flow:\n    - emit: a\n      data: ${i}\n    - repeat: 3\n      flow: { emit: b, data: \"${i}\" }"
            )
        )
        let group = scenario.groups[0]
        guard case .repeat(let outer) = group.flow[0].action, case .emit(let first) = outer.flow[0].action,
            case .repeat(let inner) = outer.flow[1].action, case .emit(let second) = inner.flow[0].action
        else { return #expect(Bool(false)) }
        var values = clientValues(group)
        values.variables[outer.index] = .integer(1)
        values.variables[inner.index] = .integer(2)
        #expect(first.arguments[0].rendered(&values) == "1")
        #expect(second.arguments[0].rendered(&values) == "2")
    }
}
