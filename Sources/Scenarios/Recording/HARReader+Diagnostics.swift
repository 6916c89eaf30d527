import Wire

extension HARReader {
    func harEntries(_ bytes: [UInt8]) throws(Diagnostic) -> [HAREntry] {
        if let what = Self.packing(bytes) {
            throw diagnostic(.badValue, "this is no HAR file but \(what)", help: "unpack it, or save it as plain UTF-8")
        }
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

    /// What a file is packed into, by its first bytes.
    private static func packing(_ bytes: [UInt8]) -> String? {
        let known: [([UInt8], String)] = [
            ([0x1F, 0x8B], "one that gzip has compressed"), ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"),
            ([0x78, 0x9C], "one that zlib has compressed"), ([0x78, 0xDA], "one that zlib has compressed"),
            ([0xFF, 0xFE], "text in UTF-16"), ([0xFE, 0xFF], "text in UTF-16"),
        ]
        return known.first { bytes.starts(with: $0.0) }?.1
    }

    /// Why there is nothing to take, and what would help.
    func withoutMessages(_ all: [HAREntry], _ target: String) -> Diagnostic {
        let ours = all.filter { $0.origin == target && !$0.isRedirect }
        if ours.contains(where: \.isElsewhere) {
            return diagnostic(
                .missing,
                "the HAR file keeps what was said in other files",
                help: "record it again with Playwright's content 'embed'"
            )
        }
        if ours.contains(where: { $0.isWebSocket && $0.status == 101 }) {
            return diagnostic(
                .missing,
                "the HAR file has no messages of its WebSockets",
                help:
                    "Chrome, Playwright and mitmproxy write them as '_webSocketMessages'; other tools may leave them out"
            )
        }
        if ours.contains(where: \.isPolling) {
            return diagnostic(
                .missing,
                "the HAR file has requests of Engine.IO, but not what their bodies said",
                help: "save it with content"
            )
        }
        return diagnostic(
            .missing,
            "no WebSocket in the HAR file was opened by its server",
            help: "their handshakes were refused or not answered; the file says with which status"
        )
    }

    mutating func warnOfCounts() {
        func times(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        var texts: [String] = []
        if counts.redirects > 0 {
            texts.append(
                "\(times(counts.redirects, "request of a connection was", "requests of connections were")) redirected; "
                    + "what answered in the end is taken"
            )
        }
        if counts.withoutTime > 0 {
            texts.append("\(times(counts.withoutTime, "entry", "entries")) without 'startedDateTime' left out")
        }
        if counts.unknownSessions > 0 {
            let what = times(counts.unknownSessions, "polling request", "polling requests")
            texts.append("\(what) of sessions that began before the file did left out")
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
                "\(times(counts.withoutBody, "answer has", "answers have")) no readable body in the file; save it with content"
            )
        }
        if !counts.otherHosts.isEmpty {
            texts.append("WebSockets to \(counts.otherHosts.sorted().joined(separator: ", ")) are left out")
        }
        if counts.otherRequests > 0 {
            texts.append(
                "\(times(counts.otherRequests, "request", "requests")) left out: pages, scripts, pictures, other hosts"
            )
        }
        warnings += texts.map { diagnostic(.badValue, $0, severity: .warning) }
    }

    func diagnostic(
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
