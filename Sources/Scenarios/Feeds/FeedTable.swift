import Wire

/// The rows of a data file.
struct FeedTable {
    var columns: [String]
    /// Each has one value per column.
    var rows: [[JSONValue]]

    static let maximumBytes = 64_000_000
    static let maximumRows = 1_000_000
    static let maximumColumns = 1000

    /// The formats, by how the names of their files end.
    enum Format: String, CaseIterable {
        case csv, json, jsonl, ndjson

        init?(ofFile name: String) {
            guard let dot = name.lastIndex(of: ".") else { return nil }
            self.init(rawValue: name[name.index(after: dot)...].lowercased())
        }
    }

    /// Reads a file's bytes.
    init(_ bytes: [UInt8], format: Format) throws(FeedProblem) {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        switch format {
        case .csv: self = try CSVReader.table(bytes[start...])
        case .json: self = try JSONRows.table(ofArray: bytes, from: start)
        case .jsonl, .ndjson: self = try JSONRows.table(ofLines: bytes, from: start)
        }
        guard !rows.isEmpty else { throw FeedProblem("the file has no rows", line: 1, code: .missing) }
    }

    init(columns: [String], rows: [[JSONValue]]) {
        self.columns = columns
        self.rows = rows
    }
}

extension FeedProblem {
    static func tooManyRows(line: Int) -> FeedProblem {
        FeedProblem("the file has more than \(FeedTable.maximumRows) rows", line: line, code: .limit)
    }

    static func tooManyColumns(line: Int) -> FeedProblem {
        FeedProblem("the file has more than \(FeedTable.maximumColumns) columns", line: line, code: .limit)
    }
}
