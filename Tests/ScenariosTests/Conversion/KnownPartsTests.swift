import Testing

@testable import Scenarios

@Suite("Known parts of texts")
struct KnownPartsTests {
    private func parts(_ texts: [String]) -> KnownParts {
        var parts = KnownParts()
        for text in texts { parts.insert(text) }
        return parts
    }

    @Test("The longest known part is found, where it stands first")
    func longest() throws {
        let parts = parts(["session-1", "session-1234", "session-9"])
        let text = "a session-1, a session-1234 and session-1234"
        let found = try #require(parts.longest(in: text))
        #expect(found.part == "session-1234")
        #expect(text[..<found.range.lowerBound] == "a session-1, a ")
        #expect(text[found.range] == "session-1234")
    }

    @Test("Of equally long parts the one whose bytes come first is taken, wherever it stands")
    func equal() throws {
        let parts = parts(["bbbbbbbb", "aaaaaaaa"])
        #expect(parts.longest(in: "bbbbbbbb aaaaaaaa")?.part == "aaaaaaaa")
    }

    @Test("Short texts are no parts, and parts that are not there are not found")
    func none() {
        #expect(parts(["1234567"]).longest(in: "1234567") == nil)
        #expect(parts(["12345678"]).longest(in: "1234567") == nil)
        #expect(parts(["12345678"]).longest(in: "123456 78") == nil)
        #expect(parts(["12345678", "123456789"]).longest(in: "12345678")?.part == "12345678")
        #expect(parts([]).longest(in: "12345678") == nil)
    }

    @Test("Parts and texts are compared by their bytes, also where they are no ASCII")
    func unicode() throws {
        let text = "naïve-café-日本語-x"
        let found = try #require(parts(["café-日本語"]).longest(in: text))
        #expect(text[found.range] == "café-日本語")
    }
}
