import Scenarios
import Testing

@testable import LoadRunner

@Suite("The table of event names")
struct EventTableTests {
    @Test("It finds each name's number, and no other name", arguments: [0, 1, 3, 4, 5, 8, 9, 100, 1000])
    func names(count: Int) {
        let names = (0..<count).map { "event_\($0)" }
        let table = EventTable(names)
        for (number, name) in names.enumerated() {
            #expect(withBytes(name) { table[$0] } == number)
            #expect(withBytes(name + "x") { table[$0] } == nil)
            #expect(withBytes("x" + name) { table[$0] } == nil)
        }
        for name in ["", "event_", "event_-1", "event_\(count)", "other"] {
            #expect(withBytes(name) { table[$0] } == nil)
        }
    }

    @Test("Names are compared as bytes, the empty one and those with a null byte included")
    func bytes() {
        let names = ["", "é", "e\u{301}", "a\u{0}b", "a", "A", "连接"]
        let table = EventTable(names)
        for (number, name) in names.enumerated() { #expect(withBytes(name) { table[$0] } == number) }
        #expect(withBytes("a\u{0}") { table[$0] } == nil)
        #expect([UInt8](arrayLiteral: 0xff, 0xfe).withUnsafeBytes { table[$0] } == nil)
    }

    @Test("Random bytes are found where they are a name", arguments: 1...5)
    func random(seed: Int) {
        var random = seededRandom(seed)
        func word(_ random: inout ClientRandom) -> String {
            String((0..<random.integer(from: 0, through: 3)).map { _ in "abc".randomElement(using: &random) ?? "a" })
        }
        var known: [String: Int] = [:]
        var names: [String] = []
        for _ in 0..<30 {
            let name = word(&random)
            guard known[name] == nil else { continue }
            known[name] = names.count
            names.append(name)
        }
        let table = EventTable(names)
        for _ in 0..<300 {
            let name = word(&random)
            #expect(withBytes(name) { table[$0] } == known[name])
        }
    }
}
