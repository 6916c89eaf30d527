import Testing

@testable import PracticeServer

@Suite struct AttemptListTests {
    @Test("Attempts are listed by client, and those of nobody in particular by their number")
    func names() {
        var list = AttemptList()
        #expect(list.note("a", at: 5).name == "a")
        #expect(list.note(nil, at: 7).name == "#2")
        _ = list.note("a", at: 1010)
        _ = list.note("", at: 1011)
        #expect(list.truth.clients == ["a": [5, 1010], "#2": [7], "#4": [1011]])
        #expect(list.truth.count == 4)
    }

    @Test("A client that says later who it is keeps its place in time")
    func identified() {
        var list = AttemptList()
        var visitor = list.note(nil, at: 5)
        _ = list.note("a", at: 7)
        let first = list.identify(&visitor, as: "a")
        let again = list.identify(&visitor, as: "b")
        #expect(first && !again)
        #expect(visitor.name == "a" && visitor.attempt == 1)
        #expect(list.truth.clients == ["a": [5, 7]])
    }

    @Test("What is over the limit is counted and not listed")
    func limit() {
        var list = AttemptList(limit: 2)
        for time in 0..<5 { _ = list.note("a", at: time) }
        #expect(list.truth.clients == ["a": [0, 1]])
        #expect(list.truth.count == 5)
        #expect(list.truth.notListed == 3)
    }

    @Test("A name that is too long is cut")
    func longName() {
        #expect(Visitor(attempt: 1, name: String(repeating: "ü", count: 1000)).name.count == 128)
    }
}
