import NIOCore
import Testing

@testable import Scenarios

@Suite("HAR files")
struct HARReaderTests {
    private func read(_ text: String) throws(Diagnostic) -> (recording: Recording, warnings: [Diagnostic]) {
        try HARReader.read(ByteBuffer(string: text), file: "a.har")
    }

    private func problem(_ text: String) -> Diagnostic? {
        do throws(Diagnostic) {
            _ = try read(text)
            return nil
        } catch {
            return error
        }
    }

    private func summary(_ entry: RecordingEntry) -> String {
        let what =
            switch entry.content {
            case .out(let message): "> \(message.transport) \(message.body.isBinary) \(message.body.text)"
            case .in(let message): "< \(message.transport) \(message.body.isBinary) \(message.body.text.count)"
            case .open(let opening): "open \(opening.transport) \(opening.status ?? 0) \(opening.path)"
            case .close: "close"
            case .error(let sentence): sentence
            case .http(let exchange): "\(exchange.method) \(exchange.status ?? 0) \(exchange.responseBody?.text ?? "-")"
            }
        return "\(Int(entry.time.milliseconds)) \(entry.connection) \(what)"
    }

    @Test("Chrome's shape: times from the epoch, binary as base64, requests beside it, a redirected handshake")
    func chrome() throws {
        #expect(HARReader.looksLikeHAR(ByteBuffer(string: HARFixtures.chrome)))
        let (recording, warnings) = try read(HARFixtures.chrome)
        #expect(recording.header.target == "https://shop.example")
        #expect(recording.header.targetProtocol == .webSocket)
        #expect(recording.header.recordedAt == "2026-01-31T09:05:00.000Z")
        #expect(
            recording.entries.map(summary) == [
                "0 1 open webSocket 101 /ws?session=s-12345", #"500 0 POST 201 {"sessionId":"s-12345"}"#,
                #"1250 1 > webSocket false {"type":"hello"}"#, "1500 1 < webSocket false 18",
                "2000 1 < webSocket true 3", "3000 1 close",
            ]
        )
        #expect(
            warnings.map(\.message) == [
                "1 request of a connection was redirected; what answered in the end is taken",
                "1 message is cut off or unreadable, and left out",
                "1 request left out: pages, scripts, pictures, other hosts",
            ]
        )
    }

    @Test("Traffic over polling becomes messages of one connection with its upgrade")
    func polling() throws {
        let (recording, warnings) = try read(HARFixtures.polling)
        #expect(warnings.isEmpty)
        #expect(recording.header.targetProtocol == .socketIO)
        #expect(recording.entries.allSatisfy { $0.connection == 1 })
        #expect(
            recording.entries.map(summary).map { $0.split(separator: " ", maxSplits: 2)[2] } == [
                "open polling 200 /socket.io/?EIO=4&transport=polling&t=a", "< polling false 79",
                "> polling false 40", #"> polling false 42["join",{"room":"r"}]"#, "< polling false 13",
                "< polling true 2", "< polling false 12",
                "open webSocket 101 /socket.io/?EIO=4&transport=websocket&sid=S1", "> webSocket false 2probe",
                "< webSocket false 6", "> webSocket false 5", "< webSocket false 10", "close",
            ]
        )
        #expect(converted(recording, "target").contains("transports: [ polling, websocket ]"))
    }

    @Test(
        "mitmproxy's and others' shapes of a message",
        arguments: [
            #"{"type":"send","time":1769850301.25,"opcode":1,"data":"x"}"#,
            #"{"type":"request","time":1769850301250,"opcode":1,"data":"x"}"#,
            #"{"type":"send","time":1.25,"data":"x"}"#,
            #"{"type":"send","time":"2026-01-31T09:05:01.250Z","opcode":1.0,"data":"x"}"#,
        ]
    )
    func shapes(message: String) throws {
        let text = """
            {"log":{"entries":[{"startedDateTime":"2026-01-31T10:05:00.000+01:00","time":0,
            "request":{"method":"GET","url":"https://a.example/ws","headers":[]},"response":{"status":101},
            "_webSocketMessages":[\(message)]}]}}
            """
        let (recording, _) = try read(text)
        #expect(recording.entries.map(summary).contains("1250 1 > webSocket false x"))
    }

    @Test(
        "What cannot be used is said",
        arguments: [
            ("{\"log\":\n {", "this is no JSON: the text ends in the middle of a value", 2, 3),
            ("{}", "this is no HAR file: it has no list 'log.entries'", 1, 1),
            (#"{"log":{"entries":[]}}"#, "the HAR file has no WebSocket and no Engine.IO in it", 1, 1),
            (
                #"{"log":{"entries":[{"startedDateTime":"2026-01-31T10:05:00Z","request":{"url":"ws://a/"},"response":{"status":101}}]}}"#,
                "the HAR file has no messages of its WebSockets", 1, 1
            ),
            (
                #"{"log":{"entries":[{"startedDateTime":"2026-01-31T10:05:00Z","request":{"url":"ws://a/"},"response":{"status":403}}]}}"#,
                "no WebSocket in the HAR file was opened by its server", 1, 1
            ),
            (
                #"{"log":{"entries":[{"startedDateTime":"2026-01-31T10:05:00Z","request":{"url":"ws://a/"},"response":{"status":101,"content":{"_file":"a.jsonl"}}}]}}"#,
                "the HAR file keeps what was said in other files", 1, 1
            ),
            (
                #"{"log":{"entries":[{"startedDateTime":"2026-01-31T10:05:00Z","request":{"url":"http://a/socket.io/?EIO=4&transport=polling"},"response":{"status":200,"content":{"size":90}}}]}}"#,
                "the HAR file has requests of Engine.IO, but not what their bodies said", 1, 1
            ),
            (
                #"{"log":{"entries":[{"startedDateTime":"2026-01-31T10:05:00Z","request":{"url":"https://a/x.png"},"response":{"status":200}}]}}"#,
                "the HAR file has no WebSocket and no Engine.IO in it", 1, 1
            ),
        ]
    )
    func faults(text: String, message: String, line: Int, column: Int) throws {
        let found = try #require(problem(text))
        #expect(found.message == message)
        #expect(found.place == SourcePlace(file: "a.har", line: line, column: column))
    }

    @Test("Answers without their bodies are a warning")
    func noBodies() throws {
        let text = HARFixtures.polling.replacing(#","text":"ok""#, with: "")
        #expect(
            try read(text).warnings.map(\.message) == [
                "1 answer has no readable body in the file; save it with content"
            ]
        )
        let packed = HARFixtures.polling.replacing(
            #""text":"ok""#,
            with: #""encoding":"base64","text":"H4sIAAAAAAAAA8vPBgBH3dx5AgAAAA==""#
        )
        #expect(
            try read(packed).warnings.map(\.message) == [
                "1 answer has no readable body in the file; save it with content"
            ]
        )
    }

    @Test(
        "A file that is packed or in another encoding is told from one that is broken",
        arguments: [
            ([0x1F, 0x8B, 0x08], "one that gzip has compressed"), ([0x50, 0x4B, 3, 4], "a ZIP archive"),
            ([0x78, 0x9C], "one that zlib has compressed"), ([0xFF, 0xFE, 0x7B, 0], "text in UTF-16"),
        ] as [([UInt8], String)]
    )
    func packed(bytes: [UInt8], what: String) throws {
        let error = #expect(throws: Diagnostic.self) { try HARReader.read(ByteBuffer(bytes: bytes), file: "a.har") }
        #expect(error?.message == "this is no HAR file but \(what)")
    }

    @Test("A byte order mark is no part of it")
    func byteOrderMark() throws {
        #expect(try read("\u{FEFF}" + HARFixtures.polling).recording == read(HARFixtures.polling).recording)
    }

    @Test("A file without times keeps the order, and a handshake without an answer is no connection")
    func withoutTimes() throws {
        let untimed = """
            {"log":{"entries":[{"startedDateTime":"2026-01-31T09:05:00.000Z","time":-1,
            "request":{"method":"GET","url":"ws://a.example/ws","headers":[]},"response":{"status":101},
            "_webSocketMessages":[{"type":"send","time":-1,"opcode":1,"data":"x"},{"type":"receive","time":-1,"opcode":1,"data":"y"}]}]}}
            """
        let (recording, warnings) = try read(untimed)
        #expect(warnings.isEmpty)
        #expect(recording.entries.map(summary).map { String($0.suffix(3)) } == ["/ws", "e x", "e 1", "ose"])
        let failed = """
            {"startedDateTime":"2026-01-31T09:04:00.000Z","time":1,"request":{"method":"GET","url":"ws://a.example/old","headers":[]},
            "response":{"status":0},"_webSocketMessages":[{"type":"error","time":1,"opcode":-1,"data":"Unexpected response code: 403"}]},
            """
        let both = untimed.replacing("\"entries\":[", with: "\"entries\":[\(failed)")
        #expect(try read(both).recording.entries.map(summary)[0] == "0 1 open webSocket 0 /old")
    }

    @Test("Polling that began before the file did, and entries without a time, are counted")
    func lateStart() throws {
        let late = HARFixtures.polling.replacing("&t=c&sid=S1", with: "&t=c&sid=S0")
            .replacing(#""startedDateTime":"2026-01-31T09:05:00.020Z","#, with: "")
        #expect(
            try read(late).warnings.map(\.message) == [
                "1 entry without 'startedDateTime' left out",
                "1 polling request of sessions that began before the file did left out",
            ]
        )
    }
}
