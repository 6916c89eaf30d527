import Wire

extension HARReader {
    func harEntries(_ bytes: [UInt8]) throws(Diagnostic) -> [HAREntry] {
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

    mutating func warnOfCounts() {
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
