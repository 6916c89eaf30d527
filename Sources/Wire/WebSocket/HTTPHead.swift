import NIOCore

/// Status line and headers of an answer. Source: RFC 9112, sections 4 and 5.
struct HTTPHead: Sendable {
    let status: Int
    let reason: String
    /// 0 or 1: of HTTP/1.x.
    let minorVersion: Int
    /// In order.
    let headers: [(name: String, value: String)]

    enum Search {
        /// No end yet; the search may go on from here.
        case incomplete(scanned: Int)
        /// The head, its empty line included, is this long.
        case ends(Int)
        case invalid(String)
        /// There is no end within the limit.
        case tooLong
    }

    /// Looks for the empty line, and for signs that this will never be a head.
    static func search(_ bytes: UnsafeRawBufferPointer, from scanned: Int, limit: Int) -> Search {
        for (byte, expected) in zip(bytes, "HTTP/1.".utf8) where byte != expected {
            return .invalid("The answer is not HTTP/1.")
        }
        var at = max(scanned, 0)
        let end = min(bytes.count, max(limit, 0))
        while at < end {
            if bytes[at] == 0x0A {
                guard at >= 1, bytes[at - 1] == 0x0D else {
                    return .invalid("A line of the head does not end in CR LF.")
                }
                if at >= 3, bytes[at - 2] == 0x0A { return .ends(at + 1) }
            }
            at += 1
        }
        return bytes.count >= limit ? .tooLong : .incomplete(scanned: at)
    }

    /// Nil where the bytes, up to and with the empty line, are no head.
    init?(_ bytes: ByteBuffer) {
        let text = String(buffer: bytes)
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        guard lines.count >= 3, lines.removeLast().isEmpty, let status = Self.statusLine(lines.removeFirst()) else {
            return nil
        }
        (minorVersion, self.status, reason) = status
        var headers: [(name: String, value: String)] = []
        for line in lines.dropLast() {
            guard let header = Self.header(line) else { return nil }
            headers.append(header)
        }
        self.headers = headers
    }

    /// The values of the headers with this name.
    func values(_ name: String) -> [String] {
        headers.filter { HTTPText.isEqual($0.name, name) }.map(\.value)
    }

    /// Whether a header's list of tokens has this one, in any case of letters.
    func hasToken(_ token: String, in name: String) -> Bool {
        values(name).contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains {
                HTTPText.isEqual(HTTPText.trim(Substring($0)), token)
            }
        }
    }
}

extension HTTPHead {
    private static func statusLine(_ line: Substring) -> (Int, Int, String)? {
        // HTTP/1.x SP 3DIGIT [SP reason] CR
        let bytes = Array(line.utf8)
        guard bytes.count >= 13, bytes.last == 0x0D, bytes[8] == 0x20, JSONScanner.isDigit(bytes[7]),
            bytes[9...11].allSatisfy(JSONScanner.isDigit), bytes[12] == 0x20 || bytes.count == 13
        else { return nil }
        let status = bytes[9...11].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard status >= 100 else { return nil }
        let reason = bytes.count > 14 ? bytes[13..<(bytes.count - 1)] : []
        guard isValue(reason) else { return nil }
        return (Int(bytes[7] - UInt8(ascii: "0")), status, String(decoding: reason, as: UTF8.self))
    }

    private static func header(_ line: Substring) -> (name: String, value: String)? {
        guard line.utf8.last == 0x0D, let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        // A line that starts with a blank would continue the one before (obsolete): such a name is no token.
        let name = line[..<colon]
        let value = HTTPText.trim(Substring(line.utf8[colon...].dropFirst().dropLast()))
        guard HTTPText.isToken(name), isValue(Array(value.utf8)[...]) else { return nil }
        return (String(name), String(value))
    }

    private static func isValue(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
