import Wire

/// Reads `feeds:` and the files that it names.
struct FeedReader {
    let session: ReadingSession

    /// Adds the feeds to the session, for all that is read after them.
    func read(_ node: SourceNode) {
        guard case .map(let entries) = node.content else {
            let help = "write feeds: { NAME: { file: data/NAME.csv } }"
            session.report(.wrongType, "'feeds' has to be a map, not \(node.kind)", at: node, help: help)
            return
        }
        for entry in entries {
            let name = entry.key.text
            if !Self.isName(name) {
                let help = "a name has letters, digits, '-' and '_'"
                let place = session.source.place(of: entry.key)
                session.report(.badValue, "'\(name)' cannot be the name of a feed", at: place, help: help)
            }
            if let feed = feed(name, entry.value) {
                session.feeds.append(feed)
            } else {
                session.brokenFeeds.insert(name)
            }
        }
    }

    private func feed(_ name: String, _ node: SourceNode) -> Feed? {
        guard let map = MapReader<FeedKey>(node, "the feed '\(name)'", session) else { return nil }
        let order = map.word(.order, Feed.Order.self) ?? .sequential
        guard let fileNode = map.required(.file), let file = session.name(fileNode, "'file'"),
            let table = table(file, fileNode)
        else { return nil }
        return Feed(name: name, columns: table.columns, rows: table.rows, order: order)
    }

    private func table(_ file: String, _ node: SourceNode) -> FeedTable? {
        guard let format = FeedTable.Format(ofFile: file) else {
            let help = "the formats are .csv, .json, .jsonl and .ndjson"
            session.report(.badValue, "the end of the name '\(file)' says no format", at: node, help: help)
            return nil
        }
        guard let bytes = session.bytes(ofFile: file, at: node, limit: FeedTable.maximumBytes) else { return nil }
        do throws(FeedProblem) {
            return try FeedTable(bytes, format: format)
        } catch {
            let path = session.folder.path(of: file)
            session.report(
                Diagnostic(
                    code: error.code,
                    message: error.message,
                    place: SourcePlace(file: path, line: error.line, column: error.column),
                    suggestion: error.suggestion,
                    sourceLine: Self.line(error.line, of: bytes)
                )
            )
            return nil
        }
    }

    /// A line of the data, for the diagnostic.
    private static func line(_ number: Int, of bytes: [UInt8]) -> String {
        var start = bytes.startIndex
        for _ in 1..<max(number, 1) {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return "" }
            start = end + 1
        }
        var line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line.prefix(10_000), as: UTF8.self)
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0 == "_" || $0 == "-" || ("a"..."z").contains($0) || ("A"..."Z").contains($0)
                    || ("0"..."9").contains($0)
            }
    }
}

extension ReadingSession {
    /// The bytes of a file below the scenario's folder; nil, and reported, where it cannot be read.
    func bytes(ofFile name: String, at node: SourceNode, limit: Int) -> [UInt8]? {
        do throws(TextProblem) {
            return try folder.bytes(of: name, limit: limit)
        } catch {
            report(error.code, error.message, at: node, help: error.suggestion)
            return nil
        }
    }

    /// A file that the scenario carries along, read once for all groups.
    func file(_ node: SourceNode, _ what: String, limit: Int) -> ScenarioFile? {
        guard let name = name(node, what) else { return nil }
        if let bytes = files[name] { return ScenarioFile(name: name, bytes: bytes) }
        guard let bytes = bytes(ofFile: name, at: node, limit: limit) else { return nil }
        files[name] = bytes
        return ScenarioFile(name: name, bytes: bytes)
    }

    /// `binary:`, one file or a list of them.
    func attachments(_ node: SourceNode) -> [ScenarioFile] {
        let nodes: [SourceNode]
        if case .list(let elements) = node.content { nodes = elements } else { nodes = [node] }
        if nodes.isEmpty { report(.missing, "'binary' is an empty list", at: node) }
        return nodes.compactMap { file($0, "'binary'", limit: 16_000_000) }
    }
}
