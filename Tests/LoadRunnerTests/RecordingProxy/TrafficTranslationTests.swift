import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("From traffic to the entries of a recording, and to lines")
struct TrafficTranslationTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func copy(_ text: String, limit: Int = 1000) -> BodyCopy {
        var copy = BodyCopy(limit: limit)
        copy.append(ByteBuffer(string: text))
        return copy
    }

    private func request(_ line: String, _ body: String = "", headers: String = "") throws -> TrafficEvent.Request {
        let head = try #require(RelayedHead("\(line) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n".utf8))
        let words = try #require(head.request)
        return TrafficEvent.Request(
            head: head,
            method: words.method,
            path: words.target,
            began: start,
            body: copy(body)
        )
    }

    private func answer(_ status: Int, _ body: String = "", limit: Int = 1000) throws -> TrafficEvent.Answer {
        let head = try #require(RelayedHead("HTTP/1.1 \(status) X\r\nX-Y: z\r\n\r\n".utf8))
        let end = start + .milliseconds(5)
        return TrafficEvent.Answer(head: head, status: status, began: end, ended: end, body: copy(body, limit: limit))
    }

    /// What the events become: the entries in short, and the lines.
    private func tell(_ events: [(TrafficEvent, Int)]) -> (entries: [String], lines: [String]) {
        var translation = TrafficTranslation(
            start: start,
            target: ServerURL(isSecure: false, host: "x.example", port: 80)
        )
        var narration = RecordingNarration(width: 60)
        var told: (entries: [String], lines: [String]) = ([], [])
        for (event, connection) in events {
            for entry in translation.entries(for: event, on: connection, at: start + .milliseconds(1500)) {
                told.entries.append("\(entry.connection) \(short(entry.content))")
                if let line = narration.line(for: entry) { told.lines.append(line) }
            }
        }
        return told
    }

    private func short(_ content: RecordingEntry.Content) -> String {
        func short(_ message: RecordedMessage) -> String {
            let size = message.body.fullSize.map { " of \($0)" } ?? ""
            return "\(message.transport.rawValue) \(message.body.isBinary ? "binary " : "")\(message.body.text)\(size)"
        }
        switch content {
        case .open(let opening): return "open \(opening.transport.rawValue) \(opening.status ?? 0)"
        case .out(let message): return "out \(short(message))"
        case .in(let message): return "in \(short(message))"
        case .close(let closing): return "close \(closing.code) \(closing.side?.rawValue ?? "")"
        case .error(let sentence): return "error \(sentence)"
        case .http(let exchange): return "http \(exchange.method) \(exchange.url) \(exchange.status ?? 0)"
        }
    }

    private static let open = #"0{"sid":"s1","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}"#
    private static let path = "/socket.io/?EIO=4&transport=polling"

    @Test("What was on its way when the other side closed still belongs to the connection")
    func afterTheEnd() throws {
        let told = tell([
            (.opened(try request("GET /ws"), try answer(101)), 3), (.message(.out, copy("a"), isText: true), 3),
            (.closed(.out, code: 1000, reason: ""), 3), (.message(.in, copy("late"), isText: true), 3),
            (.closed(.in, code: 1000, reason: ""), 3), (.failed("the server reset the connection"), 3),
        ])
        #expect(told.entries.count == 4)
        #expect(told.entries.last == "1 in websocket late")
    }

    @Test("A session is one connection over polling and after its upgrade, whichever connections it used")
    func session() throws {
        let post = try request("POST \(Self.path)&sid=s1", #"42["join",{"a":1}]"# + "\u{1e}bYWJj")
        let upgrade = try request("GET /socket.io/?EIO=4&transport=websocket&sid=s1")
        let told = tell([
            (.answered(try request("GET \(Self.path)"), try answer(200, Self.open)), 1),
            (.requested(post), 2),
            (.answered(try request("GET \(Self.path)&sid=s1"), try answer(200, "2\u{1e}431[\"ok\"]")), 1),
            (.answered(post, try answer(200, "ok")), 2),
            (.opened(upgrade, try answer(101)), 3),
            (.message(.out, copy("2probe"), isText: true), 3),
            (.message(.in, copy(#"42/a,["chunk",1]"#), isText: true), 3),
            (.closed(.in, code: 1000, reason: "bye"), 3),
            (.closed(.out, code: 1000, reason: "bye"), 3),
        ])
        #expect(
            told.entries == [
                "1 open polling 200", "1 in polling \(Self.open)", #"1 out polling 42["join",{"a":1}]"#,
                "1 out polling binary abc", "1 in polling 2", #"1 in polling 431["ok"]"#, "1 open websocket 101",
                "1 out websocket 2probe", #"1 in websocket 42/a,["chunk",1]"#, "1 close 1000 server",
            ]
        )
        #expect(
            told.lines == [
                "1.500 #1 ↔ polling /socket.io/", "1.500 #1 ← session with pings every 25.0 seconds",
                #"1.500 #1 → emit join {"a":1}"#, "1.500 #1 → binary 3 bytes", #"1.500 #1 ← acknowledge 1 ["ok"]"#,
                "1.500 #1 ↔ websocket /socket.io/", "1.500 #1 ← emit /a chunk 1", "1.500 #1 ← close 1000 bye",
            ]
        )
    }

    @Test("What is refused, what fails and what ends is said of its session")
    func failures() throws {
        let socket = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        let told = tell([
            (.answered(try request("GET \(Self.path)"), try answer(403, "no")), 1),
            (.answered(try request("GET /ws", headers: socket), try answer(401)), 2),
            (.answered(try request("GET \(Self.path)"), try answer(200, Self.open)), 1),
            (.answered(try request("GET \(Self.path)&sid=s1"), try answer(400, "Session ID unknown")), 1),
            (.requested(try request("POST \(Self.path)&sid=s1", "1")), 1),
            (.failed("the client reset the connection"), 1),
            (.failed("the server: broken"), 9),
        ])
        #expect(
            told.entries == [
                "1 open polling 403", "2 open websocket 401", "3 open polling 200", "3 in polling \(Self.open)",
                "3 error GET of the session was answered with status 400: Session ID unknown", "3 out polling 1",
                "3 close 1005 client", "0 error the server: broken",
            ]
        )
    }

    @Test("Other requests are told by themselves, preflights of polling not at all")
    func others() throws {
        let told = tell([
            (.answered(try request("GET /a?token=x", "body"), try answer(200, "12345")), 1),
            (.answered(try request("OPTIONS \(Self.path)"), try answer(204)), 1),
        ])
        #expect(told.entries == ["0 http GET http://x.example/a?token=x 200"])
        #expect(told.lines == ["0.000 ⇄ GET /a 200, 5 ms, 5 bytes"])
    }

    @Test("Plain sockets are shown as they speak, cut to a line")
    func plain() throws {
        let told = tell([
            (.opened(try request("GET /ws"), try answer(101)), 4),
            (.message(.out, copy(#"{"type":"a"}"# + "\n" + String(repeating: "x", count: 100)), isText: true), 4),
            (.message(.in, copy("größe", limit: 3), isText: true), 4),
            (.message(.in, copy("abc"), isText: false), 4),
            (.closed(.in, code: 1006, reason: ""), 4),
        ])
        #expect(
            told.entries.suffix(3) == ["1 in websocket gr of 7", "1 in websocket binary abc", "1 close 1006 server"]
        )
        #expect(told.lines[1].hasPrefix(#"1.500 #1 → {"type":"a"}\nxx"#))
        #expect(told.lines[1].hasSuffix("xx…"))
    }

    @Test("A payload that was not kept whole is told as far as it goes")
    func truncated() throws {
        let told = tell([
            (.answered(try request("GET \(Self.path)"), try answer(200, Self.open)), 1),
            (.answered(try request("GET \(Self.path)&sid=s1"), try answer(200, "4ab\u{1e}4cdefgh", limit: 6)), 1),
        ])
        #expect(told.entries.suffix(2) == ["1 in polling 4ab", "1 in polling 4c of 7"])
    }
}
