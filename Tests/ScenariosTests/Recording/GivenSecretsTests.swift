import NIOCore
import Testing

@testable import Scenarios

@Suite("Secrets that the caller names")
struct GivenSecretsTests {
    private static func redacted(_ text: String, _ secrets: [String], isCut: Bool = false) -> String {
        var redactor = RecordingRedactor(secrets: secrets)
        let body = RecordedBody(
            bytes: ByteBuffer(string: text),
            isBinary: false,
            fullSize: isCut ? text.utf8.count + 10 : nil
        )
        let entry = redactor.redact(RecordingEntry(time: .zero, connection: 1, content: .in(RecordedMessage(body))))
        guard case .in(let message) = entry.content else { return "" }
        return message.body.text
    }

    @Test(
        "They are replaced wherever they stand, in every form, the longest first",
        arguments: [
            ("say hunter2 and hunter2-long", "say «redacted:1» and «redacted:2»"),
            (#"{"x":"a\"b\\c"}"#, #"{"x":"«redacted:1»"}"#),
            (#"{"x":"{\"y\":\"a\\\"b\\\\c\"}"}"#, #"{"x":"{\"y\":\"«redacted:1»\"}"}"#),
            ("q=a%22b%5Cc&n=1", "q=«redacted:1»&n=1"),
            ("is 4711, not 47110 or 14711", "is «redacted:1», not 47110 or 14711"),
            (#"{"n":4711,"m":[4711, 1]}"#, #"{"n":"«redacted:1»","m":["«redacted:1»", 1]}"#),
            ("ab a b", "ab a b"),
            (
                #"{"token":"hunter2","Authorization":"Bearer hunter2"}"#,
                #"{"token":"«redacted:1»","Authorization":"Bearer «redacted:1»"}"#
            ),
        ]
    )
    func everyForm(text: String, expected: String) {
        #expect(Self.redacted(text, ["hunter2", "hunter2-long", "a\"b\\c", "4711", "ab", ""]) == expected)
    }

    @Test("The beginning of one at the end of a text that is cut off goes too, and of a whole text stays")
    func cut() {
        #expect(Self.redacted("my hunt", ["hunter2"], isCut: true) == "my «redacted:1»")
        #expect(Self.redacted("my hunt", ["hunter2"]) == "my hunt")
        #expect(Self.redacted("my hu", ["hunter2"], isCut: true) == "my hu")
    }

    @Test("They go out of headers, URLs, sentences and binary messages that are no text")
    func everywhere() {
        var redactor = RecordingRedactor(secrets: ["hunter2"])
        let opening = RecordedOpening(
            url: "ws://hunter2.example",
            path: "/a/hunter2?x=hunter2",
            requestHeaders: [RecordedHeader("X-Plain", "is hunter2"), RecordedHeader("Cookie", "a=hunter2; b=c")]
        )
        let binary = RecordedBody(bytes: ByteBuffer(bytes: [0xFF] + Array("hunter2".utf8) + [0xFE]), isBinary: true)
        let contents: [RecordingEntry.Content] = [
            .open(opening), .error("no hunter2"), .close(RecordedClosing(code: 4000, reason: "hunter2")),
            .out(RecordedMessage(binary)),
        ]
        var lines = ByteBuffer()
        RecordingLine.write(redactor.redact(RecordingHeader(target: "http://hunter2.example")), to: &lines)
        for content in contents {
            let entry = redactor.redact(RecordingEntry(time: .zero, connection: 1, content: content))
            if case .out(let message) = entry.content {
                #expect(message.body.bytes == ByteBuffer(bytes: [0xFF] + Array("«redacted:1»".utf8) + [0xFE]))
            }
            RecordingLine.write(entry, to: &lines)
        }
        let text = String(buffer: lines)
        #expect(!text.contains("hunter2"))
        #expect(text.contains("a=«redacted:1»; b=«redacted:2»"))
    }

    @Test("With --keep-secrets they stay")
    func kept() {
        var redactor = RecordingRedactor(keepsSecrets: true, secrets: ["hunter2"])
        let entry = RecordingEntry(time: .zero, connection: 1, content: .error("hunter2"))
        #expect(redactor.redact(entry) == entry)
    }
}
