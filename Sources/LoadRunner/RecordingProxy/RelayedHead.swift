import NIOCore

/// The head of an HTTP/1 message as it came: its lines byte for byte, of which some are taken away or edited.
///
/// Whatever nobody edits goes on as it was, down to the case of names, odd spaces and the order of the lines.
/// Source: RFC 9112, sections 2 to 5.
package struct RelayedHead: Hashable, Sendable {
    /// One header: its line, and those that continue it in the obsolete way.
    package struct Field: Hashable, Sendable {
        /// In lower case.
        package var name: String
        /// Without the blanks around it.
        package var value: String
        /// The line with its end, as it came or as it was edited.
        var line: [UInt8]
    }

    /// The first line without its end.
    package private(set) var startLine: String
    package private(set) var fields: [Field]
    /// The first line with its end, and the empty line with which the head ends.
    private var first: [UInt8]
    private let last: [UInt8]

    /// How much of a message's start has to be seen.
    enum Search: Hashable {
        /// No end yet; the search may go on from here.
        case incomplete(scanned: Int)
        /// The head, its empty line included, is this long.
        case ends(Int)
    }

    /// Looks for the empty line; lines may end in LF alone.
    static func search(_ bytes: ByteBufferView, from scanned: Int) -> Search {
        let start = bytes.startIndex
        var at = start + min(scanned, bytes.count)
        while let end = bytes[at...].firstIndex(of: 0x0A) {
            let next = bytes[(end + 1)...].prefix(2)
            if next.first == 0x0A { return .ends(end + 2 - start) }
            if next.count == 2, next.first == 0x0D, next.last == 0x0A { return .ends(end + 3 - start) }
            // Whether this is the end may be seen when more has come.
            if next.isEmpty || (next.count == 1 && next.first == 0x0D) { return .incomplete(scanned: end - start) }
            at = end + 1
        }
        return .incomplete(scanned: bytes.count)
    }

    /// Nil where the bytes, up to and with the empty line, are no head.
    init?(_ bytes: some Sequence<UInt8>) {
        var lines = Array(bytes).split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) + [0x0A] }
        // What stands behind the last line end is nothing.
        guard lines.count >= 3, lines.removeLast() == [0x0A], let last = lines.popLast() else { return nil }
        self.last = last
        first = lines.removeFirst()
        startLine = Self.text(first)
        fields = []
        for line in lines {
            if let blank = line.first, blank == 0x20 || blank == 0x09, var field = fields.popLast() {
                field.value += " \(Self.text(line))"
                field.line += line
                fields.append(field)
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return nil }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            guard !name.contains(where: { $0 == " " || $0 == "\t" }) else { return nil }
            fields.append(Field(name: name, value: Self.text(Array(line[(colon + 1)...])), line: line))
        }
    }

    /// The value of the first header with this name, which is in lower case.
    package func value(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// The values of all headers with this name.
    package func values(_ name: String) -> [String] {
        fields.lazy.filter { $0.name == name }.map(\.value)
    }

    /// Whether a header's list of tokens has this one, in any case of letters.
    func hasToken(_ token: String, in name: String) -> Bool {
        values(name).contains { value in
            value.split(separator: ",").contains { $0.withoutBlanks.lowercased() == token }
        }
    }

    // MARK: Editing

    mutating func remove(_ name: String) {
        fields.removeAll { $0.name == name }
    }

    /// Gives the headers with this name other values; the name stays as it was written.
    ///
    /// - Parameter edit: From a value to the new one; nil: it stays.
    mutating func edit(_ name: String, _ edit: (String) -> String?) {
        for place in fields.indices where fields[place].name == name {
            guard let value = edit(fields[place].value) else { continue }
            let line = fields[place].line
            let written = line.prefix { $0 != UInt8(ascii: ":") }
            fields[place].value = value
            fields[place].line = written + Array(": \(value)".utf8) + lineEnd(of: line)
        }
    }

    mutating func setStartLine(_ text: String) {
        startLine = text
        first = Array(text.utf8) + lineEnd(of: first)
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeBytes(first)
        for field in fields { buffer.writeBytes(field.line) }
        buffer.writeBytes(last)
    }

    private func lineEnd(of line: [UInt8]) -> [UInt8] {
        line.count >= 2 && line[line.count - 2] == 0x0D ? [0x0D, 0x0A] : [0x0A]
    }

    private static func text(_ line: [UInt8]) -> String {
        let text = line.reversed().drop { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 || $0 == 0x09 }.reversed()
        return String(decoding: text.drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }
}

extension RelayedHead {
    /// Of a request: its three words; nil where there are not three.
    var request: (method: String, target: String, version: String)? {
        let words = startLine.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, !words[1].isEmpty, words[2].hasPrefix("HTTP/1.") else { return nil }
        return (String(words[0]), String(words[1]), String(words[2]))
    }

    /// Of an answer: its status; nil where it is none of HTTP/1.
    var status: Int? {
        let words = startLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3 else { return nil }
        return Int(words[1]).flatMap { (100...999).contains($0) ? $0 : nil }
    }
}

extension Substring {
    /// Without the blanks around it.
    var withoutBlanks: Substring {
        var text = self
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text.drop { $0 == " " || $0 == "\t" }
    }
}
