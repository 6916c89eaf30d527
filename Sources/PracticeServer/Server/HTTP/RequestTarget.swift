/// The path and query of a request.
struct RequestTarget {
    let path: String
    private let query: Substring

    /// - Parameter uri: As it stands in the request line.
    init(_ uri: String) {
        let withoutFragment = uri.prefix { $0 != "#" }
        guard let mark = withoutFragment.firstIndex(of: "?") else {
            path = String(withoutFragment)
            query = ""
            return
        }
        path = String(withoutFragment[..<mark])
        query = withoutFragment[withoutFragment.index(after: mark)...]
    }

    /// The first parameter with this name, decoded; nil where there is none.
    subscript(name: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard Self.decode(parts[0]) == name else { continue }
            return parts.count == 2 ? Self.decode(parts[1]) : ""
        }
        return nil
    }

    /// Undoes percent encoding, and `+` for a blank; what is no encoding stays as it is.
    private static func decode(_ text: Substring) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        let encoded = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < encoded.count {
            let byte = encoded[index]
            index += 1
            if byte == UInt8(ascii: "+") {
                decoded.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), index + 1 < encoded.count,
                let high = hexDigit(encoded[index]), let low = hexDigit(encoded[index + 1])
            {
                decoded.append(high << 4 | low)
                index += 2
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
