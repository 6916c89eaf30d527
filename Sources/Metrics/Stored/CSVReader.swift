/// Reads the rows of a CSV file after RFC 4180, as `CSVRow` writes them.
///
/// A text cell's leading apostrophe, put there for spreadsheets, is taken off again. A last line without an end, which a
/// killed run leaves, is left out.
struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The cells of the next row; nil at the end.
    mutating func next() -> [String]? {
        var cells: [String] = []
        while position < bytes.count {
            guard let cell = cell() else { return nil }
            cells.append(cell)
            guard position < bytes.count else { return nil }
            let end = bytes[position]
            position += 1
            if end == UInt8(ascii: ",") { continue }
            if end == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
                position += 1
            }
            return cells
        }
        return nil
    }

    /// Reads up to the separator behind the cell; nil where a quote is never closed.
    private mutating func cell() -> String? {
        if bytes[position] == UInt8(ascii: "\"") { return quoted().map(Self.plain) }
        let start = position
        while position < bytes.count, !Self.isEnd(bytes[position]) { position += 1 }
        return Self.plain(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func quoted() -> String? {
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte != UInt8(ascii: "\"") {
                text.append(byte)
            } else if position < bytes.count, bytes[position] == byte {
                text.append(byte)
                position += 1
            } else {
                while position < bytes.count, !Self.isEnd(bytes[position]) { position += 1 }
                return String(decoding: text, as: UTF8.self)
            }
        }
        return nil
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }

    private static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.first == "'", let second = scalars.dropFirst().first, CSVRow.formulaStarts.contains(second) else {
            return text
        }
        return String(text.dropFirst())
    }
}
