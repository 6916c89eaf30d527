import Foundation
import Testing

@testable import Scenarios

@Suite("Scenarios as trees")
struct ScenarioTreeTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let files: [String] = [
        "scenarios", "Tests/ScenariosTests/Fixtures", "Tests/ScenariosTests/Fixtures/recordings",
    ]
    .flatMap { folder -> [String] in
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
    }

    @Test("What is written of a scenario reads the same again, and is one still", arguments: files)
    func roundTrip(file: String) throws {
        let path = Self.root.appending(path: file).path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let tree = try ScenarioTree(parsing: text, file: path)
        let written = tree.text
        let again = try ScenarioTree(parsing: written, file: path)
        #expect(again.value == tree.value)
        #expect(again.text == written)
        let reader = ScenarioReader(environment: ["TOKEN": "1"])
        let before = try? reader.read(text: text, file: path)
        let after = try? reader.read(text: written, file: path)
        #expect(after?.groups.map(\.flow.count) == before?.groups.map(\.flow.count))
        #expect(after?.groups.map(\.handlers.count) == before?.groups.map(\.handlers.count))
        #expect(after?.groups.map(\.variables.count) == before?.groups.map(\.variables.count))
        #expect((after == nil) == (before == nil))
    }

    @Test("What reprise convert writes is written the same but for the blank before its load")
    func layout() throws {
        let path = Self.root.appending(path: "Tests/ScenariosTests/Fixtures/recordings/leflux.yaml").path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(try ScenarioTree(parsing: text, file: path).text == text)
    }

    @Test("Comments stay with what they stand at, also where that is moved")
    func comments() throws {
        let text = """
            # the shop
            name: shop
            target: { url: "http://localhost" }   # ours
            load: [ { for: 1s, clients: 1 } ]
            on:   # what comes
              # counted
              news: { count: news }   # all of it
            flow:
              # first
              - emit: a   # with a "quote # inside"
                data: { text: "no # comment", other: 'it''s # none' }
              # then
              # wait
              - think: 1s
            """
        let written = try ScenarioTree(parsing: text, file: "a.yaml").text
        for line in [
            "# the shop\nname: shop", "  # counted\n  news: { count: news }   # all of it", "on:   # what comes",
            "  # first\n  - emit: a   # with a \"quote # inside\"", "  # then\n  # wait\n  - think: 1s",
            "no # comment", "it's # none",
        ] { #expect(written.contains(line), "\(line)") }
        #expect(written.components(separatedBy: "#").count == text.components(separatedBy: "#").count, "\(written)")
    }

    @Test("A text block's lines are no comments of what comes after it")
    func block() throws {
        let text = "description: |\n  one\n  # two\nname: a\n"
        let tree = try ScenarioTree(parsing: text, file: "a.yaml")
        #expect(tree.root["description"]?.text == "one\n# two\n")
        #expect(tree.root["name"]?.comments == [])
    }

    @Test("Anchors are expanded, and steps stand in lists")
    func normal() throws {
        let text = """
            x: &x [ { emit: a }, { emit: b } ]
            flow: [ { emit: c }, *x ]
            on: { news: { count: n } }
            """
        let tree = try ScenarioTree(parsing: text, file: "a.yaml")
        #expect(tree.root["flow"]?.elements?.compactMap { $0["emit"]?.text } == ["c", "a", "b"])
        #expect(tree.root["on"]?["news"]?.elements?.count == 1)
        #expect(tree.text.contains("  news: { count: n }"))
    }

    @Test("A target for all replaces that of every group")
    func target() throws {
        var tree = try ScenarioTree(
            parsing: """
                clients:
                  a: { target: { url: "http://a" }, flow: [ connect ] }
                  b: { target: { url: "http://b", path: /x }, flow: [ connect ] }
                """,
            file: "a.yaml"
        )
        tree.setTarget("practice:echo")
        #expect(tree.target == "practice:echo")
        #expect(tree.root["clients"]?["a"]?["target"] == nil)
        #expect(tree.root["clients"]?["b"]?["target"]?["path"]?.text == "/x")
        #expect(!tree.text.contains("http://"))
    }
}
