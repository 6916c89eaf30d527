import NIOCore
import Testing
import Wire

@testable import Scenarios

/// Recordings that somebody wrote to do harm.
@Suite("Hostile recordings")
struct HostileRecordingTests {
    private static let header = #"{"reprise":1,"target":"http://127.0.0.1:3000","protocol":"socket.io"}"# + "\n"
    private static let open =
        #"{"t":0,"c":1,"dir":"open","via":"websocket","url":"ws://a","path":"/socket.io/?EIO=4","status":101}"# + "\n"

    private func line(_ message: String, _ direction: String = "in", t: String = "1") -> String {
        var buffer = ByteBuffer()
        JSONWriter.writeString(message, to: &buffer)
        return #"{"t":\#(t),"c":1,"dir":"\#(direction)","kind":"text","data":\#(String(buffer: buffer))}"# + "\n"
    }

    private func converted(_ lines: String) throws -> Scenario {
        let recording = try Recording.read(text: Self.header + Self.open + lines, file: "a").recording
        var redactor = RecordingRedactor()
        let safe = Recording(header: recording.header, entries: recording.entries.map { redactor.redact($0) })
        let result = try #require(Converter.convert(safe, source: "a", target: "practice:leflux"))
        return try readScenario(result, Dictionary(uniqueKeysWithValues: result.environment.map { ($0, "x") }))
    }

    private static func flow(_ messages: [String]) -> String { ScenariosTests.converted(socketIORecording(messages)) }

    @Test(
        "Times that are none are refused",
        arguments: [
            "-1", "-0.001", "1e308", "1e13", "NaN", "Infinity", "1e999", "\"1\"", "9223372036854775808", "true",
        ]
    )
    func times(time: String) {
        #expect(throws: Diagnostic.self) { try converted(line("2", t: time)) }
    }

    @Test("Times from 0 to thirty years convert", arguments: ["0", "1e12", "0.0000001", "1E3", "999999999999.999"])
    func bounds(time: String) throws {
        #expect(try converted(line(#"42["a",{}]"#, t: time)).groups.count == 1)
    }

