import NIOCore
import Testing

@testable import Scenarios

@Suite("Lines of a recording")
struct RecordingLineTests {
    private static let header = RecordingHeader(
        target: "wss://shop.example",
        targetProtocol: .webSocket,
        recordedAt: "2026-01-31T09:05:00.007Z",
        redacted: ["cookie"],
        removed: ["accept-encoding"]
    )

    private static let entries: [(RecordingEntry.Content, String)] = [
        (
            .open(
                RecordedOpening(
                    url: "wss://shop.example",
                    path: "/ws?a=1",
                    requestHeaders: [RecordedHeader("Origin", "https://x")],
                    responseHeaders: [RecordedHeader("Set-Cookie", "a"), RecordedHeader("Set-Cookie", "b")]
                )
            ),
            #""dir":"open","via":"websocket","url":"wss://shop.example","path":"/ws?a=1","status":101,"request":[["Origin","https://x"]],"response":[["Set-Cookie","a"],["Set-Cookie","b"]]}"#
        ),
        (.out(RecordedMessage(text: "a \"b\"\n€")), #""dir":"out","kind":"text","data":"a \"b\"\n€"}"#),
        (
            .in(
                RecordedMessage(RecordedBody(bytes: ByteBuffer(bytes: [0, 255]), isBinary: true), transport: .polling)
            ),
            #""dir":"in","via":"polling","kind":"binary","data":"AP8="}"#
        ),
        (
            .in(RecordedMessage(RecordedBody(bytes: ByteBuffer(string: "ab"), isBinary: false, fullSize: 9))),
            #""dir":"in","kind":"text","data":"ab","truncated":9}"#
        ),
        (.close(RecordedClosing(code: 1006)), #""dir":"close","code":1006,"reason":""}"#),
        (
            .close(RecordedClosing(code: 1000, reason: "bye", side: .server)),
            #""dir":"close","code":1000,"reason":"bye","by":"server"}"#
        ),
        (.error("It broke."), #""dir":"error","message":"It broke."}"#),
        (
            .http(
                RecordedExchange(
                    method: "POST",
                    url: "https://shop.example/a",
                    status: 200,
                    duration: .microseconds(4050),
                    requestBody: RecordedBody(text: "{}"),
                    responseBody: RecordedBody(bytes: ByteBuffer(bytes: [1]), isBinary: true)
                )
            ),
            #""dir":"http","method":"POST","url":"https://shop.example/a","status":200,"duration":4.05,"requestBody":{"kind":"text","data":"{}"},"responseBody":{"kind":"binary","data":"AQ=="}}"#
        ),
    ]

    @Test("Each entry is one line as documented, and reads back the same", arguments: 0..<entries.count)
    func entry(number: Int) throws {
        let (content, line) = Self.entries[number]
        let entry = RecordingEntry(time: .microseconds(12_345), connection: 3, content: content)
        let recording = Recording(header: Self.header, entries: [entry])
        let lines = recording.text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1] == "{\"t\":12.345,\"c\":3,\(line)")
        let (read, warnings) = try Recording.read(text: recording.text, file: "a")
        #expect(read == recording)
        #expect(warnings.isEmpty)
    }

    @Test("The header is the first line")
    func header() {
        #expect(
            Recording(header: Self.header).text
                == #"{"reprise":1,"target":"wss://shop.example","protocol":"websocket","recordedAt":"2026-01-31T09:05:00.007Z","redacted":["cookie"],"removed":["accept-encoding"]}"#
                + "\n"
        )
    }

    @Test("Text that is no UTF-8 is written as binary, so that the line is JSON")
    func badText() throws {
        let body = RecordedBody(bytes: ByteBuffer(bytes: [0x61, 0xFF]), isBinary: false)
        let entry = RecordingEntry(time: .zero, connection: 1, content: .in(RecordedMessage(body)))
        let read = try Recording.read(text: Recording(header: Self.header, entries: [entry]).text, file: "a").recording
        guard case .in(let message) = read.entries[0].content else { throw FixtureProblem() }
        #expect(message.body.isBinary && Array(message.body.bytes.readableBytesView) == [0x61, 0xFF])
    }
}

struct FixtureProblem: Error {}
