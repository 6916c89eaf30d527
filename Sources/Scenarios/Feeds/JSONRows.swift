import Wire

/// Reads objects as rows: from an array of them, or one from each line. Columns are the names of their members, in the
/// order in which they first come; what an object does not have is null.
struct JSONRows {
    private var columns: [String] = []
    private var places: [String: Int] = [:]
    private var rows: [[JSONValue]] = []

    /// A JSON file that is one array.
    static func table(ofArray bytes: [UInt8], from start: Int) throws(FeedProblem) -> FeedTable {
        var rows = JSONRows()
        let problem: FeedProblem? = bytes.withUnsafeBytes { all in
            do throws(FeedProblem) {
                try rows.addArray(UnsafeRawBufferPointer(rebasing: all[start...]))
                return nil
            } catch {
                return error
            }
        }
        if let problem { throw problem }
        return rows.table
    }

    /// A file with one JSON object on each line; empty lines are skipped.
    static func table(ofLines bytes: [UInt8], from start: Int) throws(FeedProblem) -> FeedTable {
        var rows = JSONRows()
        var number = 0
        for line in bytes[start...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard
                line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\r") }
                )
            else { continue }
            let problem: FeedProblem? = line.withUnsafeBytes { text in
                do throws(FeedProblem) {
                    try validate(text, firstLine: number)
                    guard let slice = JSONScanner.value(at: 0, in: text) else { return nil }
                    try rows.add(slice, in: text, line: number)
                    return nil
                } catch {
                    return error
                }
            }
            if let problem { throw problem }
        }
        return rows.table
    }

    private var table: FeedTable {
        mutating get {
            // Objects of before a column was first seen do not have it.
            for index in rows.indices where rows[index].count < columns.count {
                rows[index] += Array(repeating: .null, count: columns.count - rows[index].count)
            }
            return FeedTable(columns: columns, rows: rows)
        }
    }

    private mutating func addArray(_ text: UnsafeRawBufferPointer) throws(FeedProblem) {
        try Self.validate(text, firstLine: 1)
        guard let root = JSONScanner.value(at: 0, in: text), root.kind == .array else {
            throw FeedProblem("the file has to be an array of objects", line: 1, code: .wrongType)
        }
        var line = 1
        var counted = 0
        var element = JSONScanner.firstElement(ofArrayAt: root.range, in: text)
        while let slice = element {
            line += text[counted..<slice.range.lowerBound].count { $0 == UInt8(ascii: "\n") }
            counted = slice.range.lowerBound
            try add(slice, in: text, line: line)
            element = JSONScanner.nextElement(after: slice, in: text)
        }
    }

    private mutating func add(
        _ slice: JSONSlice,
        in text: UnsafeRawBufferPointer,
        line: Int
    ) throws(FeedProblem) {
        guard case .object(let members) = JSONValue(slice, in: text) else {
            throw FeedProblem(
                "a row has to be an object",
                line: line,
                code: .wrongType,
                suggestion: "write {\"name\": \"…\"}"
            )
        }
        guard rows.count < FeedTable.maximumRows else { throw FeedProblem.tooManyRows(line: line) }
        var row: [JSONValue] = Array(repeating: .null, count: columns.count)
        for member in members {
            if let place = places[member.name] {
                row[place] = member.value
            } else {
                guard columns.count < FeedTable.maximumColumns else { throw FeedProblem.tooManyColumns(line: line) }
                places[member.name] = columns.count
                columns.append(member.name)
                row.append(member.value)
            }
        }
        rows.append(row)
    }

    private static func validate(_ text: UnsafeRawBufferPointer, firstLine: Int) throws(FeedProblem) {
        do throws(JSONError) {
            try JSONScanner.validate(text)
        } catch {
            let before = text[..<min(error.offset, text.count)]
            let line = firstLine + before.count { $0 == UInt8(ascii: "\n") }
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
            let reason = error.reason.prefix(1).lowercased() + error.reason.dropFirst().dropLast()
            throw FeedProblem("this is no JSON: \(reason)", line: line, column: column)
        }
    }
}
