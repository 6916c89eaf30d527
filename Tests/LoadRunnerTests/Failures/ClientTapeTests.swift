import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("A client's tape")
struct ClientTapeTests {
    static let began = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    static func time(_ milliseconds: Int64) -> NIODeadline { began + .milliseconds(milliseconds) }

    static func client(
        _ content: TapeContent,
        kind: String = "timeout",
        secrets: [String] = [],
        place: Int = 0,
        number: Int = 1,
        slot: Int = 17,
        generation: Int = 0
    ) -> KeptClient {
        let failure = FailureKind(group: "clients", kind: kind, step: "await answer")
        return KeptClient(
            failure: .init(kind: failure, place: place, number: number),
            group: "clients",
            slot: slot,
            generation: generation,
            startEpochMilliseconds: 1_770_000_000_123,
            server: "http://127.0.0.1:3002",
            messageProtocol: .socketIO,
            content: content,
            secrets: secrets
        )
    }

    /// A tape with an open connection.
    static func tape(startLimit: Int = ClientTape.startLimit) -> ClientTape {
        let tape = ClientTape(at: began, startLimit: startLimit)
        connect(tape, at: 1)
        return tape
    }

    static func connect(_ tape: ClientTape, at milliseconds: Int64, _ path: String = "/socket.io/?EIO=4") {
        tape.beginConnection()
        tape.asks(.webSocket, path, [("Origin", "https://a.example"), ("Accept", "*/*")], of: "http://127.0.0.1:3002")
        tape.answered(101, [("Upgrade", "websocket"), ("X-Node", "7")], at: time(milliseconds))
    }

    static func receive(_ text: String, on tape: ClientTape, at milliseconds: Int64) {
        withBytes(text) { tape.received($0, at: time(milliseconds)) }
    }

    /// An entry in a few words.
    static func words(_ entries: [RecordingEntry]) -> [String] {
        entries.map { entry in
            let words =
                switch entry.content {
                case .open(let opening): "open \(opening.transport.rawValue) \(opening.status.map(String.init) ?? "-")"
                case .close(let closing): "close \(closing.code) \(closing.side?.rawValue ?? "-")"
                case .in(let message): "in \(message.body.isBinary ? "binary" : message.body.text)"
                case .out(let message): "out \(message.body.isBinary ? "binary" : message.body.text)"
                case .error(let sentence): "error \(sentence)"
                case .http(let exchange): "http \(exchange.method) \(exchange.status.map(String.init) ?? "-")"
                }
            return "\(entry.connection) \(words)"
        }
    }

    @Test("says what was said, in order, with the headers that a recording has")
    func everything() throws {
        let tape = Self.tape()
        Self.receive("0{}", on: tape, at: 2)
        withBytes("40") { tape.sent($0) }
        [UInt8]([0xFF, 0, 1]).withUnsafeBytes { tape.received($0, [.binary, .polling], at: Self.time(3)) }
        tape.lost(.closed(code: 4000, reason: "bye"), otherwise: Self.nowhere, isOwn: false, at: Self.time(9))
        let recording = Self.client(tape.take()).recording()
        #expect(
            Self.words(recording.entries) == [
                "1 open websocket 101", "1 in 0{}", "1 out 40", "1 in binary", "1 close 4000 server",
            ]
        )
        guard case .open(let opening) = recording.entries[0].content else { return }
        #expect(opening.url == "ws://127.0.0.1:3002")
        #expect(opening.requestHeaders == [RecordedHeader("Origin", "https://a.example")])
        #expect(opening.responseHeaders == [RecordedHeader("X-Node", "7")])
        guard case .in(let binary) = recording.entries[3].content else { return }
        #expect(binary.transport == .polling)
        #expect(Array(binary.body.bytes.readableBytesView) == [0xFF, 0, 1])
        #expect(recording.header.target == "http://127.0.0.1:3002")
        #expect(recording.header.targetProtocol == .socketIO)
        #expect(recording.header.recordedAt == "2026-02-02T02:40:00.123Z")
        #expect(recording.entries[1].time == .milliseconds(2))
        // What was sent at the time of the test's own clock lies behind it: no time goes back.
        #expect(zip(recording.entries, recording.entries.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    private static let nowhere = RecordedOpening(url: "ws://x", path: "/", status: nil)

