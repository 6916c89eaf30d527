import Foundation

/// Reads the rows of a CSV file after RFC 4180, as `CSVRow` writes them.
///
/// A text cell's leading apostrophe, put there for spreadsheets, is taken off again. A last row without its line feed,
/// which a killed run leaves, is left out. A row that is damaged is left out and counted, and reading goes on behind the
/// first line end after its begin: what is lost is one line, whatever stands in it.
struct CSVReader {
    private let bytes: [UInt8]
    private var scanner: CSVScanner

    /// - Parameter columns: How many cells a row has that is not damaged; nil for any number.
    init(_ bytes: [UInt8], columns: Int? = nil) {
        self.bytes = bytes
        scanner = CSVScanner(columns: columns)
    }

    /// The cells of the next row; nil at the end.
    mutating func next() -> [String]? {
        bytes.withUnsafeBytes { bytes in
            scanner.next(bytes) ? scanner.cells.map { CSVScanner.text(bytes[$0]) } : nil
        }
    }

    /// Counts the last row as damaged: its cells are not what they should be.
    mutating func reject() { bytes.withUnsafeBytes { scanner.reject($0) } }

    /// Rows that could not be read, so far.
    var damagedRows: Int { scanner.damagedRows }
}
