import Foundation

@testable import Metrics

/// A CSV file of results, by the names of its columns.
struct ResultTable {
    let header: [String]
    let rows: [[String: String]]

    init(path: String) throws {
        var reader = CSVReader([UInt8](try Data(contentsOf: URL(filePath: path))))
        let header = reader.next() ?? []
        var rows: [[String: String]] = []
        while let cells = reader.next() {
            rows.append(Dictionary(zip(header, cells)) { first, _ in first })
        }
        self.header = header
        self.rows = rows
    }
}
