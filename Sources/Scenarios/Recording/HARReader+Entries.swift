import NIOCore
import Wire

extension HARReader {
    mutating func add(_ at: Double, _ connection: Int, _ content: RecordingEntry.Content) {
        entries.append((at, RecordingEntry(time: .zero, connection: connection, content: content)))
    }

    mutating func takeWebSocket(_ entry: HAREntry, _ start: Double) {
        let connection: Int
        if let sid = entry.query("sid"), let session = sessions[sid] {
            connection = session
        } else {
            connections += 1
            connection = connections
        }
        // Some leave the status of a handshake out.
        let status = entry.status ?? (entry.hasMessages ? 101 : nil)
        add(start, connection, .open(opening(entry, .webSocket, status)))
        guard let messages = entry.messages else {
            if status == 101 { counts.withoutMessages += 1 }
            return
        }
        var last = start
        for message in messages {
            guard let (at, content) = Self.message(message, start, last) else {
                counts.badMessages += 1
                continue
            }
            last = max(last, at)
            add(at, connection, content)
        }
        if status == 101, !messages.isEmpty {
            let end = max(last, start + (entry.duration ?? 0))
            add(end, connection, .close(RecordedClosing(code: 1005)))
        }
    }

    /// - Parameter last: When the message before was.
    static func message(
        _ tree: JSONValue,
        _ start: Double,
        _ last: Double
    ) -> (at: Double, content: RecordingEntry.Content)? {
        guard let data = tree["data"]?.textValue, let time = time(tree["time"], start, last) else { return nil }
        let body: RecordedBody
        switch tree["opcode"] {
        case .integer(2)?, .number(2)?:
            var bytes = ByteBuffer()
            guard Array(data.utf8).withUnsafeBytes({ Base64.decode($0, to: &bytes) }) else { return nil }
            body = RecordedBody(bytes: bytes, isBinary: true)
        case nil, .integer(1)?, .number(1)?: body = RecordedBody(text: data)
        // Chrome notes errors as messages with the opcode -1.
        case .integer(-1)?: return (time, .error(data))
        default: return nil
        }
        switch tree["type"]?.textValue {
        case "send", "request": return (time, .out(RecordedMessage(body)))
        case "receive", "response": return (time, .in(RecordedMessage(body)))
        case "error": return (time, .error(data))
        default: return nil
        }
    }

    /// Seconds since 1970 unless the number is so large or so small that it is in milliseconds, or since the start.
    /// Playwright's minimal files have -1 for all, which leaves the order alone.
    static func time(_ tree: JSONValue?, _ start: Double, _ last: Double) -> Double? {
        if let text = tree?.textValue { return ISODate.epochMilliseconds(text).map(Double.init) }
        guard let number = tree?.numberValue, number < 1e14 else { return nil }
        if number < 0 { return number == -1 ? last : nil }
        if number > 1e11 { return number }
        return number > 1e8 ? number * 1000 : start + number * 1000
    }

    mutating func takePolling(_ entry: HAREntry, _ start: Double) {
        // Where starts are cut to milliseconds, an answer seems to come up to one too early or too late beside what the
        // client sent because of it: the middle of it is where the fewest are out of order.
        let end = start + (entry.duration ?? 0) - (entry.isStartCut ? 0.5 : 0)
        let answer = entry.responseBody.map { PollingBody.messages($0.bytes) }
        let connection: Int
        if let sid = entry.query("sid") {
            guard let session = sessions[sid] else {
                counts.unknownSessions += 1
                return
            }
            connection = session
        } else {
            connections += 1
            connection = connections
            if let first = answer?.messages.first, let sid = Self.session(first) { sessions[sid] = connection }
            add(end, connection, .open(opening(entry, .polling, entry.status)))
        }
        if entry.lacksResponseBody { counts.withoutBody += 1 }
        if entry.method == "POST" {
            for message in entry.requestBody.map({ PollingBody.messages($0.bytes).messages }) ?? [] {
                add(start, connection, .out(message))
            }
        } else {
            for message in answer?.messages ?? [] { add(end, connection, .in(message)) }
        }
        if let status = entry.status, status != 200, entry.query("sid") != nil {
            add(end, connection, .error("a polling request was answered with status \(status)"))
        }
    }

    /// The sid in an open packet.
    static func session(_ message: RecordedMessage) -> String? {
        guard !message.body.isBinary, message.body.text.hasPrefix("0"),
            let tree = try? JSONValue(parsing: String(message.body.text.dropFirst()), maximumDepth: 16)
        else { return nil }
        return tree["sid"]?.textValue
    }

    mutating func takeRequest(_ entry: HAREntry, _ start: Double) {
        if entry.lacksResponseBody { counts.withoutBody += 1 }
        add(
            start,
            0,
            .http(
                RecordedExchange(
                    method: entry.method,
                    url: entry.url,
                    status: entry.status,
                    duration: entry.duration.map { .microseconds(Int64($0 * 1000)) },
                    requestHeaders: entry.requestHeaders,
                    responseHeaders: entry.responseHeaders,
                    requestBody: entry.requestBody,
                    responseBody: entry.responseBody
                )
            )
        )
    }

    func opening(_ entry: HAREntry, _ transport: RecordedTransport, _ status: Int?) -> RecordedOpening {
        RecordedOpening(
            url: entry.origin ?? "",
            path: entry.path,
            transport: transport,
            status: status,
            requestHeaders: entry.requestHeaders,
            responseHeaders: entry.responseHeaders
        )
    }
}
