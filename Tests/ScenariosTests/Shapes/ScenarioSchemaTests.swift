import Foundation
import Testing
import Wire

@testable import Scenarios

@Suite("The schema and the reader are made of the same")
struct ScenarioSchemaTests {
    private static let validator = SchemaValidator(ScenarioSchema.document)

    /// Every map of the language, found as the schema finds them.
    static let shapes: [ShapeDescription] = {
        var found: [ShapeDescription] = []
        func add(_ shape: ShapeDescription) {
            guard !found.contains(where: { $0.name == shape.name }) else { return }
            found.append(shape)
            for (_, field) in shape.fields { add(field.value) }
        }
        func add(_ value: ValueShape) {
            switch value {
            case .map(let shape): add(shape.described)
            case .named(_, let value), .list(let value), .some(let value): add(value)
            case .either(let values): values.forEach(add)
            case .delay: add(DistributionKey.described)
            case .event: add(EventKey.described)
            default: break
            }
        }
        add(ScenarioKey.described)
        StepKind.allCases.forEach { add($0.shape.described) }
        return found
    }()

    private static func json(_ text: String) throws -> JSONValue {
        try SourceTree.parse(text, source: SourceText(file: "test.yaml", text: text)).json
    }

    @Test("every map of the language is a definition, and is known to this test")
    func definitions() throws {
        let definitions = try #require(ScenarioSchema.document["definitions"])
        for shape in Self.shapes where shape.name != "scenario" {
            #expect(definitions[shape.name]?["additionalProperties"] == .bool(false), "\(shape.name)")
        }
        #expect(Set(Self.shapes.map(\.name)) == Set(ShapeContext.all.keys))
        #expect(Set(Self.shapes.map(\.name)).count == Self.shapes.count)
        #expect(Self.shapes.count > 30)
    }

    @Test("each map has the keys in the schema that the reader knows, and no other", arguments: shapes.map(\.name))
    func sameKeys(name: String) throws {
        let shape = try #require(Self.shapes.first { $0.name == name })
        let document = ScenarioSchema.document
        let map = name == "scenario" ? document : try #require(document["definitions"]?[name])
        guard case .object(let keys)? = map["properties"] else {
            Issue.record("\(name) has no properties")
            return
        }
        #expect(keys.map(\.name) == shape.fields.map(\.key))
        #expect(keys.allSatisfy { $0.value["description"] != nil && $0.value["examples"] != nil })
    }