    @Test("With all between the start and the last 16 KB left out it says how much that was")
    func gap() throws {
        let tape = Self.tape()
        for number in 0..<1000 { Self.receive("42[\"n\",\(1000 + number)]", on: tape, at: Int64(number + 2)) }
        let content = tape.take()
        let entries = Self.client(content).recording().entries
        let errors = entries.filter { if case .error = $0.content { true } else { false } }
        #expect(errors.count == 1)
        let messages = entries.compactMap { if case .in(let message) = $0.content { message.body.text } else { nil } }
        let missing = 1000 - messages.count
        #expect(
            Self.words(errors) == [
                "1 error \(missing) messages with \(missing * 12) bytes are left out here: "
                    + "the start of the client and its end are kept"
            ]
        )
        #expect(missing > 100)
        let before = try #require(entries.firstIndex(of: errors[0])) - 1
        #expect(
            messages == (0..<before).map { "42[\"n\",\(1000 + $0)]" }
                + (before + missing..<1000).map { "42[\"n\",\(1000 + $0)]" }
        )
        #expect(content.start.count <= ClientTape.startLimit)
        #expect(content.end.count <= ClientTape.endLimit)
        #expect(content.end.count > ClientTape.endLimit - 12 - TapeRecord.length)
    }

    @Test("One that is to be kept whole has no gap")
    func whole() {
        let tape = Self.tape(startLimit: 1 << 20)
        for number in 0..<3000 { Self.receive("42[\"n\",\(number)]", on: tape, at: 2) }
        #expect(Self.client(tape.take()).recording().entries.count == 3001)
    }

    @Test("A connection whose opening has fallen out is opened all the same, behind the gap")
    func fallenOpening() {
        let tape = Self.tape()
        let text = String(repeating: "x", count: 1000)
        for _ in 0..<4 { Self.receive("42[\"a\",\"\(text)\"]", on: tape, at: 2) }
        tape.lost(.closed(code: 1006, reason: ""), otherwise: Self.nowhere, isOwn: false, at: Self.time(3))
        Self.connect(tape, at: 4, "/socket.io/?second")
        for _ in 0..<40 { Self.receive("42[\"b\",\"\(text)\"]", on: tape, at: 5) }
        let entries = Self.client(tape.take()).recording().entries
        let openings = entries.compactMap { entry -> String? in
            guard case .open(let opening) = entry.content else { return nil }
            return "\(entry.connection) \(opening.path) \(entry.time / .milliseconds(1))"
        }
        #expect(openings == ["1 /socket.io/?EIO=4 1.0", "2 /socket.io/?second 4.0"])
        let words = Self.words(entries).map { String($0.prefix(11)) }
        let place = words.firstIndex { $0.hasPrefix("2 error") }
        #expect(place.map { words[$0 + 1] } == "2 open webs")
        #expect(words.filter { $0.hasPrefix("2 in") }.count >= 14)
    }

    @Test("A connect that brought nothing is an opening without a status, or with that of the refusal")
    func refused() {
        let tape = ClientTape(at: Self.began)
        tape.beginConnection()
        tape.lost(.failed, otherwise: Self.nowhere, isOwn: false, at: Self.time(1))
        tape.beginConnection()
        tape.asks(.polling, "/socket.io/?EIO=4&transport=polling", [], of: "http://x")
        tape.answered(503, [], at: Self.time(2))
        tape.lost(.refused(status: 503, message: ""), otherwise: Self.nowhere, isOwn: false, at: Self.time(2))
        tape.beginConnection()
        tape.asks(.webSocket, "/ws", [], of: "http://x")
        tape.lost(.failed, otherwise: Self.nowhere, isOwn: false, at: Self.time(3))
        // The rest is no connection's.
        tape.left(at: Self.time(4))
        #expect(
            Self.words(Self.client(tape.take()).recording().entries) == [
                "1 open websocket -", "2 open polling 503", "3 open websocket -",
            ]
        )
    }

    @Test("A move to a WebSocket is a second opening, one that fails is none, and who leaves says how")
    func upgrade() {
        let tape = ClientTape(at: Self.began)
        tape.beginConnection()
        tape.asks(.polling, "/p", [], of: "http://x")
        tape.answered(200, [], at: Self.time(1))
        tape.asks(.webSocket, "/w?sid=1", [], of: "http://x")
        tape.answered(500, [], at: Self.time(2))
        tape.left(at: Self.time(3))
        tape.beginConnection()
        tape.asks(.polling, "/p", [], of: "http://x")
        tape.answered(200, [], at: Self.time(4))
        tape.asks(.webSocket, "/w?sid=2", [], of: "http://x")
        tape.answered(101, [], at: Self.time(5))
        tape.left(at: Self.time(6))
        #expect(
            Self.words(Self.client(tape.take()).recording().entries) == [
                "1 open polling 200", "1 close 1005 client", "2 open polling 200", "2 open websocket 101",
                "2 close 1000 client",
            ]
        )
    }

    @Test("A request has the time at which it was sent, a bounded body, and no status where no answer came")
    func requests() throws {
        let tape = Self.tape()
        let body = ByteBuffer(string: "{\"text\":\"\(String(repeating: "é", count: 3000))\"}")
        func exchange() throws -> HTTPExchange {
            let place = try #require(HTTPPlace("/api/chat", group: 0, authority: "127.0.0.1:3002"))
            let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/api/chat", headers: ["X-A": "1"])
            return HTTPExchange(head: head, body: body, place: place, timeout: .seconds(1), caller: Caller())
        }
        tape.asks(try exchange(), of: "http://127.0.0.1:3002", at: Self.time(5))
        Self.receive("42[\"between\"]", on: tape, at: 7)
        let head = HTTPResponseHead(version: .http1_1, status: .accepted, headers: ["Content-Type": "text/plain"])
        tape.answered(head, ByteBuffer(string: "fine"), at: Self.time(8))
        tape.asks(try exchange(), of: "http://127.0.0.1:3002", at: Self.time(9))
        let entries = Self.client(tape.take()).recording().entries
        #expect(
            Self.words(entries).dropFirst() == ["1 in 42[\"between\"]", "0 http POST 202", "0 http POST -"]
        )
        guard case .http(let answered) = entries[2].content, case .http(let open) = entries[3].content else { return }
        #expect(entries[2].time == .milliseconds(5))
        #expect(answered.duration == .milliseconds(3))
        #expect(answered.url == "http://127.0.0.1:3002/api/chat")
        #expect(answered.requestBody?.fullSize == body.readableBytes)
        // Without the half of a character that the limit has left.
        #expect(answered.requestBody?.bytes.readableBytes == ClientTape.bodyLimit - 1)
        #expect(answered.requestBody?.isBinary == false)
        #expect(answered.responseBody == RecordedBody(text: "fine"))
        #expect(open.duration == nil)
        #expect(entries[3].time == .milliseconds(9))
    }

    private final class Caller: HTTPCaller {
        func responded(_ head: HTTPResponseHead, _ body: ByteBuffer, at now: NIODeadline) {}
        func requestFailed(_ kind: String, _ example: String, at now: NIODeadline) {}
    }

    @Test("One that was taken or given back takes nothing down any more")
    func released() {
        let tape = Self.tape()
        _ = tape.take()
        Self.receive("42[\"a\"]", on: tape, at: 2)
        Self.connect(tape, at: 3)
        #expect(!tape.isRecording)
        #expect(tape.take().start == [])
    }

    @Test("Its file is named after place, kind and client, whatever is in the kind")
    func names() {
        func name(_ kind: String, _ place: Int, _ slot: Int, _ generation: Int) -> String {
            Self.client(TapeContent(), kind: kind, place: place, slot: slot, generation: generation).fileName
        }
        #expect(name("timeout", 0, 17, 0) == "0001-timeout-client17.rec.jsonl")
        #expect(name("closed.1006", 11, 3, 2) == "0012-closed.1006-client3.2.rec.jsonl")
        #expect(name("../../etc\u{0}\n/ü-\(String(repeating: "x", count: 99))", 12_344, 1, 0).count < 80)
        #expect(name("../a b/é", 0, 1, 0) == "0001-_.._a_b__-client1.rec.jsonl")
    }

    // MARK: Secrets

    @Test("What is known for a secret only later, or only by a given name, is in it nowhere")
    func secrets() throws {
        let tape = Self.tape()
        Self.receive("42[\"a\",{\"note\":\"is s3cr3t-value-1, ok\"}]", on: tape, at: 2)
        Self.receive("42[\"a\",{\"note\":\"the env is hunter2-swordfish\"}]", on: tape, at: 2)
        Self.receive("42[\"login\",{\"token\":\"s3cr3t-value-1\"}]", on: tape, at: 3)
        tape.append(.error("script: hunter2-swordfish and s3cr3t-value-1"), at: Self.time(4))
        let lines = try Self.lines(Self.client(tape.take(), secrets: ["hunter2-swordfish"]))
        #expect(!lines.contains("s3cr3t"))
        #expect(!lines.contains("hunter2"))
        #expect(lines.contains("is «redacted:2», ok"))
        #expect(lines.contains("script: «redacted:1» and «redacted:2»"))
    }

    @Test("A message that is cut off in the middle of a given secret does not show its half", arguments: 3..<17)
    func cut(length: Int) throws {
        let secret = "hunter2-swordfish"
        let tape = ClientTape(at: Self.began, startLimit: TapeRecord.length)
        let room = ClientTape.endLimit - TapeRecord.length
        let text = String(repeating: "x", count: room - length) + secret + String(repeating: "y", count: 50)
        Self.receive(text, on: tape, at: 1)
        let lines = try Self.lines(Self.client(tape.take(), secrets: [secret]))
        #expect(!lines.contains("hun"))
        #expect(lines.contains("xx«redacted:1»\""))
        #expect(lines.contains("\"truncated\":\(text.utf8.count)"))
    }

    /// The file's text, which is read again without a warning.
    static func lines(_ client: KeptClient) throws -> String {
        let recording = client.recording()
        var text = ByteBuffer()
        RecordingLine.write(recording.header, to: &text)
        for entry in recording.entries { RecordingLine.write(entry, to: &text) }
        var reader = RecordingReader(file: "x")
        var entries = try reader.feed(text)
        entries += try reader.finish()
        #expect(reader.warnings.isEmpty)
        #expect(entries.count == recording.entries.count)
        return String(buffer: text)
    }
}
