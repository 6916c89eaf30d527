import Foundation

/// Finds the rows of a CSV file and the places of their cells, without making anything of them.
///
/// The bytes are handed to each call, and have to be the same ones: so whoever reads a large file holds them as it likes.
struct CSVScanner {
    /// The places of the cells of the last row; of a quoted one with its quotes.
    private(set) var cells: [Range<Int>] = []
    /// Rows that could not be read, so far.
    private(set) var damagedRows = 0

    private let columns: Int?
    private var position = 0
    private var start = 0

    /// A quoted cell may go over line ends, but not on for ever: a quote that is never closed would cost the whole file.
    private static let rowLimit = 1 << 16

    /// - Parameter columns: How many cells a row has that is not damaged; nil for any number.
    init(columns: Int?) {
        self.columns = columns
    }

    /// Goes on to the next whole row; false at the end.
    mutating func next(_ bytes: UnsafeRawBufferPointer) -> Bool {
        while position < bytes.count {
            start = position
            guard let end = Self.find(UInt8(ascii: "\n"), in: bytes, from: start, to: bytes.count) else { break }
            cells.removeAll(keepingCapacity: true)
            if Self.find(UInt8(ascii: "\""), in: bytes, from: start, to: end) == nil {
                split(bytes, to: end)
                position = end + 1
            } else if let next = splitQuoted(bytes) {
                position = next
            } else {
                cells.removeAll(keepingCapacity: true)
            }
            if !cells.isEmpty, columns == nil || cells.count == columns { return true }
            reject(bytes)
        }
        position = bytes.count
        return false
    }

    /// Counts the last row as damaged, and goes on behind the first line end after its begin.
    mutating func reject(_ bytes: UnsafeRawBufferPointer) {
        damagedRows += 1
        position = Self.find(UInt8(ascii: "\n"), in: bytes, from: start, to: bytes.count).map { $0 + 1 } ?? bytes.count
    }

    /// The cells of a line without quotes.
    private mutating func split(_ bytes: UnsafeRawBufferPointer, to end: Int) {
        let end = end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
        var cell = start
        while let comma = Self.find(UInt8(ascii: ","), in: bytes, from: cell, to: end) {
            cells.append(cell..<comma)
            cell = comma + 1
        }
        cells.append(cell..<end)
    }

    /// The cells of a row with quotes.
    ///
    /// - Returns: Where the next row begins; nil where a quote is not closed, or something else follows it.
    private mutating func splitQuoted(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let limit = min(bytes.count, start + Self.rowLimit)
        var place = start
        while place < limit {
            let cell = place
            if bytes[place] == UInt8(ascii: "\"") {
                guard let end = Self.endOfQuoted(bytes, from: place, to: limit) else { return nil }
                place = end
            } else {
                while place < limit, !Self.isEnd(bytes[place]) { place += 1 }
            }
            cells.append(cell..<place)
            guard place < limit else { return nil }
            if bytes[place] == UInt8(ascii: ",") {
                place += 1
                if place < limit { continue }
                return nil
            }
            if bytes[place] == UInt8(ascii: "\r") { place += 1 }
            return place < limit && bytes[place] == UInt8(ascii: "\n") ? place + 1 : nil
        }
        return nil
    }

    /// Behind the quote that closes a cell.
    private static func endOfQuoted(_ bytes: UnsafeRawBufferPointer, from start: Int, to limit: Int) -> Int? {
        var place = start + 1
        while let quote = find(UInt8(ascii: "\""), in: bytes, from: place, to: limit) {
            guard quote + 1 < limit, bytes[quote + 1] == UInt8(ascii: "\"") else { return quote + 1 }
            place = quote + 2
        }
        return nil
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }

    private static func find(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), end - start)
        else {
            return nil
        }
        return UnsafeRawPointer(found) - base
    }

    /// What a cell says.
    static func text(_ cell: Slice<UnsafeRawBufferPointer>) -> String {
        var text = String(decoding: cell, as: UTF8.self)
        if text.utf8.first == UInt8(ascii: "\"") {
            text = String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
        }
        let scalars = text.unicodeScalars
        guard scalars.first == "'", let second = scalars.dropFirst().first, CSVRow.formulaStarts.contains(second) else {
            return text
        }
        return String(String.UnicodeScalarView(scalars.dropFirst()))
    }
}
