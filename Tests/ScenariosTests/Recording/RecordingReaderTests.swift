import NIOCore
import Testing

@testable import Scenarios

@Suite("Reading recordings")
struct RecordingReaderTests {
    private static let head = #"{"reprise":1,"target":"ws://a"}"# + "\n"
    private static let line = #"{"t":1,"c":1,"dir":"in","kind":"text","data":"ä"}"#

    private func problem(_ text: String) -> Diagnostic? {
        do throws(Diagnostic) {
            _ = try Recording.read(text: text, file: "a.rec.jsonl")
            return nil
        } catch {
            return error
        }
    }

    @Test("In pieces of any size it is the same recording")
    func pieces() throws {
        let text = try fixture("praxis.rec.jsonl").text
        let whole = try Recording.read(text: text, file: "a").recording
        for size in [1, 2, 3, 7, 64, 1000] {
            var reader = RecordingReader(file: "a")
            var entries: [RecordingEntry] = []
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                entries += try reader.feed(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
            }
            entries += try reader.finish()
            #expect(entries == whole.entries)
            #expect(reader.header == whole.header)
        }
    }

    @Test("A torn last line is left out with a warning, wherever it is torn")
    func torn() throws {
        for count in 1..<(Self.line.utf8.count) {
            let torn = String(decoding: Array(Self.line.utf8.prefix(count)), as: UTF8.self)
            let (recording, warnings) = try Recording.read(text: Self.head + Self.line + "\n" + torn, file: "a")
            #expect(recording.entries.count == 1)
            #expect(warnings.map(\.place.line) == [3])
            #expect(warnings.allSatisfy { $0.severity == .warning })
        }
        let whole = try Recording.read(text: Self.head + Self.line, file: "a")
        #expect(whole.recording.entries.count == 1 && whole.warnings.isEmpty)
    }

    @Test("A torn line with an end is an error with its place")
    func broken() throws {
        let found = try #require(problem(Self.head + "{\"t\":1,\"c\":1,\"dir\":\"in\n" + Self.line))
        #expect(found.severity == .error && found.place.line == 2 && found.place.column == 23)
    }

    @Test(
        "What is wrong with a line is said with the place of the value",
        arguments: [
            (#"[]"#, "a line has to be a JSON object", 1),
            (#"{"t":"x","c":1,"dir":"in"}"#, #""t" has to be a number"#, 6),
            (#"{"t":-1,"c":1,"dir":"in"}"#, #""t" has to be from 0 to 1e12 milliseconds"#, 6),
            (#"{"t":1,"c":1.5,"dir":"in"}"#, #""c" has to be a whole number from 0 up"#, 12),
            (#"{"t":1,"c":1}"#, #""dir" is missing"#, 1),
            (#"{"t":1,"c":1,"dir":"in","data":"a"}"#, #""kind" is missing"#, 1),
            (#"{"t":1,"c":1,"dir":"in","kind":"jpeg","data":"a"}"#, #""kind" is neither "text" nor "binary""#, 32),
            (#"{"t":1,"c":1,"dir":"in","kind":"binary","data":"a"}"#, #""data" is no base64"#, 48),
            (#"{"t":1,"c":1,"dir":"close","code":99999}"#, #""code" has to be a whole number from 0 up"#, 35),
            (
                #"{"t":1,"c":1,"dir":"open","url":"a","path":"b","request":{}}"#,
                #""request" has to be a list of pairs"#,
                58
            ),
            (
                #"{"t":1,"c":1,"dir":"http","method":"GET","url":"a","requestBody":{"kind":"text"}}"#,
                #""data" is missing"#, 66
            ),
        ]
    )
    func faults(line: String, message: String, column: Int) throws {
        let found = try #require(problem(Self.head + line + "\n"))
        #expect(found.message == message)
        #expect(found.place == SourcePlace(file: "a.rec.jsonl", line: 2, column: column))
    }

    @Test(
        "A file that is no recording is said to be none",
        arguments: ["", "\n\n", "hello", "{}", "[]\n", #"{"log":{}}"#, #"{"reprise":2,"target":"a"}"#]
    )
    func noRecording(text: String) throws {
        #expect(try #require(problem(text)).place.file == "a.rec.jsonl")
    }

    @Test("Unknown members and kinds are ignored, the latter with one warning each")
    func unknown() throws {
        let text =
            Self.head + #"{"t":1,"c":1,"dir":"ping","x":1}"# + "\n" + #"{"t":1,"c":1,"dir":"ping"}"# + "\n"
            + #"{"t":1,"c":1,"dir":"in","kind":"text","data":"a","later":{}}"# + "\n"
        let (recording, warnings) = try Recording.read(text: text, file: "a")
        #expect(recording.entries.count == 1)
        #expect(warnings.count == 1)
    }

    @Test("A line beyond the limit is an error, whether it ends or not")
    func longLine() {
        for end in ["", "\n"] {
            var reader = RecordingReader(file: "a", maximumLine: 64)
            #expect(throws: Diagnostic.self) {
                _ = try reader.feed(ByteBuffer(string: Self.head))
                _ = try reader.feed(ByteBuffer(string: String(repeating: "x", count: 65) + end))
            }
        }
    }
}
