import Wire

/// Reads comma-separated values (RFC 4180) with a header; every value is a text.
///
/// Lines end in LF or CR LF. Empty lines are skipped.
struct CSVReader {
    private let bytes: ArraySlice<UInt8>
    private var offset: Int
    private var line = 1
    /// Where the line starts.
    private var lineStart: Int

    static func table(_ bytes: ArraySlice<UInt8>) throws(FeedProblem) -> FeedTable {
        var reader = CSVReader(bytes)
        guard let columns = try reader.record() else {
            throw FeedProblem("the file is empty", line: 1, code: .missing, suggestion: Self.headerHelp)
        }
        try checkHeader(columns)
        var rows: [[JSONValue]] = []
        while true {
            reader.passEmptyLines()
            let line = reader.line
            guard let fields = try reader.record() else { break }
            guard fields.count == columns.count else {
                let message = "the header has \(columns.count) columns, and this row has \(fields.count)"
                throw FeedProblem(message, line: line, suggestion: "put a value with a comma in it into quotes")
            }
            guard rows.count < FeedTable.maximumRows else { throw FeedProblem.tooManyRows(line: line) }
            rows.append(fields.map(JSONValue.string))
        }
        return FeedTable(columns: columns, rows: rows)
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
        lineStart = bytes.startIndex
    }

    private static func checkHeader(_ columns: [String]) throws(FeedProblem) {
        guard columns.count <= FeedTable.maximumColumns else { throw FeedProblem.tooManyColumns(line: 1) }
        for (index, column) in columns.enumerated() {
            guard !column.isEmpty else {
                throw FeedProblem("column \(index + 1) has no name", line: 1, suggestion: headerHelp)
            }
            guard !columns[..<index].contains(column) else {
                throw FeedProblem("there are two columns '\(column)'", line: 1, code: .nameClash)
            }
        }
    }

    private static let headerHelp = "the first line names the columns: id,name"

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private mutating func passEmptyLines() {
        while endsLine(at: offset) { passLineEnd() }
    }

    /// The fields of the next record, or nil at the end.
    private mutating func record() throws(FeedProblem) -> [String]? {
        passEmptyLines()
        guard offset < bytes.endIndex else { return nil }
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard offset < bytes.endIndex, bytes[offset] == Self.comma else { break }
            offset += 1
        }
        if offset < bytes.endIndex { passLineEnd() }
        return fields
    }

    private mutating func field() throws(FeedProblem) -> String {
        guard offset < bytes.endIndex, bytes[offset] == Self.quote else { return try plainField() }
        return try quotedField()
    }

    private mutating func plainField() throws(FeedProblem) -> String {
        let start = offset
        while offset < bytes.endIndex, bytes[offset] != Self.comma, !endsLine(at: offset) {
            guard bytes[offset] != Self.quote else {
                let help = "put the whole value into quotes, and double those in it: \"say \"\"hi\"\"\""
                throw problem("a quote stands in the middle of a value", at: offset, help)
            }
            offset += 1
        }
        return try text(bytes[start..<offset], at: start)
    }

    private mutating func quotedField() throws(FeedProblem) -> String {
        let start = offset
        let (startLine, startColumn) = (line, column(of: start))
        var content: [UInt8] = []
        offset += 1
        while offset < bytes.endIndex {
            let byte = bytes[offset]
            if byte == Self.quote {
                guard offset + 1 < bytes.endIndex, bytes[offset + 1] == Self.quote else {
                    offset += 1
                    guard offset == bytes.endIndex || bytes[offset] == Self.comma || endsLine(at: offset) else {
                        throw problem("a comma or the end of the line is missing after the quote", at: offset, nil)
                    }
                    return try text(content[...], at: start)
                }
                offset += 1
            }
            content.append(byte)
            offset += 1
            if byte == Self.lineFeed {
                line += 1
                lineStart = offset
            }
        }
        throw FeedProblem("this quote is never closed", line: startLine, column: startColumn)
    }

    private func text(_ part: ArraySlice<UInt8>, at start: Int) throws(FeedProblem) -> String {
        guard let text = String(validating: part, as: UTF8.self) else {
            throw problem("this value is not UTF-8", at: start, "save the file as UTF-8")
        }
        return text
    }

    private func endsLine(at index: Int) -> Bool {
        guard index < bytes.endIndex else { return false }
        if bytes[index] == Self.lineFeed { return true }
        guard bytes[index] == Self.carriageReturn else { return false }
        return index + 1 == bytes.endIndex || bytes[index + 1] == Self.lineFeed
    }

    private mutating func passLineEnd() {
        if bytes[offset] == Self.carriageReturn { offset += 1 }
        if offset < bytes.endIndex { offset += 1 }
        line += 1
        lineStart = offset
    }

    private func problem(_ message: String, at index: Int, _ help: String?) -> FeedProblem {
        FeedProblem(message, line: line, column: column(of: index), suggestion: help)
    }

    /// From 1, in Unicode scalars.
    private func column(of index: Int) -> Int {
        guard lineStart <= index else { return 1 }
        return bytes[lineStart..<index].count { $0 & 0xC0 != 0x80 } + 1
    }
}
