import Scenarios
import Testing

@testable import LoadRunner

@Suite("The joined text of chunks")
struct TextFoldTests {
    @Test("It stands to the whole text as the joined string does, whatever the order", arguments: 1...200)
    func stringModel(seed: Int) {
        var random = seededRandom(seed)
        let count = random.integer(from: 0, through: 12)
        let pieces = (0..<count).map { _ in
            String(
                (0..<random.integer(from: 0, through: 4)).map { _ in
                    ["a", "b", "ä", "🙂"].randomElement(using: &random) ?? "a"
                }
            )
        }
        var fold = TextFold()
        for index in (0..<count).shuffled(using: &random) { fold.add(pieces[index], at: index) }
        let joined = pieces.joined()
        for final in [joined, joined + "x", "x" + joined, String(joined.dropLast()), "", String(joined.reversed())] {
            #expect(fold.relation(to: final) == Self.relation(of: joined, to: final), "\(pieces) to \(final)")
        }
    }

    @Test("Up to the first gap the text counts; what stands behind it is not compared", arguments: 1...50)
    func gap(seed: Int) {
        var random = seededRandom(seed)
        let pieces = (0..<10).map { "<\($0)>" }
        let gap = random.integer(from: 0, through: 9)
        var fold = TextFold()
        for index in (0..<10).shuffled(using: &random) where index != gap { fold.add(pieces[index], at: index) }
        #expect(fold.relation(to: pieces[..<gap].joined()) == .equal)
        #expect(fold.relation(to: pieces.joined()) == .prefix)
        fold.add(pieces[gap], at: gap)
        #expect(fold.relation(to: pieces.joined()) == .equal)
    }

    @Test("A text that differs in one byte of its end or its start is different")
    func oneByte() {
        var fold = TextFold()
        fold.add("The answer is 42.", at: 0)
        #expect(fold.relation(to: "The answer is 43.") == .different)
        #expect(fold.relation(to: "the answer is 42.") == .different)
        #expect(fold.relation(to: "The answer is 42") == .different)
        #expect(fold.relation(to: "The answer is 42. ") == .prefix)
    }

    @Test("Bytes of one character may come in two chunks")
    func splitCharacter() {
        var fold = TextFold()
        let bytes = Array("é".utf8)
        fold.add(Array(bytes[1...]), at: 1)
        fold.add(Array(bytes[..<1]), at: 0)
        #expect(fold.relation(to: "é") == .equal)
    }

    @Test("Texts that came too early are kept up to the limit and compared")
    func withinLimit() {
        let early = String(repeating: "e", count: TextFold.pendingLimit)
        var fold = TextFold()
        fold.add(early, at: 1)
        fold.add("start", at: 0)
        #expect(fold.relation(to: "start" + early) == .equal)
        #expect(fold.relation(to: "start" + early + "x") == .prefix)
        // What was joined makes room again.
        fold.add(early, at: 3)
        fold.add("middle", at: 2)
        #expect(fold.relation(to: "start" + early + "middle" + early) == .equal)
        #expect(fold.relation(to: "something else") == .different)
    }

    @Test("Past the limit nothing is kept and the text is not compared any more")
    func pastLimit() {
        var fold = TextFold()
        fold.add(String(repeating: "e", count: TextFold.pendingLimit), at: 2)
        #expect(fold.relation(to: "x") == .prefix)
        fold.add("e", at: 3)
        #expect(fold.relation(to: "x") == .equal)
        fold.add("start", at: 0)
        fold.add("middle", at: 1)
        #expect(fold.relation(to: "anything at all") == .equal)
    }

    private static func relation(of joined: String, to final: String) -> TextFold.Relation {
        if Array(joined.utf8) == Array(final.utf8) { return .equal }
        return Array(final.utf8).starts(with: Array(joined.utf8)) ? .prefix : .different
    }
}

extension TextFold {
    fileprivate mutating func add(_ text: String, at index: Int) {
        add(Array(text.utf8), at: index)
    }

    fileprivate mutating func add(_ bytes: [UInt8], at index: Int) {
        bytes.withUnsafeBytes { add($0, at: index) }
    }

    fileprivate func relation(to final: String) -> Relation {
        withBytes(final) { compare(with: $0) }
    }
}