    @Test("Connections that are none are refused", arguments: ["-1", "1.5", "2147483648", "null"])
    func connections(number: String) {
        let text = Self.header + Self.open.replacing(#""c":1"#, with: #""c":\#(number)"#)
        #expect(throws: Diagnostic.self) { try Recording.read(text: text, file: "a") }
    }

    @Test("A line that is nested deeply is refused, and a message that is is left out")
    func depth() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: Diagnostic.self) { try converted(deep + "\n") }
        let scenario = try converted(line("42[\"a\",\(deep)", "out") + line(#"42["b"]"#, "out"))
        #expect(scenario.events.contains("b") || !scenario.groups[0].flow.isEmpty)
        let half = String(repeating: "{\"a\":", count: 100) + "1" + String(repeating: "}", count: 100)
        _ = try converted(line("42[\"a\",\(half)]", "out"))
    }

    @Test(
        "Numbers of any size come through",
        arguments: ["1e308", "-1e308", "1e999", "123456789012345678901234567890", "-0", "0.1e-400", "1E+5"]
    )
    func numbers(number: String) throws {
        let lines = line(#"42["a",{"id":\#(number),"chunkIndex":\#(number)}]"#)
        _ = try converted(lines + lines + line(#"42["a",{"id":\#(number)}]"#, "out") + lines)
    }

    @Test("Lone surrogates, controls and the ends of lines of other systems come through")
    func characters() throws {
        let odd = #"\ud800 \udc00 \ud83d \u0000 \u0085 \u2028 \ufeff \uffff \u007f \u001b[31m"#
        let lines = line("42[\"\(odd)\",{\"\(odd)\":\"\(odd)\",\"${x}\":\"${y}\"}]", "out")
        _ = try converted(lines + line("42[\"\(odd)\",{\"id\":\"\(odd)\"}]") + lines + lines)
    }

    @Test("Bytes that are no UTF-8 are refused with their place")
    func encoding() throws {
        var reader = RecordingReader(file: "a")
        let bytes = Array((Self.header + Self.open).utf8) + [0x22, 0xFF, 0xC0, 0x22, 0x0A]
        let error = #expect(throws: Diagnostic.self) { try reader.feed(ByteBuffer(bytes: bytes)) }
        #expect(error?.place.line == 3)
    }

    @Test("A line beyond 32 MiB is refused before it is read, one below comes through")
    func longLines() throws {
        var reader = RecordingReader(file: "a", maximumLine: 1 << 16)
        _ = try reader.feed(ByteBuffer(string: Self.header + Self.open))
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 15)
        _ = try reader.feed(piece)
        _ = try reader.feed(piece)
        let error = #expect(throws: Diagnostic.self) { try reader.feed(piece) }
        #expect(error?.message == "a line has more than 64KiB")
        _ = try converted(line("42[\"a\",\"\(String(repeating: "y", count: 1 << 16))\"]", "out"))
    }

    // MARK: What fuzzing found

    @Test(
        "An address with characters that end it, or without its slash, is written so that it reads",
        arguments: ["/a( b/?x=1", "ws", "/${x}", "/a\\\"<>", "/ä"]
    )
    func addresses(path: String) throws {
        let opening = RecordedOpening(url: "ws://a", path: path)
        var recording = Recording(header: RecordingHeader(target: "ws://a", targetProtocol: .webSocket))
        recording.entries = [
            RecordingEntry(time: .zero, connection: 1, content: .open(opening)),
            RecordingEntry(time: .zero, connection: 1, content: .out(RecordedMessage(text: "a"))),
        ]
        _ = try readScenario(try #require(Converter.convert(recording, source: "a")), [:])
    }

    @Test("What was said before the connection opened, or on one that never did, is said on one")
    func unopened() throws {
        let said = line(#"42["a",{"n":1}]"#) + line(#"42["b"]"#, "out")
        for text in [
            said, said.replacing(#""t":1,"#, with: #""t":0,"#) + Self.open.replacing(#""t":0"#, with: #""t":5"#),
        ] {
            let recording = try Recording.read(text: Self.header + text, file: "a").recording
            let result = try #require(Converter.convert(recording, source: "a", target: "practice:leflux"))
            #expect(result.scenario.contains("flow:\n  - connect\n  - await: a\n"), "\(result.scenario)")
            _ = try readScenario(result, [:])
        }
    }

    @Test("Headers, parameters and members that come twice are written once, and cookies in pieces are joined")
    func twice() throws {
        var opening = RecordedOpening(url: "ws://a", path: "/ws?x=1&x=2&y=3")
        opening.requestHeaders = [
            RecordedHeader("Origin", "http://a"), RecordedHeader("origin", "http://b"), RecordedHeader("cookie", "a=1"),
            RecordedHeader("Cookie", "b=2"),
        ]
        var recording = Recording(header: RecordingHeader(target: "ws://a", targetProtocol: .webSocket))
        recording.entries = [
            RecordingEntry(time: .zero, connection: 1, content: .open(opening)),
            RecordingEntry(time: .zero, connection: 1, content: .out(RecordedMessage(text: #"{"k":1,"l":2,"k":3}"#))),
        ]
        let result = try #require(Converter.convert(recording, source: "a"))
        _ = try readScenario(result, [:])
        #expect(result.scenario.contains("send: { k: 3, l: 2 }"), "\(result.scenario)")
        #expect(result.scenario.contains(#"query: { x: "2", y: "3" }"#), "\(result.scenario)")
        #expect(result.scenario.contains(#"cookie: "a=1; b=2""#), "\(result.scenario)")
        #expect(result.warnings == ["parameters of the address that come several times are left out but for the last"])
    }

    @Test("Fields that no path can name are not named, and those that look like templates are written otherwise")
    func names() throws {
        let odd = #"{"a]id":"x-1234567","b.id":"x-1234568","c id":"x-1234569","${d}":1}"#
        let lines = line("42[\"a\",\(odd)]") + line("42[\"b\",\(odd)]", "out") + line("42[\"c\",\(odd)]")
        _ = try converted(lines)
        let recording = try Recording.read(text: Self.header + Self.open + lines, file: "a").recording
        let warnings = try #require(Converter.convert(recording, source: "a")).warnings
        #expect(warnings == ["names of fields with '${' in them are written '$ {': a scenario cannot say them"])
    }

    @Test("Requests with a method that scenarios do not have are left out, with a warning")
    func methods() throws {
        let request =
            #"{"t":2,"c":0,"dir":"http","method":"PROPFIND","url":"http://127.0.0.1:3000/a","status":200}"# + "\n"
        let text = Self.header + Self.open + line(#"42["b"]"#, "out") + request
        let recording = try Recording.read(text: text, file: "a").recording
        let result = try #require(Converter.convert(recording, source: "a", target: "practice:leflux"))
        #expect(result.warnings == ["requests with the method PROPFIND are left out"])
        _ = try readScenario(result, [:])
    }

    @Test("A plan to one form of which there is nothing special to answer has a branch for the other")
    func branches() {
        func plan(_ number: Int, _ isSequence: Bool) -> [String] {
            let plan =
                #"<["action_plan",{"actions":[{"id":"action-1700\#(number)","n":\#(number)}],"isSequence":\#(isSequence)}]"#
            return [plan] + (isSequence ? [] : [#">["done_one",{"ok":true}]"#]) + [#">["go_on",{}]"#]
        }
        let rounds = (1...6).flatMap { plan($0, $0 % 2 == 0) }
        let flow = Self.flow([#">["start",{}]"#] + rounds + [#"<["task_complete",{}]"#])
        #expect(flow.contains("when: event.isSequence == false\n        flow:\n          - emit: done_one"), "\(flow)")
        #expect(!flow.contains("else:"), "\(flow)")
    }

    @Test("A plan and a stream, and groups at once, do not give one name to two metrics")
    func metrics() throws {
        func plan(_ number: Int) -> [String] {
            [#"<["message_plan",{"actions":[{"id":"action-1700\#(number)"}]}]"#, #">["done_one",{"ok":true}]"#]
        }
        let chunks = (0..<3).map { #"<["message_chunk",{"index":\#($0),"delta":"x","streamId":"s-1"}]"# }
        let messages = [#">["start",{}]"#] + chunks + [#"<["message_done",{"streamId":"s-1"}]"#] + plan(1) + plan(2)
        var recording = socketIORecording(messages + [#"<["task_complete",{}]"#])
        let other = socketIORecording([#">["message",{}]"#, #"<["message",{}]"#, #"<["message_2",{}]"#])
        recording.entries += other.entries.map { entry in
            RecordingEntry(time: entry.time + .milliseconds(1), connection: 2, content: entry.content)
        }
        let result = try #require(Converter.convert(recording, source: "a", target: "practice:leflux"))
        #expect(result.scenario.contains("- stream: message\n") && result.scenario.contains("- plan: message_2\n"))
        _ = try readScenario(result, [:])
    }

    @Test("A value in an envelope that looks like a template stays what it was")
    func envelope() throws {
        let recording = webSocketRecording(
            [1, 2].map { ##">{"type":"a","payload":{"n":\##($0)},"id":"4${202-a8","by":"b"}"## } + [
                ##"<{"type":"b","payload":{}}"##
            ]
        )
        let result = try #require(Converter.convert(recording, source: "a"))
        #expect(result.scenario.contains("envelope:"), "\(result.scenario)")
        _ = try readScenario(result, [:])
    }

    @Test("Events that a scenario cannot name are left out, with a warning")
    func unnamed() throws {
        let lines =
            line(#"42["",1]"#) + line(#"42["closed",1]"#) + line(#"42["connect",1]"#, "out") + line(#"42["b"]"#, "out")
        let recording = try Recording.read(text: Self.header + Self.open + lines, file: "a").recording
        let result = try #require(Converter.convert(recording, source: "a", target: "practice:leflux"))
        #expect(result.warnings == ["messages that cannot be read and are left out: 3"])
        _ = try readScenario(result, [:])
    }
}
