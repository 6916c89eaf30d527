import Testing

@testable import Metrics

@Suite("Escaped text")
struct EscapedTextTests {
    @Test(
        "control characters become visible",
        arguments: [
            ("plain – text", "plain – text"), ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("\u{1B}[31m", "\\u{1b}[31m"),
            ("\u{0}", "\\u{0}"), ("\u{202E}x", "\\u{202e}x"), ("\u{9B}", "\\u{9b}"), ("", ""),
        ]
    )
    func escapes(text: String, expected: String) {
        #expect(EscapedText.make(text, limit: 300) == expected)
    }

    @Test("long text is cut between characters, within the limit", arguments: 3...40)
    func cuts(limit: Int) {
        let text = EscapedText.make("aé€😀\n" + String(repeating: "é", count: 40), limit: limit)
        #expect(text.utf8.count <= limit)
        #expect(text.hasSuffix("…"))
        #expect(!text.contains("\u{FFFD}"))
    }

    @Test("text that just fits is left whole")
    func fits() {
        #expect(EscapedText.make("abcdef", limit: 6) == "abcdef")
        #expect(EscapedText.make("abcdefg", limit: 6) == "abc…")
    }
}
