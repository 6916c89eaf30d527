import Testing

@testable import LoadRunner

@Suite("Which failures are kept")
struct FailureSelectionTests {
    private static func kind(_ name: Character) -> FailureKind {
        FailureKind(group: "clients", kind: String(name), step: "await answer")
    }

    /// Which kinds are kept at the end, by their places.
    private static func kept(_ count: Int, _ failures: String) -> (kept: String, isOver: Bool) {
        var selection = FailureSelection(count: count)
        var places: [Int: Character] = [:]
        for failure in failures {
            let wasOver = selection.isOver
            guard let admission = selection.admit(kind(failure)) else { continue }
            #expect(!wasOver)
            #expect(admission.place < count)
            places[admission.place] = failure
        }
        return (String(places.sorted { $0.key < $1.key }.map(\.value)), selection.isOver)
    }

    @Test(
        "Half of them are of one kind at the most, where others come",
        arguments: [
            (0, "aab", "", true),
            (1, "aaab", "a", true),
            (2, "aaaa", "aa", false),
            (2, "aaab", "ab", true),
            (3, "aab", "aab", true),
            (3, "aaaaab", "aab", true),
            (3, "aaabc", "aab", true),
            (4, "aaaab", "aaab", false),
            (4, "aaaabcd", "aacb", true),
            (4, "aaaabbb", "aabb", true),
            (10, "aaaaaaaaaaaaaa", "aaaaaaaaaa", false),
            (10, "aaaaaaaaaabbbbbbbc", "aaaaabbbbb", true),
            (5, "ab", "ab", false),
        ]
    )
    func share(count: Int, failures: String, kept: String, isOver: Bool) {
        let found = Self.kept(count, failures)
        #expect(String(found.kept.sorted()) == String(kept.sorted()))
        #expect(found.isOver == isOver)
    }

    @Test("The last of the most frequent kind make room, and a later one at a place is known by its number")
    func replacement() throws {
        var selection = FailureSelection(count: 3)
        for place in 0..<3 { #expect(selection.admit(Self.kind("a")) == .init(place: place, number: place + 1)) }
        #expect(selection.admit(Self.kind("a")) == nil)
        #expect(selection.admit(Self.kind("b")) == .init(place: 2, number: 4))
        #expect(selection.isOver)
        #expect(selection.admit(Self.kind("c")) == nil)
    }

    @Test("The same kind at another step, or of another group, is another")
    func kinds() {
        var selection = FailureSelection(count: 2)
        let first = FailureKind(group: "a", kind: "timeout", step: "await x")
        #expect(selection.admit(first) != nil)
        #expect(selection.admit(first) != nil)
        #expect(!selection.isOver)
        #expect(selection.admit(FailureKind(group: "a", kind: "timeout", step: "await y")) != nil)
        #expect(selection.isOver)
    }
}
