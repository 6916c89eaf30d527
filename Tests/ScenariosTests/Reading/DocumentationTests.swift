import Foundation
import Testing
import Wire

@testable import Scenarios

@Suite("The page that describes the language")
struct DocumentationTests {
    static let page = (try? String(contentsOf: repository.appending(path: "docs/scenarios.md"), encoding: .utf8)) ?? ""

    /// The YAML that stands on the page, each with the line that it begins in.
    static let snippets: [(line: Int, text: String)] = {
        var snippets: [(line: Int, text: String)] = []
        var isInside = false
        for (number, line) in page.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("```") {
                isInside = !isInside && line == "```yaml"
                if isInside { snippets.append((number + 2, "")) }
            } else if isInside {
                snippets[snippets.count - 1].text += line + "\n"
            }
        }
        return snippets
    }()

    /// A snippet as a whole scenario: a list is steps, and what a map does not have of what must be there is added.
    private static func scenario(of snippet: String) throws -> String {
        let node = try SourceTree.parse(snippet, source: SourceText(file: "snippet", text: snippet))
        guard case .map = node.content else { return scenario(flow: "- connect\n" + snippet) }
        var text = snippet
        if node["target"] == nil { text += "target: { url: \"practice:leflux\" }\n" }
        if node["load"] == nil { text += "load: [ { for: 1s, clients: 1 } ]\n" }
        if node["flow"] == nil, node["clients"] == nil { text += "flow: connect\n" }
        return text
    }

    private static func scenario(flow: String) -> String {
        let steps = flow.split(separator: "\n").map { "  \($0)\n" }.joined()
        return "target: { url: \"practice:leflux\" }\nload: [ { for: 1s, clients: 1 } ]\nflow:\n\(steps)"
    }

    @Test("every piece of YAML is read without a word, and accepted by the schema", arguments: snippets.map(\.line))
    func reads(line: Int) throws {
        let snippet = try #require(Self.snippets.first { $0.line == line })
        let text = try Self.scenario(of: snippet.text)
        let folder = try TemporaryFolder(ShapeContext.files)
        #expect(folder.problems(text).map(\.message) == [], "line \(line)\n\(text)")
        let node = try SourceTree.parse(text, source: SourceText(file: "snippet", text: text))
        #expect(SchemaValidator(ScenarioSchema.document).accepts(node.json), "line \(line)")
    }

    @Test("every key of the language stands on it")
    func keys() throws {
        #expect(Self.snippets.count >= 10)
        let words = Set(Self.page.matches(of: #/[A-Za-z]+/#).map { String($0.output) })
        for shape in ScenarioSchemaTests.shapes {
            let missing = shape.fields.map(\.key).filter { !words.contains($0) }
            #expect(missing == [], "\(shape.name)")
        }
        let policies = FailurePolicy.allCases.filter { $0 != .leave }.map(\.rawValue)
        let others = Outbound.Overflow.allCases.map(\.rawValue) + Feed.Order.allCases.map(\.rawValue)
        let losses = DropKind.allCases.map(\.rawValue) + LossPolicy.allCases.map(\.rawValue)
        for word in policies + others + losses + ReconnectWord.allCases.map(\.rawValue)
            + Target.Resolution.allCases.map(\.rawValue) + StepKind.names
        {
            let isThere = ["`\(word)`", ": \(word)`", "`\(word):", "`\(word) "].contains { Self.page.contains($0) }
            #expect(isThere, "\(word)")
        }
    }

    @Test("the values that hold unless said are those of the reader")
    func defaults() throws {
        let scenario = try read("target: { url: \"practice:a\" }\nload: [ { for: 1s, clients: 1 } ]\nflow: connect")
        let unsaid = scenario.groups[0].target
        let snippet = try #require(Self.snippets.first { $0.text.contains("limits: {") })
        let folder = try TemporaryFolder(ShapeContext.files)
        let shown = try folder.read(try Self.scenario(of: snippet.text)).groups[0].target
        #expect(shown.limits == unsaid.limits)
        #expect(shown.outbound == unsaid.outbound)
    }
}