    @Test("the walk comes to every map that the reader reads by")
    func walk() throws {
        // What the reader takes values out of, it says by the name of its type; there is no other list of these.
        let folder = repository.appending(path: "Sources/Scenarios")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".swift") }
        var declared: Set<Substring> = []
        var read: Set<Substring> = []
        for file in files {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            declared.formUnion(text.matches(of: #/enum (\w+)Key: String, MapShape/#).map(\.output.1))
            read.formUnion(text.matches(of: #/MapReader<(\w+)Key>\(/#).map(\.output.1))
            read.formUnion(text.matches(of: #/map\(node, (\w+)Key\.self\)/#).map(\.output.1))
            read.formUnion(text.matches(of: #/value\(of: (\w+)Key\./#).map(\.output.1))
        }
        let walked = Set(Self.shapes.map { $0.name.lowercased() })
        #expect(Set(declared.map { $0.lowercased() }) == walked)
        #expect(read.count > 30)
        #expect(read.isSubset(of: declared), "\(read.subtracting(declared))")
        #expect(declared.subtracting(read) == [], "\(declared.subtracting(read))")
    }

    @Test("what is an example of a key is accepted by both", arguments: shapes.map(\.name))
    func examples(name: String) throws {
        let shape = try #require(Self.shapes.first { $0.name == name })
        let context = try #require(ShapeContext.all[name])
        let folder = try TemporaryFolder(ShapeContext.files)
        for (key, field) in shape.fields {
            #expect(!field.examples.isEmpty, "\(name).\(key)")
            for example in field.examples {
                let text = context.text(context.map(of: shape, key, example))
                #expect(folder.problems(text).map(\.message) == [], "\(name).\(key): \(example)\n\(text)")
                #expect(Self.validator.accepts(try Self.json(text)), "\(name).\(key): \(example)\n\(text)")
            }
        }
    }

    @Test(
        "a key that has to be there is missed by both, and an unknown one is refused by both",
        arguments: shapes.map(\.name)
    )
    func keys(name: String) throws {
        let shape = try #require(Self.shapes.first { $0.name == name })
        let context = try #require(ShapeContext.all[name])
        let folder = try TemporaryFolder(ShapeContext.files)
        let whole = context.map(of: shape, shape.fields[0].key, shape.fields[0].field.examples[0])
        for (key, field) in shape.fields where field.presence == .required {
            var map = whole
            map[key] = nil
            let text = context.text(map)
            #expect(!folder.problems(text).isEmpty, "\(name) without \(key)\n\(text)")
            #expect(!Self.validator.accepts(try Self.json(text)), "\(name) without \(key)\n\(text)")
        }
        var map = whole
        map["zzz"] = "1"
        let text = context.text(map)
        #expect(folder.problems(text).map(\.code) == [.unknownKey], "\(text)")
        #expect(!Self.validator.accepts(try Self.json(text)), "\(text)")
    }

    /// Values that are no value of the kind, whatever the key.
    private static func wrong(_ value: ValueShape) -> [String] {
        switch value {
        case .duration: ["5", "soon", "[ 1s ]", "{}"]
        case .delay: ["5", "1s..", "[ 1s ]", "{}"]
        case .rate: ["5", "20/d", "[ 20/s ]"]
        case .size: ["big", "5TB", "[ 5 ]", "-1"]
        case .integer(let from, let through):
            ["\(from - 1)", "many", "1.5", "[ 1 ]"] + (through.map { ["\($0 + 1)"] } ?? [])
        case .byteRate: ["5", "2KB", "2KB/m", "[ 2KB/s ]", "{}"]
        case .percent: ["5", "0.8", "many%", "\"%\"", "[ 80% ]", "{}"]
        case .number(let from, let through): ["\(from - 1)", "\(through + 1)", "many", "[ 1 ]", "{}"]
        case .flag: ["1", "maybe", "[ true ]"]
        case .word: ["zzz", "[ zzz ]", "{}"]
        case .name, .file: ["\"${uuid()}\"", "[ a ]", "{}", "~"]
        case .identifier: ["Big", "a b", "[ a ]", "{}", "~"]
        case .text, .fixedText, .condition: ["[ a ]", "{}", "~"]
        case .request: ["/path", "FETCH /", "[ GET / ]"]
        case .path: ["\"${x}\"", "[]", "{}", "~"]
        case .messageCondition: ["[ a ]", "~"]
        case .event: ["[]", "{ where: {} }", "~", "{ event: a, whre: {} }"]
        case .steps: ["~", "5", "{ zzz: 1 }", "[ zzz ]"]
        case .nothing: ["5", "[ a ]", "{ a: 1 }"]
        case .map: ["5", "[ a ]", "{ zzz: 1 }"]
        case .named: ["5", "[ a ]"]
        case .list: ["5", "{}", "text"]
        case .json, .some, .either: []
        }
    }

    @Test("what is no value of its kind is refused by both", arguments: shapes.map(\.name))
    func wrongValues(name: String) throws {
        let shape = try #require(Self.shapes.first { $0.name == name })
        let context = try #require(ShapeContext.all[name])
        let folder = try TemporaryFolder(ShapeContext.files)
        for (key, field) in shape.fields {
            for value in Self.wrong(field.value) {
                let text = context.text(context.map(of: shape, key, value))
                #expect(!folder.problems(text).isEmpty, "\(name).\(key): \(value)\n\(text)")
                #expect(!Self.validator.accepts(try Self.json(text)), "\(name).\(key): \(value)\n\(text)")
            }
        }
    }

    @Test("what a step needs beside its name it needs in the schema too")
    func steps() throws {
        for (step, isStep) in [
            ("connect", true), ("acknowledge", true), ("{ connect: ~ }", true), ("{ think: 1s }", true),
            ("emit", false), ("{ emit: a, await: b }", false), ("{ when: x }", false), ("{ think: soon }", false),
            ("{ drop: reset }", true), ("drop", false), ("{ drop: now }", false), ("{ stall: 1s }", true),
            ("{}", false), ("{ onFailure: abort }", false),
        ] {
            #expect(Self.validator.accepts(try Self.json(step), as: "STEP") == isStep, "\(step)")
            #expect(Self.validator.accepts(try Self.json("[ [ \(step) ], connect ]"), as: "STEPS") == isStep, "\(step)")
        }
    }

    static let files: [String] = ["scenarios", "Benchmarks/scenarios"].flatMap { folder in
        let names = try? FileManager.default.contentsOfDirectory(atPath: repository.appending(path: folder).path())
        return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
    }

    @Test("every scenario that ships is accepted", arguments: files)
    func shipped(file: String) throws {
        let text = try String(contentsOf: repository.appending(path: file), encoding: .utf8)
        #expect(Self.validator.accepts(try Self.json(text)))
        #expect(!Self.validator.accepts(try Self.json(text.replacing("load:", with: "laod:"))))
    }

    @Test("every step and form of the language is accepted", arguments: ["every-step", "every-message"])
    func everyStep(name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "yaml"))
        #expect(Self.validator.accepts(try Self.json(try String(contentsOf: url, encoding: .utf8))))
    }

    @Test("the schema is JSON, and reads as it was made")
    func text() throws {
        #expect(try JSONValue(parsing: ScenarioSchema.text) == ScenarioSchema.document)
        let longest = ScenarioSchema.text.split(separator: "\n").filter { !$0.contains("description") }.map(\.count)
            .max()
        #expect(try #require(longest) <= 120)
    }
}
