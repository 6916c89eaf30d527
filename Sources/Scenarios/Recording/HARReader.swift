package import NIOCore
import Wire

/// Makes a recording of a HAR file that has the messages of its WebSockets, as Chrome, Playwright and mitmproxy write it.
///
/// Each message has `type` (`send` or `receive`), `time` in seconds since 1970, `opcode` and `data`, base64 for a binary
/// one. Traffic of Engine.IO over polling is taken from the plain entries. What a file holds never traps.
package struct HARReader {
    private let file: String
    private var warnings: [Diagnostic] = []
    private var entries: [(at: Double, entry: RecordingEntry)] = []
    private var connections = 0
    /// The connection of each session of Engine.IO.
    private var sessions: [String: Int] = [:]
    private var counts = Counts()

    /// What is said once, with a number.
    private struct Counts {
        var otherRequests = 0
        var withoutBody = 0
        var withoutMessages = 0
        var badMessages = 0
        var redirects = 0
        var otherHosts: Set<String> = []
    }

    private init(file: String) {
        self.file = file
    }

    /// Whether a file looks like a HAR file rather than a recording: one object, with `log`.
    package static func looksLikeHAR(_ bytes: ByteBuffer) -> Bool {
        let start = bytes.readableBytesView.prefix(4096).filter { $0 > 0x20 }
        return start.starts(with: Array("{\"log\":".utf8))
            || start.starts(with: [0xEF, 0xBB, 0xBF] + Array("{\"log\":".utf8))
    }

    /// Reads a HAR file.
    ///
    /// - Returns: The recording, secrets and all, and what is doubtful about it.
    package static func read(
        _ bytes: ByteBuffer,
        file: String
    ) throws(Diagnostic) -> (recording: Recording, warnings: [Diagnostic]) {
        var reader = HARReader(file: file)
        let recording = try reader.read(Array(bytes.readableBytesView))
        return (recording, reader.warnings)
    }

    private mutating func read(_ bytes: [UInt8]) throws(Diagnostic) -> Recording {
        let all = try harEntries(bytes)
        guard let target = Self.target(of: all) else {
            throw diagnostic(
                .missing,
                "the HAR file has no WebSocket and no Engine.IO in it",
                help: "open the developer tools before the page, and save the log after the conversation"
            )
        }
        for entry in all {
            guard let at = entry.start else { continue }
            if entry.origin != target {
                if entry.isWebSocket, let origin = entry.origin { counts.otherHosts.insert(origin) }
                counts.otherRequests += 1
            } else if entry.isWebSocket {
                takeWebSocket(entry, at)
            } else if entry.isPolling {
                takePolling(entry, at)
            } else if entry.isProgrammed {
                takeRequest(entry, at)
            } else {
                counts.otherRequests += 1
            }
        }
        warnOfCounts()
        guard entries.contains(where: { $0.entry.content.isMessage }) else {
            throw diagnostic(
                .missing,
                "the HAR file has no messages of its WebSockets",
                help:
                    "Chrome, Playwright and mitmproxy write them as '_webSocketMessages'; other browsers leave them out"
            )
        }
        return recording(target, all)
    }

    private func recording(_ target: String, _ all: [HAREntry]) -> Recording {
        let sorted = entries.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
        let start = sorted.first?.at ?? 0
        let isSocketIO = all.contains { $0.origin == target && $0.query("EIO") != nil }
        return Recording(
            header: RecordingHeader(
                target: target,
                targetProtocol: isSocketIO ? .socketIO : .webSocket,
                recordedAt: ISODate.text(epochMilliseconds: Int64(start))
            ),
            entries: sorted.map { item in
                var entry = item.entry
                entry.time = .microseconds(Int64(min(max(item.at - start, 0), 1e11) * 1000))
                return entry
            }
        )
    }

    /// The host that most of what was said is about.
    private static func target(of all: [HAREntry]) -> String? {
        var weights: [String: Int] = [:]
        for entry in all where entry.isWebSocket || entry.isPolling {
            guard let origin = entry.origin, entry.start != nil else { continue }
            weights[origin, default: 0] += 1 + (entry.messages?.count ?? 0)
        }
        return weights.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}

// MARK: - Entries

extension HARReader {
    private mutating func add(_ at: Double, _ connection: Int, _ content: RecordingEntry.Content) {
        entries.append((at, RecordingEntry(time: .zero, connection: connection, content: content)))
    }

    private mutating func takeWebSocket(_ entry: HAREntry, _ start: Double) {
        let isRedirect = (300..<400).contains(entry.status ?? 0)
        if isRedirect { counts.redirects += 1 }
        let connection: Int
        if let sid = entry.query("sid"), let session = sessions[sid] {
            connection = session
        } else {
            connections += 1
            connection = connections
        }
        // Some leave the status of a handshake out.
        let status = entry.status ?? (entry.messages?.isEmpty == false ? 101 : nil)
        add(start, connection, .open(opening(entry, .webSocket, status)))
        guard let messages = entry.messages else {
            if !isRedirect { counts.withoutMessages += 1 }
            return
        }
        var last = start
        for message in messages {
            guard let (at, content) = Self.message(message, start) else {
                counts.badMessages += 1
                continue
            }
            last = max(last, at)
            add(at, connection, content)
        }
        if !messages.isEmpty {
            let end = max(last, start + (entry.duration ?? 0))
            add(end, connection, .close(RecordedClosing(code: 1005)))
        }
    }

    private static func message(_ tree: JSONValue, _ start: Double) -> (at: Double, content: RecordingEntry.Content)? {
        guard let data = tree["data"]?.textValue, let time = time(tree["time"], start) else { return nil }
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
    private static func time(_ tree: JSONValue?, _ start: Double) -> Double? {
        if let text = tree?.textValue { return ISODate.epochMilliseconds(text).map(Double.init) }
        guard let number = tree?.numberValue, number >= 0, number < 1e14 else { return nil }
        if number > 1e11 { return number }
        return number > 1e8 ? number * 1000 : start + number * 1000
    }

    private mutating func takePolling(_ entry: HAREntry, _ start: Double) {
        let end = start + (entry.duration ?? 0)
        let answer = entry.responseBody.map { PollingBody.messages($0.bytes) }
        let connection: Int
        if let sid = entry.query("sid") {
            guard let session = sessions[sid] else {
                counts.otherRequests += 1
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
            add(end, connection, .error("A polling request was answered with \(status)."))
        }
    }

    /// The sid in an open packet.
    private static func session(_ message: RecordedMessage) -> String? {
        guard !message.body.isBinary, message.body.text.hasPrefix("0"),
            let tree = try? JSONValue(parsing: String(message.body.text.dropFirst()), maximumDepth: 16)
        else { return nil }
        return tree["sid"]?.textValue
    }

    private mutating func takeRequest(_ entry: HAREntry, _ start: Double) {
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

    private func opening(_ entry: HAREntry, _ transport: RecordedTransport, _ status: Int?) -> RecordedOpening {
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

// MARK: - Diagnostics

extension HARReader {
    private func harEntries(_ bytes: [UInt8]) throws(Diagnostic) -> [HAREntry] {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let result = bytes.withUnsafeBytes { all in
            Result { () throws(JSONError) in try JSONValue(parsing: all, range: start..<all.count) }
        }
        let root: JSONValue
        switch result {
        case .success(let tree): root = tree
        case .failure(let error):
            let before = bytes[..<min(error.offset, bytes.count)]
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
            let reason = error.reason.prefix(1).lowercased() + error.reason.dropFirst().dropLast()
            throw diagnostic(.badValue, "this is no JSON: \(reason)", line, column)
        }
        guard case .array(let list)? = root["log"]?["entries"] else {
            throw diagnostic(.missing, "this is no HAR file: it has no list 'log.entries'")
        }
        return list.enumerated().map { HAREntry(tree: $0.element, index: $0.offset) }
    }

    private mutating func warnOfCounts() {
        func times(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        var texts: [String] = []
        if counts.redirects > 0 {
            texts.append(
                "\(times(counts.redirects, "handshake was", "handshakes were")) redirected; what came after is taken"
            )
        }
        if counts.withoutMessages > 0 {
            texts.append("\(times(counts.withoutMessages, "WebSocket has", "WebSockets have")) no messages in the file")
        }
        if counts.badMessages > 0 {
            texts.append(
                "\(times(counts.badMessages, "message is", "messages are")) cut off or unreadable, and left out"
            )
        }
        if counts.withoutBody > 0 {
            texts.append(
                "\(times(counts.withoutBody, "answer has", "answers have")) no body in the file; save it with content"
            )
        }
        if !counts.otherHosts.isEmpty {
            texts.append("WebSockets to \(counts.otherHosts.sorted().joined(separator: ", ")) are left out")
        }
        if counts.otherRequests > 0 {
            texts.append(
                "\(times(counts.otherRequests, "request", "requests")) for pages, scripts, pictures or other hosts left out"
            )
        }
        warnings += texts.map { diagnostic(.badValue, $0, severity: .warning) }
    }

    private func diagnostic(
        _ code: Diagnostic.Code,
        _ message: String,
        _ line: Int = 1,
        _ column: Int = 1,
        help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) -> Diagnostic {
        Diagnostic(
            severity: severity,
            code: code,
            message: message,
            place: SourcePlace(file: file, line: line, column: column),
            suggestion: help
        )
    }
}

extension RecordingEntry.Content {
    var isMessage: Bool {
        switch self {
        case .in, .out: true
        default: false
        }
    }
}
