import Testing

@testable import Metrics

@Suite("Edit distance")
struct EditDistanceTests {
    @Test(
        "insertions, deletions, replacements and swaps count one each",
        arguments: [
            ("", "", 0), ("abc", "", 3), ("", "ab", 2), ("join", "join", 0), ("jion", "join", 1), ("joi", "join", 1),
            ("joins", "join", 1), ("jain", "join", 1), ("kitten", "sitting", 3), ("ab", "ba", 1),
        ]
    )
    func distance(first: String, second: String, expected: Int) {
        #expect(EditDistance.between(Array(first.utf8), Array(second.utf8)) == expected)
        #expect(EditDistance.between(Array(second.utf8), Array(first.utf8)) == expected)
    }

    @Test("only what is near is suggested")
    func nearest() {
        let names = ["connect", "handshake", "join"]
        #expect(EditDistance.nearest(to: "conect", in: names) == "connect")
        #expect(EditDistance.nearest(to: "jon", in: names) == "join")
        #expect(EditDistance.nearest(to: "elephant", in: names) == nil)
    }
}
