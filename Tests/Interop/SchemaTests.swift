import Foundation
import LoadRunner
import Scenarios
import Testing

@testable import reprise

/// What `reprise schema` prints, under the validator jsonschema from PyPI.
@Suite("The schema under a validator of others", .needsPeers, .timeLimit(.minutes(1)))
struct SchemaTests {
    /// The last line of the validator.
    private struct Found: Decodable {
        /// The metaschema that the schema names.
        var draft: String
        var accepted: [String]
        /// What is wrong with the others, by file.
        var refused: [String: String]
    }

    /// A folder with the schema, removed after the closure.
    private static func withSchema<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let print = #""$0" schema > "$1" && echo printed"#
        let schema = folder.appending(path: "scenario.schema.json").path
        #expect(try await Script.run(["sh", "-c", print, Needs.reprise, schema]) == "printed")
        return try await body(folder)
    }

    private static func validate(_ files: [String], in folder: URL) async throws -> Found {
        let schema = folder.appending(path: "scenario.schema.json").path
        let line = try await Script.run([Needs.python, try Needs.peer("validate_schema.py"), schema] + files)
        return try JSONDecoder().decode(Found.self, from: Data(line.utf8))
    }

    private static func scenarios(in folder: String) throws -> [String] {
        let folder = Needs.root.appending(path: folder).path
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
    }

    @Test("it is a schema, and every scenario that ships is accepted")
    func shipped() async throws {
        try await Self.withSchema { folder in
            let shipped = try ["scenarios", "Benchmarks/scenarios"].flatMap(Self.scenarios)
            let fixtures = ["every-step", "every-message"].map {
                Needs.root.appending(path: "Tests/ScenariosTests/Fixtures/\($0).yaml").path
            }
            let starts = try Start.all.map { start in
                let path = folder.appending(path: "\(start.name).yaml").path
                try Data(start.text.utf8).write(to: URL(filePath: path))
                return path
            }
            let found = try await Self.validate(shipped + fixtures + starts, in: folder)
            #expect(found.draft == "http://json-schema.org/draft-07/schema#")
            #expect(found.refused == [:])
            #expect(found.accepted == shipped + fixtures + starts)
            #expect(shipped.count >= 6)
            #expect(starts.count == 3)
        }
    }

    /// A scenario, and changes each of which makes it wrong.
    private static let right = """
        name: right
        target:
          url: practice:echo
          protocol: websocket
          envelope: { send: { type: "${emit}" }, event: type, rules: [ { has: [ a, [ b, c ] ], is: d } ] }
          heartbeat: { every: 10s, emit: PING, await: PONG }
        load: [ { for: 1s, clients: 5 }, { for: 1s, arrivals: 5/s..10/s } ]
        think: 1s..2s
        flow:
          - connect
          - emit: news
          - await: [ news, { event: more, where: { id: 1 } } ]
            within: 2s
          - repeat: { each: event.items }
            flow: { count: seen }
        checks: [ errors.rate < 1% ]
        """
    private static let wrong = [
        ("load:", "laod:"), ("load: [", "load: { a: ["), ("for: 1s", "for: 1"), ("clients: 5", "clients: five"),
        ("5/s..10/s", "5/d"), ("1s..2s", "1s.."), ("protocol: websocket", "protocol: websockets"),
        ("is: d", "as: d"), ("every: 10s", "every: often"), ("- emit: news", "- emti: news"),
        ("- emit: news", "- emit: news\n    await: more"), ("- connect", "- conect"), ("event: more", "evnt: more"),
        ("within: 2s", "withn: 2s"), ("flow: { count: seen }", "every: 1s"), ("count: seen", "count: Seen it"),
        ("each: event.items", "each: event.items, for: 1s"),
        ("checks: [ errors.rate < 1% ]", "checks: errors.rate < 1%"),
    ]

    @Test("what the reader refuses for its form is refused there too")
    func wrong() async throws {
        let reader = ScenarioReader(environment: [:], checkSyntax: CheckLanguage.problem)
        _ = try reader.read(text: Self.right, file: "right.yaml")
        try await Self.withSchema { folder in
            func write(_ text: String, _ name: String) throws -> String {
                let path = folder.appending(path: name).path
                try Data(text.utf8).write(to: URL(filePath: path))
                return path
            }
            let right = try write(Self.right, "right.yaml")
            let wrong = try Self.wrong.enumerated().map { number, change in
                let text = Self.right.replacing(change.0, with: change.1, maxReplacements: 1)
                // `{ a: [` stays open.
                let closed = change.1.hasSuffix("{ a: [") ? text.replacing("10/s } ]", with: "10/s } ] }") : text
                #expect(throws: ScenarioError.self, "\(change)") { try reader.read(text: closed, file: "wrong.yaml") }
                return try write(closed, "wrong-\(number).yaml")
            }
            let found = try await Self.validate([right] + wrong, in: folder)
            #expect(found.accepted == [right])
            #expect(found.refused.keys.sorted() == wrong.sorted())
        }
    }
}
